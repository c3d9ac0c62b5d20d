using Steward.Projects;

namespace Steward.Stories;

/// <summary>The section <c>story</c>: how stories and their quizzes are used in a project.</summary>
public sealed record StorySection
{
    /// <summary>Whether people see a private view of their own tries, and badges. Off: the quiz itself stays.</summary>
    public StoryGame Game { get; init; } = StoryGame.On;

    /// <summary>Grave, where a mistake of the model may harm people: no confetti in any story.</summary>
    public StoryTone Tone { get; init; } = StoryTone.Light;

    internal static Section Section { get; } = Section.Of<StorySection>("story", "How stories and their quizzes are used: game on or off, tone light or grave.");
}

public enum StoryGame { On, Off }

public enum StoryTone { Light, Grave }
