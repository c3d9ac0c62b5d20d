using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Steward.Identity;

namespace Steward.Stories;

internal static class QuizEndpoints
{
    public static void MapQuizzes(this IEndpointRouteBuilder routes)
    {
        var stories = routes.MapGroup("/api/projects/{project}/stories").WithTags("Quiz");
        stories.MapGet("/badges/{model}", ModelBadges).Needs(Permission.Read);
        stories.MapPost("/remarks/{remark}/became", (string project, string remark, Made body, IQuizzes all, Who who, CancellationToken stop) => all.Became(who, project, remark, body.What, body.Note, stop)).Needs(Permission.Read);
        var one = stories.MapGroup("/{kind}/{subject}");
        one.MapGet("/quiz", async (string project, string kind, string subject, IQuizzes all, Who who, CancellationToken stop) => StandingView.Of(await all.Standing(who, project, kind, subject, stop))).Needs(Permission.Read);
        one.MapPost("/quiz", async (string project, string kind, string subject, string? level, string? language, IQuizzes all, Who who, CancellationToken stop) => TryView.Of(await all.Start(who, project, kind, subject, level, language, stop))).Needs(Permission.Read);
        one.MapPost("/quiz/answers", async (string project, string kind, string subject, Given body, IQuizzes all, Who who, CancellationToken stop) => TryView.Of(await all.Answer(who, project, kind, subject, body.Item, body.Answer, body.Comment, stop))).Needs(Permission.Read);
        one.MapGet("/quiz/report", (string project, string kind, string subject, IQuizzes all, Who who, CancellationToken stop) => all.Report(who, project, kind, subject, stop)).Needs(Permission.Read);
        one.MapPost("/quiz/talks", (string project, string kind, string subject, Talked body, IQuizzes all, Who who, CancellationToken stop) => all.Talk(who, project, kind, subject, body.Person, body.Note, stop)).Needs(Permission.Read);
        one.MapGet("/badge", async (string project, string kind, string subject, IStories stories, IQuizzes all, CancellationToken stop) => Badge(await stories.Get(project, kind, subject, null, stop), await all.Badges(project, kind, subject, stop))).Needs(Permission.Read);
        one.MapPost("/rating", (string project, string kind, string subject, Stars body, Ratings all, Who who, CancellationToken stop) => all.Rate(who, project, kind, subject, body.Rating, body.Comment, stop)).Needs(Permission.Read);
        one.MapGet("/rating", (string project, string kind, string subject, Ratings all, CancellationToken stop) => all.Trend(project, kind, subject, stop)).Needs(Permission.Read);
    }

    /// <summary>The badge of a model: who understood the story of the version that serves, or of the newest one told.</summary>
    private static async Task<BadgeView> ModelBadges(string project, string model, IStories stories, Models.IPromotions promotions, IQuizzes all, CancellationToken stop)
    {
        Names.Check("model", model);
        var serving = await promotions.Current(project, model, Models.Promotion.Production, stop);
        var edition = serving is { } now ? await stories.Find(project, "release", $"{model}@{now.Version}", null, stop) : null;
        edition ??= (await stories.All(project, 1000, stop)).Find(one => one.Kind == "release" && one.Subject.StartsWith(model + "@", StringComparison.Ordinal));
        return edition is null
            ? throw ProblemException.NotFound("story", $"release/{model}", $"steward story make release {model}@VERSION")
            : Badge(edition, await all.Badges(project, edition.Kind, edition.Subject, stop));
    }

    private static BadgeView Badge(Edition edition, List<Passed> passed) => new(edition.Kind, edition.Subject, edition.Number, edition.Book.Asked.Hash.Hex, [.. passed.Select(one => new Holder(one.Name, one.At))]);

    internal sealed record Given(string? Item, string? Answer, string? Comment);

    internal sealed record Talked(string? Person, string? Note);

    internal sealed record Made(string? What, string? Note);

    internal sealed record Stars(int? Rating, string? Comment);
}

/// <summary>A sheet without its key: what is right is told of an item once it is answered.</summary>
/// <param name="Passed">Null while items are open.</param>
public sealed record TryView(
    string Kind, string Subject, int Edition, string Story, string Facts, string Level, string Language, string Bank, int Number, IReadOnlyList<ItemView> Items, bool Ended, bool? Passed, int Right, double Seconds)
{
    internal static TryView Of(QuizTry one) => new(one.Kind, one.Subject, one.Edition, one.StoryHash, one.FactsHash, one.Level, one.Language, one.Bank, one.Number, [.. one.Items.Select(item => ItemView.Of(one, item))],
        !one.IsOpen, one.IsOpen ? null : one.Passed, one.Right, one.Seconds);
}

/// <param name="Must">Whether it must be known to pass.</param>
/// <param name="Feedback">Null until it is answered.</param>
public sealed record ItemView(string Id, string Kind, string Stem, IReadOnlyList<string> Options, bool Must, FeedbackView? Feedback)
{
    internal static ItemView Of(QuizTry of, QuizItem item)
        => new(item.Id, item.Kind, item.Stem, [.. item.Options.Select(option => option.Text)], item.MustKnow, of.Answers.FirstOrDefault(answer => answer.Item == item.Id) is { } answer ? FeedbackView.Of(of, item, answer) : null);
}

/// <param name="Answer">a, b, c, ? or !.</param>
/// <param name="RightIs">The letter of the right option.</param>
/// <param name="Why">The reason that belongs to the answer.</param>
/// <param name="Panel">Where the story tells it; 0 for the band under the panels.</param>
public sealed record FeedbackView(string Answer, bool Right, string RightIs, string Why, int Panel)
{
    internal static FeedbackView Of(QuizTry of, QuizItem item, QuizAnswer answer)
    {
        var place = item.Options.ToList().FindIndex(option => option.Right);
        return new(answer.Letter, of.IsRight(answer), $"{(char)('a' + place)}", item.Options[answer.Option ?? place].Why, item.Panel);
    }
}

/// <summary>Where a person stands, with the open sheet as it is shown.</summary>
/// <param name="Void">What changed since this person passed or began; null when nothing did.</param>
public sealed record StandingView(
    string Kind, string Subject, int Edition, string Facts, bool Passed, TryView? Open, bool TalkFirst, string? Void, QuizRate Rate, bool Game, IReadOnlyList<OwnTry> Own, int Credits)
{
    internal static StandingView Of(QuizStanding one) => new(one.Kind, one.Subject, one.Edition, one.Facts, one.Passed, one.Open is null ? null : TryView.Of(one.Open), one.TalkFirst, one.Void, one.Rate, one.Game, one.Own, one.Credits);
}

/// <summary>Who understood the story as it is now; with other facts nobody did yet.</summary>
public sealed record BadgeView(string Kind, string Subject, int Edition, string Facts, IReadOnlyList<Holder> Holders);

public sealed record Holder(string Name, DateTimeOffset Since);
