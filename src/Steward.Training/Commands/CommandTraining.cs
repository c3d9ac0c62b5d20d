using Microsoft.Extensions.DependencyInjection;
using Steward.Cli;
using Steward.Tracking;
using Steward.Work;

namespace Steward.Training;

/// <summary>
/// Trains by a command of the project's own (Python, R, anything), where its files are: a limited child of this program, which logs
/// back over HTTP with a token of its own. No server runs a command that came to it over the network.
/// </summary>
internal sealed class CommandTraining(Server server, string project, TrainSection plan, string folder)
{
    private const int LastWords = 12;

    /// <summary>Runs it to its end and shows what it prints; its study ends as it did.</summary>
    /// <returns>The study.</returns>
    /// <exception cref="ProblemException"><c>command_failed</c>, with its last words.</exception>
    /// <param name="version">Of the data set; the newest when null.</param>
    public async Task<string> Run(IReadOnlyDictionary<string, string> changed, int? version, Action<string> print, CancellationToken stop)
    {
        var values = plan.Params.Concat(changed).GroupBy(one => one.Key).ToDictionary(one => one.Key, one => one.Last().Value);
        if (changed.Keys.FirstOrDefault(name => !plan.Params.ContainsKey(name)) is { } unknown)
            throw ProblemException.Invalid("param_unknown", $"There is no parameter '{Names.Shorten(unknown)}'.", $"train.params has {string.Join(", ", plan.Params.Keys.Order(StringComparer.Ordinal))}.");
        var command = CommandLineOf.Read(plan.Run!, values);
        var experiment = plan.Model ?? project;
        var about = new Dictionary<string, string> { ["primary"] = plan.Primary, ["model"] = experiment, ["reason"] = "asked for" };
        var (checkout, data) = ((await WorkTree.Find(folder, stop)) is { } tree ? await tree.Look(stop) : null, await Data(version, stop));
        foreach (var note in checkout?.NotKept ?? [])
            print($"Not kept with the run: {note}");
        var @lock = Path.Combine(folder, EnvironmentText.OfFolder) is var path && File.Exists(path) ? await File.ReadAllTextAsync(path, stop) : null;
        var study = await Start(new { experiment, name = Names.Shorten(plan.Run, 100), data, checkout, @lock, @params = values, tags = about }, stop);
        string? run = null;
        try
        {
            run = await Start(new { experiment, name = "command", parent = study, data, checkout, @lock, @params = values }, stop);
            await using var token = await RunToken.Of(server, project, run, stop);
            await Execute(command, run, data, values, token.Secret, print, stop);
            await End(run, "finished");
            await End(study, "finished");
            return study;
        }
        catch (Exception error)
        {
            var how = error is OperationCanceledException ? "cancelled" : "failed";
            await server.Post<object>($"{Runs}/{study}/log", new { tags = new Dictionary<string, string> { ["why"] = Names.Shorten(error.Message, 300) } }, CancellationToken.None);
            if (run is not null)
                await End(run, how);
            await End(study, how);
            throw;
        }
    }

    private string Runs => $"/api/projects/{Server.Segment(project)}/runs";

    /// <summary>The snapshot that the project file names, as it is now: the command is told it, and answers for learning from it.</summary>
    private async Task<string?> Data(int? version, CancellationToken stop)
    {
        try
        {
            var known = await server.Get<List<Known>>($"/api/projects/{Server.Segment(project)}/data/{Server.Segment(plan.Data)}?limit=1000", stop);
            return (version is null ? known[0] : known.Find(one => one.Version == version)) is { } found ? $"{plan.Data}@{found.Version}" : throw ProblemException.NotFound("snapshot", $"{plan.Data}@{version}", $"steward data show {plan.Data} shows its versions.");
        }
        catch (ProblemException nothing) when (version is null && nothing.Kind is ProblemKind.NotFound)
        {
            return null;
        }
    }

    private async Task Execute(List<string> command, string run, string? data, Dictionary<string, string> values, string? token, Action<string> print, CancellationToken stop)
    {
        var scratch = Directory.CreateTempSubdirectory("steward-run-").FullName;
        await using var services = new ServiceCollection().AddLogging().AddSingleton(new Settings { Data = scratch }).AddWork().BuildServiceProvider();
        try
        {
            var executor = services.GetRequiredService<IExecutor>();
            var job = await executor.Submit(new JobSpec("train", command)
            {
                Folder = folder, Environment = Environment(run, data, (await server.Http(stop)).BaseAddress!, values, token), Limits = new() { Memory = plan.Limits.Memory, Time = plan.Limits.Time },
            }, stop);
            var last = new Queue<string>();
            try
            {
                await foreach (var line in executor.Logs(job, 0, follow: true, stop))
                {
                    print(line.Text);
                    last.Enqueue(Names.Shorten(line.Text, 200));
                    if (last.Count > LastWords)
                        last.Dequeue();
                }
            }
            catch
            {
                await executor.Cancel(job, CancellationToken.None);
                throw;
            }
            var end = (await executor.Wait(job, stop)).Tasks[0];
            if (end.State is not JobState.Succeeded)
                throw ProblemException.Conflict("command_failed", $"The command failed: {end.Reason ?? $"it ended with code {end.ExitCode}."} Its last words: {string.Join(" / ", last)}", "Mend it, or raise train.limits.");
        }
        finally
        {
            await services.DisposeAsync();
            Directory.Delete(scratch, recursive: true);
        }
    }

    private Dictionary<string, string> Environment(string run, string? data, Uri url, Dictionary<string, string> values, string? token)
    {
        var environment = new Dictionary<string, string> { ["STEWARD_URL"] = url.GetLeftPart(UriPartial.Authority), ["STEWARD_PROJECT"] = project, ["STEWARD_RUN"] = run, ["PYTHONUNBUFFERED"] = "1" };
        if (token is not null)
            environment["STEWARD_TOKEN"] = token;
        if (data is not null)
            environment["STEWARD_DATA"] = data;
        foreach (var (name, value) in values)
            environment["PARAM_" + name.ToUpperInvariant()] = value;
        return environment;
    }

    private async Task<string> Start(object body, CancellationToken stop) => (await server.Post<Started>(Runs, body, stop)).Id;

    private Task End(string run, string status) => server.Post<object>($"{Runs}/{run}/end", new { status }, CancellationToken.None);

    private sealed record Started(string Id);

    private sealed record Known(int Version);
}

/// <summary>A token that a command logs with: for this project, as an editor, for a day at most, and gone when the command ends.</summary>
internal sealed class RunToken : IAsyncDisposable
{
    private readonly Server _server;
    private readonly string? _id;

    private RunToken(Server server, string? id, string? secret) => (_server, _id, Secret) = (server, id, secret);

    /// <summary>Null where the server asks nobody who they are.</summary>
    public string? Secret { get; }

    public static async Task<RunToken> Of(Server server, string project, string run, CancellationToken stop)
    {
        if ((await server.Http(stop)).DefaultRequestHeaders.Authorization is null)
            return new(server, null, null);
        var made = await server.Post<Made>("/api/tokens", new { name = $"run {run}", project, role = "editor", days = 1 }, stop);
        return new(server, made.Id, made.Secret);
    }

    public async ValueTask DisposeAsync()
    {
        if (_id is not null)
            await _server.Delete<string>($"/api/tokens/{_id}", CancellationToken.None);
    }

    private sealed record Made(string Id, string Secret);
}
