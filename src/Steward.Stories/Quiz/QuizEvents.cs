using Steward.Events;

namespace Steward.Stories;

/// <param name="Number">From 1 per person and facts.</param>
public sealed record QuizStarted(string Project, string Kind, string Subject, string Person, string Facts, int Number, string Level, string Language) : IEvent
{
    public static string Name => "stories.quiz_started";
}

/// <param name="Answer">a, b, c, ? or !.</param>
public sealed record QuizAnswered(string Project, string Kind, string Subject, string Person, string Facts, int Number, string Item, string Answer, bool Right) : IEvent
{
    public static string Name => "stories.quiz_answered";
}

public sealed record QuizEnded(string Project, string Kind, string Subject, string Person, string Facts, int Number, int Right, bool Passed, double Seconds) : IEvent
{
    public static string Name => "stories.quiz_ended";
}

public sealed record QuizTalked(string Project, string Kind, string Subject, string Person, string By) : IEvent
{
    public static string Name => "stories.quiz_talked";
}

/// <param name="Became"><c>limit</c> or <c>test</c>.</param>
public sealed record RemarkBecame(string Project, string Kind, string Subject, string Remark, string Person, string Became, string By) : IEvent
{
    public static string Name => "stories.remark_became";
}

public sealed record StoryRated(string Project, string Kind, string Subject, int Edition, string Person, int Stars) : IEvent
{
    public static string Name => "stories.story_rated";
}
