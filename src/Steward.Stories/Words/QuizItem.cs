namespace Steward.Stories;

/// <param name="Kind">One of <see cref="QuizKind"/>.</param>
/// <param name="MustKnow">Who does not know this does not pass, whatever else is right.</param>
/// <param name="Panel">The panel that answers it, from 1; 0 for the band under the panels that says what is not checked.</param>
/// <param name="Facts">Ids of the facts that the right and the wrong answers tell.</param>
public sealed record QuizItem(string Id, string Kind, string Stem, IReadOnlyList<QuizOption> Options, bool MustKnow, int Panel, IReadOnlyList<string> Facts);

/// <param name="Why">Shown after the answer: why it is right, or what the wrong one is true of.</param>
public sealed record QuizOption(string Text, bool Right, string Why);

/// <summary>What an item asks for.</summary>
public static class QuizKind
{
    public const string Cause = "cause";
    public const string Number = "number";
    public const string Comparison = "comparison";

    /// <summary>What happens when it happens again.</summary>
    public const string Next = "next";

    /// <summary>What nobody checked, or where it does not hold.</summary>
    public const string Limit = "limit";

    public const string WayBack = "way_back";
}
