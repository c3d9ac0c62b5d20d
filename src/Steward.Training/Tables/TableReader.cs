using System.Globalization;
using DuckDB.NET.Data;

namespace Steward.Training;

/// <summary>Reads the rows of a SELECT into memory, column by column, by DuckDB.</summary>
internal static class TableReader
{
    /// <param name="sql">Written by the program.</param>
    /// <param name="folder">Private, for what does not fit into memory.</param>
    /// <param name="stop">Ends the reading.</param>
    public static Rows Read(string sql, string folder, CancellationToken stop)
    {
        using var duck = new DuckDBConnection("DataSource=:memory:");
        duck.Open();
        Run(duck, $"SET temp_directory = {Quoted(Path.Combine(folder, "spill"))}; SET TimeZone = 'UTC'; SET autoinstall_known_extensions = false");
        using var command = duck.CreateCommand();
        command.CommandText = sql;
        command.UseStreamingMode = true;
        using var cancel = stop.Register(command.Cancel);
        using var reader = command.ExecuteReader();
        var columns = Enumerable.Range(0, reader.FieldCount).Select(i => Filling.Of(reader, i)).ToList();
        while (reader.Read())
            foreach (var column in columns)
                column.Add(reader);
        stop.ThrowIfCancellationRequested();
        return new([.. columns.Select(column => column.Done())]);
    }

    private static void Run(DuckDBConnection duck, string sql)
    {
        using var command = duck.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    private static string Quoted(string text) => "'" + text.Replace("'", "''", StringComparison.Ordinal) + "'";

    /// <summary>A column that grows while it is read.</summary>
    private abstract class Filling
    {
        public abstract void Add(DuckDBDataReader row);

        public abstract Column Done();

        public static Filling Of(DuckDBDataReader reader, int i)
        {
            var (name, type) = (reader.GetName(i), reader.GetFieldType(i));
            if (type == typeof(string) || type == typeof(Guid))
                return new Words(name, i);
            if (type == typeof(DateTime) || type == typeof(DateOnly) || type == typeof(DateTimeOffset))
                return new Times(name, i);
            if (type == typeof(bool))
                return new Numbers(name, i, row => row.GetBoolean(i) ? 1 : 0);
            if (type == typeof(double))
                return new Numbers(name, i, row => row.GetDouble(i));
            if (type == typeof(long))
                return new Numbers(name, i, row => row.GetInt64(i));
            if (type == typeof(int))
                return new Numbers(name, i, row => row.GetInt32(i));
            return Type.GetTypeCode(type) is >= TypeCode.SByte and <= TypeCode.Decimal || type == typeof(System.Numerics.BigInteger)
                ? new Numbers(name, i, row => row.GetValue(i) is System.Numerics.BigInteger big ? (double)big : Convert.ToDouble(row.GetValue(i), CultureInfo.InvariantCulture))
                : new Words(name, i);
        }
    }

    private sealed class Numbers(string name, int i, Func<DuckDBDataReader, double> value) : Filling
    {
        private readonly List<double> _values = [];

        public override void Add(DuckDBDataReader row) => _values.Add(row.IsDBNull(i) ? double.NaN : value(row));

        public override Column Done() => new NumberColumn(name, [.. _values]);
    }

    private sealed class Times(string name, int i) : Filling
    {
        private readonly List<long> _micros = [];

        public override void Add(DuckDBDataReader row) => _micros.Add(row.IsDBNull(i) ? TimeColumn.Missing : row.GetValue(i) switch
        {
            DateTime time => TimeColumn.Of(time),
            DateOnly day => TimeColumn.Of(day.ToDateTime(TimeOnly.MinValue)),
            DateTimeOffset time => TimeColumn.Of(time.UtcDateTime),
            var other => throw new InvalidOperationException($"'{other}' is no time."),
        });

        public override Column Done() => new TimeColumn(name, [.. _micros]);
    }

    private sealed class Words(string name, int i) : Filling
    {
        private readonly List<int> _codes = [];
        private readonly Dictionary<string, int> _known = new(StringComparer.Ordinal);

        public override void Add(DuckDBDataReader row)
        {
            var text = row.IsDBNull(i) ? "" : row.GetValue(i) as string ?? Convert.ToString(row.GetValue(i), CultureInfo.InvariantCulture)!;
            _codes.Add(text.Length == 0 ? -1 : _known.TryGetValue(text, out var code) ? code : _known[text] = _known.Count);
        }

        public override Column Done() => new TextColumn(name, [.. _codes], [.. _known.Keys]);
    }
}
