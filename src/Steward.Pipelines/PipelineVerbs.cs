using System.CommandLine;
using System.Globalization;
using Steward.Cli;

namespace Steward.Pipelines;

/// <summary><c>steward pipeline</c>.</summary>
internal static class PipelineVerbs
{
    public static Command Tree(Server server) => new("pipeline", "What runs by itself, window by window.")
    {
        List(server), ShowOne(server), Plan(server), RunOne(server), Windows(server), Many(server, Origin.Backfill), Many(server, Origin.Rerun), Cancel(server),
        Switch(server, "pause", "Begin nothing by itself; what is asked for still runs."), Switch(server, "resume", "Begin windows by itself again."),
    };

    private static Command List(Server server)
    {
        var list = new Command("list", "List the pipelines of a project.");
        list.SetAction(async (line, stop) => Show.List(line, await server.Get<List<PipelineView>>(All(server), stop), "No pipeline yet: write one under 'pipelines' in steward.yaml.",
            ("pipeline", one => one.Name), ("runs", one => one.Trigger), ("succeeded", one => Count(one, WindowState.Succeeded)), ("failed", one => Count(one, WindowState.Failed)),
            ("running", one => Count(one, WindowState.Running)), ("waiting", one => Waiting(one).ToString(CultureInfo.InvariantCulture)), ("", one => one.Trouble is not null ? "stands still" : one.Paused ? "paused" : "")));
        return list;
    }

    private static Command ShowOne(Server server)
    {
        var name = Name();
        var show = new Command("show", "Show how a pipeline stands.") { name };
        show.SetAction(async (line, stop) =>
        {
            var one = await server.Get<PipelineView>(Path(server, line.GetRequiredValue(name)), stop);
            Show.One(line, one, [
                ("pipeline", one.Title is null ? one.Name : $"{one.Name}: {one.Title}"), ("runs", one.Trigger), ("trouble", one.Trouble), ("paused", one.Paused ? "yes; steward pipeline resume " + one.Name : null),
                ("windows", string.Join(", ", one.Counts.Select(pair => $"{pair.Value:N0} {pair.Key}"))), ("due, not begun", one.Ahead > 0 ? one.Ahead.ToString("N0", CultureInfo.InvariantCulture) : null), ("next", At(one.NextDueAt)),
                ("waits for", string.Join(", ", one.DependsOn.Select(on => $"{on.Pipeline} {on.Offset}"))), ("waited for by", string.Join(", ", one.NeededBy)),
                .. one.Clock.Select(said => ("the clock", (string?)said)), .. one.Alarms.Select(alarm => ("alarm", (string?)alarm.Why))]);
        });
        return show;
    }

    private static Command Plan(Server server)
    {
        var name = Name();
        var plan = new Command("plan", "Show the steps of a run: what each does, reads, writes and needs.") { name };
        plan.SetAction(async (line, stop) => Steps(line, await server.Get<PipelineView>(Path(server, line.GetRequiredValue(name)), stop)));
        return plan;
    }

    private static Command RunOne(Server server)
    {
        var name = Name();
        var window = new Option<string?>("--window") { Description = "A time in the window: 2026-01-01T06:00Z. The newest window when not said." };
        var from = new Option<string?>("--from") { Description = "The step to begin from; earlier ones are taken as they were." };
        var dry = new Option<bool>("--dry-run") { Description = "Show the steps, run nothing." };
        var run = new Command("run", "Run one window now, again when it is over, and follow it.") { name, window, from, dry };
        run.SetAction(async (line, stop) =>
        {
            var path = Path(server, line.GetRequiredValue(name));
            if (line.GetValue(dry))
            {
                Steps(line, await server.Get<PipelineView>(path, stop));
                return 0;
            }

            var begun = await server.Post<Window>($"{path}/run", new { window = line.GetValue(window), fromStep = line.GetValue(from) }, stop);
            return await Follow(line, server, path, begun, stop);
        });
        return run;
    }

    private static Command Windows(Server server)
    {
        var (name, limit) = (Name(), new Option<int>("--limit") { Description = "How many, at most 1000.", DefaultValueFactory = _ => 30 });
        var state = new Option<WindowState?>("--state") { Description = "Only those: waiting, waitingOnDependency, running, succeeded, failed, cancelled." };
        var windows = new Command("windows", "List the windows of a pipeline, the newest first.") { name, limit, state };
        windows.SetAction(async (line, stop) => Show.List(line, await server.Get<List<Window>>($"{Path(server, line.GetRequiredValue(name))}/windows?limit={line.GetValue(limit)}{(line.GetValue(state) is { } only ? $"&state={only}" : "")}", stop), "No window has begun yet.",
            ("from", one => At(one.StartAt)!), ("to", one => At(one.EndAt)!), ("", Word), ("runs", one => one.Runs.ToString(CultureInfo.InvariantCulture)), ("rows", one => one.RowsMade?.ToString("N0", CultureInfo.InvariantCulture) ?? ""),
            ("took", one => one.EndedAt - one.StartedAt is { } took ? Say.Span(took) : ""), ("why", one => one.Stale ? "stale: what it was made from was run again" : one.Why ?? "")));
        return windows;
    }

