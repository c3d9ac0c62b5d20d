namespace Steward.Labeling.Heaps;

/// <summary>A task of kind <c>heaps</c>: sort the pictures of a snapshot that have no name.</summary>
/// <param name="Count">At most so many heaps; null: more of them for more pictures.</param>
/// <param name="By">The name of who wanted it.</param>
/// <param name="Names">Said, a queue with these names to choose from is made instead of heaps to name.</param>
internal sealed record HeapOrder(string Project, string DataSet, int Version, int? Count, string By, IReadOnlyList<string>? Names = null)
{
    public const string Kind = "heaps";
    public const int MostHeaps = 200, MostPictures = 20_000, UsualNames = 50;

    /// <summary>
    /// More heaps than kinds: a heap that mixes two kinds costs more than one name typed twice. 20 for 200 pictures, 40 for
    /// 800 and more.
    /// </summary>
    public int HeapsFor(int pictures) => Count ?? Math.Clamp((int)Math.Round(Math.Sqrt(2.0 * pictures)), 2, 40);
}

/// <summary>What the task ends with.</summary>
/// <param name="Sorting">Its number.</param>
internal sealed record HeapsMade(int Sorting, int Heaps, int Pictures);

/// <summary>What it ends with when people are asked for names, picture by picture.</summary>
/// <param name="Model">Whose doubt chose them, <c>fruit@2</c>; null where they are typical ones.</param>
/// <param name="Why">Why no model chose; null when one did.</param>
internal sealed record NamesAsked(int Queue, int Pictures, ChosenBy Chosen, string? Model, string? Why);

/// <summary>What the sorting process reads from its folder.</summary>
internal sealed record HeapJob(int Heaps, IReadOnlyList<HeapPicture> Items)
{
    public const string File = "job.json", Pictures = "pictures.bin", Outcome = "heaps.json";
}

/// <param name="Key">Named when the picture is broken.</param>
/// <param name="Offset">Where its bytes begin in the file of pictures.</param>
internal sealed record HeapPicture(string Key, long Offset, int Size);

/// <summary>What it leaves: for each picture its heap and how unlike the others of its heap it is.</summary>
internal sealed record HeapOutcome(IReadOnlyList<int> Heaps, IReadOnlyList<float> Odd);
