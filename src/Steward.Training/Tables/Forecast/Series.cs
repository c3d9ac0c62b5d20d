namespace Steward.Training;

/// <summary>One series on an even grid of time.</summary>
/// <param name="Name">"" when there is one only.</param>
/// <param name="Start">Microseconds of its first value.</param>
/// <param name="Step">Microseconds from one value to the next.</param>
/// <param name="Values">Without gaps.</param>
/// <param name="Filled">How many of them were missing and are as one season before, or as the last one known.</param>
internal sealed record Series(string Name, long Start, long Step, double[] Values, int Filled)
{
    // More gaps than this share, and the series is not what the file says it is.
    private const double MostFilled = 0.2;

    public long At(int step) => Start + (step * Step);

    /// <summary>The first step later than a moment.</summary>
    public int After(long micros) => (int)Math.Clamp(((micros - Start) / Step) + (micros >= Start ? 1 : 0), 0, Values.Length);

    /// <summary>Reads the series of a table: rows are put in order, and brought to the step that most of them keep.</summary>
    public static List<Series> Of(TimeColumn time, NumberColumn values, Column? names, int season)
    {
        var all = Enumerable.Range(0, time.Count).Where(row => !time.IsMissing(row)).GroupBy(row => names?.Say(row) ?? "", StringComparer.Ordinal).OrderBy(one => one.Key, StringComparer.Ordinal)
            .Select(one => (one.Key, Rows: one.OrderBy(row => time.Micros[row]).ToList())).ToList();
        var steps = all.SelectMany(one => one.Rows.Zip(one.Rows.Skip(1), (a, b) => time.Micros[b] - time.Micros[a])).Where(step => step > 0).Order().ToList();
        if (steps.Count == 0)
            throw ProblemException.Invalid("series_too_short", "There are no two moments in the table.", "Name the columns of time and series under train.");
        var usual = steps[steps.Count / 2];
        // Months and working days keep no even step: their order is what counts.
        var even = steps.Count(step => step % usual == 0) > 0.95 * steps.Count;
        return [.. all.Select(one => even ? Grid(one.Key, one.Rows, time, values, usual, season) : Ordered(one.Key, one.Rows, time, values, usual, season))];
    }

    private static Series Grid(string name, List<int> rows, TimeColumn time, NumberColumn values, long step, int season)
    {
        var start = time.Micros[rows[0]];
        var grid = new double[((time.Micros[rows[^1]] - start) / step) + 1];
        Array.Fill(grid, double.NaN);
        foreach (var row in rows)
        {
            ref var at = ref grid[(time.Micros[row] - start) / step];
            at = double.IsNaN(at) || double.IsNaN(values.Values[row]) ? values.Values[row] : throw ProblemException.Invalid("time_twice",
                $"{time.Say(row)} is there twice{(name.Length > 0 ? $" in '{Names.Shorten(name)}'" : "")}; a series has one value a time.", "Add up the rows of one time first, or name the column that tells series apart under train.forecast.series.");
        }
        return Fill(name, start, step, grid, season);
    }

    private static Series Ordered(string name, List<int> rows, TimeColumn time, NumberColumn values, long step, int season)
        => Fill(name, time.Micros[rows[0]], step, [.. rows.Select(row => values.Values[row])], season);

    private static Series Fill(string name, long start, long step, double[] grid, int season)
    {
        var missing = grid.Count(double.IsNaN);
        if (missing > MostFilled * grid.Length)
            throw ProblemException.Invalid("series_full_of_gaps", $"{missing} of {grid.Length} values{(name.Length > 0 ? $" of '{Names.Shorten(name)}'" : "")} are missing.", "Name the column that tells series apart under train.forecast.series, or bring the missing values.");
        for (var i = 0; i < grid.Length; i++)
            if (double.IsNaN(grid[i]))
                grid[i] = i >= season ? grid[i - season] : i > 0 ? grid[i - 1] : grid.First(double.IsFinite);
        return new(name, start, step, grid, missing);
    }
}