    private static Command Many(Server server, Origin kind)
    {
        var (name, from, to) = (Name(), From(), To());
        var preview = new Option<bool>("--preview") { Description = "Say what would run, change nothing." };
        var failed = new Option<bool>("--failed") { Description = "Only those that failed or were cancelled." };
        var cascade = new Option<bool>("--cascade") { Description = "And what was made from them, in other pipelines." };
        var again = kind is Origin.Rerun;
        var verb = new Command(again ? "rerun" : "backfill", again ? "Run windows again, with the newest definition." : "Run the windows that have not succeeded, oldest first.") { name, from, to, preview };
        if (again)
        {
            verb.Add(failed);
            verb.Add(cascade);
        }

        verb.SetAction(async (line, stop) =>
        {
            var path = Path(server, line.GetRequiredValue(name));
            var (first, last, onlyFailed, others) = (line.GetValue(from), line.GetValue(to), again && line.GetValue(failed), again && line.GetValue(cascade));
            var view = line.GetValue(preview)
                ? await server.Get<Preview>($"{path}/preview?kind={kind}&failed={onlyFailed}&cascade={others}{Asked("from", first)}{Asked("to", last)}", stop)
                : await server.Post<Preview>($"{path}/{verb.Name}", new { from = first, to = last, failed = onlyFailed, cascade = others }, stop);
            Show.Done(line, Said(view, line.GetValue(preview)), view);
        });
        return verb;
    }

    private static Command Cancel(Server server)
    {
        var (name, from, to) = (Name(), From(), To());
        var request = new Option<string?>("--request") { Description = "Only the windows of one backfill or rerun." };
        var cancel = new Command("cancel", "Cancel windows that wait or run; what runs stops, and takes no effect.") { name, from, to, request };
        cancel.SetAction(async (line, stop) =>
        {
            var done = await server.Post<PipelineEndpoints.Cancelled>($"{Path(server, line.GetRequiredValue(name))}/cancel", new { from = line.GetValue(from), to = line.GetValue(to), request = line.GetValue(request) }, stop);
            Show.Done(line, $"{Say.Count(done.Windows, "window")} cancelled.", done);
        });
        return cancel;
    }

    private static Command Switch(Server server, string verb, string what)
    {
        var name = Name();
        var change = new Command(verb, what) { name };
        change.SetAction(async (line, stop) =>
        {
            var one = await server.Post<PipelineView>($"{Path(server, line.GetRequiredValue(name))}/{verb}", null, stop);
            Show.Done(line, one.Paused ? $"{one.Name} is paused." : $"{one.Name} begins its windows by itself.", one);
        });
        return change;
    }

    private static async Task<int> Follow(ParseResult line, Server server, string path, Window begun, CancellationToken stop)
    {
        var told = new HashSet<string>(StringComparer.Ordinal);
        while (true)
        {
            var view = await server.Get<WindowView>($"{path}/windows/{Server.Segment(begun.StartAt.UtcDateTime.ToString("O"))}", stop);
            var over = view.Window.IsOver && view.Window.Round >= begun.Round;
            if (!line.GetValue(Show.AsJson))
                foreach (var step in view.Steps.Where(step => step.State is not StepState.Running && told.Add($"{step.Run} {step.Step}")))
                    Console.WriteLine($"{step.Step}: {Json.Write(step.State).Trim('"')}{(step.EndedAt - step.BegunAt is { } took ? $" in {Say.Span(took)}" : "")}. {step.Words}");
            if (over || view.Window.State is WindowState.WaitingOnDependency)
            {
                Show.Done(line, $"{view.Window.Pipeline} {view.Window.Slice}: {Word(view.Window)}.{(view.Window.Why is null ? "" : " " + view.Window.Why)}", view);
                return view.Window.State is WindowState.Succeeded ? 0 : 1;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(300), stop);
        }
    }

    private static void Steps(ParseResult line, PipelineView view) => Show.List(line, view.Steps, "It has no steps.",
        ("step", one => one.Id), ("does", one => one.Does), ("reads", one => string.Join(", ", one.Reads)), ("writes", one => string.Join(", ", one.Writes)), ("after", one => string.Join(", ", one.Needs)), ("when", one => one.When is StepWhen.Success ? "" : Json.Write(one.When).Trim('"')));

    private static string Said(Preview view, bool preview)
    {
        var others = view.Others.Values.Sum();
        var what = $"{Say.Count(view.Windows, "window")} of {view.Pipeline} from {At(view.From)} to {At(view.To)}{(others > 0 ? $" and {others:N0} of {string.Join(", ", view.Others.Keys)}" : "")}";
        return preview ? $"It would run {what}{(view.Seconds is { } seconds ? $", for about {Say.Span(TimeSpan.FromSeconds(seconds))}" : "")}." : $"{what} wait, oldest first. To stop: steward pipeline cancel {view.Pipeline} --request {view.Request}";
    }

    private static Argument<string> Name() => new("pipeline") { Description = "Its name in steward.yaml." };

    private static Option<string?> From() => new("--from") { Description = "The first window, by a time in it." };

    private static Option<string?> To() => new("--to") { Description = "No window that begins at or after it." };

    private static string Asked(string name, string? value) => value is null ? "" : $"&{name}={Server.Segment(value)}";

    private static string All(Server server) => $"/api/projects/{Server.Segment(server.Project())}/pipelines";

    private static string Path(Server server, string name) => $"{All(server)}/{Server.Segment(name)}";

    private static string Count(PipelineView view, WindowState state) => view.Counts.GetValueOrDefault(Json.Write(state).Trim('"')).ToString("N0", CultureInfo.InvariantCulture);

    private static long Waiting(PipelineView view) => view.Ahead + view.Counts.GetValueOrDefault("waiting") + view.Counts.GetValueOrDefault("waitingOnDependency");

    private static string Word(Window window) => window.State switch
    {
        WindowState.WaitingOnDependency => "waits for another",
        var state => state.ToString().ToLowerInvariant(),
    };

    private static string? At(DateTimeOffset? time) => time?.UtcDateTime.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);
}
