using Steward.Data.Files;
using Steward.Data.Tables;

namespace Steward.Pipelines;

/// <summary>Reads files of the inbox into a table; bad rows go to its quarantine in the same transaction.</summary>
internal sealed class CsvStep(Inbox inbox, IFiles files) : IStep
{
    public string Kind => "csv";

    public Task<IReadOnlyList<string>> Inputs(StepContext context, CancellationToken stop)
        => Task.FromResult<IReadOnlyList<string>>([.. inbox.Files(context.Project.Name, context.As<CsvPlan>().Read).Select(file => $"{file.Name} {file.Bytes} {file.ChangedAt.UtcTicks}")]);

    public async Task<StepMade> Do(StepContext context, CancellationToken stop)
    {
        var plan = context.As<CsvPlan>();
        var found = inbox.Files(context.Project.Name, plan.Read);
        if (found.Count == 0)
            return plan.Wanted ? throw ProblemException.NotFound("file", plan.Read, $"Put it into inbox/{context.Project.Name}/ of the data folder.") : new([], 0, $"No file {plan.Read}.");
        var schema = (plan.Columns.Count > 0 ? new FileSchema { Columns = [.. plan.Columns.Select(one => new FileColumn(one.Key, one.Value))] } : await files.Look(found[0].Path, found[0].Name, stop: stop)) with { OnChange = plan.OnChange, StopIfBad = plan.StopIfBad };
        schema = schema with
        {
            Delimiter = plan.Delimiter ?? schema.Delimiter,
            Columns = [.. schema.Columns.Select(column => column with { Required = column.Required || plan.Required.Contains(column.Name) })],
        };
        var mode = RunTables.Kind(plan.Mode);
        var read = await files.Read(context.Project.Name, TableName.Parse(plan.To), [.. found.Select(file => new SourceFile(file.Path, file.Name))], schema, new ReadOrder { Kind = mode, Window = context.TableWindow, Memory = plan.Memory }, stop);
        return new([read.Change, .. read.QuarantineChange is { } bad ? (TableChange[])[bad] : []], read.Written,
            $"{Say.Count(read.Read, "row")} of {Say.Count(found.Count, "file")}: {read.Written:N0} kept, {read.Quarantined:N0} set aside{(read.FirstBad is [var first, ..] ? $", the first in {first.File} line {first.Line}: {first.Reason}" : "")}.")
        {
            Figures = new Dictionary<string, long> { ["read"] = read.Read, ["written"] = read.Written, ["quarantined"] = read.Quarantined },
        };
    }
}
