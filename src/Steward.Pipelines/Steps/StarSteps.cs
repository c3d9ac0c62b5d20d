using System.Globalization;
using Steward.Data.Stars;
using Steward.Data.Tables;

namespace Steward.Pipelines;

/// <summary>The newest row of each key into a table, of ours or of a database.</summary>
internal sealed class TableStep(IStars stars, TableElsewhere elsewhere) : IStep
{
    public string Kind => "table";

    public async Task<StepMade> Do(StepContext context, CancellationToken stop)
    {
        var plan = context.As<TablePlan>();
        if (await elsewhere.Find(context.Project.Name, plan.Writes[0], stop) is var (connection, table))
            return await elsewhere.Write(context, plan, connection, table, stop);
        if (plan.Mode is not TableMode.Upsert)
            throw ProblemException.Invalid("mode_unknown", $"'{Names.Shorten(plan.In)}' is no connection to a database; a table of ours always keeps the newest row of each key.", "Leave mode away, or write the step write with mode: replace_all.");
        return StarWords.Said(await stars.Newest(context.Project.Name, new(TableName.Parse(plan.Writes[0]), plan.Key, plan.Columns, plan.At), context.Source(plan.From), stop), "written");
    }
}

/// <summary>A dimension.</summary>
internal sealed class DimStep(IStars stars) : IStep
{
    public string Kind => "dim";

    public async Task<StepMade> Do(StepContext context, CancellationToken stop)
    {
        var plan = context.As<DimPlan>();
        return StarWords.Said(await stars.Dimension(context.Project.Name, plan.Order(), context.Source(plan.From), stop), "versions");
    }
}

/// <summary>Facts. How a dimension names its members is read from the step that makes it.</summary>
internal sealed class FactStep(IStars stars) : IStep
{
    public string Kind => "fact";

    public async Task<StepMade> Do(StepContext context, CancellationToken stop)
    {
        var plan = context.As<FactPlan>();
        var dimensions = context.Project.File.Pipelines().Values.SelectMany(pipeline => pipeline.Steps).Select(step => step.Dim).OfType<DimPlan>().ToLookup(dim => dim.Writes[0]);
        var lookups = plan.Lookups.Select(lookup => dimensions[TableNames.Of(plan.In, lookup.Value)].FirstOrDefault() is { } dim
            ? new Lookup(lookup.Key, TableName.Parse(dim.Writes[0]), dim.SurrogateOr(), dim.NaturalKey, dim.NaturalKey, dim.UnknownMember)
            : throw ProblemException.NotFound("dimension", lookup.Value, $"No dim step of this project makes {TableNames.Of(plan.In, lookup.Value)}.")).ToList();
        return StarWords.Said(await stars.Fact(context.Project.Name, new(TableName.Parse(plan.Writes[0]), plan.Grain, plan.Columns, plan.At, lookups), context.Source(plan.From), stop), "written");
    }
}

/// <summary>Fails the run when tables do not agree, with what differs.</summary>
internal sealed class CheckStep(IStars stars, ITableEngine engine, TableElsewhere elsewhere) : IStep
{
    public string Kind => "check";

    public async Task<StepMade> Do(StepContext context, CancellationToken stop)
    {
        var plan = context.As<CheckPlan>();
        List<TableChange> there = [];
        foreach (var name in plan.Same)
            if (await elsewhere.Find(context.Project.Name, name, stop) is var (connection, other))
                there.Add(await elsewhere.Read(context.Project.Name, connection, other, stop));
        await using var reading = await context.Tables.Open(plan.Reads, stop, also: there);
        if (plan.Same is [var table, var dimension])
        {
            var key = plan.Key.Count > 0 ? plan.Key : context.Project.File.Pipelines().Values.SelectMany(pipeline => pipeline.Steps).Select(step => step.Dim).OfType<DimPlan>().FirstOrDefault(dim => dim.Writes[0] == dimension)?.NaturalKey
                ?? throw ProblemException.Invalid("key_missing", $"No dim step makes {dimension}, so its natural key is not known.", "Write it under key.");
            if (await stars.SameMembers(reading, TableName.Parse(table), TableName.Parse(dimension), key, stop) is { } differs)
                throw ProblemException.Invalid("check_failed", differs);
        }

        foreach (var (pair, left, right) in plan.Reconcile.Count > 0 ? await Numbers() : [])
            if (Math.Abs(left - right) > (decimal)pair.Tolerance)
                throw ProblemException.Invalid("check_failed", $"{Names.Shorten(pair.Left)} is {left}, and {Names.Shorten(pair.Right)} is {right}: {Math.Abs(left - right)} apart, at most {pair.Tolerance} is allowed.");
        return new([], 0, $"{(plan.SameName.Count > 0 ? $"{string.Join(" and ", plan.Same)} agree" : "")}{(plan.SameName.Count > 0 && plan.Reconcile.Count > 0 ? "; " : "")}{(plan.Reconcile.Count > 0 ? $"{Say.Count(plan.Reconcile.Count, "pair")} of numbers agree" : "")}.");

        // All in one SELECT: each other would start a process of its own.
        async Task<IEnumerable<(ReconcilePlan Pair, decimal Left, decimal Right)>> Numbers()
        {
            var all = plan.Reconcile.SelectMany(pair => new[] { pair.Left, pair.Right }).ToList();
            var answer = await engine.Query(reading, $"SELECT {string.Join(", ", all.Select(sql => $"({sql.TrimEnd(' ', '\n', ';')}\n)"))}", new() { Rows = 2, Memory = Math.Max(plan.Memory, 512L << 20), Time = plan.Timeout }, stop);
            var numbers = answer.Rows is [var row] && row.Count == all.Count ? row : [];
            return plan.Reconcile.Select((pair, i) => (pair, Number(2 * i), Number((2 * i) + 1))).ToList();

            decimal Number(int at) => decimal.TryParse(numbers.ElementAtOrDefault(at), NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
                ? number
                : throw ProblemException.Invalid("number_wanted", $"{Names.Shorten(all[at])} does not give one number.", "Write a SELECT such as: SELECT count(*) FROM silver.orders");
        }
    }
}

internal static class StarWords
{
    public static StarSource Source(this StepContext context, string from) => new(TableName.Parse(from), context.TableWindow, context.Window.StartAt, context.Tables.AllStaged);

    public static StepMade Said(StarMade made, string rows) => new([made.Change], made.Figures[rows], string.Join(", ", made.Figures.Select(figure => $"{figure.Value:N0} {Words(figure.Key)}")) + ".") { Figures = made.Figures };

    private static string Words(string figure) => figure switch
    {
        "withoutKey" => "without a key",
        "lookedUpAgain" => "looked up again",
        "unknown" => "with an unknown member",
        _ => figure,
    };
}
