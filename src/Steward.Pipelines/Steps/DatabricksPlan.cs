using System.Text.RegularExpressions;
using Steward.Outside;

namespace Steward.Pipelines;

/// <summary>
/// One SQL statement on a warehouse of Databricks, where the data is. A run that is tried again does not repeat a statement that
/// was seen to succeed; one whose end was not seen is given again, so write what may be given twice: MERGE, or INSERT … REPLACE WHERE.
/// </summary>
public sealed partial record DatabricksPlan : StepSettings
{
    private const int MostParameters = 200, LongestValue = 10_000;

    /// <summary><c>https://adb-1234567890.1.azuredatabricks.net</c>.</summary>
    public string Workspace { get; init; } = "";

    /// <summary><c>secret://name</c>.</summary>
    public string Token { get; init; } = "";

    /// <summary>The id of the SQL warehouse.</summary>
    public string Warehouse { get; init; } = "";

    /// <summary>The statement, with <c>:name</c> where a value goes; no variables stand in it.</summary>
    public string Query { get; init; } = "";

    /// <summary>The values, by name.</summary>
    public IReadOnlyDictionary<string, StatementParameter> Parameters { get; init; } = new Dictionary<string, StatementParameter>();

    /// <summary>What names without one mean.</summary>
    public string? Catalog { get; init; }

    public string? Schema { get; init; }

    internal override string Kind => "databricks";

    internal override string InWords() => $"runs a statement on the warehouse {Names.Shorten(Warehouse, 40)} of {DatabricksApi.Address(Workspace)?.Host ?? "Databricks"}";

    internal override IEnumerable<string> Complaints()
    {
        if (DatabricksApi.Address(Workspace) is null)
            yield return "workspace is the address of the workspace and nothing behind it: https://adb-1234567890.1.azuredatabricks.net.";
        if (!Secrets.IsReference(Token))
            yield return "token is given by reference: token: secret://databricks, and the server is started with STEWARD_SECRET_DATABRICKS.";
        if (!Word().IsMatch(Warehouse))
            yield return "warehouse is the id of a SQL warehouse, such as 1234567890abcdef.";
        if (string.IsNullOrWhiteSpace(Query) || Query.Length > 100_000)
            yield return "query is one statement of at most 100,000 characters.";
        if (Query.Contains("${", StringComparison.Ordinal))
            yield return "variables are not put into the query; write :day in it, and parameters: {day: {type: DATE, value: '${window.start:yyyy-MM-dd}'}}.";
        if (new[] { Catalog, Schema }.Any(name => name is not null && (name.Length is 0 or > 255 || name.Any(char.IsControl))))
            yield return "catalog and schema are names of at most 255 characters.";
        if (Parameters.Count > MostParameters || Parameters.Any(one => !Name().IsMatch(one.Key) || one.Value.Value?.Length > LongestValue))
            yield return $"there are at most {MostParameters} parameters, whose names are letters, digits and underscores, with values of at most {LongestValue:N0} characters.";
        if (Parameters.FirstOrDefault(one => !SqlType().IsMatch(one.Value.Type)) is { Key: not null } other)
            yield return $"'{Names.Shorten(other.Value.Type)}' is no type of the parameter {other.Key}; write one of STRING, INT, BIGINT, DOUBLE, DECIMAL(10,2), BOOLEAN, DATE, TIMESTAMP.";
    }

    [GeneratedRegex(@"^[A-Za-z0-9-]{1,64}\z", RegexOptions.NonBacktracking)]
    private static partial Regex Word();

    [GeneratedRegex(@"^[A-Za-z_][A-Za-z0-9_]{0,62}\z", RegexOptions.NonBacktracking)]
    private static partial Regex Name();

    [GeneratedRegex(@"^(STRING|BOOLEAN|BYTE|TINYINT|SHORT|SMALLINT|INT|INTEGER|LONG|BIGINT|FLOAT|REAL|DOUBLE|DATE|TIMESTAMP|TIMESTAMP_NTZ|BINARY|(DECIMAL|DEC|NUMERIC)(\([0-9]{1,2}(, ?[0-9]{1,2})?\))?)\z", RegexOptions.NonBacktracking)]
    private static partial Regex SqlType();
}

/// <summary>A value of a statement; NULL when it is not said.</summary>
public sealed record StatementParameter
{
    public string Type { get; init; } = "STRING";

    public string? Value { get; init; }
}
