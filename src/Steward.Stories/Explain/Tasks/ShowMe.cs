using Steward.Drawing;

namespace Steward.Stories;

/// <summary>
/// A task at the end of an explanation: something to choose or to sort, drawn, without a text to learn. The same seed gives
/// the same task; the next seed gives another.
/// </summary>
/// <param name="Ask">What is asked, in the language of the telling.</param>
/// <param name="Choices">What one chooses from, in the order they are shown; of a task to sort, the things.</param>
/// <param name="Beat">The panel that answers it.</param>
internal sealed record ShowMe(string Topic, int Seed, string Ask, IReadOnlyList<Choice> Choices, string Beat)
{
    /// <summary>How many right answers in a row show that somebody understood.</summary>
    public const int InARow = 2;

    /// <summary>What the question is about, above the choices.</summary>
    public Choice? Shown { get; init; }

    /// <summary>A real picture of the project instead of a drawn one.</summary>
    public RealPicture? Real { get; init; }

    /// <summary>The heap that each choice belongs to; null when one is to be chosen.</summary>
    public IReadOnlyList<int>? Heaps { get; init; }

    public bool IsSorting => Heaps is not null;

    /// <summary>The place of the right choice; the caller asks only where one is to be chosen.</summary>
    public int Right => Choices.Index().First(choice => choice.Item.IsRight).Index;

    public bool Accepts(int choice) => !IsSorting && choice >= 0 && choice < Choices.Count && Choices[choice].IsRight;

    /// <summary>Whether the same things lie together and others apart, however the heaps are called.</summary>
    public bool Accepts(IReadOnlyList<int> heaps)
        => Heaps is not null && heaps.Count == Heaps.Count
            && Enumerable.Range(0, heaps.Count).All(one => Enumerable.Range(0, one).All(other => heaps[one] == heaps[other] == (Heaps[one] == Heaps[other])));

    public Choice Find(string picture) => (picture == "shown" ? Shown : int.TryParse(picture, out var place) && place >= 0 && place < Choices.Count ? Choices[place] : null)
        ?? throw ProblemException.NotFound("picture", Names.Shorten(picture), "A task names its pictures.");
}

/// <param name="Name">For who cannot see it: what is drawn, not whether it is right.</param>
internal sealed record Choice(string Name, Action<Panel> Draw, bool IsRight = false);

/// <summary>A picture of the project that its model did not learn from, and what people called it.</summary>
internal sealed record RealPicture(string Endpoint, string Model, int Version, Digest Picture, string Label);
