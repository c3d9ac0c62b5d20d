using System.Globalization;
using System.Numerics;

namespace Steward.Data.Tables;

/// <summary>What statistics rule out. Whenever they do not know, it may be.</summary>
internal static class Pruning
{
    /// <summary>Whether a row of one file can have the key of a row of the other.</summary>
    public static bool MayMeet(IReadOnlyList<string> key, IReadOnlyDictionary<string, string> types, IReadOnlyList<ColumnStatistics> one, IReadOnlyList<ColumnStatistics> other)
        => key.All(column => !types.TryGetValue(column, out var type)
            || Of(one, column, type) is not { } a || Of(other, column, type) is not { } b || (Compare(type, a.Min!, b.Max!) <= 0 && Compare(type, b.Min!, a.Max!) <= 0));

    /// <summary>Orders two values of a type as the engine does.</summary>
    public static int Compare(string type, string one, string other) => type switch
    {
        "FLOAT" or "DOUBLE" => Double(one).CompareTo(Double(other)),
        _ when IsNumber(type) => Compare(Exact(one), Exact(other)),
        _ => CompareBytes(one, other),
    };

    public static bool IsNumber(string type) => type is "TINYINT" or "SMALLINT" or "INTEGER" or "BIGINT" or "UTINYINT" or "USMALLINT" or "UINTEGER" or "UBIGINT" or "FLOAT" or "DOUBLE" || type.StartsWith("DECIMAL", StringComparison.Ordinal);

    private static ColumnStatistics? Of(IReadOnlyList<ColumnStatistics> all, string column, string type)
        => all.FirstOrDefault(one => one.Name == column) is { Min: not null, Max: not null } found && HasOrder(type) && (!IsTime(type) || (IsPlain(found.Min) && IsPlain(found.Max))) ? found : null;

    /// <summary>Types whose least and greatest are kept.</summary>
    public static bool HasOrder(string type) => IsNumber(type) || type is "VARCHAR" or "BOOLEAN" || IsTime(type);

    public static bool IsTime(string type) => type == "DATE" || type.StartsWith("TIMESTAMP", StringComparison.Ordinal);

    /// <summary>Years of four digits after Christ sort as text.</summary>
    private static bool IsPlain(string time) => time.Length > 4 && time[4] == '-' && char.IsAsciiDigit(time[0]) && !time.EndsWith(')');

    private static double Double(string text) => double.Parse(text, CultureInfo.InvariantCulture);

    private static (BigInteger Value, int Scale) Exact(string text)
    {
        var dot = text.IndexOf('.', StringComparison.Ordinal);
        return dot < 0 ? (BigInteger.Parse(text, CultureInfo.InvariantCulture), 0) : (BigInteger.Parse(text.Remove(dot, 1), CultureInfo.InvariantCulture), text.Length - dot - 1);
    }

    private static int Compare((BigInteger Value, int Scale) a, (BigInteger Value, int Scale) b)
        => (a.Value * BigInteger.Pow(10, b.Scale)).CompareTo(b.Value * BigInteger.Pow(10, a.Scale));

    /// <summary>Text is ordered by its UTF-8 bytes, as DuckDB does; .NET's ordinal order differs beyond the first plane.</summary>
    private static int CompareBytes(string a, string b)
        => System.Text.Encoding.UTF8.GetBytes(a).AsSpan().SequenceCompareTo(System.Text.Encoding.UTF8.GetBytes(b));
}
