namespace Steward.Projects;

/// <summary>
/// The section <c>loop</c> of a project file: what to do by itself when something happens. It is read here because
/// several rooms do their part of it: Monitoring acts and asks, Training trains again.
/// </summary>
public sealed record LoopRule
{
    /// <summary>The section as the host registers it.</summary>
    public static Section Section { get; } = new("loop", typeof(IReadOnlyList<LoopRule>), "What to do by itself: when something happens, then these deeds.");

    public LoopWhen When { get; init; }

    public IReadOnlyList<LoopDeed> Then { get; init; } = [];
}

/// <summary>What can happen.</summary>
public enum LoopWhen
{
    /// <summary>More answers are unsure than the version's test set explains.</summary>
    LowConfidence,

    /// <summary>The inputs no longer look like the version's test set.</summary>
    Drift,

    /// <summary>A kind is answered more or less often than the version's test set explains.</summary>
    ClassShare,

    /// <summary>People say more often that an answer was wrong than the version's test set explains.</summary>
    LowAccuracy,

    /// <summary>A person said that an answer was wrong: with <c>ask_for_labels</c> it becomes a question to label.</summary>
    WrongAnswer,

    /// <summary>A release was stopped by its own figures.</summary>
    CanaryAbort,

    /// <summary>Fewer or more requests came in a window than the project file allows.</summary>
    Volume,
}

/// <summary>One deed of a rule: a bare word (<c>retrain</c>), or a word with settings (<c>ask_for_labels: {batch: 40}</c>).</summary>
public sealed record LoopDeed
{
    public AskForLabels? AskForLabels { get; init; }

    /// <summary>Back to the version before when it doubts clearly less about the same inputs, else unsure answers abstain.</summary>
    public bool BackOrAbstain { get; init; }

    /// <summary>Train again once the labels are there.</summary>
    public bool Retrain { get; init; }

    /// <summary>Says what happens anyway when a release is stopped: the version before serves everything at once.</summary>
    public bool Rollback { get; init; }

    /// <summary>Says what happens anyway: every alarm belongs to an incident.</summary>
    public bool OpenIncident { get; init; }
}

public sealed record AskForLabels
{
    /// <summary>How many inputs people are asked to name, 1 to 1000; after wrong answers, how many are gathered before the names go into the data set by themselves.</summary>
    public int Batch { get; init; } = 40;
}

public static class LoopExtensions
{
    /// <summary>The rules of the file; none when it has no loop.</summary>
    public static IReadOnlyList<LoopRule> Loop(this ProjectFile file) => file.Sections.TryGetValue(LoopRule.Section.Key, out var rules) ? (IReadOnlyList<LoopRule>)rules : [];

    /// <summary>Every deed that the rules ask for after any of these happened.</summary>
    public static IReadOnlyList<LoopDeed> Deeds(this ProjectFile file, params IEnumerable<LoopWhen> happened)
    {
        var all = happened.ToHashSet();
        return [.. file.Loop().Where(rule => all.Contains(rule.When)).SelectMany(rule => rule.Then)];
    }

    /// <summary>What is to happen to an answer that a person calls wrong; null when people are asked about it only where somebody wants it.</summary>
    public static AskForLabels? AsksAboutWrongAnswers(this ProjectFile file) => file.Deeds(LoopWhen.WrongAnswer).Select(deed => deed.AskForLabels).FirstOrDefault(ask => ask is not null);

    /// <summary>Whether new labels should be trained on by itself.</summary>
    public static bool Retrains(this ProjectFile file) => file.Loop().Any(rule => rule.Then.Any(deed => deed.Retrain));
}
