using Steward.Events;

namespace Steward.Stories;

/// <summary>Ten pictures that the model did not learn from: a person says what each is, and then sees what people called it and what the model says.</summary>
/// <param name="Number">From 1 per person.</param>
/// <param name="Said">What this person said of the first pictures, in their order.</param>
/// <param name="EndedAt">Null while pictures are open.</param>
public sealed record NamingRound(string Id, string Project, string Person, int Number, IReadOnlyList<PictureToName> Pictures, IReadOnlyList<string> Said, DateTimeOffset StartedAt, DateTimeOffset? EndedAt)
{
    /// <summary>So many a round: enough to see a difference, few enough for a break.</summary>
    public const int Most = 10;

    public bool IsOpen => EndedAt is null;

    /// <summary>The next picture; null when all are named.</summary>
    public PictureToName? Next => Said.Count < Pictures.Count ? Pictures[Said.Count] : null;

    public int Right => Said.Zip(Pictures).Count(pair => pair.First == pair.Second.Truth);

    /// <summary>How many of the same pictures the model named as people do; null where no model was asked.</summary>
    public int? ModelRight => Pictures.Any(picture => picture.Model is null) ? null : Pictures.Count(picture => picture.ModelSaid == picture.Truth);

    /// <summary>The round with one more name. The first word counts, and each picture is turned over at once.</summary>
    /// <param name="place">Of the picture, from 1: a name that is sent twice is said once.</param>
    public NamingRound With(int place, string? name, DateTimeOffset at)
    {
        if (place >= 1 && place <= Said.Count && Said[place - 1] == name)
            return this;
        if (Next is not { } next || place != Said.Count + 1)
            throw ProblemException.Conflict("picture_turned", $"Picture {place} is not the one to name now.", "The page shows the one that is.");
        if (!next.Names.Contains(name, StringComparer.Ordinal))
            throw ProblemException.Invalid("name_unknown", $"'{Names.Shorten(name)}' is none of the names to choose from.", $"Choose one of {string.Join(", ", next.Names)}.");
        var after = this with { Said = [.. Said, name!] };
        return after.Next is null ? after with { EndedAt = at } : after;
    }
}

/// <summary>One picture of a round, kept as it was dealt: a version that comes later changes no round.</summary>
/// <param name="Picture">A test picture of the project; null for a drawn fruit.</param>
/// <param name="Truth">What people called it.</param>
/// <param name="Names">To choose from.</param>
/// <param name="Model">Who was asked: <c>fruit@3</c>; null where nobody could be.</param>
public sealed record PictureToName(Digest? Picture, string Truth, IReadOnlyList<string> Names, string? Model, string? ModelSaid, double? ModelSure);

public sealed record NamingStarted(string Project, string Person, int Number, int Pictures) : IEvent
{
    public static string Name => "stories.naming_started";
}

public sealed record PictureNamed(string Project, string Person, int Number, int Place, bool Right) : IEvent
{
    public static string Name => "stories.picture_named";
}

/// <param name="Right">Of the pictures of the round.</param>
public sealed record NamingEnded(string Project, string Person, int Number, int Right, int Pictures) : IEvent
{
    public static string Name => "stories.naming_ended";
}
