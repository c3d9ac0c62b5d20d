using Steward.Data.Files;
using Steward.Data.Tables;

namespace Steward.Pipelines;

/// <summary>Reads files of the inbox, or of a connection, into a table; bad rows go to its quarantine in the same transaction.</summary>
internal sealed class CsvStep(Places places, IFiles files) : IStep
{
    public string Kind => "csv";

    public async Task<IReadOnlyList<string>> Inputs(StepContext context, CancellationToken stop)
        => [.. (await places.Files(context.Project.Name, context.As<CsvPlan>().Read, null, stop)).Select(file => $"{file.Name} {file.Tag}")];

    public async Task<StepMade> Do(StepContext context, CancellationToken stop)
    {
        var plan = context.As<CsvPlan>();
        var found = await places.Files(context.Project.Name, plan.Read, null, stop);
        if (found.Count == 0)
            return plan.Wanted ? throw ProblemException.NotFound("file", plan.Read, Places.Elsewhere(plan.Read) is null ? $"Put it into inbox/{context.Project.Name}/ of the data folder." : "Look at what the connection holds: steward connect files") : new([], 0, $"No file {plan.Read}.");
        using var brought = await places.Bring(context.Project.Name, found, stop);
        var schema = (plan.Columns.Count > 0 ? new FileSchema { Columns = [.. plan.Columns.Select(one => new FileColumn(one.Key, one.Value))] } : await files.Look(brought.Files[0].Path, found[0].Name, stop: stop)) with { OnChange = plan.OnChange, StopIfBad = plan.StopIfBad };
        schema = schema with
        {
            Delimiter = plan.Delimiter ?? schema.Delimiter,
            Columns = [.. schema.Columns.Select(column => column with { Required = column.Required || plan.Required.Contains(column.Name) })],
        };
        var mode = RunTables.Kind(plan.Mode);
        var read = await files.Read(context.Project.Name, TableName.Parse(plan.To), brought.Files, schema, new ReadOrder { Kind = mode, Window = context.TableWindow, Memory = plan.Memory }, stop);
        return new([read.Change, .. read.QuarantineChange is { } bad ? (TableChange[])[bad] : []], read.Written,
            $"{Say.Count(read.Read, "row")} of {Say.Count(found.Count, "file")}: {read.Written:N0} kept, {read.Quarantined:N0} set aside{(read.FirstBad is [var first, ..] ? $", the first in {first.File} line {first.Line}: {first.Reason}" : "")}.")
        {
            Figures = new Dictionary<string, long> { ["read"] = read.Read, ["written"] = read.Written, ["quarantined"] = read.Quarantined },
        };
    }
}
