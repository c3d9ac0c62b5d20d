using System.Globalization;

namespace Steward.Drawing;

/// <summary>Maps values to pixels and knows the round numbers between its ends.</summary>
/// <param name="Low">Value at <paramref name="Start"/>.</param>
/// <param name="High">Value at <paramref name="End"/>.</param>
/// <param name="Start">Pixels.</param>
/// <param name="End">Pixels; below <paramref name="Start"/> for an axis that grows upwards.</param>
/// <param name="Step">Distance between ticks: 1, 2 or 5 times a power of ten, or a step of the clock.</param>
internal sealed record Scale(double Low, double High, double Start, double End, double Step, AxisReading Reading)
{
    // The clock's own round numbers in seconds, up to a week; beyond it ticks are days in the same 1, 2, 5 rhythm.
    private static readonly double[] Clock = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10800, 21600, 43200, 86400, 172800, 604800];

    /// <summary>An axis over the values with about <paramref name="ticks"/> ticks; <paramref name="round"/> widens its ends to ticks.</summary>
    internal static Scale Over(double low, double high, double start, double end, int ticks, AxisReading reading, bool round)
    {
        if (high - low <= Math.Max(1e-100, Math.Abs(high) * 1e-12))
            (low, high) = reading == AxisReading.Time ? (low - 60, high + 60) : (low - Math.Max(0.5, Math.Abs(low) * 0.1), high + Math.Max(0.5, Math.Abs(high) * 0.1));
        var step = reading == AxisReading.Time ? ClockStep((high - low) / ticks) : RoundStep((high - low) / ticks);
        if (reading == AxisReading.Whole)
            step = Math.Max(1, step);
        return round
            ? new(Math.Floor((low / step) + 1e-9) * step, Math.Ceiling((high / step) - 1e-9) * step, start, end, step, reading)
            : new(low, high, start, end, step, reading);
    }

    internal double Pixel(double value) => Start + ((value - Low) / (High - Low) * (End - Start));

    internal IEnumerable<double> Ticks()
    {
        var first = Math.Ceiling((Low / Step) - 1e-9);
        var last = Math.Floor((High / Step) + 1e-9);
        for (var k = first; k <= last; k++)
            yield return k * Step;
    }

    internal string Say(double value) => Reading switch
    {
        AxisReading.Time => SayTime(value),
        AxisReading.Share => Figure.Plain(value * 100, Step * 100) + " %",
        _ => Figure.Plain(value, Step),
    };

    private string SayTime(double seconds)
    {
        var at = DateTimeOffset.FromUnixTimeMilliseconds((long)(Math.Clamp(seconds, -62135596800, 253402300799) * 1000)).UtcDateTime;
        var form = Step >= 86400 || (at.TimeOfDay == TimeSpan.Zero && High - Low > 86400) ? "d MMM" : Step >= 60 ? "HH:mm" : "HH:mm:ss";
        return at.ToString(form, CultureInfo.InvariantCulture);
    }

    private static double RoundStep(double least)
    {
        var power = Math.Pow(10, Math.Floor(Math.Log10(least)));
        return power * (least / power) switch { <= 1 => 1, <= 2 => 2, <= 5 => 5, _ => 10 };
    }

    private static double ClockStep(double least)
        => Clock.FirstOrDefault(step => step >= least, 86400 * RoundStep(least / 86400));
}
