using Steward.Projects;

namespace Steward.Models;

/// <summary>What a project demands before a version serves: its gates and its parties, with one digest over both.</summary>
internal sealed record Policy(IReadOnlyList<GateSpec> Gates, SignOffSection SignOff)
{
    public Digest Digest { get; } = Canonical.Digest(new { gates = Gates, signoff = SignOff });

    public static Policy Of(ProjectFile file) => new(file.Get<List<GateSpec>>("gates"), file.Get<SignOffSection>("signoff"));

    public static Section GatesSection { get; } = Section.Of<IReadOnlyList<GateSpec>>("gates", "Machine checks; all must pass before people are asked.", gates => gates.SelectMany(Complaints));

    public static Section SignOffsSection { get; } = Section.Of<SignOffSection>("signoff", "Who must agree before a version serves; votes bind to model, evidence and policy.", Complaints);

    private static IEnumerable<(string Path, string Why)> Complaints(GateSpec gate, int index)
    {
        var at = $"gates[{index}]";
        var kinds = new object?[] { gate.Metric, gate.Scan, gate.Signature, gate.Gate }.Count(kind => kind is not null);
        if (kinds != 1)
            yield return (at, "a gate has exactly one of metric, scan, signature and gate");
        if (gate.Metric is not null && (gate.Op is null || gate.Value is null))
            yield return (at, "a gate on a metric needs op and value, such as {metric: test.f1_macro, op: \">=\", value: 0.85}");
        if (gate.Op is not (null or ">=" or ">" or "<=" or "<"))
            yield return (at + ".op", $"'{Names.Shorten(gate.Op)}' is not a comparison: write \">=\", \">\", \"<=\" or \"<\"");
        if (gate.Value is { } value && !double.IsFinite(value))
            yield return (at + ".value", "the limit is a finite number");
        if (gate.Scan is { Count: 0 })
            yield return (at + ".scan", "name what to scan for, such as [onnx]");
        if (gate.Scan?.FirstOrDefault(what => what != "onnx") is { } unknown)
            yield return (at + ".scan", $"'{Names.Shorten(unknown)}' cannot be scanned for; onnx can");
        if (gate.Result is not (null or "clean"))
            yield return (at + ".result", "the result of a scan can only be asked to be clean");
        if (gate.Signature is not (null or "compatible"))
            yield return (at + ".signature", "a signature can only be asked to be compatible");
    }

    private static IEnumerable<(string Path, string Why)> Complaints(SignOffSection signOff)
    {
        foreach (var (party, index) in signOff.Parties.Select((party, index) => (party, index)))
        {
            if (!Try(() => Names.Check("party", party.Party)))
                yield return ($"signoff.parties[{index}].party", "a party has a name of lower-case letters, digits and dashes");
            if (party.Need < 1)
                yield return ($"signoff.parties[{index}].need", "at least one person must approve");
            if (party.Approvers.Count > 0 && party.Need > party.Approvers.Distinct(StringComparer.Ordinal).Count())
                yield return ($"signoff.parties[{index}].need", $"{party.Need} approvals are needed, and only {party.Approvers.Count} people may give them");
        }

        if (signOff.Parties.GroupBy(party => party.Party).FirstOrDefault(same => same.Count() > 1) is { } twice)
            yield return ("signoff.parties", $"the party '{twice.Key}' is there twice");
        if (!Try(() => Names.Check("alias", signOff.Stage)))
            yield return ("signoff.stage", "a stage is the name of an alias, such as production");
        if (signOff.Rules.Expires <= TimeSpan.Zero)
            yield return ("signoff.rules.expires", "people need some time: write 72h, 3d or 30m");
    }

    private static bool Try(Action check)
    {
        try
        {
            check();
            return true;
        }
        catch (ProblemException)
        {
            return false;
        }
    }
}

/// <summary>The policy in force, read from the newest project file.</summary>
internal sealed class Policies(IProjects projects)
{
    public async Task<Policy> Of(string project, CancellationToken stop) => Policy.Of((await projects.Get(project, stop)).File);
}
