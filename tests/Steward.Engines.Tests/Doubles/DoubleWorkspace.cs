using System.Collections.Concurrent;
using System.Net;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Steward.Testing;
using Steward.Work;

namespace Steward.Engines.Tests.Doubles;

/// <summary>
/// Stands in for a Databricks workspace where there is none: its Jobs API 2.2, Files API and clusters over HTTP, strict about
/// tokens, fields, types and limits, and tasks that are real processes. Its volume is a folder, which a machine sees under
/// the volume's own path; here the path is put in place where a process is started, as mounting it needs rights.
/// </summary>
internal sealed class DoubleWorkspace : IAsyncDisposable
{
    public const string Token = "dapi-token-of-the-test", Volume = "/Volumes/main/ml/steward", Cluster = "0923-164208-meows279";
    private const int TasksOfPage = 100, NamesOfPage = 50, MostRunsListed = 25;
    private readonly WebApplication _app;
    private readonly ServiceProvider _machine;
    private readonly ConcurrentDictionary<long, DoubleRun> _runs = new();
    private readonly ConcurrentDictionary<string, long> _tokens = new(StringComparer.Ordinal);
    private readonly Lock _one = new();
    private long _number = 570_000_000_000;
    private int _busy, _cut;

    private DoubleWorkspace()
    {
        _machine = new ServiceCollection().AddLogging().AddSingleton(new Settings { Data = TestFolder.New() }).AddWork().BuildServiceProvider();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        _app = builder.Build();
        _app.Use(Enter);
        _app.MapPost("/api/2.2/jobs/runs/submit", Submit);
        _app.MapGet("/api/2.2/jobs/runs/get", Get);
        _app.MapGet("/api/2.2/jobs/runs/get-output", Output);
        _app.MapGet("/api/2.2/jobs/runs/list", (int? limit) => limit is null or (>= 1 and <= MostRunsListed) ? Results.Json(new { runs = Array.Empty<object>(), has_more = false }) : Bad($"limit must be between 1 and {MostRunsListed}"));
        _app.MapPost("/api/2.2/jobs/runs/cancel", Cancel);
        _app.MapGet("/api/2.1/clusters/get", (string cluster_id) => cluster_id == Cluster
            ? Results.Json(new { cluster_id, cluster_name = "shared", state = "RUNNING", spark_version = "15.4.x-scala2.12", num_workers = 1, cluster_cores = 8.0, cluster_memory_mb = 32768 })
            : Bad($"Cluster {cluster_id} does not exist"));
        _app.MapGet("/api/2.1/clusters/spark-versions", () => Results.Json(new { versions = Offers.Select(one => new { key = one.Key, name = one.Name }) }));
        _app.MapMethods("/api/2.0/fs/{kind}/{**path}", ["GET", "PUT", "DELETE"], Files);
    }

    public bool IsSilent { get; set; }

    /// <summary>The runtimes that new clusters may have, in no order.</summary>
    public List<(string Key, string Name)> Offers { get; } =
    [
        ("9.1.x-scala2.12", "9.1 LTS (includes Apache Spark 3.1.2, Scala 2.12)"), ("15.4.x-scala2.12", "15.4 LTS (includes Apache Spark 3.5.0, Scala 2.12)"), ("15.4.x-cpu-ml-scala2.12", "15.4 LTS ML (includes Apache Spark 3.5.0, Scala 2.12)"),
        ("16.1.x-scala2.12", "16.1 (includes Apache Spark 3.5.0, Scala 2.12)"), ("17.0.x-scala2.13", "17.0 Beta (includes Apache Spark 4.0.0, Scala 2.13)"), ("16.2.x-aarch64-scala2.12", "16.2 aarch64 (includes Apache Spark 3.5.2, Scala 2.12)"),
    ];

    /// <summary>What it says of every task's life, when it lies.</summary>
    public string? Life { get; set; }

    /// <summary>A code that every submission is refused with.</summary>
    public string? Refuses { get; set; }

    public string Address => _app.Urls.First();

    /// <summary>A folder that this server and every machine have mounted under one path.</summary>
    public string Folder { get; } = TestFolder.New();

    public IEnumerable<DoubleRun> Runs => _runs.Values;

