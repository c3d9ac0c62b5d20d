using System.Globalization;
using Steward.Data.Tables;

namespace Steward.Pipelines;

/// <summary>Runs one SELECT in a process of its own that sees the declared tables and nothing else, and compares what it read with what was declared.</summary>
internal sealed class SqlStep(ITableEngine engine, ITables tables) : IStep
{
    public string Kind => "sql";

    public async Task<StepMade> Do(StepContext context, CancellationToken stop)
    {
        var plan = context.As<SqlPlan>();
        await using var reading = await context.Tables.Open(plan.From, stop, context.TableWindow, plan.OfWindow);
        var made = await engine.Make(reading, new MakeOrder(plan.Query)
        {
            Window = plan.Mode is WriteMode.ReplaceAll ? null : context.TableWindow, PartitionBy = plan.PartitionBy, Limits = new() { Memory = Math.Max(plan.Memory, 512L << 20), Time = plan.Timeout },
        }, stop);
        var change = (await context.Tables.Into(plan.To, plan.Mode, made.Files, context.TableWindow, plan.OnChange, stop)) with { Origins = made.Origins, Reason = $"{context.Window.Pipeline}, {context.Id}" };
        await Test(context, plan, change, stop);
        var unused = plan.From.Where(table => made.Origins.All(origin => !origin.From.StartsWith($"{TableReference.Parse(table).Table}@", StringComparison.Ordinal))).ToList();
        return new([change], made.Rows, $"{Say.Count(made.Rows, "row")} into {plan.To}{(unused.Count > 0 && made.Origins.Count > 0 ? $"; no column comes from {string.Join(", ", unused)}" : "")}.") { Figures = new Dictionary<string, long> { ["written"] = made.Rows } };
    }

    /// <summary>Over the rows this run made, before anybody sees them.</summary>
    private async Task Test(StepContext context, SqlPlan plan, TableChange change, CancellationToken stop)
    {
        if (plan.Tests.RowsAtLeast > change.Files.Sum(file => file.Rows))
            throw ProblemException.Invalid("test_failed", $"It made {Say.Count(change.Files.Sum(file => file.Rows), "row")}; at least {plan.Tests.RowsAtLeast:N0} are wanted.");
        if (plan.Tests is { NotNull.Count: 0, Unique.Count: 0 })
            return;
        await using var made = await tables.Open(context.Project.Name, [new(change.Table)], [change with { Kind = ChangeKind.ReplaceAll, Window = null }], stop);
        var known = made.Tables[0].Columns.Select(column => column.Name).ToList();
        if (plan.Tests.NotNull.Concat(plan.Tests.Unique).FirstOrDefault(name => !known.Contains(name)) is { } missing)
            throw ProblemException.Invalid("column_not_found", $"A test names the column '{Names.Shorten(missing)}', which is not made.", Projects.Suggest.For(missing, known));
        foreach (var name in plan.Tests.NotNull)
            if (await Count($"SELECT count(*) FROM {change.Table} WHERE \"{name}\" IS NULL") is > 0 and var nulls)
                throw ProblemException.Invalid("test_failed", $"{name} has no value in {Say.Count(nulls, "row")}; not_null wants one in each.");
        var unique = string.Join(", ", plan.Tests.Unique.Select(name => $"\"{name}\""));
        if (unique.Length > 0 && await Count($"SELECT count(*) FROM (SELECT 1 FROM {change.Table} GROUP BY {unique} HAVING count(*) > 1)") is > 0 and var twice)
            throw ProblemException.Invalid("test_failed", $"{Say.Count(twice, "value")} of ({string.Join(", ", plan.Tests.Unique)}) are there more than once; unique wants each once.");

        async Task<long> Count(string sql) => long.Parse((await engine.Query(made, sql, new() { Ours = true, Rows = 1 }, stop)).Rows[0][0]!, CultureInfo.InvariantCulture);
    }
}

/// <summary>Writes a table's rows of the window into another, by partition.</summary>
internal sealed class WriteStep(ITableEngine engine) : IStep
{
    public string Kind => "write";

    public async Task<StepMade> Do(StepContext context, CancellationToken stop)
    {
        var plan = context.As<WritePlan>();
        await using var reading = await context.Tables.Open([plan.From], stop, context.TableWindow, plan.Mode is WriteMode.ReplaceAll ? [] : [plan.From]);
        var made = await engine.Make(reading, new MakeOrder($"SELECT * FROM {TableName.Parse(plan.From)}", Ours: true) { Window = plan.Mode is WriteMode.ReplaceAll ? null : context.TableWindow, PartitionBy = plan.PartitionBy }, stop);
        var change = await context.Tables.Into(plan.To, plan.Mode, made.Files, context.TableWindow, OnSchemaChange.Evolve, stop);
        return new([change with { Origins = made.Origins, Reason = $"{context.Window.Pipeline}, {context.Id}" }], made.Rows, $"{Say.Count(made.Rows, "row")} in {Say.Count(made.Files.Count, "file")}.") { Figures = new Dictionary<string, long> { ["written"] = made.Rows } };
    }
}
