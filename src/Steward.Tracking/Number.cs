using System.Globalization;

namespace Steward.Tracking;

/// <summary>A measured number as it is stored: finite ones as they are, NaN and the infinities as words, which every engine keeps.</summary>
internal static class Number
{
    public static (double? Value, string? Word) Write(double value)
        => double.IsFinite(value) ? (value, null) : (null, value.ToString(CultureInfo.InvariantCulture));

    public static double Read(double? value, string? word) => value ?? double.Parse(word!, CultureInfo.InvariantCulture);
}
