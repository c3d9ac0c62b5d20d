using Steward.Events;

namespace Steward.Packaging.Kubernetes;

/// <summary>What was written for a cluster, kept with what it says: stories and people read it here, not in files.</summary>
/// <param name="Name">What the objects are called.</param>
/// <param name="Image">By digest.</param>
/// <param name="Digest">Of all that was written.</param>
public sealed record WrittenManifests(
    string Id, string Project, string Model, int Version, ManifestForm Form, string Name, string Image, ManifestFacts Facts, ManifestOrder Order, Digest Digest, string By, DateTimeOffset At);

/// <summary>What the manifests say, in numbers.</summary>
/// <param name="Least">Pods at least; of a canary, all of both versions.</param>
/// <param name="Canary">Pods of the canary; 0 in other forms.</param>
/// <param name="MemoryBytes">What each may use at most.</param>
/// <param name="CpuCores">The same for cpu.</param>
/// <param name="Ready">The address that is asked whether requests may be sent.</param>
/// <param name="ReadyEverySeconds">How often.</param>
/// <param name="Live">The address that is asked whether it hangs.</param>
/// <param name="RestartAfterSeconds">Without an answer for so long it is started again.</param>
public sealed record ManifestFacts(int Least, int Most, int Canary, double MemoryBytes, double CpuCores, string Ready, int ReadyEverySeconds, string Live, int RestartAfterSeconds);

public sealed record ManifestsWritten(string Project, string Model, int Version, string Form, string Image, int Least, int Most, string By) : IEvent
{
    public static string Name => "packaging.manifests_written";
}

/// <summary>Manifests that were written.</summary>
public interface IManifests
{
    /// <summary>Newest first; of one model, or of all.</summary>
    Task<List<WrittenManifests>> All(string project, string? model = null, int most = 100, CancellationToken stop = default);
}
