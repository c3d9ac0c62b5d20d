namespace Steward.Pipelines;

/// <summary>When a pipeline runs, in a sentence.</summary>
internal static class TriggerWords
{
    public static string InWords(this TriggerPlan trigger) => trigger switch
    {
        { Tumbling: { Grid: { } grid } tumbling } => $"for every {(grid.Zone is null ? $"{grid.Every} of UTC" : $"{grid.Every} of the calendar of {grid.Zone.Id}")} from {grid.Start.UtcDateTime:yyyy-MM-dd HH:mm}{(grid.End is { } end ? $" to {end.UtcDateTime:yyyy-MM-dd HH:mm}" : "")}{(tumbling.Delay > TimeSpan.Zero ? $", {Say.Span(tumbling.Delay)} after its end" : "")}",
        { Cron: { } cron } => $"at {cron.Expression} in {cron.Zone}",
        { Event: { } on } => $"when {on.Created} has arrived in {(Places.Elsewhere(on.Path) is null ? $"inbox/{Places.Below(on.Path)}" : on.Path)}, unchanged for {Say.Span(on.Settle)}",
        { Promoted: { } on } => $"when {on.Model} gets another version as {on.Alias}",
        _ => "by hand",
    };
}
