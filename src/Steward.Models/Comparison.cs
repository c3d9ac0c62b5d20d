using System.Globalization;

namespace Steward.Models;

/// <summary>A limit as it is written in the project file: <c>&lt;= 40</c>.</summary>
public sealed record Comparison(string Op, double Limit)
{
    public static IReadOnlyList<string> Ops { get; } = [">=", "<=", ">", "<"];

    /// <summary>Whether more is better here.</summary>
    public bool Upward => Op[0] == '>';

    public string Words => $"{Word} {Number(Limit)}";

    private string Word => Op switch
    {
        ">=" => "at least",
        ">" => "more than",
        "<=" => "at most",
        _ => "less than",
    };

    public static Comparison? Read(string? text)
    {
        var op = Ops.FirstOrDefault(one => text?.StartsWith(one, StringComparison.Ordinal) == true);
        return op is not null && double.TryParse(text!.AsSpan(op.Length).Trim(), NumberStyles.Float, CultureInfo.InvariantCulture, out var limit) && double.IsFinite(limit) ? new(op, limit) : null;
    }

    public bool Holds(double value) => Op switch
    {
        ">=" => value >= Limit,
        ">" => value > Limit,
        "<=" => value <= Limit,
        _ => value < Limit,
    };

    /// <summary><c>0.03 under the limit</c>.</summary>
    public string Miss(double value) => $"{Number(Math.Abs(Limit - value))} {(Upward ? "under" : "over")} the limit";

    public static string Number(double value) => value.ToString("0.####", CultureInfo.InvariantCulture);

    /// <summary>With its sign: <c>+0.012</c>.</summary>
    public static string WithSign(double value) => value.ToString("+0.000;-0.000;0", CultureInfo.InvariantCulture);
}
