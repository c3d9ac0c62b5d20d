using Spectre.Console;
using Steward.Data;

namespace Steward.Host.Demo;

/// <summary>What <c>steward demo --images DIR --json</c> prints.</summary>
/// <param name="Test">Right answers about test pictures, over the public API.</param>
/// <param name="Doubts">The pictures whose own kind it thought least likely: wrong labels and hard ones, worth a look.</param>
/// <param name="Watching">What the monitor said about the answers.</param>
/// <param name="Trial">The made-up part; null when there were too few test pictures for it.</param>
internal sealed record OwnSummary(
    string Address, string Data, double Seconds, string Images, string Project, OwnPictures Pictures, TwinsFound Duplicates, Share Test, IReadOnlyList<Doubt> Doubts, string Watching, Trial? Trial,
    IReadOnlyList<Served> Versions, IReadOnlyList<Refused> Refusals, IReadOnlyList<Login> SignIns, IReadOnlyList<DemoStep> Steps, IReadOnlyList<ToldStory> Stories) : IDemoSummary
{
    public void Conclude(DemoTelling tell)
    {
        tell.Chapter("What happened");
        tell.Line($"  your pictures             [bold]{Pictures.Items:N0}[/] of {Pictures.Kinds.Count} kinds{(Pictures.LeftOut.Count == 0 ? "" : $", {Pictures.LeftOut.Count:N0} could not be read")}");
        tell.Line($"  the same picture twice    {Markup.Escape(Duplicates.Words)}");
        tell.Line($"  right on test pictures    [bold]{Test}[/]");
        if (Trial is { } trial)
            tell.Line($"  in the dark (a trial)     {trial.Right} right, {(trial.Noticed ? $"noticed after {trial.Sent} pictures: {Markup.Escape(trial.Title!)}" : "not noticed")}");
        tell.Line("  worth a look, because it doubts most what the folder says:");
        foreach (var doubt in Doubts)
            tell.Line($"    {Markup.Escape(doubt.Key)}: {(doubt.Guess == doubt.Label ? $"{Markup.Escape(doubt.Label)}, but" : $"[bold]{Markup.Escape(doubt.Guess)}[/], not {Markup.Escape(doubt.Label)},")} {doubt.Confidence:P0} sure");
        foreach (var refused in Refusals.Take(1))
            tell.Line($"  refused, as it should be: {Markup.Escape(refused.What)} (exit code {refused.ExitCode})");
        IDemoSummary.Farewell(tell, this);
        tell.Line($"To keep going with them: [bold]steward new fruit --images {Markup.Escape(Verbs.NewFromPictures.Quote(Images))}[/]");
    }
}

/// <param name="Kinds">How many pictures of each.</param>
/// <param name="LeftOut">What could not be read, each with the reason.</param>
/// <param name="Mislabelled">Taken for what they are, not for what their ending says.</param>
/// <param name="Moving">Of which only the first frame counts.</param>
internal sealed record OwnPictures(
    int Items, IReadOnlyDictionary<string, int> Kinds, IReadOnlyDictionary<string, int> Splits, PassedOver PassedOver, IReadOnlyList<RefusedPicture> LeftOut, IReadOnlyList<string> Mislabelled, IReadOnlyList<string> Moving);

/// <param name="Pictures">How many could go without losing anything.</param>
/// <param name="Leaks">The same picture in two splits.</param>
/// <param name="Conflicts">The same picture with two labels.</param>
/// <param name="Named">The worst of them.</param>
internal sealed record TwinsFound(int Pictures, int Leaks, int Conflicts, IReadOnlyList<string> Named)
{
    internal string Words => Pictures == 0
        ? "none"
        : $"{Say.Count(Pictures, "picture")} {(Pictures == 1 ? "is a copy of another" : "are copies of others")}; {Say.Count(Leaks, "leak")} between splits, {Say.Count(Conflicts, "conflict")} of labels";
}

/// <param name="Label">What the folder says.</param>
/// <param name="Guess">What the model says.</param>
internal sealed record Doubt(string Key, string Label, string Guess, double Confidence);

/// <param name="What">That it was simulated, and how.</param>
/// <param name="Right">At the last light that was tried.</param>
/// <param name="Sent">How many darkened pictures had been sent before the incident was there, or in all.</param>
/// <param name="Deeds">The timeline of the incident.</param>
internal sealed record Trial(string What, Share Right, int Sent, bool Noticed, int? Incident, string? Title, IReadOnlyList<string> Deeds);
