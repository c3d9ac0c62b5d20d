namespace Steward.Packaging.Ci;

/// <summary>One step from a change of the project to a model that serves. The same list runs on one's own machine and in every service.</summary>
/// <param name="Name">What one types: <c>--only gates</c>.</param>
/// <param name="Title">For people, as services show it.</param>
/// <param name="Job">Which job of a service runs it: <c>check</c> needs no server, and runs for changes that are only proposed, too.</param>
internal sealed record CiStage(string Name, string Title, string Job, Func<CiRun, CancellationToken, Task<CiSaid>> Do)
{
    public const string Check = "check", Model = "model", Serve = "deploy";

    public static IReadOnlyList<CiStage> All { get; } =
    [
        new("lint", "Project file, its lists of packages and its lock", Check, LintStage.Lint),
        new("send", "The server has this project file", Model, LintStage.Send),
        new("data-tests", "Data tests", Model, ModelStages.DataTests),
        new("train", "Train, or take what was trained from the same", Model, ModelStages.Train),
        new("gates", "Gates", Model, ModelStages.Gates),
        new("image", "Container image", Model, ImageStages.Image),
        new("scan", "What is hidden in model and image", Model, ImageStages.Scan),
        new("request", "Ask the people", Model, PeopleStages.Request),
        new("deploy", "Serve it once they agreed", Serve, PeopleStages.Deploy),
        new("bundle", "Hand-over bundle", Serve, BundleStage.Bundle),
    ];

    public static CiStage Named(string name) => All.FirstOrDefault(stage => stage.Name == name)
        ?? throw ProblemException.Invalid("stage_unknown", $"There is no stage '{Names.Shorten(name)}'.", $"Choose one of: {string.Join(", ", All.Select(stage => stage.Name))}.");
}

/// <summary>What a stage did, or why it stopped.</summary>
/// <param name="Words">One sentence or two.</param>
/// <param name="Exit">0 went well; else the exit code of the whole run: 1, 3, 4 or 5.</param>
internal sealed record CiSaid(string Words, int Exit = 0, string? Try = null, object? Facts = null);

/// <summary>A stage as it is told afterwards.</summary>
/// <param name="State"><c>done</c>, <c>failed</c>, <c>waiting</c> or <c>not_run</c>.</param>
internal sealed record CiStep(string Stage, string State, int Exit, double Seconds, string? Said, string? Code, string? Try, object? Facts);
