using Steward.Drawing;
using Steward.Projects;

namespace Steward.Monitoring.Pages;

/// <summary>One detector over the windows of an endpoint: its words, and every window as a multiple of its own limit.</summary>
/// <param name="State">Of the newest window by this detector alone.</param>
/// <param name="Said">About the newest window, in a sentence.</param>
public sealed record DetectorChart(LoopWhen About, string Title, WindowState State, string Said, string Explained, LineChart Chart)
{
    private static readonly Ink[] Inks = [Ink.Rill, Ink.Violet, Ink.Pom, Ink.Good, Ink.Soft];

    /// <summary>The detectors that the project file asks for.</summary>
    public static IEnumerable<DetectorChart> Of(MonitorView view)
    {
        var windows = view.Windows.Reverse().ToList();
        var feedback = view.Feedback.Reverse().ToList();
        var newest = windows.LastOrDefault();
        foreach (var (about, sentence) in view.Explained.Where(one => one.About is not null).Select(one => (one.About!.Value, one.Sentence)))
            yield return about switch
            {
                LoopWhen.LowConfidence => new(about, "Unsure answers", Judged(newest, newest?.Unsure.Alarms), newest is null ? "" : Phrases.Doubts(newest.Unsure), sentence, Draw(view, about, windows.ConvertAll(one => (one.Version, one.Unsure.Ratio, Judged(one, one.Unsure.Alarms))))),
                LoopWhen.Drift => new(about, "Unfamiliar inputs", Judged(newest, newest?.Drift?.Alarms), newest?.Drift is { } drift ? Phrases.Drifts(drift) : newest?.Note ?? "", sentence, Draw(view, about, windows.ConvertAll(one => (one.Version, one.Drift?.Ratio, Judged(one, one.Drift?.Alarms))))),
                LoopWhen.ClassShare => new(about, "The mix of answers", Judged(newest, newest?.Kinds?.Alarms), newest?.Kinds is { } kinds ? Phrases.Mix(kinds) : "", sentence, Draw(view, about, windows.ConvertAll(one => (one.Version, one.Kinds?.Ratio, Judged(one, one.Kinds?.Alarms))))),
                LoopWhen.Volume => new(about, "Number of requests", Judged(null, view.Volume.Count == 0 ? null : view.Volume[0].Alarms), view.Volume.Count == 0 ? "No window was counted yet." : view.Volume[0].Words, sentence, Draw(view)),
                _ => new(about, "Wrong answers", Judged(null, feedback.LastOrDefault()?.Alarms), Feedback(view, feedback), sentence, Draw(view, about, feedback.ConvertAll(one => (one.Version, one.Ratio, Judged(null, one.Alarms))))),
            };
    }

    /// <param name="alarms">Null when it was not judged.</param>
    private static WindowState Judged(Window? window, bool? alarms)
        => alarms is null ? WindowState.Unjudged : alarms is false ? WindowState.Quiet : window?.State is WindowState.Learning ? WindowState.Learning : WindowState.Alarm;

    private static string Feedback(MonitorView view, List<Mistakes> feedback)
    {
        var told = string.Join(' ', view.Told.Select(Phrases.Realised));
        return feedback.LastOrDefault() is { } last ? $"{Phrases.Told(last)} {told}" : told.Length > 0 ? told : "Nobody has said yet whether answers were right.";
    }

    private static LineChart Draw(MonitorView view, LoopWhen about, List<(int Version, double? Ratio, WindowState State)> points)
    {
        var what = about is LoopWhen.LowAccuracy ? "batch" : "window";
        return new()
        {
            Title = $"{Phrases.Kind(about)} by {what}, as a multiple of the limit",
            Series = [.. points.Select((point, i) => (X: i + 1.0, Y: point.Ratio ?? double.NaN, point.Version)).GroupBy(point => point.Version)
                .Select((version, i) => new Series($"{view.Model}@{version.Key}", [.. version.Select(point => (point.X, point.Y))], Inks[i % Inks.Length]))],
            Limits = [new(1, "limit")],
            Shades = [.. Alarmed(points)],
            XLabel = about is LoopWhen.LowAccuracy ? $"batches of {view.Settings.Accuracy.Window}, the newest at the right" : $"windows of {view.Settings.Window}, the newest at the right",
            Height = 190,
            Empty = about is LoopWhen.LowAccuracy ? $"{view.Settings.Accuracy.Window} answers make the first point." : "No window could be compared yet.",
        };
    }

    /// <summary>Requests by window, with the limits of the project file.</summary>
    private static LineChart Draw(MonitorView view)
    {
        var (windows, limits) = (view.Volume.Reverse().ToList(), view.Settings.Volume);
        return new()
        {
            Title = $"Requests in {Say.Span(limits.Window)}",
            Series = windows.Count == 0 ? [] : [new(view.Endpoint, [.. windows.Select((one, i) => (i + 1.0, (double)one.Requests))], Ink.Rill)],
            Limits = [.. limits.AtLeast is { } least ? [new Limit(least, "at least")] : (Limit[])[], .. limits.AtMost is { } most ? [new Limit(most, "at most")] : (Limit[])[]],
            Shades = [.. Alarmed(windows.ConvertAll(one => (0, (double?)one.Ratio, one.Alarms ? WindowState.Alarm : WindowState.Quiet)))],
            XLabel = $"windows of {Say.Span(limits.Window)}, the newest at the right",
            Height = 190,
            Empty = $"The first full window of {Say.Span(limits.Window)} makes the first point.",
        };
    }

    /// <summary>Windows in a row that alarmed are one stretch.</summary>
    private static IEnumerable<Shade> Alarmed(List<(int Version, double? Ratio, WindowState State)> points)
    {
        for (var i = 0; i < points.Count; i++)
        {
            var (from, state) = (i, points[i].State);
            if (state is not (WindowState.Alarm or WindowState.Learning))
                continue;
            while (i + 1 < points.Count && points[i + 1].State == state)
                i++;
            yield return state is WindowState.Alarm ? new(from + 0.5, i + 1.5, "alarm") : new(from + 0.5, i + 1.5, "new, but sure", Ink.Warn);
        }
    }
}
