using Steward.Blobs;
using Steward.Data.Files;
using Steward.Identity;
using Steward.Projects;
using Steward.Storage;
using Steward.Work;

namespace Steward.Data.Tables;

/// <summary>A file that came, and what is to become of it.</summary>
/// <param name="CameAt">When its bytes were kept: who keeps the same bytes later, keeps them for itself.</param>
/// <param name="ById">Who sent it.</param>
internal sealed record ImportTask(TableName Table, Digest File, DateTimeOffset CameAt, ImportOrder Order, string ById, string By);

/// <summary>
/// Files from people into tables: the bytes are kept first, then a task reads them. So an import has progress, can be
/// cancelled, and goes on when the server starts again; its rows, what was set aside and its end are kept together.
/// </summary>
internal sealed class Imports(ITables tables, TableStore store, IShelf shelf, IFiles files, Expiry expiry, IProjects projects, ILedger ledger, TimeProvider clock) : IWorkHandler
{
    private const int MostTold = 100;

    public string Kind => "import";

    public int AtOnce => 2;

    /// <summary>Keeps a file by moving it here, and orders what is to become of it; what can be refused at once is.</summary>
    public async Task<WorkTask> Add(Who who, string project, TableName table, ImportOrder order, string path, CancellationToken stop)
    {
        await projects.Get(project, stop);
        order.Check();
        if (await Pinned(project, table, order, stop) is null)
            Files.Files.FormatOf(order.Name);
        var came = clock.Now();
        var file = await shelf.Take(path, (digest, bytes) => store.Came(digest, bytes, came, stop), stop);
        return await ledger.Add(new(project, Kind, Names.NewId(), new ImportTask(table, file.Digest, came, order, who.Id, who.Name)), who, stop);
    }

    public async Task<Func<Tx, Task<object?>>> Do(WorkContext context, CancellationToken stop)
    {
        var order = context.Claim.Payload<ImportTask>();
        try
        {
            var read = await Read(context, order, stop);
            return async tx =>
            {
                var who = new Who(order.ById, order.By, Who.Nobody.Roles);
                var made = await tables.Commit(tx, who, read.Change with { Reason = order.Order.Reason ?? $"from {order.Order.Name}", Task = context.Claim.Task.Id });
                if (read.QuarantineChange is { } bad)
                    await tables.Commit(tx, who, bad with { Task = context.Claim.Task.Id });
                await expiry.GiveUp(tx, order.File, order.CameAt);
                return new ImportView(made, read.Read, read.Written, read.Quarantined, read.FirstBad, read.Quarantined > 0 ? order.Table.Quarantine.ToString() : null,
                    [.. read.Schema.Columns.Where(column => column.Evidence is not null).Take(MostTold).Select(column => $"{column.Name} is {column.Evidence}")]);
            };
        }
        catch (ProblemException problem) when (!stop.IsCancellationRequested)
        {
            return async tx =>
            {
                await expiry.GiveUp(tx, order.File, order.CameAt);
                return new WorkFailed(problem.Try is null ? problem.Message : $"{problem.Message} {problem.Try}", problem.Code);
            };
        }
    }

    private async Task<FileRead> Read(WorkContext context, ImportTask task, CancellationToken stop)
    {
        var (project, order) = (context.Claim.Task.Project, task.Order);
        var path = await Path(task.File, order.Name, stop);
        await context.Report(0, $"looks at {order.Name}");
        var schema = await Pinned(project, task.Table, order, stop) ?? await files.Look(path, order.Name, stop: stop);
        schema = schema with { StopIfBad = order.StopIfBad ?? schema.StopIfBad, OnChange = order.OnChange ?? schema.OnChange };
        return await files.Read(project, task.Table, [new(path, order.Name)], schema, new()
        {
            Kind = order.Kind ?? (order.Window is null ? ChangeKind.Append : ChangeKind.ReplaceWindow),
            Window = order.Window,
            PartitionBy = order.PartitionBy ?? [],
            Report = (share, words) => _ = context.Report(share, words),
        }, stop);
    }

    /// <summary>How the file is read, when that was said with it or is pinned with the table.</summary>
    private async Task<FileSchema?> Pinned(string project, TableName table, ImportOrder order, CancellationToken stop)
        => (order.Schema ?? (await store.Table(project, table, stop))?.FileSchema) is { } text ? FileSchemaText.Read(text) : null;

    private async Task<string> Path(Digest file, string name, CancellationToken stop)
    {
        try
        {
            return await shelf.Local(file, stop);
        }
        catch (ProblemException gone) when (gone.Code == "blob_not_found")
        {
            throw ProblemException.NotFound("file", name, "It waited for more than a day and was cleared away: send it again.");
        }
    }
}
