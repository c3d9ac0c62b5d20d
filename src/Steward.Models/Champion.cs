namespace Steward.Models;

/// <summary>What a version is compared with: the one that serves; for the serving one itself, the one that served before it, so that another look finds the same.</summary>
internal sealed class Champion(PromotionStore promotions, VersionStore versions, Policies policies)
{
    public async Task<VersionRecord?> Of(string project, string model, int version, CancellationToken stop)
    {
        if (await promotions.Current(project, model, (await policies.Of(project, stop)).SignOff.Stage, stop) is not { } now)
            return null;
        return (now.Version == version ? await promotions.Before(now, stop) : now.Version) is { } number ? await versions.Find(project, model, number, stop) : null;
    }
}
