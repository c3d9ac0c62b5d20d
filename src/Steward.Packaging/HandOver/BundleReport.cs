using System.Security.Cryptography;
using System.Text;
using Steward.Models;

namespace Steward.Packaging.HandOver;

/// <summary>What a bundle proves by itself, on any machine: every byte is what was signed, and what it tells agrees with itself.</summary>
/// <param name="Signer">SHA-256 of the key that signed it.</param>
/// <param name="Trusted">Whether the key is one that the caller named.</param>
/// <param name="Votes">What the votes come to; null when nobody was asked.</param>
/// <param name="Complaints">What is wrong, in plain words; empty when all holds.</param>
internal sealed record BundleReport(BundleIndex? Index, string? Signer, bool Trusted, string? Votes, int AuditEntries, IReadOnlyList<string> Complaints)
{
    private const long MostText = 64 << 20;
    private const string Model = "model/model.onnx", Blobs = "image/blobs/sha256/";

    public bool Holds => Complaints.Count == 0;

    public static async Task<BundleReport> Of(string path, IReadOnlyList<ECDsa> trusted, CancellationToken stop)
    {
        using var archive = BundleArchive.Open(path);
        var complaints = archive.Complaints;
        if (archive.Paths is not [BundleIndex.FileName, BundleSignature.FileName, ..])
        {
            if (complaints.Count == 0)
                complaints.Add($"The file does not begin with '{BundleIndex.FileName}' and '{BundleSignature.FileName}': it is no bundle, or it is not signed.");
            return new(null, null, false, null, 0, complaints);
        }

        var bytes = archive.Read(BundleIndex.FileName, MostText);
        var index = BundleIndex.Read(bytes);
        if (index is null)
            complaints.Add($"'{BundleIndex.FileName}' is not as Steward writes it: it was changed.");
        if (BundleSignature.Flaw(archive.Read(BundleSignature.FileName, MostText), bytes, trusted, out var signer) is { } flaw)
            complaints.Add(flaw);
        foreach (var first in archive.Paths.Take(2))
            await archive.Measure(first, stop);
        await Compare(archive, index, stop);
        var (votes, entries) = index is null ? (null, 0) : Evidence(archive, index, complaints);
        return new(index, signer, trusted.Count > 0, votes, entries, [.. complaints.Distinct()]);
    }

    private static async Task Compare(BundleArchive archive, BundleIndex? index, CancellationToken stop)
    {
        var lines = index?.Files.DistinctBy(line => line.Path).ToDictionary(line => line.Path, StringComparer.Ordinal);
        foreach (var path in archive.Paths.Skip(2))
        {
            var measured = await archive.Measure(path, stop);
            if (lines is null)
                continue;
            if (!lines.Remove(path, out var said))
                archive.Complaints.Add($"'{path}' is in the file and not in its index: somebody added it.");
            else if (measured.Size != said.Size)
                archive.Complaints.Add($"'{path}' has {measured.Size:N0} bytes, and {said.Size:N0} were signed.");
            else if (measured.Sha256 != said.Sha256)
                archive.Complaints.Add($"'{path}' is not what was signed: its SHA-256 is {measured.Sha256.Hex[..16]}…, and {said.Sha256.Hex[..16]}… was signed.");
            if (path.StartsWith(Blobs, StringComparison.Ordinal) && path[Blobs.Length..] != measured.Sha256.Hex)
                archive.Complaints.Add($"'{path}' does not hold the bytes that its name says.");
        }

        foreach (var missing in lines?.Keys.AsEnumerable() ?? [])
            archive.Complaints.Add($"'{missing}' is missing.");
    }

    /// <summary>That everything was signed does not make it true: model, version, votes and record must speak of the same.</summary>
    private static (string? Votes, int Entries) Evidence(BundleArchive archive, BundleIndex index, List<string> complaints)
    {
        if (index.Files.FirstOrDefault(line => line.Path == Model) is not { } model)
            complaints.Add($"There is no '{Model}'.");
        else if (model.Sha256 != index.Onnx)
            complaints.Add($"'{Model}' is another model than the one that the bundle is about.");
        var version = Text(EvidenceFiles.Version) is { } told ? EvidenceFiles.ReadVersion(told, complaints) : null;
        if (version is null && Text(EvidenceFiles.Version) is null)
            complaints.Add($"There is no '{EvidenceFiles.Version}'.");
        if (version is not null && (version.Project, version.Model, version.Version, version.Onnx, version.Seal.Digest) != (index.Project, index.Model, index.Version, index.Onnx, index.Seal))
            complaints.Add($"'{EvidenceFiles.Version}' tells of another version than the index.");
        return (Text(EvidenceFiles.SignOff) is { } votes ? EvidenceFiles.ReadSignOff(votes, version, complaints) : null, Text(EvidenceFiles.Audit) is { } audit ? EvidenceFiles.ReadAudit(audit, complaints) : 0);

        string? Text(string path) => archive.Paths.Contains(path) ? Encoding.UTF8.GetString(archive.Read(path, MostText)) : null;
    }
}
