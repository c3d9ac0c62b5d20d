using System.Globalization;
using System.Text.RegularExpressions;

namespace Steward.Data.Tables;

/// <summary>A table's name, <c>silver.orders</c>: a schema and a name that SQL reads without quotes.</summary>
[System.Text.Json.Serialization.JsonConverter(typeof(TableNameJson))]
public sealed partial record TableName
{
    private TableName(string schema, string name) => (Schema, Name) = (schema, name);

    public string Schema { get; }

    public string Name { get; }

    /// <summary>Where the rows that could not be read into this table lie.</summary>
    public TableName Quarantine => new("quarantine", $"{Schema}__{Name}");

    public static TableName Parse(string? text) => TryParse(text) ?? throw ProblemException.Invalid(
        "table_name_invalid", $"'{Names.Shorten(text)}' cannot be the name of a table: write schema.name in lower-case letters, digits and single underscores, each at most 60, first a letter.", "Choose a name such as silver.orders.");

    public static TableName? TryParse(string? text) => text is not null && Plain().Match(text) is { Success: true } found && (found.Groups[1].Value == "quarantine" || !text.Contains("__", StringComparison.Ordinal))
        ? new(found.Groups[1].Value, found.Groups[2].Value)
        : null;

    public override string ToString() => $"{Schema}.{Name}";

    [GeneratedRegex(@"^([a-z][a-z0-9_]{0,59})\.([a-z][a-z0-9_]{0,123})\z", RegexOptions.NonBacktracking)]
    private static partial Regex Plain();
}

/// <summary><c>silver.orders</c> (the newest), <c>silver.orders@12</c> (one snapshot), <c>silver.orders@2026-03-01T06:00:00Z</c> (what was newest then).</summary>
public sealed record TableReference(TableName Table, int? Version = null, DateTimeOffset? At = null)
{
    /// <summary>Only parts that may hold rows of this window, and those of no window, are opened: for who reads a few of very many.</summary>
    public TableWindow? Within { get; init; }

    public bool IsNewest => this is { Version: null, At: null };

    public static TableReference Parse(string? text)
    {
        var parts = (text ?? "").Split('@');
        var table = TableName.Parse(parts[0]);
        if (parts.Length == 1)
            return new(table);
        if (parts.Length == 2 && int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var version) && version > 0)
            return new(table, version);
        if (parts.Length == 2 && DateTimeOffset.TryParse(parts[1], CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var at))
            return new(table, At: at);
        throw ProblemException.Invalid("reference_invalid", $"'{Names.Shorten(text)}' is not a reference to a table.", "Write silver.orders, silver.orders@12 or silver.orders@2026-03-01T06:00:00Z.");
    }

    public override string ToString() => Version is { } version ? $"{Table}@{version}" : At is { } at ? $"{Table}@{at:yyyy-MM-dd'T'HH:mm:ss'Z'}" : Table.ToString();
}
