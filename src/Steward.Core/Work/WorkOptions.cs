using System.Security.Cryptography;

namespace Steward.Work;

/// <summary>How one server does its tasks.</summary>
/// <param name="Worker">Its name in the ledger, the same after a restart: what it held when it died is taken back at the next start.</param>
internal sealed record WorkOptions(string Worker)
{
    /// <summary>Tasks at once, of all kinds together.</summary>
    public int AtOnce { get; init; } = 2;

    /// <summary>A task whose worker was not heard of for this long goes to another one.</summary>
    public TimeSpan Lease { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How often the ledger is looked at for what other servers added and for what became due.</summary>
    public TimeSpan Look { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Progress is kept no more often than this.</summary>
    public TimeSpan Between { get; init; } = TimeSpan.FromMilliseconds(200);

    /// <summary>The name belongs to the data folder, which one process at a time may hold.</summary>
    public static WorkOptions Of(Settings settings) => new(
        new PrivateFile(Path.Combine(settings.Data, "worker")).ReadOrCreate(() => $"{Environment.MachineName}-{RandomNumberGenerator.GetHexString(6, lowercase: true)}"))
    {
        AtOnce = settings.Workers,
    };
}
