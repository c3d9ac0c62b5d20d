namespace Steward.Models;

/// <summary>A part of what is handed over with a version: its image, its manifests, its story. Any room furnishes one.</summary>
public interface IBundlePart
{
    /// <summary>The files, none while there is nothing of this part. The same records give the same bytes.</summary>
    Task<IReadOnlyList<BundleFile>> Of(ModelVersion version, BundleWish wish, CancellationToken stop);
}

/// <param name="Image">The bytes of the container image, too, not only its digest.</param>
public sealed record BundleWish(bool Image);

/// <param name="Path">With <c>/</c>: <c>story/comic.pdf</c>.</param>
/// <param name="Open">Opens the bytes from their beginning; called more than once.</param>
public sealed record BundleFile(string Path, Func<CancellationToken, Task<Stream>> Open)
{
    public static BundleFile Of(string path, byte[] bytes) => new(path, _ => Task.FromResult<Stream>(new MemoryStream(bytes, writable: false)));
}
