using System.Diagnostics;
using Steward.Audit;
using Steward.Data.Documents;
using Steward.Identity;
using Steward.Outside;
using Steward.Projects;

namespace Steward.Data.Connections;

internal sealed class Connector(IProjects projects, Settings settings, Allowed allowed, Secrets secrets, Reach reach, ConnectionStore store, IAudit audit, TimeProvider clock) : IConnections
{
    private const int FewNames = 3;

    public async Task<IReadOnlyList<ConnectionView>> All(string project, CancellationToken stop)
    {
        var file = await projects.Get(project, stop);
        var last = await store.Results(project, stop);
        return [.. file.ConnectionsOf().OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => new ConnectionView(
            pair.Key, pair.Value.Kind!.Value, pair.Value.Where, Holds(pair.Value.Kind.Value), pair.Value.ReadOnly || pair.Value.Kind is ConnectionKind.Http,
            [.. pair.Value.Secrets.Select(Secrets.Variable)], [.. pair.Value.Secrets.Where(one => !secrets.Has(one)).Select(Secrets.Variable)],
            last.GetValueOrDefault((pair.Key, ConnectionStore.PrintOf(pair.Value)))))];
    }

    public async Task<IFileStore> Files(string project, string connection, CancellationToken stop)
    {
        var plan = await PlanOf(project, connection, stop);
        return Holds(plan.Kind!.Value) is "files"
            ? new ToldFiles(Open(project, plan), error => Explain(error, connection, plan))
            : throw WrongKind(connection, plan, "files");
    }

    public async Task<ITableSource> Tables(string project, string connection, CancellationToken stop)
    {
        var plan = await PlanOf(project, connection, stop);
        return Holds(plan.Kind!.Value) is "tables"
            ? new ToldTables(await Told(connection, plan, () => OpenTables(project, plan, stop)), error => Explain(error, connection, plan))
            : throw WrongKind(connection, plan, "tables");
    }

    public async Task<ConnectionResult> Test(Who who, string project, string connection, CancellationToken stop)
    {
        var plan = await PlanOf(project, connection, stop);
        var began = Stopwatch.GetTimestamp();
        ConnectionResult Result(bool ok, string words, string? code = null, string? tryThis = null)
            => new(ok, words, code, tryThis, (long)Stopwatch.GetElapsedTime(began).TotalMicroseconds, who.Name, clock.GetUtcNow());
        ConnectionResult result;
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(stop);
        patience.CancelAfter(plan.Timeout);
        try
        {
            result = Result(true, await Look(project, connection, plan, patience.Token));
        }
        catch (ProblemException problem)
        {
            result = Result(false, problem.Message, problem.Code, problem.Try);
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            result = Result(false, $"'{connection}' did not answer within {Say.Span(plan.Timeout)}.", "connection_timeout", "Check the address, or whether a firewall stands between.");
        }

        await store.Keep(project, connection, plan, result, tx => audit.Write(tx, who, "connection.tested", project, connection, new { result.Ok, result.Code }), stop);
        return result;
    }

    /// <summary>The plan of a connection, checked once more: a file of an older program may hold less than is needed now.</summary>
    public async Task<ConnectionPlan> PlanOf(string project, string connection, CancellationToken stop)
    {
        var all = (await projects.Get(project, stop)).ConnectionsOf();
        if (connection == ConnectionRules.Inbox)
            return new() { Kind = ConnectionKind.Folder, Path = ConnectionRules.Inbox, IsInbox = true };
        return all.TryGetValue(connection, out var plan) && plan.Kind is not null
            ? plan
            : throw ProblemException.NotFound("connection", Names.Shorten(connection), all.Count == 0 ? "steward connect add makes one." : Suggest.For(connection, all.Keys));
    }

    public string? Resolve(string? reference) => reference is null ? null : secrets.Resolve(reference);

    public ProblemException? Explain(Exception error, string connection, ConnectionPlan plan) => Trouble.Explain(error, connection, plan, secrets);

    private static string Holds(ConnectionKind kind) => kind switch
    {
        ConnectionKind.Postgres or ConnectionKind.Sqlite => "tables",
        ConnectionKind.Cosmos => "documents",
        _ => "files",
    };

    private static ProblemException WrongKind(string connection, ConnectionPlan plan, string wanted)
        => ProblemException.Invalid("connection_kind_wrong", $"'{connection}' holds {Holds(plan.Kind!.Value)}, and {wanted} are wanted.", "steward connect list shows what each holds.");

    private async Task<T> Told<T>(string connection, ConnectionPlan plan, Func<Task<T>> open)
    {
        try
        {
            return await open();
        }
        catch (Exception error) when (Explain(error, connection, plan) is { } problem)
        {
            throw problem;
        }
    }

    private IFileStore Open(string project, ConnectionPlan plan) => plan.Kind switch
    {
        ConnectionKind.Folder when plan.IsInbox => new FolderStore(FolderRoot.Inbox(settings, project), readOnly: false),
        ConnectionKind.Folder => new FolderStore(FolderRoot.Of(plan.Path!, project, settings, allowed), plan.ReadOnly),
        ConnectionKind.Http => new HttpStore(plan, plan.Headers.ToDictionary(pair => pair.Key, pair => Secrets.IsReference(pair.Value) ? secrets.Resolve(pair.Value) : pair.Value), reach),
        ConnectionKind.S3 => new S3Store(plan, Resolve(plan.SecretKey), reach),
        _ => new AzureStore(plan, Resolve(plan.AccountKey), Resolve(plan.Sas), reach),
    };

    private async Task<ITableSource> OpenTables(string project, ConnectionPlan plan, CancellationToken stop)
    {
        if (plan.Kind is ConnectionKind.Postgres)
            return new PostgresSource(await PostgresSource.Open(plan, Resolve(plan.Password), reach, stop), plan.ReadOnly);
        var root = FolderRoot.Of(Path.GetDirectoryName(plan.Path!) is { Length: > 0 } folder ? folder : ".", project, settings, allowed);
        var file = root.At(Path.GetFileName(plan.Path!));
        return File.Exists(file) || !plan.ReadOnly
            ? new SqliteSource(file, plan.ReadOnly, plan.Timeout)
            : throw ProblemException.NotFound("database", Names.Shorten(plan.Path), "Put the file there, or correct its path.");
    }

    private async Task<string> Look(string project, string connection, ConnectionPlan plan, CancellationToken stop)
    {
        if (Holds(plan.Kind!.Value) is "tables")
        {
            await using var tables = await Tables(project, connection, stop);
            var names = await tables.Tables(stop);
            return names.Count == 0 ? "It answers; there is no table yet." : $"It answers; {Say.Count(names.Count, "table")}: {string.Join(", ", names.Take(FewNames))}{(names.Count > FewNames ? " …" : "")}.";
        }

        if (plan.Kind is ConnectionKind.Cosmos)
        {
            await Told(connection, plan, async () =>
            {
                await using var cosmos = new CosmosDocuments(plan, Resolve(plan.AccountKey)!, reach, new DocumentKeeping(), clock);
                await cosmos.Look(stop);
                return true;
            });
            return "It answers, and the container is there.";
        }

        await using var files = await Files(project, connection, stop);
        if (plan is { Kind: ConnectionKind.Http, Index: null })
        {
            await files.Stat("index.html", stop); // what it says does not matter: it answers, and does not refuse us
            return "It answers.";
        }

        var first = new List<string>();
        await foreach (var file in files.List(stop: stop))
            if (first.Count < FewNames)
                first.Add(file.Name);
            else
                break;
        return first.Count == 0 ? "It answers; there is no file yet." : $"It answers; the first files are {string.Join(", ", first.Select(name => Names.Shorten(name)))}.";
    }
}
