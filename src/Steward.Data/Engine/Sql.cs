namespace Steward.Data.Engine;

/// <summary>Values and names within SQL text.</summary>
internal static class Sql
{
    public static string Text(string value) => $"'{value.Replace("'", "''", StringComparison.Ordinal)}'";

    public static string Name(string name) => $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    public static string Name(Tables.TableName table) => $"{Name(table.Schema)}.{Name(table.Name)}";

    public static string Names(IEnumerable<string> names, string before = "") => string.Join(", ", names.Select(name => before + Name(name)));
}
