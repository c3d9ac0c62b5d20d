using Steward.Monitoring;
using Steward.Statistics;

namespace Steward.Labeling;

/// <summary>How naming goes: how long a picture takes, and whether more names would still teach the model much.</summary>
/// <param name="Seconds">The median time a person takes for one; null while nobody named two in a row.</param>
/// <param name="Guessed">Answers where the model had made a guess.</param>
/// <param name="Right">Guesses that people agreed with.</param>
/// <param name="Agreements">How far versions that learned one after the other answer alike, the oldest pair first.</param>
public sealed record Lesson(double? Seconds, int Guessed, int Right, IReadOnlyList<Agreement> Agreements)
{
    internal const int Most = 1000;

    // Longer is a break.
    private static readonly TimeSpan Pause = TimeSpan.FromMinutes(1);

    /// <summary>Names have stopped changing what the model answers (see <see cref="Teaching.MayStop"/>).</summary>
    public bool MayStop => Teaching.MayStop(Kappas);

    internal string Words => string.Join(" ", ((string[])[Guesses, Changes]).Where(words => words.Length > 0));

    private IReadOnlyList<double> Kappas => [.. Agreements.Select(pair => pair.Kappa)];

    private string Guesses => Guessed == 0 ? "" : $"The model had guessed {Right} of {Guessed} of them as people do.";

    private string Changes => Agreements switch
    {
        [] => "",
        _ when MayStop => $"You may stop: {Teaching.Running} times running a new version answered the test pictures almost as the one before ({Pair(Agreements[^1])}), so more names will change little.",
        [.., { Kappa: >= Teaching.Alike } last] => $"Names changed little this time: {Pair(last)}. {Teaching.Running} times running, and you may stop; this was number {Teaching.AlikeRunning(Kappas)}.",
        [.., var last] => $"Names still change the answers: {Pair(last)}.",
    };

    private static string Pair(Agreement pair) => $"{pair.To} answers {pair.Alike} of {pair.Of} as {pair.From} did";

    internal static Lesson Of(IEnumerable<LabelItem> items, IReadOnlyList<(string Person, DateTimeOffset At)> steps, IReadOnlyList<Agreement> agreements)
    {
        var guessed = items.Where(item => item.Label is not null && item.Guess.Length > 0).ToList();
        var gaps = steps.GroupBy(step => step.Person).SelectMany(person => person.Zip(person.Skip(1), (from, to) => to.At - from.At)).Where(gap => gap < Pause).Order().ToList();
        return new(gaps.Count == 0 ? null : gaps[gaps.Count / 2].TotalSeconds, guessed.Count, guessed.Count(item => item.Guess == item.Label), agreements);
    }
}
