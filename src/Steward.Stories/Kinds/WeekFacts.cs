using Steward.Monitoring;
using Steward.Serving;

namespace Steward.Stories;

/// <summary>Reads the last seven days of an endpoint: answers by day, doubts, incidents, what people said.</summary>
internal sealed class WeekFacts(IEndpoints endpoints, IRequestLog log, IIncidents incidents, Models.IModels models, TimeProvider clock)
{
    private const int Days = 7, MostAnswers = 200_000;
    private const double Sure = 0.6;

    public async Task<FactBook> Gather(string project, string? subject, CancellationToken stop)
    {
        var endpoint = await Find(project, subject, stop);
        var until = clock.GetUtcNow();
        var from = new DateTimeOffset(until.UtcDateTime.Date.AddDays(1 - Days), TimeSpan.Zero);
        var all = new Recorder(project, "week", endpoint.Name);
        var source = new Source("endpoint", endpoint.Name, $"/projects/{project}/endpoints/{endpoint.Name}");
        all.Name("endpoint", endpoint.Name).Name("model", endpoint.Model).Moment("from", from, source);
        if (endpoint.LiveVersion is { } live && await models.Find(project, new Reference(endpoint.Model, live, null), stop) is { } version)
            VersionFacts.Add(all, "new", version);
        await Answers(all, endpoint, from, until, source, stop);
        var week = (await incidents.All(project, 1000, stop)).FindAll(one => one.Endpoint == endpoint.Name && (one.ClosedAt is null || one.ClosedAt >= from));
        var told = new Source("incident", $"incidents of {endpoint.Name}", $"/projects/{project}/incidents");
        all.Count("incidents", week.Count, told, from)
            .Count("incidents.open", week.Count(one => !one.IsClosed), told, from)
            .Flag("trouble", week.Count > 0).Flag("no-trouble", week.Count == 0);
        return all.Close();
    }

    private async Task<Endpoint> Find(string project, string? subject, CancellationToken stop)
    {
        var all = await endpoints.All(project, stop);
        return subject is null
            ? all.FirstOrDefault() ?? throw ProblemException.NotFound("endpoint", "any", "Promote a version first: steward model promote.")
            : all.Find(one => one.Name == subject) ?? throw ProblemException.NotFound("endpoint", Names.Shorten(subject), "steward endpoint list shows those of the project.");
    }

    private async Task Answers(Recorder all, Endpoint endpoint, DateTimeOffset from, DateTimeOffset until, Source source, CancellationToken stop)
    {
        var days = new long[Days];
        var (answers, sure, abstained, right, told, last) = (0L, 0L, 0L, 0L, 0L, from);
        var after = new LogMark(from, "");
        while (answers < MostAnswers)
        {
            var page = await log.Since(endpoint.Name, after, 1000, stop);
            foreach (var answer in page.Where(answer => answer.At <= until))
            {
                days[Math.Clamp((int)(answer.At - from).TotalDays, 0, Days - 1)]++;
                (last, answers, sure, abstained) = (answer.At, answers + 1, sure + (answer.Confidence >= Sure ? 1 : 0), abstained + (answer.Abstained ? 1 : 0));
                if (answer is { How: ToldHow.Feedback, Right: { } so })
                    (told, right) = (told + 1, right + (so ? 1 : 0));
            }

            if (page.Count < 1000)
                break;
            after = page[^1].Mark;
        }

        if (answers == 0)
            return;
        // The story ends with its last answer: told again tomorrow without new ones, it is the same story.
        all.Moment("until", last, source).Count("answers", answers, source, last).Count("abstained", abstained, source, last)
            .Line(new FactSeries("days", [.. Enumerable.Range(0, Days).Select(day => (double)from.AddDays(day).ToUnixTimeSeconds())], [.. days.Select(count => (double)count)], Unit.Count, Moments: true, source))
            .Count("busy.days", days.Count(count => count > 0), source, last)
            .Count("best.day", days.Max(), source, last)
            .Moment("best.day.at", from.AddDays(Array.IndexOf(days, days.Max())), source)
            .Share("sure", (double)sure / answers, answers, source, last, "week");
        if (told >= 20)
            all.Share("told.right", (double)right / told, told, source, last, "told").Count("told", told, source, last);
        else
            all.Flag("few-told");
    }
}
