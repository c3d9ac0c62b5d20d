namespace Steward.Models;

/// <summary>Asks that a version takes and gives exactly what the serving one does, so that no caller breaks. The first version is compatible with nobody and everybody.</summary>
internal sealed class SignatureGate(Champion champion) : IGate
{
    private const string Title = "signature compatible: no caller must change";

    public string Name => "signature";

    public async Task<GateResult> Check(ModelVersion version, GateSpec config, CancellationToken stop)
    {
        if (await champion.Of(version.Project, version.Model, version.Version, stop) is not { } before)
            return new(Name, Title, true, "first version", "same", "Nothing serves yet that it could break.");
        var (was, now) = (Lines(before.Signature), Lines(version.Signature));
        var changes = was.Except(now).Select(line => "without " + line).Concat(now.Except(was).Select(line => "new " + line)).ToList();
        return changes.Count == 0
            ? new(Name, Title, true, "same", "same", $"It takes and gives what {before.Name} does.")
            : new(Name, Title, false, Say.Count(changes.Count, "change"), "same", $"Compared with {before.Name}: {string.Join("; ", changes)}.", "Keep names, types and shapes, or register it under another model name.");
    }

    private static List<string> Lines(Signature signature) => [.. signature.Inputs.Select(port => "input " + port), .. signature.Outputs.Select(port => "output " + port)];
}
