namespace Steward.Projects;

/// <summary>
/// The section <c>story</c>: how stories and their quizzes are used in a project. It is read here because several rooms do
/// their part of it: Stories tells and asks, Labeling shows people how sure their own names are.
/// </summary>
public sealed record StorySection
{
    /// <summary>The section as the host registers it.</summary>
    public static Section Section { get; } = Section.Of<StorySection>("story", "How stories and their quizzes are used: game on or off, tone light or grave.");

    /// <summary>Whether people see a private view of their own tries and labels, and badges. Off: the quiz itself stays.</summary>
    public StoryGame Game { get; init; } = StoryGame.On;

    /// <summary>Grave, where a mistake of the model may harm people: no confetti in any story.</summary>
    public StoryTone Tone { get; init; } = StoryTone.Light;
}

public enum StoryGame { On, Off }

public enum StoryTone { Light, Grave }
