using Steward.Data.Connections;
using Steward.Data.Documents;
using Steward.Data.Tables;
using Steward.Identity;

namespace Steward.Pipelines;

/// <summary>Fills a list that nobody sees; it takes the place of the current one with the end of the window. What an earlier run of the window began is dropped.</summary>
internal sealed class DocumentStep(IDocuments documents, ITableEngine engine) : IStep
{
    private const int AtOnce = 500;

    public string Kind => "document";

    public async Task<StepMade> Do(StepContext context, CancellationToken stop)
    {
        var (plan, project) = (context.As<DocumentPlan>(), context.Project.Name);
        await using var reading = await context.Tables.Open(plan.Reads, stop);
        var (table, seen) = (reading.Tables[0], context.Tables.Seen(plan.Reads[0], reading.Tables[0].Snapshot.Version));
        var sql = Select(table, plan);
        var whose = $"{context.Window.Pipeline}/{context.Id} {context.Window.StartAt.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss.FFFFFF'Z'} ";
        foreach (var left in (await documents.Lists(project, plan.Collection, stop)).Where(list => list.State is ListState.Filling && list.MadeBy.StartsWith(whose, StringComparison.Ordinal)))
            await documents.Drop(Who.Steward, project, plan.Collection, left.Number, stop);
        var list = await documents.Begin(Who.Steward, project, plan.Collection, whose + table.Snapshot.Reference, stop);
        try
        {
            var written = await Fill(context, plan, list, engine.Rows(reading, sql, AtOnce, stop), stop);
            return new([], written, $"{Say.Count(written, "document")} of {table.Snapshot.Reference} in list {list.Number} of {plan.Collection}.")
            {
                Figures = new Dictionary<string, long> { ["documents"] = written },
                Effect = tx =>
                {
                    context.Tables.Same(seen);
                    return documents.Publish(tx, Who.Steward, project, plan.Collection, list.Number);
                },
            };
        }
        catch
        {
            await documents.Drop(Who.Steward, project, plan.Collection, list.Number, CancellationToken.None);
            throw;
        }
    }

    private async Task<long> Fill(StepContext context, DocumentPlan plan, DocumentList list, IAsyncEnumerable<RowBatch> rows, CancellationToken stop)
    {
        var (written, last) = (0L, (string?)null);
        await foreach (var batch in rows.WithCancellation(stop))
        {
            var some = new List<NewDocument>(batch.Rows);
            for (var row = 0; row < batch.Rows; row++)
            {
                var key = batch.IsNull(0, row) ? throw ProblemException.Invalid("key_empty", $"A row of {plan.Reads[0]} has no value in the key ({string.Join(", ", plan.Key)}).", "Leave such rows out in the step before.") : batch.Values<string>(0)[row];
                if (key == last)
                    throw ProblemException.Invalid("key_twice", $"Two rows of {plan.Reads[0]} have the same key ({string.Join(", ", plan.Key)}): {Names.Shorten(key)}.", "Choose one of them in the step before, or name more columns.");
                some.Add(new(last = key, batch.Values<string>(1)[row], Ttl: plan.Ttl));
            }

            await documents.Add(Who.Steward, context.Project.Name, plan.Collection, list.Number, some, stop);
            written += batch.Rows;
            await context.Report(null, Say.Count(written, "document"));
        }

        return written;
    }

    /// <summary>Key and body by key: equal keys come one after the other.</summary>
    private static string Select(OpenTable table, DocumentPlan plan)
    {
        var types = table.Columns.ToDictionary(column => column.Name, column => column.Type, StringComparer.OrdinalIgnoreCase);
        if (plan.Key.Concat(plan.Body).FirstOrDefault(name => !types.ContainsKey(name)) is { } missing)
            throw ProblemException.Invalid("column_not_found", $"{table.Name} has no column '{Names.Shorten(missing)}'.", Projects.Suggest.For(missing, types.Keys));
        var key = string.Join(" || '|' || ", plan.Key.Select(name => $"CAST({Quoted(name)} AS VARCHAR)"));
        // JSON has no word for infinity.
        var body = string.Join(", ", (plan.Body.Count > 0 ? plan.Body : [.. types.Keys]).Select(name => $"'{name.Replace("'", "''", StringComparison.Ordinal)}', {(types[name] is "FLOAT" or "DOUBLE" ? $"CASE WHEN isfinite({Quoted(name)}) THEN {Quoted(name)} END" : Quoted(name))}"));
        return $"SELECT {key} AS key, CAST(json_object({body}) AS VARCHAR) AS body FROM {table.Name} ORDER BY 1 NULLS FIRST";
    }

    private static string Quoted(string name) => $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
