using Steward.Data.Tables;

namespace Steward.Data.Files;

/// <summary>CSV, JSON Lines and Parquet into tables: what cannot be read is set aside with its place and reason, and the counts always add up.</summary>
public interface IFiles
{
    /// <summary>Finds out how a file is to be read, with the evidence for every column.</summary>
    /// <param name="path">On this machine; checked by the caller.</param>
    /// <param name="name">What people call it; its ending says the format when <paramref name="format"/> does not.</param>
    Task<FileSchema> Look(string path, string name, FileFormat? format = null, CancellationToken stop = default);

    /// <summary>
    /// Reads files by a schema and stages the good rows and, apart, the bad ones. Nothing is visible before the caller
    /// commits <see cref="FileRead.Change"/> and, when there is one, <see cref="FileRead.QuarantineChange"/>, in one transaction.
    /// </summary>
    Task<FileRead> Read(string project, TableName table, IReadOnlyList<SourceFile> files, FileSchema schema, ReadOrder order, CancellationToken stop = default);
}

/// <param name="Path">On this machine; checked by the caller.</param>
/// <param name="Name">What people call it: it stands in errors and in the quarantine.</param>
public sealed record SourceFile(string Path, string Name);

public sealed record ReadOrder
{
    /// <summary>Append, replace the window, or replace all.</summary>
    public ChangeKind Kind { get; init; } = ChangeKind.Append;

    public TableWindow? Window { get; init; }

    /// <summary>One file for each value of these columns.</summary>
    public IReadOnlyList<string> PartitionBy { get; init; } = [];

    /// <summary>Memory of the engine, bytes.</summary>
    public long Memory { get; init; } = 768L << 20;

    /// <summary>Told now and then how far it is, from 0 to 1, and what it does.</summary>
    public Action<double, string>? Report { get; init; }
}

/// <summary>What was read: <c>Read = Written + Quarantined</c>, asserted file by file.</summary>
/// <param name="Schema">As it was used: a schema that may evolve has taken new columns up.</param>
/// <param name="Change">To be committed.</param>
/// <param name="QuarantineChange">To be committed with it; null when no row was bad.</param>
public sealed record FileRead(
    FileSchema Schema, long Read, long Written, long Quarantined, IReadOnlyList<ReadFile> Files, IReadOnlyList<BadRow> FirstBad, TableChange Change, TableChange? QuarantineChange);

public sealed record ReadFile(string Name, Digest Digest, long Bytes, long Read, long Written, long Quarantined);

/// <param name="Line">Of the file, from 1; for Parquet its row.</param>
/// <param name="Column">Null when the whole row is bad.</param>
/// <param name="Raw">As it stands in the file, cut at 1,000 characters.</param>
public sealed record BadRow(string File, long Line, string? Column, string Reason, string Raw);
