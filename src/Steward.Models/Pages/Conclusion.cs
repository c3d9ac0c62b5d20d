namespace Steward.Models.Pages;

/// <summary>What the page of a version says first: where it stands, and what would bring it on.</summary>
/// <param name="Title">One sentence: <c>fruit@4 waits for ops</c>.</param>
/// <param name="Kind">The colour of the state: good, warn, bad or info.</param>
/// <param name="State">The state in two or three words.</param>
/// <param name="Why">What it follows from.</param>
/// <param name="Next">The command that goes on from here; null when nothing is left to do.</param>
internal sealed record Conclusion(string Title, string Kind, string State, string Why, string? Next = null)
{
    /// <param name="serving">What the guarded alias points to now.</param>
    public static Conclusion Of(ModelVersion one, SignOffSection rules, Promotion? serving)
    {
        var serves = serving?.Version == one.Version;
        var stands = Stands(one, rules, serving, serves);
        // What serves is said first, also when the policy in force has not seen it.
        return serves && one.Stage is not Stage.Approved ? stands with { Title = $"{one.Name} serves", Why = $"It is {one.Model}@{rules.Stage} since epoch {serving!.Epoch}. Under the policy in force: {stands.Why}" } : stands;
    }

    /// <summary><c>ops</c>, <c>ops and business</c>, <c>a, b and c</c>.</summary>
    public static string And(IReadOnlyList<string> names) => names.Count < 2 ? string.Concat(names) : $"{string.Join(", ", names.Take(names.Count - 1))} and {names[^1]}";

    private static Conclusion Stands(ModelVersion one, SignOffSection rules, Promotion? serving, bool serves) => one.Stage switch
    {
        Stage.Registered { Since: { } since } => new($"{one.Name} is to be checked again", "warn", "not checked", $"It was compared with another version than {one.Model}@{since}, which serves now.", $"steward model check {one.Name}"),
        Stage.Registered => new($"{one.Name} is not checked yet", "warn", "not checked", "No gate of the policy in force has looked at it.", $"steward model check {one.Name}"),
        Stage.GateFailed { Failed: var failed } => new($"{one.Name} may not serve", "bad", $"{failed.Count} of {Say.Count(one.Gates.Count, "gate")} failed",
            string.Join(" ", failed.Select(gate => gate.Why)), failed.Select(gate => gate.Try).FirstOrDefault(help => help is not null)),
        Stage.GatesPassed => new($"{one.Name} may ask for votes", "info", "gates passed", "The machines agree. Nobody was asked yet about exactly these bytes and this evidence.", $"steward signoff request {one.Name}"),
        Stage.AwaitingSignOff { Missing: var missing } => new($"{one.Name} waits for {And(missing)}", "warn", "waiting for people", $"{Passed(one)} {(rules.Rules.Promote is PromoteRule.AtOnce ? "It serves as soon as everybody agrees." : "Once everybody agrees, one command makes it serve.")}"),
        Stage.Rejected no => new($"{one.Name} was rejected", "bad", "rejected", $"{no.By} said no: “{no.Reason}”", $"steward signoff request {one.Name}"),
        Stage.Expired => new($"{one.Name} got no decision in time", "warn", "expired", "The question expired before everybody agreed.", $"steward signoff request {one.Name}"),
        _ when serves => new($"{one.Name} serves", "good", rules.Stage, $"It is {one.Model}@{rules.Stage} since epoch {serving!.Epoch}."),
        Stage.Approved { SignOff: null } => new($"{one.Name} may serve", "good", "gates passed", "The project file asks nobody; one command makes it serve.", $"steward model promote {one.Name}"),
        _ => new($"{one.Name} is approved", "good", "approved", serving is null ? "Everybody agreed; nothing serves yet." : $"Everybody agreed; {one.Model}@{serving.Version} serves now.", $"steward model promote {one.Name}"),
    };

    private static string Passed(ModelVersion one) => one.Gates.Count == 0 ? "There are no gates." : $"{one.Gates.Count} of {Say.Count(one.Gates.Count, "gate")} passed.";
}
