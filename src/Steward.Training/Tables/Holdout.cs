using System.Globalization;

namespace Steward.Training;

/// <summary>Which rows are held back: <c>20%</c> by chance, <c>last_20%</c> or <c>last_7d</c> by time.</summary>
public sealed record Holdout(double? Share, TimeSpan? Newest, bool ByTime)
{
    public static Holdout? Read(string text)
    {
        var last = text.StartsWith("last_", StringComparison.Ordinal);
        var rest = last ? text[5..] : text;
        if (rest.EndsWith('%'))
            return double.TryParse(rest[..^1], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var share) && share is > 0 and < 90 ? new(share / 100, null, last) : null;
        var hours = rest.Length > 1 ? rest[^1] switch { 'h' => 1, 'd' => 24, 'w' => 168, _ => 0 } : 0;
        return last && hours > 0 && int.TryParse(rest[..^1], NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count is > 0 and < 100_000 ? new(null, TimeSpan.FromHours((double)count * hours), true) : null;
    }
}

/// <summary>Which rows are for what.</summary>
internal sealed record TableSplit(int[] Train, int[] Valid, int[] Test)
{
    private const int Fewest = 5;

    /// <summary>Rows that chose nothing yet, to be trained on once the choice is made.</summary>
    public int[] Known => [.. Train.Concat(Valid).Order()];

    /// <param name="time">Null for splits by chance.</param>
    /// <param name="group">Rows of one group stay together; with a time, where the last of them is.</param>
    /// <param name="seed">Of the rows held back to choose by; those to test on never change with it.</param>
    public static TableSplit Of(int rows, TimeColumn? time, Column? group, Holdout test, Holdout valid, int testSeed, int seed)
    {
        int[] all = [.. Enumerable.Range(0, rows).Where(row => time is null || !time.IsMissing(row))];
        var (rest, tests) = Cut(all, time, group, test, testSeed);
        var (train, valids) = Cut(rest, time, group, valid, seed);
        foreach (var (what, part) in new[] { ("train on", train), ("choose by", valids), ("test on", tests) })
            if (part.Length < Fewest)
                throw ProblemException.Invalid("split_empty", $"{Say.Count(part.Length, "row")} of {rows} would be left to {what}; {Fewest} are needed.", "Change train.holdout or train.valid, or bring more rows.");
        return new(train, valids, tests);
    }

    private static (int[] Kept, int[] Held) Cut(int[] rows, TimeColumn? time, Column? group, Holdout holdout, int seed)
    {
        // Each unit is a row, or a group of rows that must not be torn apart.
        var units = group is null ? [.. rows.Select(row => new[] { row })] : rows.GroupBy(group.Say, StringComparer.Ordinal).Select(one => one.ToArray()).ToArray();
        if (units.Length == 0)
            return ([], []);
        int[][] held;
        if (holdout.ByTime && time is not null)
        {
            var last = units.Select(unit => unit.Max(row => time.Micros[row])).ToArray();
            var newest = last.Max();
            var from = holdout.Newest is { } span ? newest - (long)span.TotalMicroseconds : Newest(units, last, holdout.Share!.Value, rows.Length);
            held = [.. units.Where((_, i) => last[i] > from)];
        }
        else
        {
            new Random(seed).Shuffle(units);
            var (wanted, taken) = (holdout.Share!.Value * rows.Length, 0);
            held = [.. units.TakeWhile(unit => (taken += unit.Length) <= wanted + (unit.Length / 2.0))];
        }
        int[] away = [.. held.SelectMany(unit => unit).Order()];
        return ([.. rows.Except(away)], away);
    }

    /// <summary>The moment after which about this share of the rows lies; rows of one moment stay together.</summary>
    private static long Newest(int[][] units, long[] last, double share, int rows)
    {
        var (order, taken) = (Enumerable.Range(0, units.Length).OrderByDescending(i => last[i]).ToArray(), 0);
        foreach (var i in order)
            if ((taken += units[i].Length) > share * rows)
                return last[i];
        return long.MinValue;
    }
}
