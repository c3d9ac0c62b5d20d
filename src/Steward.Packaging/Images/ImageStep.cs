using Steward.Oci;

namespace Steward.Packaging.Images;

/// <summary>The layer of a step that a project wrote for itself.</summary>
/// <param name="Name">The digest of all that goes into it.</param>
/// <param name="Says">The step in words, for the history of the image.</param>
public sealed record ImageStep(string Name, string Says, OciDigest Digest, long Size, OciDigest DiffId)
{
    private static readonly TarLimits Limits = new() { MostBytes = 4L << 30, MostEntries = 200_000 };

    internal Layer Layer => new(new(MediaTypes.LayerGzip, Digest, Size), DiffId);

    /// <summary>Reads what was sent, to its end: plain files and folders below /opt and /srv, of root, as old as 1970, lending nobody rights.</summary>
    internal static async Task<OciDigest> Check(Descriptor layer, Stream packed, CancellationToken stop)
        => await LayerReader.Walk(layer with { MediaType = MediaTypes.LayerGzip }, packed, (entry, _) =>
        {
            if (entry.Kind is not (TarKind.File or TarKind.Folder) || entry.Path.Split('/')[0] is not ("opt" or "srv") || (entry.Uid, entry.Gid, entry.ModifiedAt) != (0, 0, 0) || entry.Mode is not (0b111_101_101 or 0b110_100_100))
                throw ProblemException.Invalid("step_unfit", $"'{Names.Shorten(entry.Path, 200)}' is nothing that a step leaves: files and folders below /opt and /srv, root's, dated 1970.", "Send steps by steward image build.");
            return Task.CompletedTask;
        }, Limits, stop);
}
