using Steward.Identity;
using Steward.Models;
using Steward.Monitoring;
using Steward.Projects;
using Steward.Serving;

namespace Steward.Stories;

/// <summary>Reads what an incident left on record: the windows before and in it, what was done, who named what, and what serves now.</summary>
internal sealed class IncidentFacts(IIncidents incidents, IModels models, IPromotions promotions, ISignOffs signOffs, IRequestLog log)
{
    /// <summary>The flag of an incident that began with a release which its own figures stopped.</summary>
    internal const string Stopped = "stopped";

    private const int MostWindows = 14, FewestTold = 20;

    public async Task<FactBook> Gather(string project, string? subject, CancellationToken stop)
    {
        var one = await Find(project, subject, stop);
        var all = new Recorder(project, "incident", $"{one.Number}");
        var source = new Source("incident", $"incident {one.Number}", $"/projects/{project}/incidents/{one.Number}");
        all.Name("endpoint", one.Endpoint).Name("model", one.Model)
            .Number("incident", one.Number, source, one.OpenedAt)
            .Moment("since", one.Since, source)
            .Moment("opened", one.OpenedAt, source)
            .Took("unnoticed", one.OpenedAt - one.Since, source, one.OpenedAt)
            .Count("answers", one.Answers, source, one.LastAlarmAt)
            .Count("alarms", one.Alarms, source, one.LastAlarmAt);
        var timeline = await incidents.Timeline(project, one.Number, stop);
        all.IsExample = timeline.Exists(entry => entry.Kind == Entry.Drill);
        var first = timeline.Find(entry => entry.Kind == "alarm");
        var version = Number(first?.Detail, "version") ?? one.Version;
        if (await models.Find(project, new Reference(one.Model, version, null), stop) is { } old)
            VersionFacts.Add(all, "old", old);
        if (first is { Detail: { } detail } && one.Kinds.Contains(LoopWhen.CanaryAbort) && Number(detail, "base") is { } @base)
            Tried(all, first, detail, @base, source);
        else
            await Watched(all, one, version, stop);
        Deeds(all, timeline, source);
        await Back(all, one, version, stop);
        await Told(all, one, version, "old", stop);
        await After(all, one, timeline, version, source, stop);
        return all.Close();
    }

    private async Task<Incident> Find(string project, string? subject, CancellationToken stop)
    {
        if (subject is null)
            return (await incidents.All(project, 1, stop)).FirstOrDefault()
                ?? throw ProblemException.NotFound("incident", "any", "There was none yet: nothing to tell.");
        return int.TryParse(subject, out var number) && await incidents.Find(project, number, stop) is { } found
            ? found
            : throw ProblemException.NotFound("incident", Names.Shorten(subject), "steward incident list shows those of the project.");
    }

    /// <summary>The trial that stopped itself: with which share of the requests, after how many answers.</summary>
    private static void Tried(Recorder all, Entry alarm, System.Text.Json.JsonElement detail, int @base, Source source)
    {
        all.Flag(Stopped).Number("trial.base", @base, source, alarm.At);
        if (Real(detail, "share") is { } share)
            all.Share("trial.first", share / 100, 0, source, alarm.At, "traffic");
        if (Number(detail, "answers") is { } answers)
            all.Count("trial.answers", answers, source, alarm.At);
    }

    /// <summary>The way back as the alias took it, where no deed of the incident tells it: by a person's hand, or by a release that stopped.</summary>
    private async Task Back(Recorder all, Incident one, int version, CancellationToken stop)
    {
        if (all.Has("back.version"))
            return;
        var moves = await promotions.History(one.Project, one.Model, Promotion.Production, 1000, stop);
        if (moves.FindLast(move => move.Kind is MoveKind.Back && move.From == version && move.At >= one.Since && !(move.At > one.ClosedAt)) is not { } back)
            return;
        var source = new Source("promotion", $"{one.Model} production, epoch {back.Epoch}", $"/projects/{one.Project}/models/{one.Model}");
        all.Flag("back").Flag("by-hand", back.By != Who.Steward.Name).Moment("acted", back.At, source).Number("back.version", back.Version, source, back.At);
    }

