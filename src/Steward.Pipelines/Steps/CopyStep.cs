using Steward.Data.Connections;
using Steward.Data.Copying;
using Steward.Data.Tables;
using Steward.Identity;

namespace Steward.Pipelines;

/// <summary>Copies files as the room Data does: what has arrived is not sent again. Or rows of a database into a table, as they come.</summary>
internal sealed class CopyStep(ICopies copies, IConnections connections, ITableEngine engine) : IStep
{
    public string Kind => "copy";

    /// <summary>What lies elsewhere may be another at every look.</summary>
    public Task<IReadOnlyList<string>> Inputs(StepContext context, CancellationToken stop) => Task.FromResult<IReadOnlyList<string>>([context.Run]);

    public Task<StepMade> Do(StepContext context, CancellationToken stop) => context.As<CopyPlan>().From.Query is { } query ? Rows(context, query, stop) : Files(context, stop);

    private async Task<StepMade> Files(StepContext context, CancellationToken stop)
    {
        var (plan, project) = (context.As<CopyPlan>(), context.Project.Name);
        var order = plan.Order();
        CopyReport report;
        try
        {
            report = await copies.Copy(project, order, now => context.Report(now.Share, $"{now.Files:N0} of {now.AllFiles:N0} files, {Say.Bytes(now.Bytes)} of {Say.Bytes(now.AllBytes)}"), stop);
        }
        catch (ProblemException none) when (none.Code == "file_not_found" && plan.Missing is Missing.Ok)
        {
            return new([], 0, $"No file {plan.From.Files}.");
        }

        if (report.LeftOut is [var first, ..])
            throw ProblemException.Conflict("files_left_out", $"{Say.Count(report.LeftOutCount, "file")} could not be copied, the first {first.Name}: {first.Why}", "What was copied is not copied again.");
        return new([], 0, report.Words)
        {
            Figures = new Dictionary<string, long> { ["files"] = report.Copied, ["unchanged"] = report.Unchanged, ["bytes"] = report.Bytes },
            Effect = report.Copied == 0 ? null : tx => copies.Tell(tx, Who.Steward, project, order, report),
        };
    }

    private async Task<StepMade> Rows(StepContext context, string query, CancellationToken stop)
    {
        var plan = context.As<CopyPlan>();
        var (sql, values) = plan.Given!.Bind(query);
        await using var source = await connections.Tables(context.Project.Name, plan.From.Connection!, stop);
        var made = await engine.Make(Told(source.Read(new(sql, values), stop), context), plan.Mode is WriteMode.ReplaceAll ? null : context.TableWindow, stop);
        var change = (await context.Tables.Into(plan.To, plan.Mode, made.Files, context.TableWindow, plan.OnChange, stop)) with { Reason = $"{context.Window.Pipeline}, {context.Id}" };
        // Nothing can be put into a table that nobody knows the columns of.
        var nothing = made.Rows == 0 && change.From is null or 0;
        return new(nothing ? [] : [change], made.Rows, $"{Say.Count(made.Rows, "row")} of {plan.From.Connection} into {plan.To}.") { Figures = new Dictionary<string, long> { ["read"] = made.Rows, ["written"] = made.Rows } };
    }

    private static async IAsyncEnumerable<RowBatch> Told(IAsyncEnumerable<RowBatch> rows, StepContext context)
    {
        var read = 0L;
        await foreach (var batch in rows)
        {
            yield return batch;
            await context.Report(null, Say.Count(read += batch.Rows, "row"));
        }
    }
}
