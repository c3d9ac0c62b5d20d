using Steward.Audit;
using Steward.Events;
using Steward.Identity;
using Steward.Storage;

namespace Steward.Stories;

/// <summary>How useful readers find stories: 1 to 5 and a comment, the last word of each about an edition.</summary>
internal sealed class Ratings(Db db, QuizStore store, IStories stories, IAudit audit, IEvents events, TimeProvider clock)
{
    public async Task<StoryRating> Rate(Who who, string project, string kind, string subject, int? stars, string? comment, CancellationToken stop)
    {
        who.Demand(Permission.Read, project);
        if (stars is not (>= 1 and <= 5))
            throw ProblemException.Invalid("rating_invalid", "A rating is a whole number from 1 to 5.", "1: it did not help; 5: it helped a lot.");
        if (!string.IsNullOrWhiteSpace(comment))
            Names.Text("comment", comment);
        var edition = await stories.Get(project, kind, subject, null, stop);
        var rating = new StoryRating(project, kind, subject, edition.Number, who.Id, stars.Value, comment?.Trim() ?? "", clock.Now());
        await db.Write(async tx =>
        {
            await QuizStore.Rate(tx, rating);
            await audit.Write(tx, who, "story.rated", project, edition.Name, new { edition = edition.Number, stars, comment });
            await events.Publish(tx, new StoryRated(project, kind, subject, edition.Number, who.Id, stars.Value));
        }, stop);
        return rating;
    }

    /// <summary>The mean of each edition and of each day.</summary>
    public async Task<RatingTrend> Trend(string project, string kind, string subject, CancellationToken stop)
    {
        var edition = await stories.Get(project, kind, subject, null, stop);
        var all = await store.Ratings(project, kind, subject, stop);
        return new(edition.Number, all.Count, Mean(all),
            [.. all.GroupBy(one => one.Edition).OrderBy(same => same.Key).Select(same => new EditionRating(same.Key, same.Count(), Mean(same)!.Value))],
            [.. all.GroupBy(one => one.RatedAt.UtcDateTime.Date).OrderBy(same => same.Key).Select(same => new DayRating(DateOnly.FromDateTime(same.Key), same.Count(), Mean(same)!.Value))]);
    }

    private static double? Mean(IEnumerable<StoryRating> ratings) => ratings.Select(one => (double?)one.Stars).Average() is { } mean ? Math.Round(mean, 2) : null;
}

/// <param name="Mean">1 to 5; null while nobody rated it.</param>
public sealed record RatingTrend(int Edition, int Count, double? Mean, IReadOnlyList<EditionRating> ByEdition, IReadOnlyList<DayRating> ByDay);

public sealed record EditionRating(int Edition, int Count, double Mean);

public sealed record DayRating(DateOnly Day, int Count, double Mean);
