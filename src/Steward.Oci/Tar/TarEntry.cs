namespace Steward.Oci;

public enum TarKind { File, HardLink, SymbolicLink, CharacterDevice, BlockDevice, Folder, Pipe }

/// <summary>One entry of an archive.</summary>
/// <param name="Path">From the root, with <c>/</c>, without a slash at either end.</param>
/// <param name="Mode">The twelve bits of permissions.</param>
/// <param name="Size">Bytes of a file; 0 of everything else.</param>
public sealed record TarEntry(TarKind Kind, string Path, int Mode, long Size)
{
    public long Uid { get; init; }
    public long Gid { get; init; }

    /// <summary>Seconds since 1970.</summary>
    public long ModifiedAt { get; init; }

    /// <summary>Where a link leads.</summary>
    public string? Link { get; init; }

    public int Major { get; init; }
    public int Minor { get; init; }

    public static TarEntry File(string path, long size, int mode = 0b110_100_100) => new(TarKind.File, path, mode, size);

    public static TarEntry Folder(string path, int mode = 0b111_101_101) => new(TarKind.Folder, path, mode, 0);

    public static TarEntry SymbolicLink(string path, string to) => new(TarKind.SymbolicLink, path, 0b111_111_111, 0) { Link = to };
}
