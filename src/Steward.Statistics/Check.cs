namespace Steward.Statistics;

/// <summary>What callers get wrong most often, said in one sentence each.</summary>
internal static class Check
{
    public static void SameLength(int first, int second)
    {
        if (first != second) throw new ArgumentException($"Both sides must have the same length, but have {first} and {second}.");
    }

    /// <summary>Rows of a row-major table; it must divide evenly.</summary>
    public static int Rows(int values, int width)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(width);
        if (values % width != 0) throw new ArgumentException($"{values} values are not a whole number of rows of {width}.");
        return values / width;
    }

    /// <summary>Values per row of a table that has rows, all equally long.</summary>
    public static int Table(IReadOnlyList<float[]> rows)
    {
        if (rows.Count == 0) throw new ArgumentException("There are no rows.");
        return rows.All(row => row.Length == rows[0].Length) && rows[0].Length > 0
            ? rows[0].Length
            : throw new ArgumentException("The rows do not all have the same length.");
    }

    public static void Finite(ReadOnlySpan<float> values)
    {
        foreach (var value in values)
            if (!float.IsFinite(value)) throw new ArgumentException("A value is not a finite number; drop such rows first.");
    }

    public static void Probability(double value)
    {
        if (!(value is > 0 and < 1)) throw new ArgumentOutOfRangeException(nameof(value), value, "A probability strictly between 0 and 1 is expected.");
    }
}
