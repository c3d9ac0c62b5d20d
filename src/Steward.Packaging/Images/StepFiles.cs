using System.Security.Cryptography;
using Steward.Oci;

namespace Steward.Packaging.Images;

/// <summary>Plain files and folders on their way into a layer, by their path: no links, and nothing of when, where and by whom they were written.</summary>
internal sealed class StepFiles
{
    private const int MostFiles = 100_000;
    private const long MostBytes = 4L << 30;
    private readonly SortedDictionary<string, FileInfo> _files = new(StringComparer.Ordinal);
    private long _bytes;

    public IEnumerable<KeyValuePair<string, FileInfo>> All => _files;

    /// <summary>Takes a file or a folder of a root, under the path it has there.</summary>
    public StepFiles Take(string root, string path)
    {
        var at = new DirectoryInfo(root);
        foreach (var part in path.Split('/'))
        {
            var next = new DirectoryInfo(Path.Combine(at.FullName, part));
            if (next.LinkTarget is not null)
                throw Link(path);
            at = next;
        }

        if (at.Exists)
            Below(at, path);
        else
            Add(path, File.Exists(at.FullName) ? new(at.FullName) : throw ProblemException.NotFound("file", path, "Look at the steps of package.image in steward.yaml."));
        return this;
    }

    /// <summary>Takes all that a folder holds.</summary>
    public StepFiles TakeAll(string folder)
    {
        Below(new(folder), "");
        return this;
    }

    /// <summary>Digest and mode by path: what makes this input another one.</summary>
    public async Task<List<StepInput>> Digests(CancellationToken stop)
    {
        var inputs = new List<StepInput>();
        foreach (var (path, file) in _files)
        {
            await using var bytes = new FileStream(file.FullName, FileMode.Open, FileAccess.Read, FileShare.Read, 1, FileOptions.SequentialScan);
            inputs.Add(new(path, Digest.FromHash(await SHA256.HashDataAsync(bytes, stop)), Runs(file)));
        }

        return inputs;
    }

    /// <param name="to">Where they lie in the image.</param>
    /// <param name="without">What of their path is left away: a folder that is copied becomes <paramref name="to"/> itself.</param>
    public LayerFiles Layer(string to, string without)
    {
        var layer = new LayerFiles();
        foreach (var (path, file) in _files)
            layer.AddFile(path == without || path.Length == 0 ? to : $"{to}/{(without.Length > 0 ? path[(without.Length + 1)..] : path)}", file);
        return layer;
    }

    public void CopyTo(string folder)
    {
        foreach (var (path, file) in _files)
        {
            var to = Path.Combine(folder, path);
            Directory.CreateDirectory(Path.GetDirectoryName(to)!);
            file.CopyTo(to);
        }
    }

    private void Below(DirectoryInfo folder, string at)
    {
        foreach (var found in folder.EnumerateFileSystemInfos("*", new EnumerationOptions { AttributesToSkip = 0 }))
        {
            var path = at.Length == 0 ? found.Name : $"{at}/{found.Name}";
            if (found.LinkTarget is not null)
                throw Link(path);
            if (found is DirectoryInfo below)
                Below(below, path);
            else
                Add(path, (FileInfo)found);
        }
    }

    private void Add(string path, FileInfo file)
    {
        if ((file.Attributes & FileAttributes.Device) != 0)
            throw ProblemException.Invalid("step_unfit", $"'{Names.Shorten(path, 200)}' is a device, which a layer made here does not hold.", "Leave it out.");
        _files[path] = file;
        if (_files.Count > MostFiles || (_bytes += file.Length) > MostBytes)
            throw new ProblemException(ProblemKind.TooLarge, "too_large", $"A step takes at most {MostFiles:N0} files and {Say.Bytes(MostBytes)}.", "Name a folder that holds less, or make it a base of its own.");
    }

    private static bool Runs(FileInfo file) => !OperatingSystem.IsWindows() && (file.UnixFileMode & (UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute)) != 0;

    private static ProblemException Link(string path) => ProblemException.Invalid("step_unfit", $"'{Names.Shorten(path, 200)}' is a link; a step takes files and folders.", "Put what it leads to in its place.");
}

/// <param name="Runs">Whether anybody may run it.</param>
internal sealed record StepInput(string Path, Digest Digest, bool Runs);
