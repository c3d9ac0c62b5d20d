using System.CommandLine;
using System.Diagnostics;
using Spectre.Console;
using Steward.Cli;

namespace Steward.Packaging.Ci;

/// <summary><c>steward ci</c>: the same stages here and in a build service.</summary>
internal static class CiVerbs
{
    public const string UsualOutput = "steward-ci";

    public static Command Tree(Server server) => new("ci", "From a change to a model that serves: the same stages here and in a build service.") { Run(server), CiWriteVerb.Tree(server) };

    private static Command Run(Server server)
    {
        var folder = new Option<string>("--folder") { Description = "The folder of the steward.yaml; this one by default.", DefaultValueFactory = _ => "." };
        var only = new Option<string[]>("--only") { Description = $"Only this stage: {string.Join(", ", CiStage.All.Select(stage => stage.Name))}. Several: once each.", DefaultValueFactory = _ => [] };
        var output = new Option<string?>("--out") { Description = $"Where state, evidence and bill of materials are written; {UsualOutput} in the project's folder by default." };
        var model = new Option<string?>("--model") { Description = "A version to take instead of training one: fruit@4." };
        var quick = new Option<bool>("--quick") { Description = "A first look: one tune with fewer patterns." };
        var wait = new Option<string>("--wait") { Description = "How long to wait for people before it ends with 5: 30m, 2h.", DefaultValueFactory = _ => "0s" };
        var verb = new Command("run", "Run the stages in order and stop where one does not go well. Run it again: it goes on from there, and nothing is done twice. Exit code 3: a lock is stale; 4: a test or a gate failed; 5: people are still asked.") { folder, only, output, model, quick, wait };
        verb.SetAction(async (line, stop) =>
        {
            var at = Path.GetFullPath(line.GetRequiredValue(folder));
            var wanted = line.GetRequiredValue(only).Select(CiStage.Named).ToHashSet();
            var run = new CiRun(server, at, Path.GetFullPath(line.GetValue(output) ?? Path.Combine(at, UsualOutput)), new(line.GetValue(model), line.GetValue(quick), Wait(line.GetRequiredValue(wait))));
            var steps = new List<CiStep>();
            foreach (var stage in CiStage.All.Where(stage => wanted.Count == 0 || wanted.Contains(stage)))
            {
                var step = steps.Exists(one => one.Exit != 0) ? new CiStep(stage.Name, "not_run", 0, 0, null, null, null, null) : await Do(run, stage, stop);
                steps.Add(step);
                if (!line.GetValue(Show.AsJson))
                    Tell(step);
            }

            var exit = steps.Select(step => step.Exit).FirstOrDefault(code => code != 0);
            if (line.GetValue(Show.AsJson))
                Console.WriteLine(Json.Write(new { exit, run.State.Project, run.State.Model, run.State.Version, run.State.Image, stages = steps }));
            return exit;
        });
        return verb;
    }

    private static async Task<CiStep> Do(CiRun run, CiStage stage, CancellationToken stop)
    {
        var began = Stopwatch.GetTimestamp();
        try
        {
            var said = await stage.Do(run, stop);
            return new(stage.Name, State(said.Exit), said.Exit, Seconds(), said.Words, null, said.Try, said.Facts);
        }
        catch (ProblemException problem)
        {
            var exit = problem.Kind.ExitCode();
            return new(stage.Name, State(exit), exit, Seconds(), problem.Message, problem.Code, problem.Try, null);
        }

        double Seconds() => Math.Round(Stopwatch.GetElapsedTime(began).TotalSeconds, 2);
    }

    private static string State(int exit) => exit switch { 0 => "done", _ when exit == ProblemKind.WaitingForPeople.ExitCode() => "waiting", _ => "failed" };

    private static void Tell(CiStep step)
    {
        var colour = step.State switch { "done" => "green", "waiting" => "yellow", "not_run" => "grey", _ => "red" };
        AnsiConsole.MarkupLine($"[{colour}]{step.State.Replace('_', ' '),-8}[/] [bold]{step.Stage,-11}[/] {(step.State == "not_run" ? "" : Say.Span(TimeSpan.FromSeconds(step.Seconds)))}");
        foreach (var sentence in (step.Said ?? "").Split('\n', StringSplitOptions.RemoveEmptyEntries))
            Console.WriteLine($"         {sentence}");
        if (step.Try is not null)
            Console.WriteLine($"         Try: {step.Try}");
    }

    private static TimeSpan Wait(string said)
    {
        var unit = said.TrimStart("0123456789".ToCharArray());
        var seconds = unit switch { "s" => 1, "m" => 60, "h" => 3600, _ => 0 };
        return seconds > 0 && int.TryParse(said[..^unit.Length], out var count) && count <= 100_000 ? TimeSpan.FromSeconds((long)count * seconds)
            : throw ProblemException.Invalid("wait_invalid", $"'{Names.Shorten(said)}' is no time to wait.", "Write it like 30s, 30m or 2h.");
    }
}
