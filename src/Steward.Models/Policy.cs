using Steward.Projects;

namespace Steward.Models;

/// <summary>What a project demands before a version serves: its gates and its parties, with one digest over both.</summary>
internal sealed record Policy(IReadOnlyList<GateSpec> Gates, SignOffSection SignOff)
{
    public Digest Digest { get; } = Canonical.Digest(new { gates = Gates, signoff = SignOff });

    public static Policy Of(ProjectFile file) => new(file.Get<List<GateSpec>>("gates"), file.Get<SignOffSection>("signoff"));

    public static Section GatesSection { get; } = Section.Of<IReadOnlyList<GateSpec>>("gates", "Machine checks; all must pass before people are asked.", gates => gates.SelectMany(Complaints));

    public static Section SignOffsSection { get; } = Section.Of<SignOffSection>("signoff", "Who must agree before a version serves; votes bind to model, evidence and policy.", Complaints);

    /// <summary>Whether its checks depend on which version serves, so that they are of no use once another does.</summary>
    public bool Compares => Gates.Any(gate => gate.Compares);

    /// <summary>What every kind must reach in F1, when a gate asks it.</summary>
    public double? Floor => Gates.FirstOrDefault(gate => gate is { Slice: "kind", Metric: "test.f1", Op: ">=" or ">" })?.Value;

    private static IEnumerable<(string Path, string Why)> Complaints(GateSpec gate, int index)
        => gate.Complaints().Select(one => (one.Key.Length == 0 ? $"gates[{index}]" : $"gates[{index}].{one.Key}", one.Why));

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
        if (!signOff.Rules.ReVoteOnChange)
            yield return ("signoff.rules.re_vote_on_change", "votes are given to exactly these bytes, evidence and rules, so a change always asks again: write true, or leave it out");
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
