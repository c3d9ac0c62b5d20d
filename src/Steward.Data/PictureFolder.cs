namespace Steward.Data;

/// <summary>
/// A folder of pictures on the caller's disk: <c>kind/file</c>, or <c>train/kind/file</c>, <c>valid/…</c>, <c>test/…</c>. Links
/// are not followed; files that are no pictures by their name are left out.
/// </summary>
internal sealed record PictureFolder(IReadOnlyList<UploadItem> Items, int LeftOut)
{
    private static readonly HashSet<string> Endings = new(StringComparer.OrdinalIgnoreCase) { ".png", ".jpg", ".jpeg", ".webp", ".gif", ".bmp" };
    private static readonly EnumerationOptions Plainly = new() { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint | FileAttributes.Hidden | FileAttributes.System };

    public static PictureFolder Read(string folder, string? source)
    {
        if (!Directory.Exists(folder))
            throw ProblemException.NotFound("folder", Names.Shorten(folder), "Name a folder with one folder of pictures for each kind.");
        var root = Path.GetFullPath(folder);
        var files = Directory.EnumerateFiles(root, "*", Plainly).Select(file => (Path: file, Parts: Path.GetRelativePath(root, file).Split(Path.DirectorySeparatorChar)))
            .Where(file => !file.Parts.Any(part => part.StartsWith('.'))).ToList();
        var pictures = files.Where(file => Endings.Contains(Path.GetExtension(file.Path)) && file.Parts.Length > 1).ToList();
        var sorted = pictures.Count > 0 && pictures.All(file => SplitOf(file.Parts[0]) is not null && file.Parts.Length > 2);
        var items = pictures.Select(file => UploadItem.File(string.Join('/', file.Parts), sorted ? SplitOf(file.Parts[0]) : null, file.Path) with { Label = file.Parts[sorted ? 1 : 0], Source = source })
            .OrderBy(item => item.Key, StringComparer.Ordinal).ToList();
        return items.Count > 0
            ? new(items, files.Count - pictures.Count)
            : throw ProblemException.Invalid("folder_empty", $"There are no pictures in folders of '{Names.Shorten(folder)}'.", "Sort them into one folder for each kind: apple/1.png, pear/1.png, or train/apple/1.png.");
    }

    private static Split? SplitOf(string folder) => folder switch
    {
        "train" => Split.Train,
        "valid" or "val" or "validation" => Split.Valid,
        "test" => Split.Test,
        _ => null,
    };
}
