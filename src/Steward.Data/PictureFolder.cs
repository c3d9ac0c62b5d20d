using System.IO.Enumeration;
using Steward.Drawing;

namespace Steward.Data;

/// <summary>
/// A folder of pictures on the caller's disk: <c>kind/file</c>, or <c>train/kind/file</c>, <c>valid/…</c>, <c>test/…</c>. Names
/// are all that is kept of it; bytes are read one after the other when they are sent. Links are never followed.
/// </summary>
public sealed class PictureFolder
{
    /// <summary>Fewer pictures of a kind cannot be learned from and judged with.</summary>
    public const int FewestOfAKind = 10;

    private const int MostPictures = DraftLimits.MostItems, MostNames = 5;

    private static readonly Dictionary<string, string> Endings = new(StringComparer.OrdinalIgnoreCase)
    {
        [".png"] = "image/png", [".jpg"] = "image/jpeg", [".jpeg"] = "image/jpeg", [".jpe"] = "image/jpeg", [".jfif"] = "image/jpeg", [".webp"] = "image/webp", [".gif"] = "image/gif", [".bmp"] = "image/bmp", [".apng"] = "image/png",
    };

    private readonly List<string> _mislabelled = [];

    private PictureFolder(string root, List<FolderPicture> pictures, PassedOver passed, FolderPicture? deeper, int deeperCount, bool hasSplits)
        => (Root, Pictures, Passed, Deeper, DeeperCount, HasSplits) = (root, pictures, passed, deeper, deeperCount, hasSplits);

    public string Root { get; }

    /// <summary>In the order of their keys.</summary>
    public IReadOnlyList<FolderPicture> Pictures { get; }

    /// <summary>What was not taken.</summary>
    public PassedOver Passed { get; }

    /// <summary>One that lies deeper than <c>kind/file</c>: it is taken for the kind of its first folder.</summary>
    public FolderPicture? Deeper { get; }

    public int DeeperCount { get; }

    /// <summary>The first folders are <c>train</c>, <c>valid</c> and <c>test</c>.</summary>
    public bool HasSplits { get; }

    /// <summary>How many pictures there are of each kind.</summary>
    public IReadOnlyDictionary<string, int> Kinds => Pictures.CountBy(picture => picture.Kind).ToDictionary();

    /// <summary>There is something to learn from and something to judge with, and nothing to choose by.</summary>
    public bool WantsValid => HasSplits && Has(Split.Train) && Has(Split.Test) && !Has(Split.Valid);

    /// <summary>Keys of those whose ending says another format than their content; known once they were read.</summary>
    public IReadOnlyList<string> Mislabelled => _mislabelled;

    public bool Has(Split split) => Pictures.Any(picture => picture.Split == split);

    public static PictureFolder Read(string folder, CancellationToken stop = default) => Sorted(folder, Walked(folder, loose: false, stop));

    /// <summary>Every picture in it, whatever folder it lies in: folders name nothing, so the pictures have no label and no split.</summary>
    public static PictureFolder Unnamed(string folder, CancellationToken stop = default)
    {
        var walk = Walked(folder, loose: true, stop);
        if (walk.Found.Count == 0)
            throw ProblemException.Invalid("folder_empty", $"There are no pictures in '{Names.Shorten(folder)}'.{walk.Passed.Sentence()}", "Name a folder with PNG, JPEG or WebP files.");
        walk.Found.Sort(StringComparer.Ordinal);
        return new(walk.Root, walk.Found.ConvertAll(file => new FolderPicture(file, "", null)), walk.Passed, null, 0, false);
    }

    private static Walk Walked(string folder, bool loose, CancellationToken stop)
    {
        if (File.Exists(folder))
            throw ProblemException.Invalid("folder_is_file", $"'{Names.Shorten(folder)}' is a file.", "Name the folder that holds one folder of pictures for each kind.");
        if (!Directory.Exists(folder))
            throw ProblemException.NotFound("folder", Names.Shorten(folder), "Name a folder with one folder of pictures for each kind.");
        var walk = new Walk(Path.GetFullPath(folder), loose, stop);
        try
        {
            walk.Into("", 1);
        }
        catch (Exception error) when (error is UnauthorizedAccessException or IOException)
        {
            throw ProblemException.Invalid("folder_unreadable", $"'{Names.Shorten(folder)}' cannot be read to its end: {error.Message}", "Give yourself the right to read it, or move what cannot be read elsewhere.");
        }

        return walk;
    }

