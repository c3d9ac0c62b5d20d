using Steward.Statistics;

namespace Steward.Labeling;

/// <summary>How naming goes: how long a picture takes, and whether more names would still teach the model much.</summary>
/// <param name="Seconds">The median time a person takes for one; null while nobody named two in a row.</param>
/// <param name="Guessed">Answers where the model had made a guess.</param>
/// <param name="Right">Guesses that people agreed with.</param>
/// <param name="Kappa">Agreement of guesses and people beyond chance; null while there are too few.</param>
public sealed record Lesson(double? Seconds, int Guessed, int Right, double? Kappa)
{
    /// <summary>A queue holds the pictures that the model doubted most: where it is right about these, names teach it little.</summary>
    public const double Known = 0.9;

    /// <summary>Fewer answers say nothing about it.</summary>
    public const int Enough = 20;

    internal const int Most = 1000;

    // Longer is a break.
    private static readonly TimeSpan Pause = TimeSpan.FromMinutes(1);

    /// <summary>Labels have stopped helping: the model knows what it is asked about.</summary>
    public bool MayStop => Kappa >= Known;

    internal string Words => Kappa is null
        ? ""
        : $"The model had guessed {Right} of {Guessed} of them as people do: {(MayStop ? "more names will teach it little." : "your names still teach it.")}";

    internal static Lesson Of(IEnumerable<LabelItem> items, IReadOnlyList<(string Person, DateTimeOffset At)> steps)
    {
        var guessed = items.Where(item => item.Label is not null && item.Guess.Length > 0).ToList();
        var right = guessed.Count(item => item.Guess == item.Label);
        var kappa = guessed.Count < Enough ? (double?)null : CohensKappa.Of(guessed.ConvertAll(item => item.Guess), guessed.ConvertAll(item => item.Label!));
        var gaps = steps.GroupBy(step => step.Person).SelectMany(person => person.Zip(person.Skip(1), (from, to) => to.At - from.At)).Where(gap => gap < Pause).Order().ToList();
        return new(gaps.Count == 0 ? null : gaps[gaps.Count / 2].TotalSeconds, guessed.Count, right, kappa);
    }
}
