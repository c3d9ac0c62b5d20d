namespace Steward.Data.Tables;

/// <summary>
/// Rows that are written and that nobody sees: a Parquet file among the blobs. A change makes it part of a table; one
/// that no change takes within a day is removed.
/// </summary>
/// <param name="Blob">Its bytes.</param>
/// <param name="Columns">Names and types, in order.</param>
/// <param name="Statistics">Of the whole file, column by column.</param>
/// <param name="Parts">Its rows by window, in the order they lie in the file; they add up to <paramref name="Rows"/>.</param>
public sealed record StagedFile(
    Digest Blob, long Bytes, long Rows, IReadOnlyList<TableColumn> Columns, IReadOnlyList<ColumnStatistics> Statistics, IReadOnlyList<FilePart> Parts);

/// <param name="FirstRow">Counted from 0 within the file.</param>
/// <param name="Window">Whose window they are, when they belong to one.</param>
public sealed record FilePart(long FirstRow, long Rows, TableWindow? Window = null);
