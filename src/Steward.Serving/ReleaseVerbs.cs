using System.CommandLine;
using System.Globalization;
using Steward.Cli;

namespace Steward.Serving;

internal static class ReleaseVerbs
{
    private static readonly TimeSpan Between = TimeSpan.FromSeconds(1);

    public static Command Tree(Server server) => new("release", "A promoted version on its way to all requests.")
    {
        See(server),
        Watch(server),
        Deed(server, "pause", "Keep the share as it is.", needsReason: false),
        Deed(server, "resume", "Go on with a paused release.", needsReason: null),
        Deed(server, "abort", "Everything back to the version before, at once.", needsReason: true),
        Deed(server, "finish", "Everything to the new version, at once.", needsReason: false),
    };

    private static Command See(Server server)
    {
        var endpoint = Name();
        var show = new Command("show", "Show the newest release of an endpoint.") { endpoint };
        show.SetAction(async (line, stop) => Tell(line, await server.Get<ReleaseView>(Path(server, line.GetRequiredValue(endpoint)), stop)));
        return show;
    }

    private static Command Watch(Server server)
    {
        var endpoint = Name();
        var watch = new Command("watch", "Follow a release until it is over. Ends with 4 when it was stopped.") { endpoint };
        watch.SetAction(async (line, stop) =>
        {
            ReleaseView view;
            for (var said = "";; await Task.Delay(Between, stop))
            {
                view = await server.Get<ReleaseView>(Path(server, line.GetRequiredValue(endpoint)), stop);
                var now = $"{Percent(view.Share)} to {view.Release.Model}@{view.Release.Version}. {view.Says}";
                if (!line.GetValue(Show.AsJson) && now != said)
                    Console.WriteLine(now);
                said = now;
                if (view.Release.IsOver)
                    break;
            }

            if (line.GetValue(Show.AsJson))
                Console.WriteLine(Json.Write(view));
            return view.Release.State is ReleaseState.Finished ? 0 : ProblemKind.GateFailed.ExitCode();
        });
        return watch;
    }

    /// <param name="needsReason">Null when it takes none.</param>
    private static Command Deed(Server server, string name, string what, bool? needsReason)
    {
        var endpoint = Name();
        var reason = new Option<string>("--reason") { Description = "Why, in a few words: it goes into the audit.", Required = needsReason is true };
        var deed = new Command(name, what) { endpoint };
        if (needsReason is not null)
            deed.Add(reason);
        deed.SetAction(async (line, stop) =>
        {
            var view = await server.Post<ReleaseView>($"{Path(server, line.GetRequiredValue(endpoint))}/{name}", new { reason = needsReason is null ? null : line.GetValue(reason) }, stop);
            Show.Done(line, $"{Percent(view.Share)} to {view.Release.Model}@{view.Release.Version}. {view.Says}", view);
        });
        return deed;
    }

    private static void Tell(ParseResult line, ReleaseView view)
    {
        var (release, name) = (view.Release, $"{view.Release.Model}@{view.Release.Version}");
        Show.One(line, view, [
            ("release", $"{name}, {release.State.ToString().ToLowerInvariant()}"), ("gets", Percent(view.Share)), ("the rest", $"{release.Model}@{release.Base}"), ("now", view.Says),
            ("since", release.StartedAt.ToString("u", CultureInfo.InvariantCulture)),
            .. view.Steps.Select(step => ($"{Percent(step.Share)}", (string?)$"{Side(release.Model, step.Tried)}; {Side(release.Model, step.Before)}")),
        ]);
    }

    private static string Side(string model, SideFigures side)
        => $"{model}@{side.Version}: {Say.Count(side.Answers, "answer")}, {side.Failed} failed, {side.Unsure} unsure{(side.P95 is { } p95 ? $", p95 {p95.ToString("0.#", CultureInfo.InvariantCulture)} ms" : "")}";

    private static Argument<string> Name() => new("endpoint") { Description = "Its name." };

    private static string Path(Server server, string endpoint) => $"/api/projects/{Server.Segment(server.Project())}/endpoints/{Server.Segment(endpoint)}/release";

    private static string Percent(double percent) => ReleaseJudging.Percent(percent);
}