    /// <summary>Where the volume really is.</summary>
    public string Mount { get; } = TestFolder.New();

    public int Calls { get; private set; }

    public static async Task<DoubleWorkspace> Start()
    {
        var workspace = new DoubleWorkspace();
        await workspace._app.StartAsync();
        return workspace;
    }

    /// <summary>The next calls are turned away: too many.</summary>
    public void BeBusyFor(int calls) => _busy = calls;

    /// <summary>The next submissions are taken, but their answers are lost on the way.</summary>
    public void CutAnswers(int answers) => _cut = answers;

    /// <summary>A machine falls, with everything on it; or is thought to have fallen.</summary>
    public Task Lose(string cluster, bool reallyEnds) => Task.WhenAll(_runs.Values.SelectMany(run => run.Tasks).Select(task => task.Attempt).Where(attempt => attempt.Cluster == cluster && !attempt.IsOver).Select(attempt => attempt.Lose(reallyEnds)));

    /// <summary>60 days pass.</summary>
    public void Forget() => _runs.Clear();

    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(_runs.Values.Select(run => run.End()));
        await _app.DisposeAsync();
        await _machine.DisposeAsync();
    }

    private async Task Enter(HttpContext http, RequestDelegate next)
    {
        lock (_one)
            Calls++;
        if (IsSilent)
            http.Abort();
        else if (http.Request.Headers.Authorization != $"Bearer {Token}")
            await Refusal(403, "PERMISSION_DENIED", $"Invalid access token {http.Request.Headers.Authorization.ToString().Split(' ')[^1]}.").ExecuteAsync(http);
        else if (Interlocked.Decrement(ref _busy) >= 0)
        {
            http.Response.Headers.RetryAfter = "1";
            await Refusal(429, "REQUEST_LIMIT_EXCEEDED", "Too many requests.").ExecuteAsync(http);
        }
        else
            await next(http);
    }

    private async Task<IResult> Submit(HttpRequest request)
    {
        var body = await JsonNode.ParseAsync(request.Body);
        if (Refuses is { } code)
            return Refusal(400, code, "This workspace refuses it.");
        if (SubmitRules.Complaint(body) is { } complaint)
            return Bad(complaint);
        if (body!["tasks"]!.AsArray().Select(task => (string?)task!["new_cluster"]?["spark_version"]).FirstOrDefault(runtime => runtime is not null && Offers.TrueForAll(one => one.Key != runtime)) is { } unknown)
            return Bad($"Invalid spark version {unknown}.");
        if (body!["tasks"]!.AsArray().Select(task => (string)task!["spark_python_task"]!["python_file"]!).FirstOrDefault(file => !File.Exists(Mounted(file))) is { } missing)
            return Bad($"Cannot read the python file {missing}.");
        DoubleRun run;
        lock (_one)
        {
            if ((string?)body["idempotency_token"] is { } token && _tokens.TryGetValue(token, out var before))
                return Results.Json(new { run_id = before });
            run = new(body, Next(), Next, Mounted, _machine.GetRequiredService<IExecutor>());
            _runs[run.Id] = run;
            if ((string?)body["idempotency_token"] is { } fresh)
                _tokens[fresh] = run.Id;
        }

        run.Begin();
        if (Interlocked.Decrement(ref _cut) >= 0)
            request.HttpContext.Abort();
        return Results.Json(new { run_id = run.Id });
    }

    private IResult Get(long run_id, string? page_token)
    {
        if (!_runs.TryGetValue(run_id, out var run))
            return Bad($"Run {run_id} does not exist.");
        var from = int.TryParse(page_token, out var at) ? at : 0;
        var answer = new JsonObject { ["run_id"] = run_id, ["run_name"] = (string?)run.Body["run_name"], ["tasks"] = new JsonArray([.. run.Tasks.Skip(from).Take(TasksOfPage).Select(task => task.Object(Life))]) };
        if (from + TasksOfPage < run.Tasks.Count)
            answer["next_page_token"] = $"{from + TasksOfPage}";
        return Results.Json(answer);
    }

    private async Task<IResult> Output(long run_id)
        => _runs.ContainsKey(run_id) ? Bad("Retrieving the output of runs with multiple tasks is not supported. Please retrieve the output of each individual task run instead.")
            : _runs.Values.SelectMany(run => run.Tasks).FirstOrDefault(task => task.Attempt.Id == run_id) is { } task ? Results.Json(await task.Attempt.Output())
            : Bad($"Run {run_id} does not exist.");

    private async Task<IResult> Cancel(HttpRequest request)
    {
        var body = await JsonNode.ParseAsync(request.Body) as JsonObject;
        if (body is not { Count: 1 } || body["run_id"]?.GetValueKind() is not System.Text.Json.JsonValueKind.Number)
            return Bad("Could not parse request object");
        if (!_runs.TryGetValue((long)body["run_id"]!, out var run))
            return Bad($"Run {body["run_id"]} does not exist.");
        run.Cancel();
        return Results.Json(new { });
    }

    /// <summary>The Files API: absolute paths of volumes, files that are written whole, folders that must be empty to go.</summary>
    private async Task<IResult> Files(string kind, string path, HttpContext http)
    {
        var wanted = "/" + path;
        if (kind is not ("files" or "directories") || path.Split('/').Contains("..") || !(wanted + "/").StartsWith(Volume + "/", StringComparison.Ordinal))
            return Refusal(403, "PERMISSION_DENIED", $"No access to {wanted}.");
        var here = Mounted(wanted);
        switch (http.Request.Method, kind)
        {
            case ("PUT", "files") when !Directory.Exists(Path.GetDirectoryName(here)):
                return Refusal(404, "NOT_FOUND", "The parent directory does not exist.");
            case ("PUT", "files") when http.Request.ContentType != "application/octet-stream":
                return Bad("The content of a file is application/octet-stream.");
            case ("PUT", "files") when File.Exists(here) && http.Request.Query["overwrite"] != "true":
                return Refusal(409, "ALREADY_EXISTS", "The file exists.");
            case ("PUT", "files"):
                await using (var file = File.Create(here))
                    await http.Request.Body.CopyToAsync(file);
                return Results.NoContent();
            case ("PUT", _):
                Directory.CreateDirectory(here);
                return Results.NoContent();
            case ("GET", "files"):
                return File.Exists(here) ? Results.Bytes(await File.ReadAllBytesAsync(here), "application/octet-stream") : Refusal(404, "NOT_FOUND", "The file does not exist.");
            case ("GET", _):
                return Directory.Exists(here) ? Names(here, http.Request.Query["page_token"]) : Refusal(404, "NOT_FOUND", "The directory does not exist.");
            case (_, "files") when File.Exists(here):
                File.Delete(here);
                return Results.NoContent();
            case (_, "directories") when Directory.Exists(here):
                if (Directory.EnumerateFileSystemEntries(here).Any())
                    return Refusal(400, "DIRECTORY_NOT_EMPTY", "The directory is not empty.");
                Directory.Delete(here);
                return Results.NoContent();
            default:
                return Refusal(404, "NOT_FOUND", "There is nothing.");
        }
    }

    private static IResult Names(string folder, string? page)
    {
        var from = int.TryParse(page, out var at) ? at : 0;
        var all = new DirectoryInfo(folder).GetFileSystemInfos().OrderBy(one => one.Name, StringComparer.Ordinal).ToList();
        var answer = new JsonObject { ["contents"] = new JsonArray([.. all.Skip(from).Take(NamesOfPage).Select(one => new JsonObject { ["name"] = one.Name, ["path"] = one.FullName, ["is_directory"] = one is DirectoryInfo })]) };
        if (from + NamesOfPage < all.Count)
            answer["next_page_token"] = $"{from + NamesOfPage}";
        return Results.Json(answer);
    }

    /// <summary>A path of the volume as the machines see it.</summary>
    private string Mounted(string path) => path.StartsWith(Volume, StringComparison.Ordinal) ? Mount + path[Volume.Length..] : path;

    private long Next() => Interlocked.Increment(ref _number);

    private static IResult Bad(string message) => Refusal(400, "INVALID_PARAMETER_VALUE", message);

    private static IResult Refusal(int status, string error_code, string message) => Results.Json(new { error_code, message }, statusCode: status);
}
