using System.Globalization;

namespace Steward.Drawing;

/// <summary>Figures as people read them.</summary>
internal static class Figure
{
    /// <summary>As many decimals as the step between two neighbours needs; thousands and millions by letter.</summary>
    internal static string Plain(double value, double step)
    {
        var (unit, letter) = Math.Max(Math.Abs(value), step) switch
        {
            >= 1e15 or (> 0 and < 1e-6) => (0, ""),
            >= 1e9 => (1e9, "G"),
            >= 1e6 => (1e6, "M"),
            >= 1e4 => (1e3, "k"),
            _ => (1.0, ""),
        };
        if (unit == 0)
            return value.ToString("0.##e0", CultureInfo.InvariantCulture);
        var decimals = Math.Clamp((int)Math.Ceiling(-Math.Log10(step / unit) - 1e-9), 0, 9);
        var said = (value / unit).ToString("0." + new string('#', decimals), CultureInfo.InvariantCulture);
        return said is "-0" ? "0" : said + letter;
    }

    /// <summary>Three digits that count.</summary>
    internal static string Short(double value, AxisReading reading)
    {
        if (reading == AxisReading.Time)
            return DateTimeOffset.FromUnixTimeSeconds((long)Math.Clamp(value, -62135596800, 253402300799)).ToString("d MMM yyyy HH:mm 'UTC'", CultureInfo.InvariantCulture);
        var (shown, sign) = reading == AxisReading.Share ? (value * 100, " %") : (value, "");
        var step = shown == 0 ? 1 : Math.Pow(10, Math.Floor(Math.Log10(Math.Abs(shown))) - 2);
        return Plain(Math.Round(shown / step) * step, step) + sign;
    }
}
