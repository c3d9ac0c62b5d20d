namespace Steward.Data.Tables;

/// <summary>Words for people about tables.</summary>
internal static class TableSay
{
    public static string Word(ChangeKind kind) => kind switch
    {
        ChangeKind.Append => "append",
        ChangeKind.ReplaceWindow => "replace window",
        ChangeKind.ReplaceAll => "replace all",
        ChangeKind.Merge => "merge",
        _ => "compact",
    };

    public static string Begin(ChangeKind kind) => char.ToUpperInvariant(Word(kind)[0]) + Word(kind)[1..];

    /// <summary>What happened, in a clause: <c>120 rows came, 3 went</c>.</summary>
    public static string Deed(TableSnapshot one) => (one.AddedRows, one.RemovedRows) switch
    {
        _ when one.Kind is ChangeKind.Compact => "the same rows in fewer files",
        (0, 0) => "no row came or went",
        (_, 0) => $"{Say.Count(one.AddedRows, "row")} came",
        (0, _) => $"{Say.Count(one.RemovedRows, "row")} went",
        _ => $"{Say.Count(one.AddedRows, "row")} came, {one.RemovedRows:N0} went",
    };
}