    /// <summary>The measure that alarmed as a multiple of its limit, window by window, quiet ones first.</summary>
    private async Task Watched(Recorder all, Incident one, int version, CancellationToken stop)
    {
        var windows = (await incidents.Judged(one.Endpoint, 1000, stop)).Where(window => window.Version == version && window.JudgedAt <= one.LastAlarmAt).Take(MostWindows).Reverse().ToList();
        if (windows.Find(window => window.Incident == one.Number && window.Alarms.Count > 0) is not { } alarm)
            return;
        var kind = alarm.Alarms[0];
        all.Flag(kind switch { LoopWhen.Drift => "drift", LoopWhen.LowConfidence => "doubt", LoopWhen.ClassShare => "kinds", _ => "mistakes" });
        var source = new Source("window", $"windows of {one.Endpoint}", $"/projects/{one.Project}/monitor/{one.Endpoint}");
        var measured = windows.Select(window => (window, Ratio: Ratio(window, kind))).Where(pair => pair.Ratio is not null).ToList();
        all.Line(new FactSeries("watch", [.. measured.Select((_, i) => (double)(i + 1))], [.. measured.Select(pair => pair.Ratio!.Value)], Unit.Ratio, Moments: false, source))
            .Add(new("watch.limit", 1, Unit.Ratio, source) { At = alarm.JudgedAt })
            .Add(new("watch.peak", measured.Where(pair => pair.window.Incident == one.Number).Max(pair => pair.Ratio!.Value), Unit.Ratio, source) { At = alarm.JudgedAt, N = alarm.Answers })
            .Count("window", alarm.Answers, source, alarm.JudgedAt)
            .Count("quiet", measured.TakeWhile(pair => pair.window.State is not WindowState.Alarm).Count(), source, alarm.JudgedAt)
            .Share("unsure", alarm.Unsure.Share, alarm.Unsure.Of, source, alarm.JudgedAt, $"window:{alarm.Number}", Better.Lower);
    }

    private static double? Ratio(Window window, LoopWhen kind) => kind switch
    {
        LoopWhen.Drift => window.Drift?.Ratio,
        LoopWhen.LowConfidence => window.Unsure.Ratio,
        LoopWhen.ClassShare => window.Kinds?.Ratio,
        _ => null,
    };

    private static void Deeds(Recorder all, List<Entry> timeline, Source source)
    {
        foreach (var entry in timeline)
        {
            switch (entry.Kind)
            {
                case "back":
                    all.Flag("back").Moment("acted", entry.At, source);
                    if (Number(entry.Detail, "to") is { } to)
                        all.Number("back.version", to, source, entry.At);
                    break;
                case "abstain":
                    all.Flag("abstain").Moment("acted", entry.At, source);
                    if (Real(entry.Detail, "under") is { } under)
                        all.Share("abstain.under", under, 0, source, entry.At, "sure");
                    break;
                case "labels" when Number(entry.Detail, "count") is { } asked:
                    all.Count("asked", asked, source, entry.At);
                    if (Number(entry.Detail, "of") is { } among)
                        all.Count("asked.among", among, source, entry.At);
                    break;
                case "named" when Number(entry.Detail, "answered") is { } named:
                    all.Count("named", named, source, entry.At).Moment("named.at", entry.At, source).Name("named.data", Word(entry.Detail, "data"));
                    break;
                case "quiet":
                    all.Flag("calm").Moment("calm.at", entry.At, source);
                    break;
            }
        }
    }

    /// <summary>What people said by themselves about answers given since the change began: the same conditions for every version.</summary>
    private async Task Told(Recorder all, Incident one, int version, string prefix, CancellationToken stop)
    {
        var told = (await log.Told(one.Endpoint, version, null, 1000, stop)).FindAll(answer => answer.At >= one.Since && answer.How is ToldHow.Feedback);
        if (told.Count < FewestTold)
            return;
        var source = new Source("endpoint", $"feedback about {one.Model}@{version}", $"/projects/{one.Project}/endpoints/{one.Endpoint}");
        all.Share($"{prefix}.told", (double)told.Count(answer => answer.Right is true) / told.Count, told.Count, source, told.Max(answer => answer.ToldAt!.Value), $"since:{one.Number}")
            .Count($"{prefix}.told.n", told.Count, source, told.Max(answer => answer.ToldAt!.Value));
    }

    /// <summary>The version that was made from what people named, if it came to serve.</summary>
    private async Task After(Recorder all, Incident one, List<Entry> timeline, int version, Source source, CancellationToken stop)
    {
        var serves = timeline.FindLast(entry => entry.Kind == "serves" && Number(entry.Detail, "version") is { } served && served > version);
        if (serves is null || Number(serves.Detail, "version") is not { } made || await models.Find(one.Project, new Reference(one.Model, made, null), stop) is not { } fresh)
            return;
        VersionFacts.Add(all, "new", fresh);
        all.Moment("serves", serves.At, source)
            .Took("whole", serves.At - one.OpenedAt, source, serves.At)
            .Flag("healed");
        await SignOffFacts.Add(all, signOffs, promotions, fresh, stop);
        await Told(all, one, made, "new", stop);
    }

    private static int? Number(System.Text.Json.JsonElement? detail, string name)
        => detail is { ValueKind: System.Text.Json.JsonValueKind.Object } all && all.TryGetProperty(name, out var value) && value.TryGetInt32(out var number) ? number : null;

    private static string? Word(System.Text.Json.JsonElement? detail, string name)
        => detail is { ValueKind: System.Text.Json.JsonValueKind.Object } all && all.TryGetProperty(name, out var value) && value.ValueKind is System.Text.Json.JsonValueKind.String ? value.GetString() : null;

    private static double? Real(System.Text.Json.JsonElement? detail, string name)
        => detail is { ValueKind: System.Text.Json.JsonValueKind.Object } all && all.TryGetProperty(name, out var value) && value.TryGetDouble(out var number) ? number : null;
}
