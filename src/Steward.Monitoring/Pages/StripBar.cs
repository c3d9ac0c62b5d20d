namespace Steward.Monitoring.Pages;

/// <summary>One window in a strip.</summary>
/// <param name="Limit">In the same unit; null when nothing would alarm.</param>
/// <param name="Words">On hover.</param>
/// <param name="Said">The value alone.</param>
public sealed record StripBar(double Value, double? Limit, WindowState State, string Words, string Said)
{
    /// <summary>The share of unsure answers of a window.</summary>
    public static StripBar Unsure(Window one, string model)
    {
        var said = $"{one.Unsure.Count} of {one.Unsure.Of}";
        return new(one.Unsure.Share, (double?)one.Unsure.Limit / one.Unsure.Of, one.Unsure.Alarms ? WindowState.Alarm : WindowState.Quiet,
            $"{Name(one, model)}: {said}{(one.Unsure.Limit is { } limit ? $", alarms from {limit}" : "")}", said);
    }

    /// <summary>The drift of a window as a multiple of its limit; null when it could not be compared.</summary>
    public static StripBar? Drift(Window one, string model) => one.Drift is not { } drift ? null : new(
        drift.Ratio, 1, drift.Alarms ? one.State : WindowState.Quiet,
        $"{Name(one, model)}: {Phrases.Number(drift.Score)}, limit {Phrases.Number(drift.Limit)}", $"{Phrases.Number(drift.Ratio)} times the limit");

    private static string Name(Window one, string model) => $"{model}@{one.Version} window {one.Number}";
}
