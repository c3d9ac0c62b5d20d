namespace Steward;

/// <summary>A small text file that only its owner may read (0600, in a folder of 0700): keys and credentials.</summary>
public sealed record PrivateFile(string FullName)
{
    private const UnixFileMode OwnerFile = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    public string? Read() => File.Exists(FullName) ? File.ReadAllText(FullName) : null;

    /// <summary>The text; made when there is none. When two processes make it at once, both get the one that came first.</summary>
    public string ReadOrCreate(Func<string> make)
    {
        if (Read() is { } there)
            return there;
        var draft = Draft(make());
        try
        {
            File.Move(draft, FullName, overwrite: false);
        }
        catch (IOException) when (File.Exists(FullName))
        {
            File.Delete(draft);
        }

        return File.ReadAllText(FullName);
    }

    /// <summary>Writes all of it or nothing: a reader sees the old text or the new one.</summary>
    public void Replace(string text) => File.Move(Draft(text), FullName, overwrite: true);

    public void Delete() => File.Delete(FullName);

    private string Draft(string text)
    {
        MakeFolder(Path.GetDirectoryName(FullName)!);
        var draft = $"{FullName}.{Path.GetRandomFileName()}";
        var how = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            how.UnixCreateMode = OwnerFile;
        using var stream = new FileStream(draft, how);
        stream.Write(System.Text.Encoding.UTF8.GetBytes(text));
        stream.Flush(flushToDisk: true);
        return draft;
    }

    private static void MakeFolder(string folder)
    {
        if (OperatingSystem.IsWindows())
            Directory.CreateDirectory(folder);
        else
            Directory.CreateDirectory(folder, OwnerFile | UnixFileMode.UserExecute);
    }
}
