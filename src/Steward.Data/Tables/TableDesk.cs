using Steward.Identity;
using Steward.Projects;

namespace Steward.Data.Tables;

/// <summary>What people ask of tables: looks, queries, tidying.</summary>
internal sealed class TableDesk(ITables tables, TableStore store, ITableEngine engine, Expiry expiry, IProjects projects) : IDisposable
{
    private const int MostQueries = 2, LongestSql = 100_000, MostConflicts = 3;
    private readonly SemaphoreSlim _queries = new(MostQueries);

    /// <summary>A snapshot that must be there.</summary>
    public async Task<TableSnapshot> Get(string project, TableReference table, CancellationToken stop)
    {
        await projects.Get(project, stop);
        return await tables.Find(project, table, stop) ?? throw (table.Version is null && table.At is null || await tables.Find(project, new(table.Table), stop) is null
            ? ProblemException.NotFound("table", table.Table.ToString(), "steward table list shows those of the project.")
            : ProblemException.NotFound("snapshot", table.ToString(), $"steward table history {table.Table} shows them."));
    }

    public async Task<TableView> Show(string project, TableReference reference, CancellationToken stop)
    {
        var one = await Get(project, reference, stop);
        var row = (await store.Table(project, reference.Table, stop))!;
        var columns = await tables.Columns(one, stop);
        var bad = await tables.Find(project, new(reference.Table.Quarantine), stop);
        var (found, count) = one.ExpiredAt is null ? await Statistics(project, one, columns, stop) : ([.. columns.Select(column => new ColumnView(column.Name, column.Type, null, null, 0))], 0);
        return new(one, one.Reference, row.Key, found, await tables.Origins(one, stop), count, bad?.Rows, row.FileSchema);
    }

    public async Task<QueryAnswer> Query(string project, QueryOrder order, CancellationToken stop)
    {
        if (order.Sql?.Contains('\0') == true)
            throw ProblemException.Invalid("sql_invalid", "The SQL holds a character that no text has.", "Remove the NUL character.");
        if (order.Sql is not { Length: > 0 and <= LongestSql })
            throw ProblemException.Invalid("sql_invalid", $"The SQL has {order.Sql?.Length ?? 0:N0} characters; 1 to {LongestSql:N0} are read.", "Write one SELECT.");
        if (!await _queries.WaitAsync(TimeSpan.FromSeconds(10), stop))
            throw new ProblemException(ProblemKind.TooMany, "too_many_queries", $"{MostQueries} queries run already.", "Try again in a moment.");
        try
        {
            await using var reading = await tables.Open(project, await Named(project, order, stop), stop);
            return await engine.Query(reading, order.Sql, new QueryLimits { Rows = Math.Clamp(order.Rows ?? 100, 1, 1000) }, stop);
        }
        finally
        {
            _queries.Release();
        }
    }

    /// <summary>Change after change, until there is nothing to gain; made again when somebody changes the rows meanwhile.</summary>
    public async Task<CompactView> Compact(Who who, string project, TableName table, CancellationToken stop)
    {
        var (before, conflicts) = ((await Show(project, new(table), stop)).Files, 0);
        TableSnapshot? made = null;
        while (await engine.Compact(project, table, stop) is { } change)
            try
            {
                made = await tables.Commit(who, change, stop);
            }
            catch (ProblemException lost) when (lost.Code == "table_conflict" && conflicts++ < MostConflicts)
            {
            }

        return new(made, before, made is null ? before : (await Show(project, new(table), stop)).Files);
    }

    public async Task<ExpireView> Expire(Who who, string project, TableName table, int keep, CancellationToken stop)
    {
        if (keep is < 1 or > 100_000)
            throw ProblemException.Invalid("keep_invalid", $"{keep} snapshots cannot be kept; the newest always is.", "Keep 1 or more.");
        var expired = await expiry.Expire(who, project, table, keep, stop);
        var erased = await expiry.CleanUp(stop);
        return new(expired, erased.Files, erased.Bytes);
    }

    public void Dispose() => _queries.Dispose();

    /// <summary>The tables that the text may speak of: one too many costs little, and the engine judges.</summary>
    private async Task<List<TableReference>> Named(string project, QueryOrder order, CancellationToken stop)
    {
        var at = order.At?.ToDictionary(pair => TableName.Parse(pair.Key), pair => pair.Value) ?? [];
        var named = (await tables.All(project, stop)).Select(one => TableName.Parse(one.Table)).Where(one => order.Sql!.Contains(one.Schema, StringComparison.OrdinalIgnoreCase) && order.Sql!.Contains(one.Name, StringComparison.OrdinalIgnoreCase));
        return [.. named.Select(one => new TableReference(one, at.TryGetValue(one, out var version) ? version : null))];
    }

    private async Task<(IReadOnlyList<ColumnView>, int)> Statistics(string project, TableSnapshot one, IReadOnlyList<TableColumn> columns, CancellationToken stop)
    {
        await using var reading = await tables.Open(project, [new(TableName.Parse(one.Table), one.Version)], stop);
        var all = reading.Tables[0].Files.Select(file => file.Statistics.ToDictionary(column => column.Name)).ToList();
        return ([.. columns.Select(column =>
        {
            var known = all.Select(file => file.GetValueOrDefault(column.Name)).OfType<ColumnStatistics>().ToList();
            return new ColumnView(column.Name, column.Type, Edge(known.Select(file => file.Min), column.Type, -1), Edge(known.Select(file => file.Max), column.Type, 1), known.Sum(file => file.Nulls));
        })], all.Count);
    }

    private static string? Edge(IEnumerable<string?> values, string type, int sign)
    {
        var known = values.OfType<string>().ToList();
        return known.Count == 0 || !Pruning.HasOrder(type) ? null : known.Aggregate((one, other) => Pruning.Compare(type, one, other) * sign >= 0 ? one : other);
    }
}
