using Steward.Cli;
using Steward.Models;
using Steward.Projects;
using Steward.Work;

namespace Steward.Packaging.Ci;

/// <summary>What the stages of one run share: the project's folder, the server, and the version that is on its way.</summary>
/// <param name="folder">Of the steward.yaml.</param>
/// <param name="output">Where what was made is written: state, evidence, bill of materials.</param>
internal sealed class CiRun(Server server, string folder, string output, CiOptions options)
{
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(250);
    private ProjectFile? _file;

    public Server Server => server;

    public string Folder => folder;

    public CiOptions Options => options;

    public CiState State { get; private set; } = CiState.Open(output);

    public string ProjectFile => System.IO.Path.Combine(folder, "steward.yaml");

    /// <summary>The project file of the folder; refuses one that the server would refuse.</summary>
    public ProjectFile File => _file ??= Read();

    public string Api => $"/api/projects/{Server.Segment(File.Project)}";

    public void Keep(CiState state)
    {
        State = state with { Project = File.Project };
        State.Save(output);
    }

    /// <summary>Writes something that people keep of a run.</summary>
    public void Keep(string name, byte[] bytes) => System.IO.File.WriteAllBytes(Path(name), bytes);

    public string Path(string name) => System.IO.Path.Combine(Directory.CreateDirectory(output).FullName, name);

    public void Keep(string name, object value) => Keep(name, System.Text.Encoding.UTF8.GetBytes(Json.Write(value) + "\n"));

    /// <summary>The version that is on its way, as the server has it now.</summary>
    public async Task<ModelVersion> Version(CancellationToken stop)
    {
        var named = options.Model is { } said ? Reference.Parse("model", said)
            : State.Project == File.Project && State.Model is { } model ? new Reference(model, State.Version, null)
            : throw ProblemException.NotFound("version", File.Project, "Train first: steward ci run --only train. Or name a version: --model NAME@VERSION");
        return await server.Get<ModelVersion>($"{Api}/models/{named.Name}/versions/{Server.Segment(named.Version?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? named.Alias!)}", stop);
    }

    public async Task<TaskView> Ended(TaskView task, CancellationToken stop)
    {
        while (!task.IsOver)
        {
            await Task.Delay(BetweenLooks, stop);
            task = await server.Get<TaskView>($"{Api}/tasks/{Server.Segment(task.Id)}", stop);
        }

        return task.State is WorkState.Done ? task : throw ProblemException.Invalid(task.ErrorCode ?? "task_failed", $"The {task.Kind} task {(task.State is WorkState.Failed ? "failed" : "was cancelled")}{(task.Error is null ? "." : $": {task.Error}")}", $"steward task show {task.Id}");
    }

    private ProjectFile Read()
    {
        if (!System.IO.File.Exists(ProjectFile))
            throw ProblemException.NotFound("file", ProjectFile, "Go to the folder of the project, or name it: --folder DIR");
        var (file, complaints) = server.Reader().Read(TextSource.Open(folder, "steward.yaml").Text);
        return file ?? throw ProblemException.Invalid("project_file_invalid", string.Join('\n', complaints.Select(one => $"steward.yaml:{one.Line}:{one.Column} {one.Why}{(one.Try is null ? "" : " " + one.Try)}")), "Mend these lines.");
    }
}

/// <param name="Model">A version to take instead of training one.</param>
/// <param name="Wait">How long to wait for people before the run ends with 5.</param>
internal sealed record CiOptions(string? Model, bool Quick, TimeSpan Wait);

/// <summary>What a run made, so that the next one, also on another machine, goes on with exactly that: <c>state.json</c> of the folder that it writes to.</summary>
internal sealed record CiState
{
    public const string FileName = "state.json";

    public string? Project { get; init; }
    public string? Model { get; init; }
    public int? Version { get; init; }
    public string? Image { get; init; }

    public static CiState Open(string folder)
    {
        var path = Path.Combine(folder, FileName);
        if (!File.Exists(path))
            return new();
        try
        {
            var state = Json.Read<CiState>(File.ReadAllText(path));
            if (state.Model is { } model)
                Names.Check("model", model);
            return state;
        }
        catch (Exception error) when (error is System.Text.Json.JsonException or ProblemException)
        {
            throw ProblemException.Invalid("state_invalid", $"{path} is not what steward ci run wrote.", "Delete it: the run begins again, and what was done is found on the server.");
        }
    }

    public void Save(string folder)
    {
        var path = Path.Combine(Directory.CreateDirectory(folder).FullName, FileName);
        var draft = $"{path}.{Path.GetRandomFileName()}";
        File.WriteAllText(draft, Json.Write(this) + "\n");
        File.Move(draft, path, overwrite: true);
    }
}
