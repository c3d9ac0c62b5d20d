namespace Steward.Models;

/// <summary>Asks that a version takes and gives exactly what the serving one does, so that no caller breaks. The first version is compatible with nobody and everybody.</summary>
internal sealed class SignatureGate(PromotionStore promotions, VersionStore versions) : IGate
{
    public string Name => "signature";

    public async Task<GateResult> Check(ModelVersion version, GateSpec config, CancellationToken stop)
    {
        const string Title = "signature compatible";
        if (await promotions.Current(version.Project, version.Model, Promotion.Production, stop) is not { } serving
            || await versions.Find(version.Project, version.Model, serving.Version, stop) is not { } before)
            return new("signature", Title, true, "first version", "same", "Nothing serves yet that it could break.");
        var (was, now) = (Lines(before.Signature), Lines(version.Signature));
        var changes = was.Except(now).Select(line => "without " + line).Concat(now.Except(was).Select(line => "new " + line)).ToList();
        return changes.Count == 0
            ? new("signature", Title, true, "same", "same", $"It takes and gives what {before.Name} does.")
            : new("signature", Title, false, $"{changes.Count} changes", "same", $"Compared with {before.Name}, which serves: {string.Join("; ", changes)}.", "Keep names, types and shapes, or register it under another model name.");
    }

    private static List<string> Lines(Signature signature) => [.. signature.Inputs.Select(port => "input " + port), .. signature.Outputs.Select(port => "output " + port)];
}