    /// <summary>The folder itself, when a model could be made of it; else why not and what to try.</summary>
    public PictureFolder Learnable()
    {
        var kinds = Kinds;
        if (kinds.Count == 1 && Below() is { } wrapped)
            throw ProblemException.Invalid("one_kind", $"All pictures lie below '{Names.Shorten(wrapped)}', so they would be one kind; its folders look like the kinds.", $"Name that folder: {Path.Combine(Root, wrapped)}");
        if (kinds.Count == 1)
            throw ProblemException.Invalid("one_kind", $"There is one kind, '{Names.Shorten(kinds.First().Key)}': telling apart needs at least two.", $"Add a folder with pictures of another kind, or of everything that is not {Names.Shorten(kinds.First().Key)}.");
        if (HasSplits && !(Has(Split.Train) && Has(Split.Test)))
            throw ProblemException.Invalid("split_missing", $"There is a folder '{(Has(Split.Train) ? "train" : Has(Split.Test) ? "test" : "valid")}' and no folder '{(Has(Split.Train) ? "test" : "train")}'.",
                Has(Split.Train) ? $"Add it, or let the pictures be shared out: name {Path.Combine(Root, Pictures.First(picture => picture.Split is Split.Train).Key.Split('/')[0])}" : "Add it: train/KIND/picture.jpg");
        Complain("too_few_pictures", kinds.Where(kind => kind.Value < FewestOfAKind).Select(kind => $"{Names.Shorten(kind.Key)} has {kind.Value}"), $"every kind needs {FewestOfAKind} pictures at least", "Add some, or move those folders elsewhere.");
        foreach (var split in HasSplits ? (Split[])[Split.Train, Split.Test] : [])
            Complain("kind_missing", kinds.Keys.Except(Pictures.Where(picture => picture.Split == split).Select(picture => picture.Kind)).Select(kind => Names.Shorten(kind)), $"every kind needs pictures in {split.Word()}", $"Add some below {split.Word()}/, or move those kinds elsewhere.");
        return this;
    }

    /// <summary>Each to be sent, its bytes read when its turn comes.</summary>
    public IEnumerable<UploadItem> Items(string? source) => Pictures.Select(picture => new UploadItem(picture.Key, picture.Split, stop => Bytes(picture, stop)) { Label = picture.Kind, Source = source });

    private static PictureFolder Sorted(string folder, Walk walk)
    {
        var split = walk.Found.Exists(file => file.Count(letter => letter == '/') > 1 && SplitOf(First(file)) is not null);
        if (split && walk.Found.Find(file => SplitOf(First(file)) is null || file.Count(letter => letter == '/') < 2) is { } beside)
            throw ProblemException.Invalid("folder_mixed", $"'{Names.Shorten(folder)}' has folders of splits, and '{Names.Shorten(beside)}' lies in none.", "Put every picture below train/KIND, valid/KIND or test/KIND, or have one folder for each kind and no splits.");
        if (walk.Found.Count == 0)
            throw ProblemException.Invalid("folder_empty", $"There are no pictures in folders of '{Names.Shorten(folder)}'.{walk.Passed.Sentence()}", "Sort them into one folder for each kind: apple/1.png, pear/1.png, or train/apple/1.png.");
        walk.Found.Sort(StringComparer.Ordinal);
        var kinds = new Dictionary<string, string>();
        var (pictures, deeper, deeperCount) = (new List<FolderPicture>(walk.Found.Count), (FolderPicture?)null, 0);
        foreach (var file in walk.Found)
        {
            var parts = file.Split('/');
            var kind = parts[split ? 1 : 0];
            // One string for all pictures of a kind.
            if (!kinds.TryGetValue(kind, out var label))
                kinds[kind] = label = kind;
            var picture = new FolderPicture(file, label, split ? SplitOf(parts[0]) : null);
            pictures.Add(picture);
            if (parts.Length > (split ? 3 : 2))
                (deeper, deeperCount) = (deeper ?? picture, deeperCount + 1);
        }

        return new(walk.Root, pictures, walk.Passed, deeper, deeperCount, split);
    }

    /// <summary>The one folder that all kinds lie in, as a packed folder unpacks.</summary>
    private string? Below()
    {
        var paths = Pictures.Select(picture => picture.Key.Split('/')).ToList();
        return !HasSplits && DeeperCount == paths.Count && paths.Select(path => path[1]).Distinct().Skip(1).Any() ? paths[0][0] : null;
    }

    private static void Complain(string code, IEnumerable<string> wrong, string why, string tryThis)
    {
        var all = wrong.Order(StringComparer.Ordinal).ToList();
        if (all.Count > 0)
            throw ProblemException.Invalid(code, $"{char.ToUpperInvariant(why[0])}{why[1..]}: {string.Join(", ", all.Take(MostNames))}{(all.Count > MostNames ? $" and {all.Count - MostNames} more" : "")}.", tryThis);
    }

    private static string First(string file) => file[..file.IndexOf('/', StringComparison.Ordinal)];

