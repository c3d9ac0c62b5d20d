using Steward.Identity;

namespace Steward.Data.Connections;

/// <summary>The connections that the project file names.</summary>
public interface IConnections
{
    /// <summary>By name, with what is known of each.</summary>
    Task<IReadOnlyList<ConnectionView>> All(string project, CancellationToken stop = default);

    /// <summary>Opens the files of a connection; the caller disposes them. <c>connection_not_found</c>, <c>connection_kind_wrong</c>.</summary>
    Task<IFileStore> Files(string project, string connection, CancellationToken stop = default);

    /// <summary>Opens the tables of a connection; the caller disposes them.</summary>
    Task<ITableSource> Tables(string project, string connection, CancellationToken stop = default);

    /// <summary>Tries a connection and keeps the result.</summary>
    Task<ConnectionResult> Test(Who who, string project, string connection, CancellationToken stop = default);
}

/// <param name="Where">Where it leads, without anything secret.</param>
/// <param name="Holds"><c>files</c>, <c>tables</c> or <c>documents</c>.</param>
/// <param name="Secrets">Variables that the server needs for it.</param>
/// <param name="Missing">Those of them that it was not given.</param>
/// <param name="Last">The last test; null when there was none since it is as it is.</param>
public sealed record ConnectionView(string Name, ConnectionKind Kind, string Where, string Holds, bool ReadOnly, IReadOnlyList<string> Secrets, IReadOnlyList<string> Missing, ConnectionResult? Last);

/// <param name="Ok">It answered, and let us read.</param>
/// <param name="Words">What was found, or what is wrong.</param>
/// <param name="Try">One thing to try.</param>
/// <param name="Micros">How long it took, microseconds.</param>
public sealed record ConnectionResult(bool Ok, string Words, string? Code, string? Try, long Micros, string By, DateTimeOffset At);
