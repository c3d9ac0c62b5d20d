namespace Steward.Pipelines.Pages;

/// <summary>A window in the picture.</summary>
/// <param name="Number">Its place, from 0; cells of one row lie side by side.</param>
public sealed record HeatCell(long Number, DateTimeOffset Start, string Class, string Word, string Words)
{
    public static HeatCell Of(long number, Window window)
    {
        var word = window.Stale && window.State is WindowState.Succeeded ? "stale" : StateWords.Word(window.State);
        return new(number, window.StartAt, window.Stale && window.State is WindowState.Succeeded ? "stale" : window.State.ToString().ToLowerInvariant(), word, $"{window.Slice}: {word}{(window.Why is null ? "" : ". " + window.Why)}");
    }

    /// <summary>One that is due and has not begun.</summary>
    public static HeatCell Due(long number, Slice window) => new(number, window.Start, "due", "due", $"{window}: due, not begun");

    /// <summary>The newest windows of a pipeline, those ahead that are due at the end.</summary>
    public static IReadOnlyList<HeatCell> All(PipelinePlan plan, IReadOnlyList<Window> oldestFirst, DateTimeOffset now, int most)
    {
        if (plan.Trigger.Tumbling is not { Grid: { } grid } tumbling)
            return [.. oldestFirst.TakeLast(most).Select((window, i) => Of(i, window))];
        var known = oldestFirst.ToDictionary(window => window.StartAt);
        var last = Math.Min(grid.NumberAt(now - tumbling.Delay), grid.Count ?? long.MaxValue);
        return [.. Enumerable.Range(0, (int)Math.Clamp(last, 0, most)).Select(i => last - Math.Clamp(last, 0, most) + i).Select(number => known.TryGetValue(grid.Border(number), out var window) ? Of(number, window) : Due(number, grid.At(number)))];
    }
}
