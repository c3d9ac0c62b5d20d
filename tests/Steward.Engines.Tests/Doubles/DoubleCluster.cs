using System.Collections.Concurrent;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Steward.Kubernetes;
using Steward.Testing;
using Steward.Work;

namespace Steward.Engines.Tests.Doubles;

/// <summary>
/// Stands in for a Kubernetes cluster where there is none: its API over HTTP, as strict as an API server of 1.36 (unknown
/// fields, types, what is required; restricted pod security), a job controller that follows the manifest, and two nodes
/// whose pods are real processes, so that logs, exit codes, memory and time are real.
/// </summary>
internal sealed class DoubleCluster : IAsyncDisposable
{
    public const string Token = "a-token-of-the-test", Namespace = "ml", Shared = "work";
    private const int LargestPage = 300;
    private readonly WebApplication _app;
    private readonly ServiceProvider _machine;
    private readonly ConcurrentDictionary<string, DoubleJob> _jobs = new(StringComparer.Ordinal);

    private DoubleCluster(X509Certificate2? certificate)
    {
        _machine = new ServiceCollection().AddLogging().AddSingleton(new Settings { Data = TestFolder.New() }).AddWork().BuildServiceProvider();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(System.Net.IPAddress.Loopback, 0, listen =>
        {
            if (certificate is not null)
                listen.UseHttps(certificate);
        }));
        _app = builder.Build();
        _app.Use(Enter);
        _app.MapGet("/version", () => Results.Json(new { major = "1", minor = "36", gitVersion = "v1.36.2" }));
        _app.MapPost("/apis/authorization.k8s.io/v1/selfsubjectaccessreviews", Review);
        _app.MapGet("/apis/kueue.x-k8s.io/v1beta1/namespaces/{space}/localqueues/{queue}", (string queue) => queue == Queue ? Results.Json(new { kind = "LocalQueue" }) : No(404, "NotFound", "the server could not find the requested resource"));
        _app.MapPost("/apis/batch/v1/namespaces/{space}/jobs", Create);
        _app.MapGet("/apis/batch/v1/namespaces/{space}/jobs/{name}", (string space, string name) => Find(space, name) is { } job ? Results.Json(job.Object()) : Missing("jobs.batch", name));
        _app.MapDelete("/apis/batch/v1/namespaces/{space}/jobs/{name}", Delete);
        _app.MapGet("/api/v1/namespaces/{space}/pods", Pods);
        _app.MapGet("/api/v1/namespaces/{space}/pods/{name}/log", Log);
    }

    /// <summary>Words that the server does not want to be asked: <c>create jobs</c>.</summary>
    public HashSet<string> Forbidden { get; } = [];

    /// <summary>The LocalQueue of a Kueue that is installed; its jobs wait until they are admitted.</summary>
    public string? Queue { get; set; }

    /// <summary>What the server says of every pod's phase, when it lies.</summary>
    public string? Phase { get; set; }

    public bool IsSilent { get; set; }

    public string Kubeconfig { get; } = Path.Combine(TestFolder.New(), "kubeconfig");

    /// <summary>The volume claim <c>work</c> is mounted here, in pods and on the test's side alike.</summary>
    public string Folder { get; } = TestFolder.New();

    public IEnumerable<DoubleJob> Jobs => _jobs.Values;

    public static async Task<DoubleCluster> Start(X509Certificate2? certificate = null)
    {
        var cluster = new DoubleCluster(certificate);
        await cluster._app.StartAsync();
        await File.WriteAllTextAsync(cluster.Kubeconfig, $"""
            apiVersion: v1
            kind: Config
            current-context: here
            contexts: [{"{"}name: here, context: {"{"}cluster: here, user: steward{"}"}{"}"}]
            clusters: [{"{"}name: here, cluster: {"{"}server: "{cluster._app.Urls.First()}"{"}"}{"}"}]
            users: [{"{"}name: steward, user: {"{"}token: {Token}{"}"}{"}"}]
            """);
        return cluster;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var job in _jobs.Values)
            await job.End();
        await _app.DisposeAsync();
        await _machine.DisposeAsync();
    }

    /// <summary>A node falls, with everything on it.</summary>
    public Task Lose(string node) => Task.WhenAll(_jobs.Values.Select(job => job.Lose(node, reallyEnds: true)));

    /// <summary>A node that is thought to have fallen.</summary>
    public Task Cut(string node) => Task.WhenAll(_jobs.Values.Select(job => job.Lose(node, reallyEnds: false)));

    /// <summary>Kueue lets the jobs that wait begin.</summary>
    public void Admit()
    {
        foreach (var job in _jobs.Values)
            job.Admit();
    }

    /// <summary>Time passes: what is over and has a time to live goes.</summary>
    public void Expire()
    {
        foreach (var job in _jobs.Values.Where(job => job.IsOver && job.Manifest["spec"]!["ttlSecondsAfterFinished"] is not null))
            _jobs.TryRemove(job.Name, out _);
    }

    private async Task Enter(HttpContext http, RequestDelegate next)
    {
        if (IsSilent)
            http.Abort();
        else if (http.Request.Headers.Authorization != $"Bearer {Token}")
            await No(401, "Unauthorized", "Unauthorized").ExecuteAsync(http);
        else
            await next(http);
    }

    private async Task<IResult> Review(HttpRequest request)
    {
        var attributes = (await JsonNode.ParseAsync(request.Body))!["spec"]!["resourceAttributes"]!;
        var part = (string?)attributes["subresource"] is { Length: > 0 } sub ? $"/{sub}" : "";
        return Results.Json(new { status = new { allowed = !Forbidden.Contains($"{attributes["verb"]} {attributes["resource"]}{part}") } }, statusCode: 201);
    }

    private async Task<IResult> Create(string space, HttpRequest request)
    {
        using var reader = new StreamReader(request.Body);
        var text = await reader.ReadToEndAsync();
        if (Forbidden.Contains("create jobs"))
            return No(403, "Forbidden", "jobs.batch is forbidden: User \"steward\" cannot create resource \"jobs\"");
        if (request.Query["fieldValidation"] != "Strict")
            return No(400, "BadRequest", "this server wants strict field validation");
        if (ManifestCheck.Run([new("body", text)]).Wrong.FirstOrDefault() is { } wrong)
            return No(wrong.Code == "unknown_field" ? 400 : 422, "Invalid", $"Job.batch is invalid: {wrong.Path}: {wrong.Why}");
        var manifest = (JsonObject)JsonNode.Parse(text)!;
        if (JobRules.Complaint(manifest, space) is { } complaint)
            return No(422, "Invalid", $"Job.batch is invalid: {complaint}");
        if (JobRules.Insecure(manifest) is { } insecure)
            return No(403, "Forbidden", $"violates PodSecurity \"restricted:latest\": {insecure}");
        var name = (string)manifest["metadata"]!["name"]!;
        var queued = Queue is not null && (string?)manifest["metadata"]!["labels"]?["kueue.x-k8s.io/queue-name"] == Queue;
        var job = new DoubleJob(manifest, _machine.GetRequiredService<IExecutor>(), queued);
        if (!_jobs.TryAdd(name, job))
            return No(409, "AlreadyExists", $"jobs.batch \"{name}\" already exists");
        job.Begin();
        return Results.Json(job.Object(), statusCode: 201);
    }

    private async Task<IResult> Delete(string space, string name, HttpRequest request)
    {
        if (Find(space, name) is not { } job)
            return Missing("jobs.batch", name);
        if ((string?)(await JsonNode.ParseAsync(request.Body))?["propagationPolicy"] != "Foreground")
            return No(400, "BadRequest", "this server wants to be told what becomes of the pods");
        _ = Gone();
        return Results.Json(job.Object());

        async Task Gone()
        {
            await job.End();
            _jobs.TryRemove(name, out _);
        }
    }

    private IResult Pods(string space, HttpRequest request)
    {
        if (space != Namespace)
            return No(403, "Forbidden", $"pods is forbidden in the namespace \"{space}\"");
        var name = $"{request.Query["labelSelector"]}".Split("batch.kubernetes.io/job-name=") is ["", var wanted] ? wanted : null;
        var all = _jobs.Values.Where(job => name is null || job.Name == name).SelectMany(job => job.Pods).OrderBy(pod => pod.Name, StringComparer.Ordinal).ToList();
        var (from, limit) = (int.TryParse(request.Query["continue"], out var next) ? next : 0, Math.Min(LargestPage, int.TryParse(request.Query["limit"], out var most) ? most : LargestPage));
        var page = all.Skip(from).Take(limit).Select(pod => pod.Object(Phase)).ToArray();
        return Results.Json(new JsonObject { ["kind"] = "PodList", ["metadata"] = new JsonObject { ["continue"] = from + page.Length < all.Count ? $"{from + page.Length}" : "" }, ["items"] = new JsonArray(page) });
    }

    private async Task Log(string space, string name, HttpContext http)
    {
        var query = http.Request.Query;
        if (_jobs.Values.SelectMany(job => job.Pods).FirstOrDefault(pod => pod.Name == name && space == Namespace) is not { } pod)
            await Missing("pods", name).ExecuteAsync(http);
        else if (query["container"] != pod.Container || query["timestamps"] != "true")
            await No(400, "BadRequest", $"container {query["container"]} is not valid for pod {name}").ExecuteAsync(http);
        else if (!pod.HasBegun)
            await No(400, "BadRequest", $"container \"{pod.Container}\" in pod \"{name}\" is waiting to start: ContainerCreating").ExecuteAsync(http);
        else
            await pod.Log(http, query["follow"] == "true", int.TryParse(query["tailLines"], out var tail) ? tail : int.MaxValue, query["sinceTime"]);
    }

    private DoubleJob? Find(string space, string name) => space == Namespace ? _jobs.GetValueOrDefault(name) : null;

    private static IResult Missing(string kind, string name) => No(404, "NotFound", $"{kind} \"{name}\" not found");

    private static IResult No(int code, string reason, string message) => Results.Json(new { kind = "Status", apiVersion = "v1", status = "Failure", message, reason, code }, statusCode: code);
}
