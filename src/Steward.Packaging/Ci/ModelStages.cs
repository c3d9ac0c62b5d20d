using Steward.Cli;
using Steward.Models;
using Steward.Work;

namespace Steward.Packaging.Ci;

/// <summary>From data to a version that passed its gates.</summary>
internal static class ModelStages
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    public static async Task<CiSaid> DataTests(CiRun run, CancellationToken stop)
    {
        var sets = await run.Server.Get<List<DataSet>>($"{run.Api}/data?limit=100", stop);
        if (sets.Count == 0)
            throw ProblemException.NotFound("data set", $"of {run.File.Project}", "Add pictures first: steward data add pictures FOLDER");
        var (tests, failures) = (0, new List<string>());
        foreach (var one in sets)
        {
            var found = await run.Server.Get<Checked>($"{run.Api}/data/{Server.Segment(one.Name)}/{one.Version}/check?limit=1", stop);
            tests += found.Tests.Count;
            failures.AddRange(found.Tests.Where(test => !test.Passed).Select(test => $"{one.Name}@{one.Version}: {test.Test}: {test.Why}"));
            if (found.Leaks > 0)
                failures.Add($"{one.Name}@{one.Version}: {Say.Count(found.Leaks, "picture is", "pictures are")} in more than one split.");
        }

        return failures.Count > 0
            ? new(string.Join('\n', failures), ProblemKind.GateFailed.ExitCode(), $"steward data check {sets[0].Name}", failures)
            : new($"{string.Join(", ", sets.Select(one => $"{one.Name}@{one.Version}"))}: no leaks between splits, {Say.Count(tests, "data test")} passed.");
    }

    /// <summary>The server trains the same data with the same settings once; asked again, it gives what came of it.</summary>
    public static async Task<CiSaid> Train(CiRun run, CancellationToken stop)
    {
        if (run.Options.Model is not null)
        {
            var named = await run.Version(stop);
            run.Keep(run.State with { Model = named.Model, Version = named.Version });
            return new($"Nothing to train: {named.Name} was named.");
        }

        var asked = await run.Server.Post<TaskView>($"{run.Api}/train", new { quick = run.Options.Quick, once = true }, stop);
        var task = await run.Ended(asked, stop);
        var done = task.Result!.Value;
        var version = await Registered(run, done.GetProperty("study").GetString()!, done.GetProperty("model").GetString()!, stop);
        run.Keep(run.State with { Model = version.Model, Version = version.Version, Image = null });
        return new(asked.IsOver ? $"{version.Name} was trained before from the same data with the same settings: {version.Data}." : $"Trained {version.Name} from {version.Data}.", Facts: new { version.Name, version.Data, version.Run, onnx = version.Onnx });
    }

    public static async Task<CiSaid> Gates(CiRun run, CancellationToken stop)
    {
        var version = await run.Version(stop);
        var before = version.Stage is not Stage.Registered;
        if (!before)
            version = await run.Server.Post<ModelVersion>($"{run.Api}/models/{version.Model}/versions/{version.Version}/check", null, stop);
        run.Keep("version.json", version);
        if (version.Stage is Stage.GateFailed { Failed: var failed })
            return new(string.Join('\n', failed.Select(gate => $"{gate.Title}: measured {gate.Whole}, asked {gate.Limit}. {gate.Why}")), ProblemKind.GateFailed.ExitCode(), failed.Select(gate => gate.Try).FirstOrDefault(help => help is not null), version.Gates);
        return new($"{version.Name} {(before ? "was checked before and" : "")} passed {Say.Count(version.Gates.Count, "gate")}; fingerprint {version.Seal.Words}.".Replace("  ", " ", StringComparison.Ordinal), Facts: version.Gates);
    }

    /// <summary>Registering follows the end of the study by a moment.</summary>
    private static async Task<ModelVersion> Registered(CiRun run, string study, string model, CancellationToken stop)
    {
        var tunes = (await run.Server.Get<List<Tune>>($"{run.Api}/runs?parent={Server.Segment(study)}&limit=1000", stop)).Select(tune => tune.Id).ToHashSet(StringComparer.Ordinal);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(stop);
        patience.CancelAfter(Patience);
        try
        {
            while (true)
            {
                if ((await run.Server.Get<Study>($"{run.Api}/runs/{Server.Segment(study)}", patience.Token)).Tags.GetValueOrDefault("not_registered") is { } why)
                    throw ProblemException.Invalid("not_registered", $"What was trained did not become a version: {why}", $"steward runs show {study}");
                if ((await Versions(run, model, patience.Token)).FirstOrDefault(version => tunes.Contains(version.Run)) is { } found)
                    return found;
                await Task.Delay(100, patience.Token);
            }
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            throw new ProblemException(ProblemKind.Unavailable, "not_registered", $"The training is done, and its best tune did not become a version of {model} within {Say.Span(Patience)}.", $"steward runs show {study}");
        }
    }

    private static async Task<List<ModelVersion>> Versions(CiRun run, string model, CancellationToken stop)
    {
        try
        {
            return await run.Server.Get<List<ModelVersion>>($"{run.Api}/models/{Server.Segment(model)}/versions?limit=1000", stop);
        }
        catch (ProblemException none) when (none.Kind is ProblemKind.NotFound)
        {
            return [];
        }
    }

    private sealed record DataSet(string Reference, int Version)
    {
        public string Name => Reference.Split('@')[0];
    }

    private sealed record Checked(int Leaks, List<TestSaid> Tests);

    private sealed record TestSaid(string Test, string? Why, bool Passed);

    private sealed record Tune(string Id);

    private sealed record Study(Dictionary<string, string> Tags);
}
