namespace Steward.Packaging;

/// <summary>What has been read so far: what is wanted, what is known of packages, and what stands wrong.</summary>
internal sealed class Reading(string folder)
{
    private const int MostFiles = 50, MostWanted = 20_000, MostComplaints = 100;
    private readonly Dictionary<string, TextSource> _files = new(StringComparer.Ordinal);

    public List<Wanted> Wanted { get; } = [];

    public List<FileComplaint> Complaints { get; } = [];

    /// <summary>What files say besides, that changes nothing.</summary>
    public List<string> Notes { get; } = [];

    /// <summary>What locks of other tools know of their packages.</summary>
    public PackageIndex Known { get; } = new();

    public string Folder { get; } = folder;

    public IEnumerable<TextSource> Files => _files.Values;

    /// <summary>The file, when it was not read before.</summary>
    public TextSource? Open(string name)
    {
        name = Path.GetRelativePath(Folder, Path.GetFullPath(Path.Combine(Folder, name))).Replace('\\', '/');
        if (_files.ContainsKey(name))
            return null;
        if (_files.Count >= MostFiles)
            throw ProblemException.Invalid("too_many_files", $"More than {MostFiles} files belong together here.", "Name the files that count with --from.");
        return _files[name] = TextSource.Open(Folder, name);
    }

    public void Add(Wanted wanted)
    {
        if (Wanted.Count >= MostWanted)
            throw ProblemException.Invalid("too_many_packages", $"More than {MostWanted:N0} packages are asked for.", "Name the files that count with --from.");
        Wanted.Add(wanted);
    }

    public void Complain(Place at, string why, string? tryThis = null)
    {
        if (Complaints.Count < MostComplaints)
            Complaints.Add(new(at, char.ToUpperInvariant(why[0]) + why[1..], tryThis));
    }

    /// <summary>Does it; what cannot be read becomes a complaint at this place.</summary>
    public void At(Place place, Action read, string? tryThis = null)
    {
        try
        {
            read();
        }
        catch (FormatException error)
        {
            Complain(place, error.Message, tryThis);
        }
    }
}
