using System.Globalization;
using System.Security.Cryptography;
using Steward.Cli;
using Steward.Models;

namespace Steward.Packaging.HandOver;

/// <summary>A bundle that was written and read again.</summary>
internal sealed record BundleMade(string File, long Size, BundleReport Report)
{
    public string Sentence => $"{Report.Index!.Model}@{Report.Index.Version} is in {File}: {Say.Count(Report.Index.Files.Count, "file")}, {Say.Bytes(Size)}, signed by {Fingerprint.Of(Digest.Parse(Report.Signer!))}.";
}

/// <summary>Fetches what belongs to a version, signs it here, and reads all of it again before it gets its name.</summary>
internal static class BundleFiles
{
    private const long MostIndex = 64 << 20;

    public static async Task<BundleMade> Write(Server server, string project, Reference reference, BundleWish wish, ECDsa key, string file, CancellationToken stop)
    {
        var folder = Path.GetDirectoryName(Path.GetFullPath(file))!;
        if (!Directory.Exists(folder))
            throw ProblemException.NotFound("folder", folder, "Make the folder first.");
        var (came, made) = (Draft(), Draft());
        try
        {
            using (var reply = await server.Open(At(project, reference, wish), stop))
            await using (var bytes = new FileStream(came, FileMode.CreateNew))
                await reply.Content.CopyToAsync(bytes, stop);
            await Sign(came, made, key, stop);
            var report = await BundleReport.Of(made, [key], stop);
            if (!report.Holds)
                throw ProblemException.Conflict("bundle_unsound", $"What the server sent does not hold: {string.Join(" ", report.Complaints)}", $"steward model show {reference}");
            File.Move(made, file, overwrite: true);
            return new(file, new FileInfo(file).Length, report);
        }
        catch (IOException error)
        {
            throw new ProblemException(ProblemKind.DiskFull, "bundle_not_written", $"The bundle could not be written: {error.Message}", "Make room, or name another place.");
        }
        finally
        {
            File.Delete(came);
            File.Delete(made);
        }

        string Draft() => Path.Combine(folder, $".{Path.GetFileName(file)}.{Names.NewId()}");
    }

    private static string At(string project, Reference reference, BundleWish wish)
        => $"/api/projects/{Server.Segment(project)}/models/{reference.Name}/versions/{Server.Segment(reference.Version?.ToString(CultureInfo.InvariantCulture) ?? reference.Alias!)}/bundle?image={(wish.Image ? "true" : "false")}";

    /// <summary>Puts the signature behind the index and leaves everything else as it came.</summary>
    private static async Task Sign(string from, string to, ECDsa key, CancellationToken stop)
    {
        using var came = BundleArchive.Open(from);
        if (came.Complaints.Count > 0 || came.Paths is not [BundleIndex.FileName, ..])
            throw new ProblemException(ProblemKind.Unavailable, "bundle_cut_off", "What the server sent is not whole.", "Try again.");
        var entries = new List<BundleEntry>();
        foreach (var path in came.Paths)
            entries.Add(await came.Measure(path, stop));
        entries.Insert(1, await Bundles.Small(BundleSignature.FileName, BundleSignature.Sign(came.Read(BundleIndex.FileName, MostIndex), key).Bytes(), stop));
        await using var target = new FileStream(to, FileMode.CreateNew);
        await BundleZip.Write(target, entries, stop);
        target.Flush(flushToDisk: true);
    }
}
