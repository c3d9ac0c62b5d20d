using Steward.Data.Connections;
using Steward.Data.Tables;

namespace Steward.Pipelines;

/// <summary>
/// Tables of a plan that lie in a database of the project's connections: <c>sqldb.product</c> is the table product of the
/// connection sqldb, when there is one that holds tables.
/// </summary>
internal sealed class TableElsewhere(IConnections connections, ITables tables, ITableEngine engine)
{
    /// <summary>The connection and the table in it; null when the table is one of ours.</summary>
    public async Task<(string Connection, string Table)?> Find(string project, string table, CancellationToken stop)
        => TableName.Parse(table) is var name && (await connections.All(project, stop)).Any(one => one.Name == name.Schema && one.Holds == "tables") ? (name.Schema, name.Name) : null;

    /// <summary>Writes once for each run of a window, and for the same rows only once; an earlier run that wakes later writes nothing.</summary>
    public async Task<StepMade> Write(StepContext context, TablePlan plan, string connection, string table, CancellationToken stop)
    {
        var project = context.Project.Name;
        await using var reading = await context.Tables.Open([plan.From], stop, context.TableWindow, plan.Mode is TableMode.Upsert ? [plan.From] : []);
        var from = reading.Tables[0];
        var wanted = plan.Columns.Count > 0 ? [.. plan.Key.Concat(plan.Columns).Concat(plan.At is null ? [] : (string[])[plan.At]).Distinct()] : from.Columns.Select(column => column.Name).ToList();
        if (wanted.Concat(plan.Key).FirstOrDefault(name => from.Columns.All(column => column.Name != name)) is { } missing)
            throw ProblemException.Invalid("column_not_found", $"{plan.From} has no column '{Names.Shorten(missing)}'.", Projects.Suggest.For(missing, from.Columns.Select(column => column.Name)));
        var columns = wanted.Select(name => SourceColumn.Of(from.Columns.First(column => column.Name == name))).ToList();
        var (names, keys) = (Quoted(wanted), Quoted(plan.Key));
        // Rows of the same age: the same one is chosen at every try.
        var newest = $"SELECT {names} FROM {from.Name} WHERE {string.Join(" AND ", plan.Key.Select(name => $"\"{name}\" IS NOT NULL"))} QUALIFY row_number() OVER (PARTITION BY {keys} ORDER BY {(plan.At is { } at ? $"\"{at}\" DESC NULLS LAST, " : "")}{names}) = 1";
        var window = context.Window;
        var once = new WriteOnce($"{project}/{window.Pipeline}/{context.Id} {table}", window.StartAt.UtcDateTime.ToString("O"), window.Runs, $"{window.Round} {await context.Tables.Fingerprint(plan.From, stop)} {plan.Mode} {names}");
        await using var target = await connections.Tables(project, connection, stop);
        var written = await target.Write(table, columns, engine.Rows(reading, newest, 10_000, stop), plan.Mode is TableMode.Replace ? new TableWrite.Replace() : new TableWrite.Upsert(plan.Key) { Newer = plan.At }, once, stop);
        return new([], written ?? 0, written is { } rows ? $"{Say.Count(rows, "row")} into {table} of {connection}." : $"The same rows are in {table} of {connection} already.") { Figures = new Dictionary<string, long> { ["written"] = written ?? 0 } };
    }

    /// <summary>The table as it is there now, to be read as if it were one of ours.</summary>
    public async Task<TableChange> Read(string project, string connection, string table, CancellationToken stop)
    {
        await using var source = await connections.Tables(project, connection, stop);
        var columns = await source.Columns(table, stop);
        var made = await engine.Make(source.Read(new($"SELECT {Quoted(columns.Select(column => column.Name))} FROM \"{table.Replace("\"", "\"\"", StringComparison.Ordinal)}\""), stop), null, stop);
        var name = TableName.Parse($"{connection}.{table}");
        if (made.Files.Count == 0)
            throw ProblemException.Invalid("check_failed", $"{name} has no rows.");
        // Whatever a table of ours has under that name does not matter here.
        return new(project, name, ChangeKind.ReplaceAll, (await tables.Find(project, new(name), stop))?.Version ?? 0, made.Files);
    }

    private static string Quoted(IEnumerable<string> names) => string.Join(", ", names.Select(name => $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\""));
}
