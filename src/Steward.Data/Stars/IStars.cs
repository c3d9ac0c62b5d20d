using Steward.Data.Tables;

namespace Steward.Data.Stars;

/// <summary>
/// Dimensions and facts over staged tables: one SELECT each, written by the program, and a change to be committed with
/// the rest of a window. What makes a star a star is tested on every result before anybody can commit it.
/// </summary>
public interface IStars
{
    /// <summary>Takes the rows of a source into a dimension: new members, new versions, corrections, members that are gone.</summary>
    Task<StarMade> Dimension(string project, DimensionOrder order, StarSource source, CancellationToken stop = default);

    /// <summary>Takes the rows of a source into a fact table, each with the members that were valid at its time.</summary>
    Task<StarMade> Fact(string project, FactOrder order, StarSource source, CancellationToken stop = default);

    /// <summary>Takes the newest row of each key into a table.</summary>
    Task<StarMade> Newest(string project, NewestOrder order, StarSource source, CancellationToken stop = default);

    /// <summary>A table and a dimension of one name: the same members, each once, with the same values now. What differs, in a sentence; null when nothing does.</summary>
    Task<string?> SameMembers(TableReading reading, TableName table, TableName dimension, IReadOnlyList<string> key, CancellationToken stop = default);
}

/// <summary>Where rows come from, and what is staged besides.</summary>
/// <param name="From">The table.</param>
/// <param name="Window">Only the rows of this window, when they belong to windows; all when null.</param>
/// <param name="Moment">The time of rows that say none.</param>
/// <param name="Staged">Changes to be seen as if they were committed.</param>
public sealed record StarSource(TableName From, TableWindow? Window, DateTimeOffset Moment, IReadOnlyList<TableChange> Staged);

/// <summary>What happens to a member that a whole source no longer has.</summary>
public enum HardDeletes
{
    /// <summary>Nothing: the source says only what is new.</summary>
    Ignore,

    /// <summary>Its last version ends.</summary>
    Invalidate,

    /// <summary>It gets a version more, which says that it is deleted.</summary>
    NewRecord,
}

/// <param name="Surrogate">The column of the program's own keys.</param>
/// <param name="Natural">What the source calls a member by.</param>
/// <param name="Type1">Attributes that are overwritten, in all versions.</param>
/// <param name="Type2">Attributes whose changes make versions; none: one version a member.</param>
/// <param name="At">The column that says since when a row is true; the source's moment when null.</param>
/// <param name="Unknown">The surrogate key of the member for what is not known.</param>
public sealed record DimensionOrder(TableName Table, string Surrogate, IReadOnlyList<string> Natural, IReadOnlyList<string> Type1, IReadOnlyList<string> Type2, string? At, HardDeletes HardDeletes, long Unknown);

/// <param name="Grain">The columns of which every fact has its own values.</param>
/// <param name="Columns">What is taken besides; all when empty.</param>
/// <param name="At">The column of a fact's time, by which members are looked up.</param>
public sealed record FactOrder(TableName Table, IReadOnlyList<string> Grain, IReadOnlyList<string> Columns, string? At, IReadOnlyList<Lookup> Lookups);

/// <param name="Column">Of the fact: gets the surrogate key.</param>
/// <param name="Natural">The dimension's natural key.</param>
/// <param name="By">The same in the source, in that order.</param>
public sealed record Lookup(string Column, TableName Dimension, string Surrogate, IReadOnlyList<string> Natural, IReadOnlyList<string> By, long Unknown);

/// <param name="At">The column that says since when a row is true: an older row never takes the place of a newer.</param>
public sealed record NewestOrder(TableName Table, IReadOnlyList<string> Key, IReadOnlyList<string> Columns, string? At);

/// <summary>A change to be committed, and figures that add up.</summary>
public sealed record StarMade(TableChange Change, IReadOnlyDictionary<string, long> Figures);
