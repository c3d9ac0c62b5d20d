using Steward.Events;

namespace Steward.Labeling.Heaps;

/// <summary>The pictures of a snapshot that had no name, sorted into heaps for people to name.</summary>
/// <param name="Number">From 1, without gaps, per project.</param>
/// <param name="Version">Of the data set that was sorted.</param>
/// <param name="Named">Pictures that got a name; known when it is done.</param>
/// <param name="Snapshot">The version of the data set that holds the names.</param>
/// <param name="Trouble">Why the names could not be added; somebody mends it and says done again.</param>
public sealed record Sorting(
    string Project, int Number, string DataSet, int Version, int Pictures, QueueState State, DateTimeOffset CreatedAt, string CreatedBy,
    DateTimeOffset? DoneAt, string? DoneBy, int? Named, int? Snapshot, string? Trouble);

/// <summary>Pictures that look alike.</summary>
/// <param name="Number">From 1: the largest first, then those split off.</param>
/// <param name="Name">What all of them show; two heaps of the same name are one kind.</param>
/// <param name="Pictures">Those that are like the others.</param>
/// <param name="Aside">Those that somebody set aside: they get no name.</param>
public sealed record Heap(int Number, string? Name, int Pictures, int Aside);

/// <param name="Number">Within the sorting.</param>
/// <param name="Aside">Not like the others of its heap.</param>
public sealed record HeapItem(int Number, Digest Picture, int Heap, bool Aside);

/// <param name="Sorting">How far it is.</param>
/// <param name="Heaps">By number.</param>
public sealed record SortingView(Sorting Sorting, IReadOnlyList<Heap> Heaps)
{
    /// <summary>Pictures that would get a name if it were done now.</summary>
    public int Named => Heaps.Where(heap => heap.Name is not null).Sum(heap => heap.Pictures);

    /// <summary>Heaps that have pictures and no name yet.</summary>
    public int Waiting => Heaps.Count(heap => heap.Name is null && heap.Pictures > 0);
}

/// <summary>Heaps were named; the data set has the names.</summary>
/// <param name="Snapshot">The data set's version that holds them.</param>
public sealed record HeapsNamed(string Project, int Sorting, string DataSet, int Snapshot, int Pictures, string By) : IEvent
{
    public static string Name => "labeling.heaps_named";
}
