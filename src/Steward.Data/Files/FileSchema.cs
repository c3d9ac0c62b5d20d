using Steward.Data.Tables;

namespace Steward.Data.Files;

public enum FileFormat { Csv, JsonLines, Parquet }

/// <summary>How a file becomes a table: found once with its evidence, then pinned. As text it is a small YAML file that people read and change.</summary>
public sealed record FileSchema
{
    public FileFormat Format { get; init; } = FileFormat.Csv;

    /// <summary>One character; <c>\t</c> is a tab. CSV only, as the next four.</summary>
    public string Delimiter { get; init; } = ",";

    public string Quote { get; init; } = "\"";

    /// <summary>What stands before a quote within quotes.</summary>
    public string Escape { get; init; } = "\"";

    public bool Header { get; init; } = true;

    /// <summary><c>utf-8</c>, <c>utf-16</c> (its byte order mark says which), <c>latin-1</c> or <c>windows-1252</c>.</summary>
    public string Encoding { get; init; } = "utf-8";

    /// <summary>A longer record is a bad row, bytes.</summary>
    public int LongestRecord { get; init; } = 1 << 20;

    /// <summary>Words that stand for no value.</summary>
    public IReadOnlyList<string> Nulls { get; init; } = [""];

    public IReadOnlyList<FileColumn> Columns { get; init; } = [];

    /// <summary>What to do when a file comes with other columns.</summary>
    public OnSchemaChange OnChange { get; init; } = OnSchemaChange.Stop;

    /// <summary>More bad rows than this, and nothing is kept: <c>&gt; 0.5%</c> or <c>&gt; 20</c> rows.</summary>
    public string? StopIfBad { get; init; } = "> 10%";
}

public sealed record FileColumn
{
    public FileColumn()
    {
    }

    public FileColumn(string name, string type) => (Name, Type) = (name, type);

    /// <summary>In the table.</summary>
    public string Name { get; init; } = "";

    /// <summary>DuckDB's word: VARCHAR, BIGINT, DECIMAL(18,2), DOUBLE, BOOLEAN, DATE, TIME, TIMESTAMP, TIMESTAMP WITH TIME ZONE.</summary>
    public string Type { get; init; } = "VARCHAR";

    /// <summary>In the header of the file, when it is called otherwise there.</summary>
    public string? From { get; init; }

    /// <summary>An empty value makes a bad row.</summary>
    public bool Required { get; init; }

    /// <summary>How dates and times are written, tried in this order: <c>dd.MM.yyyy</c>. <c>1.234,56</c> is a number with a decimal comma.</summary>
    public IReadOnlyList<string> Forms { get; init; } = [];

    /// <summary>Why it is this type, in a sentence.</summary>
    public string? Evidence { get; init; }
}
