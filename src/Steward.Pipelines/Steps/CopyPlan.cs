using System.Text.RegularExpressions;
using Steward.Data.Copying;
using Steward.Data.Tables;
using Steward.Projects;

namespace Steward.Pipelines;

/// <summary>Where a copy comes from: files of a connection, or a query of a database.</summary>
public sealed record CopyFrom
{
    /// <summary><c>CONNECTION:/sales/${window.start:yyyy/MM/dd/HH}/*.csv</c>, or <c>inbox:/…</c>.</summary>
    [OneText]
    public string? Files { get; init; }

    /// <summary>A database that the query is asked of.</summary>
    public string? Connection { get; init; }

    /// <summary>One SELECT; <c>${window.start}</c> and the other variables are values, without quotes.</summary>
    public string? Query { get; init; }
}

/// <summary>What to do when there is no file.</summary>
public enum Missing { Fail, Ok }

/// <summary>Copies files from one connection to another, or the rows of a query into a table.</summary>
public sealed partial record CopyPlan : StepSettings
{
    private const int MostQuery = 100_000;

    public CopyFrom From { get; init; } = new();

    /// <summary>For files a folder, <c>inbox:/sales/</c> or <c>CONNECTION:/raw/</c>; for rows a table, <c>bronze.sales</c>.</summary>
    public string To { get; init; } = "";

    /// <summary>At most so much: <c>20MiB/s</c>. The bandwidth of either connection is a limit too.</summary>
    public string? Bandwidth { get; init; }

    public Missing Missing { get; init; }

    /// <summary>How rows come into the table.</summary>
    public WriteMode Mode { get; init; } = WriteMode.ReplaceWindow;

    public OnSchemaChange OnChange { get; init; } = OnSchemaChange.Stop;

    /// <summary>The values of the query's variables.</summary>
    internal Variables? Given { get; init; }

    internal override string Kind => "copy";

    internal override IReadOnlyList<string> Writes => From.Query is null ? [] : [To];

    internal override string InWords() => From.Query is null ? $"copies {Names.Shorten(From.Files, 100)} to {Names.Shorten(To, 100)}" : $"copies rows of {From.Connection}";

    /// <summary>A query keeps its variables: they go to the database as values, never as text.</summary>
    internal override StepSettings Filled(Variables variables) => variables.In(this) is var filled && From.Query is null ? filled : filled with { From = filled.From with { Query = From.Query }, Given = variables };

    internal CopyOrder Order()
    {
        var (from, pattern) = Places.ForCopy(From.Files!);
        return new(from, Places.ForCopy(To).Place) { Pattern = pattern, Bandwidth = CopyOrder.Bytes(Bandwidth?.Replace("/s", "", StringComparison.Ordinal)) ?? 0 };
    }

    internal override IEnumerable<string> Complaints()
    {
        if ((From.Files is null) == (From.Query is null) || (From.Query is null) != (From.Connection is null))
            yield return "from is a place of files, lake:/raw/*.csv, or a query: {connection: erp, query: SELECT …}.";
        else if (From.Query is { } query)
        {
            if (query.Length > MostQuery || string.IsNullOrWhiteSpace(query))
                yield return $"query is one SELECT of at most {MostQuery:N0} characters.";
            if (!Names.IsName(From.Connection))
                yield return $"'{Names.Shorten(From.Connection)}' is no name of a connection.";
            if (Variables.Quoted(query) is { } quoted)
                yield return $"{quoted} stands within quotes; a variable of a query is a value by itself: write ts >= ${{window.start}}.";
            foreach (var why in TableNames.Complaints([To]))
                yield return why;
        }
        else if (!Places.IsWritten(From.Files!) || !Places.IsWritten(To) || To.AsSpan().IndexOfAny('*', '?') >= 0)
            yield return "from and to are places of files, a connection or inbox before the colon: from: lake:/raw/*.csv, to: inbox:/raw/.";
        if (Bandwidth is not null && !Speed().IsMatch(Bandwidth))
            yield return $"'{Names.Shorten(Bandwidth)}' is no bandwidth; write 20MiB/s.";
    }

    [GeneratedRegex(@"^\d{1,9}(\.\d{1,3})?(KiB|MiB|GiB|B)?(/s)?\z", RegexOptions.NonBacktracking)]
    private static partial Regex Speed();
}
