using Steward.Projects;
using Steward.Serving;

namespace Steward.Monitoring;

/// <summary>An incident as a person wants to read it: how it stands first, then the pictures, then the story.</summary>
/// <param name="Latest">How far it goes, by the newest alarm.</param>
/// <param name="Deeds">Lines of the timeline that say what was done by itself.</param>
/// <param name="Now">How it stands, in a sentence or two.</param>
/// <param name="Pictures">The answers that show each kind of alarm best.</param>
/// <param name="Ways">What a person can do.</param>
public sealed record IncidentStory(
    Incident Incident, IReadOnlyList<Entry> Timeline, string? Latest, IReadOnlyList<Entry> Deeds, string Now, IReadOnlyList<(LoopWhen Why, IReadOnlyList<Prediction> Answers)> Pictures, IReadOnlyList<Way> Ways);

/// <param name="Link">A page to do it on.</param>
/// <param name="Command">What to type instead.</param>
public sealed record Way(string What, string? Link, string? Command);

internal sealed class IncidentReader(IncidentStore store, WindowStore windows, MistakeStore mistakes, DeedStore deeds, IEndpoints endpoints, IReleases releases, IRequestLog log)
{
    private const int MostPictures = 12;
    private static readonly HashSet<string> ByItself = ["back", "abstain", "left", "labels", "answers", "failed"];

    public async Task<IncidentStory> Read(string project, int number, CancellationToken stop)
    {
        var one = await store.Find(project, number, stop) ?? throw Incidents.NotFound(number);
        var timeline = await store.Timeline(project, number, stop);
        var (judged, feedback) = (await windows.OfIncident(project, number, 1000, stop), await mistakes.OfIncident(project, number, stop));
        var endpoint = await endpoints.Find(one.Endpoint, stop);
        var release = await releases.Newest(one.Endpoint, stop) is { IsOver: false } running ? running : null;
        var open = (await deeds.Of(project, number, stop)).Where(deed => deed.DoneAt is null).ToList();
        return new(
            one, timeline, Latest(timeline, judged, feedback), timeline.FindAll(entry => ByItself.Contains(entry.Kind)), Now(one, endpoint, release, open),
            await Pictures(one, judged, feedback, stop), [.. endpoint is null ? [] : await Ways(one, endpoint, release, stop)]);
    }

    private static string? Latest(List<Entry> timeline, List<Window> judged, List<Mistakes> feedback)
    {
        var (window, batch) = (judged.LastOrDefault(), feedback.LastOrDefault());
        if (window is not null && !(batch?.JudgedAt > window.JudgedAt))
            return Phrases.Alarming(window);
        return batch is not null ? Phrases.Told(batch) : timeline.FindLast(entry => entry.Kind == "alarm")?.Text;
    }

    private static string Now(Incident one, Endpoint? endpoint, Release? release, List<Deed> open)
    {
        List<string> parts = [];
        if (endpoint?.LiveVersion is { } live)
            parts.Add(release is null ? $"{one.Model}@{live} serves." : $"{one.Model}@{live} serves, and {one.Model}@{release.Version} is tried with {Phrases.Percent(release.Share / 100)} of the requests.");
        if (endpoint?.AbstainUnder is { } under)
            parts.Add($"Answers under {Phrases.Percent(under)} say that a person should look.");
        parts.Add(one.State switch
        {
            IncidentState.Open => one.QuietWindows == 0 ? "No quiet window since the last alarm." : $"{Say.Count(one.QuietWindows, "quiet window")} since the last alarm.",
            IncidentState.Quiet => "It is quiet again, and nobody has said what it was.",
            _ => "It is closed.",
        });
        foreach (var deed in open)
            parts.Add($"Still to do: {(deed.Kind is DeedKind.AskForLabels ? "ask people for labels" : deed.Kind is DeedKind.BackOrAbstain ? "go back or abstain" : "answer everything again")}{(deed.Tries > 0 ? $", after {Say.Count(deed.Tries, "failed try", "failed tries")}" : "")}.");
        return string.Join(' ', parts);
    }

    private async Task<List<(LoopWhen, IReadOnlyList<Prediction>)>> Pictures(Incident one, List<Window> judged, List<Mistakes> feedback, CancellationToken stop)
    {
        var telling = judged.SelectMany(window => window.Telling).Concat(feedback.SelectMany(batch => batch.Telling, (_, id) => new Telling(id, LoopWhen.LowAccuracy))).ToLookup(told => told.Because, told => told.Prediction);
        var all = new List<(LoopWhen, IReadOnlyList<Prediction>)>();
        foreach (var kind in one.Kinds)
        {
            var answers = new List<Prediction>();
            // Of a stopped release no window tells; its doubtful answers do.
            if (kind is LoopWhen.CanaryAbort)
                answers = [.. (await log.Newest(one.Endpoint, 1000, new(Version: one.Version), stop)).Where(answer => answer.Picture is not null).OrderBy(answer => answer.Confidence).DistinctBy(answer => answer.Picture).Take(MostPictures)];
            foreach (var id in telling[kind].Distinct().Take(MostPictures))
                if (await log.Find(id, stop) is { Picture: not null } answer)
                    answers.Add(answer);
            if (answers.Count > 0)
                all.Add((kind, answers));
        }

        return all;
    }

    private async Task<List<Way>> Ways(Incident one, Endpoint endpoint, Release? release, CancellationToken stop)
    {
        var (page, name) = ($"/projects/{one.Project}/endpoints/{one.Endpoint}", one.Endpoint);
        List<Way> ways = [new("Watch the windows come in", $"/projects/{one.Project}/monitor/{name}", $"steward monitor show {name}")];
        if (release is not null)
            ways.Add(new($"Stop the release of {one.Model}@{release.Version}", page, $"steward release abort {name} --reason \"…\""));
        else if (await endpoints.WayBack(endpoint, stop) is { } before)
            ways.Add(new($"Go back to {one.Model}@{before}", page, $"steward rollback {name} --reason \"…\""));
        ways.Add(new("Name pictures, so that it learns them", $"/projects/{one.Project}/labels", "steward labels queue"));
        ways.Add(new("Look at unsure answers", null, $"steward endpoint log {name} --of {one.Version} --under 0.6"));
        return ways;
    }
}
