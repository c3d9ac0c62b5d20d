namespace Steward.Training;

/// <summary>What a column of a table holds, as a model sees it.</summary>
public enum ColumnKind
{
    /// <summary>Numbers as 64-bit floats; yes and no are 1 and 0.</summary>
    Number,

    Text,

    /// <summary>A day or a moment: microseconds since 1970, UTC.</summary>
    Time,
}

/// <summary>One column of a table in memory.</summary>
public abstract record Column(string Name, ColumnKind Kind)
{
    public abstract int Count { get; }

    public abstract bool IsMissing(int row);

    /// <summary>These rows, in this order.</summary>
    public abstract Column Take(ReadOnlySpan<int> rows);

    /// <summary>The value as people read it; "" when it is missing.</summary>
    public abstract string Say(int row);
}

/// <param name="Values">NaN where nothing is known.</param>
public sealed record NumberColumn(string Name, double[] Values) : Column(Name, ColumnKind.Number)
{
    public override int Count => Values.Length;

    public override bool IsMissing(int row) => double.IsNaN(Values[row]);

    public override Column Take(ReadOnlySpan<int> rows) => new NumberColumn(Name, Rows.Pick(Values, rows));

    public override string Say(int row) => IsMissing(row) ? "" : Values[row].ToString("R", System.Globalization.CultureInfo.InvariantCulture);
}

/// <summary>Texts, each different one kept once.</summary>
/// <param name="Codes">Which of the words each row holds; -1 where nothing is known.</param>
public sealed record TextColumn(string Name, int[] Codes, IReadOnlyList<string> Words) : Column(Name, ColumnKind.Text)
{
    public override int Count => Codes.Length;

    public override bool IsMissing(int row) => Codes[row] < 0;

    public override Column Take(ReadOnlySpan<int> rows) => new TextColumn(Name, Rows.Pick(Codes, rows), Words);

    /// <summary>As an engine takes it: "" where nothing is known.</summary>
    public override string Say(int row) => Codes[row] < 0 ? "" : Words[Codes[row]];

    public static TextColumn Of(string name, IEnumerable<string?> texts)
    {
        var (known, codes) = (new Dictionary<string, int>(StringComparer.Ordinal), new List<int>());
        foreach (var text in texts)
            codes.Add(string.IsNullOrEmpty(text) ? -1 : known.TryGetValue(text, out var code) ? code : known[text] = known.Count);
        return new(name, [.. codes], [.. known.Keys]);
    }
}

/// <param name="Micros">Microseconds since 1970, UTC; <see cref="Missing"/> where nothing is known.</param>
public sealed record TimeColumn(string Name, long[] Micros) : Column(Name, ColumnKind.Time)
{
    /// <summary>No time: the least number there is, as numpy and pandas write it.</summary>
    public const long Missing = long.MinValue;

    public override int Count => Micros.Length;

    public override bool IsMissing(int row) => Micros[row] == Missing;

    public override Column Take(ReadOnlySpan<int> rows) => new TimeColumn(Name, Rows.Pick(Micros, rows));

    public override string Say(int row) => IsMissing(row) ? "" : At(Micros[row]).ToString("yyyy-MM-dd'T'HH:mm:ss", System.Globalization.CultureInfo.InvariantCulture);

    public static DateTime At(long micros) => DateTime.UnixEpoch.AddTicks(micros * TimeSpan.TicksPerMicrosecond);

    public static long Of(DateTime time) => (time.Ticks - DateTime.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond;
}

/// <summary>A table in memory, column by column.</summary>
public sealed record Rows(IReadOnlyList<Column> Columns)
{
    public int Count => Columns.Count == 0 ? 0 : Columns[0].Count;

    public Column? Find(string name) => Columns.FirstOrDefault(column => column.Name == name);

    /// <exception cref="ProblemException"><c>column_not_found</c>, with what there is.</exception>
    public Column Get(string name, string key) => Find(name) ?? throw ProblemException.Invalid("column_not_found",
        $"The table has no column '{Names.Shorten(name)}', which {key} names; it has {string.Join(", ", Columns.Take(20).Select(column => column.Name))}.", $"Mend {key} in steward.yaml.");

    public Rows Take(int[] rows) => new([.. Columns.Select(column => column.Take(rows))]);

    internal static T[] Pick<T>(T[] values, ReadOnlySpan<int> rows)
    {
        var picked = new T[rows.Length];
        for (var i = 0; i < rows.Length; i++)
            picked[i] = values[rows[i]];
        return picked;
    }
}
