namespace Steward.Data.Tables;

/// <summary>What becomes of a table's columns when rows with other columns come.</summary>
internal static class TableSchemas
{
    /// <summary>Whole numbers and floating ones, each wide enough for those before it.</summary>
    private static readonly string[] Wider = ["TINYINT", "SMALLINT", "INTEGER", "BIGINT"];

    /// <summary>The columns afterwards; throws <c>schema_changed</c> when the rows may not come so.</summary>
    public static IReadOnlyList<TableColumn> After(string table, IReadOnlyList<TableColumn> now, IReadOnlyList<TableColumn> comes, OnSchemaChange policy, bool all)
    {
        if (now.Count == 0 || (all && policy is OnSchemaChange.Evolve) || comes.SequenceEqual(now))
            return now.Count > 0 && comes.SequenceEqual(now) ? now : comes;
        var (known, coming) = (now.ToDictionary(one => one.Name), comes.ToDictionary(one => one.Name));
        var added = comes.Where(one => !known.ContainsKey(one.Name)).ToList();
        var missing = now.Where(one => !coming.ContainsKey(one.Name)).ToList();
        var changed = now.Where(one => coming.TryGetValue(one.Name, out var other) && other.Type != one.Type).ToList();
        if (policy is OnSchemaChange.Stop && (added.Count > 0 || missing.Count > 0))
            throw Changed(table, string.Join("; ", Words("new", added), Words("missing", missing)).Trim(' ', ';'), "Look at the file; to go on, choose ignore or evolve for what comes with other columns.");
        var types = changed.ToDictionary(one => one.Name, one => Wide(one.Type, coming[one.Name].Type));
        if (changed.FirstOrDefault(one => types[one.Name] is null || (policy is not OnSchemaChange.Evolve && types[one.Name] != one.Type)) is { } clash)
            throw Changed(table, $"column '{clash.Name}' is {clash.Type} there and {coming[clash.Name].Type} here", policy is OnSchemaChange.Evolve ? "Convert it to the table's type, or replace the whole table." : "Convert it to the table's type, or choose evolve when it only got wider.");
        return policy is OnSchemaChange.Evolve
            ? [.. now.Select(one => types.TryGetValue(one.Name, out var wide) ? one with { Type = wide! } : one), .. added]
            : now;
    }

    /// <summary>The type that holds both without loss; null when there is none.</summary>
    public static string? Wide(string one, string other)
    {
        if (one == other)
            return one;
        var (a, b) = (Array.IndexOf(Wider, one), Array.IndexOf(Wider, other));
        if (a >= 0 && b >= 0)
            return Wider[Math.Max(a, b)];
        return (one, other) switch
        {
            ("FLOAT" or "DOUBLE", "FLOAT" or "DOUBLE") => "DOUBLE",
            // 2^53 holds every INTEGER, but not every BIGINT.
            ("DOUBLE", "TINYINT" or "SMALLINT" or "INTEGER") or ("TINYINT" or "SMALLINT" or "INTEGER", "DOUBLE") => "DOUBLE",
            _ => Decimal(one) is var (p, s) && Decimal(other) is var (q, r) ? Decimal(Math.Max(p - s, q - r), Math.Max(s, r)) : null,
        };
    }

    private static (int Digits, int Scale)? Decimal(string type)
    {
        if (type.StartsWith("DECIMAL(", StringComparison.Ordinal))
            return type["DECIMAL(".Length..^1].Split(',') is [var digits, var scale] ? (int.Parse(digits, null), int.Parse(scale, null)) : null;
        return type switch { "TINYINT" => (3, 0), "SMALLINT" => (5, 0), "INTEGER" => (10, 0), "BIGINT" => (19, 0), _ => null };
    }

    private static string? Decimal(int before, int scale) => before + scale <= 38 ? $"DECIMAL({before + scale},{scale})" : null;

    private static string? Words(string what, List<TableColumn> columns) => columns.Count == 0 ? null : $"{what}: {string.Join(", ", columns.Take(10).Select(one => one.Name))}{(columns.Count > 10 ? $" and {columns.Count - 10} more" : "")}";

    private static ProblemException Changed(string table, string why, string tryThis)
        => ProblemException.Conflict("schema_changed", $"What comes has other columns than the table '{table}' ({why}); nothing was kept.", tryThis);
}