    private static Split? SplitOf(string folder) => folder.ToLowerInvariant() switch
    {
        "train" or "training" => Split.Train,
        "valid" or "val" or "validation" => Split.Valid,
        "test" or "testing" => Split.Test,
        _ => null,
    };

    private async Task<byte[]> Bytes(FolderPicture picture, CancellationToken stop)
    {
        var file = new FileInfo(Path.Combine(Root, picture.Key));
        // A pipe says that it has no bytes, and opening it would wait for ever.
        if (file.Length == 0)
            return [];
        if (file.Length > DraftLimits.MostPictureBytes)
            throw new PictureException(PictureException.TooLarge, $"The picture has {Say.Bytes(file.Length)}; at most {Say.Bytes(DraftLimits.MostPictureBytes)} are taken.");
        var bytes = await File.ReadAllBytesAsync(file.FullName, stop);
        if (Picture.MediaType(bytes) is { } type && Endings.GetValueOrDefault(Path.GetExtension(picture.Key)) != type)
            _mislabelled.Add(picture.Key);
        return bytes;
    }

    /// <summary>Collects the pictures below a folder and counts everything else.</summary>
    private sealed class Walk(string root, bool loose, CancellationToken stop)
    {
        private const int HeadBytes = 16;
        private static readonly EnumerationOptions Plainly = new() { AttributesToSkip = 0, IgnoreInaccessible = false };

        public string Root => root;

        /// <summary>Relative, with slashes.</summary>
        public List<string> Found { get; } = [];

        public PassedOver Passed { get; private set; } = new(0, 0, 0, 0);

        public void Into(string below, int depth)
        {
            var entries = new FileSystemEnumerable<(string Name, bool IsFolder, bool IsLink, bool IsHidden)>(
                Path.Combine(root, below), (ref FileSystemEntry entry) => (entry.FileName.ToString(), entry.IsDirectory, entry.Attributes.HasFlag(FileAttributes.ReparsePoint), entry.IsHidden), Plainly);
            foreach (var (name, isFolder, isLink, isHidden) in entries)
            {
                stop.ThrowIfCancellationRequested();
                var path = below.Length == 0 ? name : $"{below}/{name}";
                if (isLink)
                    Passed = Passed with { Links = Passed.Links + 1 };
                else if (isHidden || name.StartsWith('.'))
                    Passed = Passed with { Hidden = Passed.Hidden + 1 };
                else if (isFolder)
                    Into(path, depth + 1);
                else if (!IsPicture(path))
                    Passed = Passed with { NoPictures = Passed.NoPictures + 1 };
                else if (depth == 1 && !loose)
                    Passed = Passed with { Loose = Passed.Loose + 1 };
                else
                    Found.Add(path);
            }

            if (Found.Count > MostPictures)
                throw new ProblemException(ProblemKind.TooLarge, "folder_too_large", $"There are more than {MostPictures:N0} pictures in it.", "Add it in parts: one folder after the other.");
        }

        /// <summary>By its ending; a file with any other is looked into.</summary>
        private bool IsPicture(string path)
        {
            if (Endings.ContainsKey(Path.GetExtension(path)))
                return true;
            var file = new FileInfo(Path.Combine(root, path));
            if (file.Length < HeadBytes)
                return false;
            Span<byte> head = stackalloc byte[HeadBytes];
            using var open = file.OpenRead();
            // Two letters make a BMP, and a text may begin with them.
            return Picture.MediaType(head[..open.ReadAtLeast(head, HeadBytes, throwOnEndOfStream: false)]) is not (null or "image/bmp");
        }
    }
}

/// <param name="Key">Its path below the folder, with slashes.</param>
/// <param name="Kind">The name of its folder.</param>
/// <param name="Split">Null where the folder has no splits.</param>
public sealed record FolderPicture(string Key, string Kind, Split? Split);

/// <summary>What a folder holds besides pictures.</summary>
/// <param name="Hidden">Hidden files and folders.</param>
/// <param name="Links">Symbolic links, to whatever.</param>
/// <param name="NoPictures">Files that are no pictures.</param>
/// <param name="Loose">Pictures in no folder, so of no kind.</param>
public sealed record PassedOver(int Hidden, int Links, int NoPictures, int Loose)
{
    /// <summary>A sentence with a space before it; nothing when nothing was passed over.</summary>
    public string Sentence()
    {
        string[] parts = [.. new[] { (Hidden, "hidden file", "hidden files"), (Links, "link", "links"), (NoPictures, "file without a picture", "files without a picture"), (Loose, "picture in no folder", "pictures in no folder") }
            .Where(part => part.Item1 > 0).Select(part => Say.Count(part.Item1, part.Item2, part.Item3))];
        return parts.Length == 0 ? "" : $" Passed over: {string.Join(", ", parts)}.";
    }
}
