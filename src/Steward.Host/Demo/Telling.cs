using Steward.Data;

namespace Steward.Host.Demo;

/// <summary>Tells each progress at once and in order.</summary>
internal sealed class Telling(Action<UploadProgress> tell) : IProgress<UploadProgress>
{
    public void Report(UploadProgress value) => tell(value);
}
