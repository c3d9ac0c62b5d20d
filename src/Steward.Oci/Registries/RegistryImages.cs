using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Headers;

namespace Steward.Oci;

/// <summary>One repository of a registry. What comes is compared with its digest, byte for byte, whatever the registry says.</summary>
public sealed class RegistryImages(Registry registry, string name) : IImageSource, IImageTarget
{
    private const int MostTags = 100_000, FallbackTries = 5;
    private static readonly string[] Accepted = [MediaTypes.Manifest, MediaTypes.Index, MediaTypes.DockerManifest, MediaTypes.DockerList];
    private readonly ConcurrentDictionary<OciDigest, byte[]> _manifests = new();
    private readonly string _pull = $"repository:{name}:pull", _push = $"repository:{name}:pull,push";

    /// <summary>Other repositories of the same registry that may have our blobs: they are taken from there instead of sent.</summary>
    public IReadOnlyCollection<string> MountFrom { get; init; } = [];

    public async Task<Descriptor> Resolve(string? reference, CancellationToken stop)
        => await Manifest(reference ?? "latest", stop) ?? throw OciException.NotFound($"There is no image {registry.Host}/{name}:{Shown.Short(reference ?? "latest")}.", "Check name and tag.");

    public async Task<Stream> Open(Descriptor blob, CancellationToken stop)
    {
        if (MediaTypes.IsManifest(blob.MediaType) || MediaTypes.IsIndex(blob.MediaType))
        {
            if (!_manifests.ContainsKey(blob.Digest) && await Manifest(blob.Digest.ToString(), stop) is null)
                throw OciException.NotFound($"The registry {registry.Host} lacks the manifest {blob.Digest} of {name}.");
            return new VerifiedStream(new MemoryStream(_manifests[blob.Digest], writable: false), blob.Digest, blob.Size, $"manifest {blob.Digest}");
        }

        if (blob.Size > registry.Options.MostBytes)
            throw OciException.TooLarge($"The blob {blob.Digest} of {name} has {blob.Size:N0} bytes; at most {registry.Options.MostBytes:N0} are fetched.");
        var download = new BlobDownload(registry, registry.Address($"{name}/blobs/{blob.Digest}"), _pull, blob.Size);
        try
        {
            await download.Begin(stop);
        }
        catch
        {
            await download.DisposeAsync();
            throw;
        }

        return new VerifiedStream(download, blob.Digest, blob.Size, $"blob {blob.Digest} of {registry.Host}/{name}");
    }

    /// <summary>Asks for referrers; a registry that knows none of that has them under the tag <c>sha256-…</c>.</summary>
    public async Task<IReadOnlyList<Descriptor>> Referrers(OciDigest subject, CancellationToken stop)
    {
        using var reply = await registry.Send(() => Get($"{name}/referrers/{subject}", MediaTypes.Index), _pull, stop);
        if (reply.StatusCode == HttpStatusCode.OK && reply.Content.Headers.ContentType?.MediaType == MediaTypes.Index)
            return Index.Read(await registry.Small(reply, OciJson.MostBytes, stop)).Manifests;
        if (reply.StatusCode is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden)
            throw await registry.Refusal(reply, $"list what refers to an image of {name}", stop);
        return (await Fallback(subject, stop))?.Manifests ?? [];
    }

    /// <summary>All tags, following the registry's pages.</summary>
    public async Task<IReadOnlyList<string>> Tags(CancellationToken stop = default)
    {
        var tags = new List<string>();
        for (Uri? page = registry.Address($"{name}/tags/list?n=1000"); page is not null;)
        {
            var at = page;
            using var reply = await registry.Send(() => new(HttpMethod.Get, at), _pull, stop);
            if (reply.StatusCode != HttpStatusCode.OK)
                throw await registry.Refusal(reply, $"list the tags of {name}", stop);
            tags.AddRange(OciJson.Read<TagList>(await registry.Small(reply, OciJson.MostBytes, stop), "list of tags").Tags ?? []);
            if (tags.Count > MostTags)
                throw OciException.TooLarge($"{registry.Host}/{name} has more than {MostTags:N0} tags.");
            page = reply.Headers.NonValidated.TryGetValues("Link", out var links) && links.First() is var link && link.StartsWith('<') && link.Contains("rel=\"next\"", StringComparison.Ordinal)
                ? registry.Demanded(new Uri(at, link[1..link.IndexOf('>', StringComparison.Ordinal)]))
                : null;
        }

        return tags;
    }

    public async Task<bool> Has(Descriptor blob, CancellationToken stop)
    {
        using var reply = await registry.Send(() => new(HttpMethod.Head, registry.Address($"{name}/blobs/{blob.Digest}")), _push, stop);
        return reply.StatusCode switch
        {
            HttpStatusCode.OK => true,
            HttpStatusCode.NotFound => false,
            _ => throw await registry.Refusal(reply, $"look for a blob of {name}", stop),
        };
    }

    public Task Put(Descriptor blob, Func<CancellationToken, Task<Stream>> open, CancellationToken stop)
        => new BlobUpload(registry, name, blob, open).Run(MountFrom, stop);

    public async Task PutManifest(Descriptor manifest, ReadOnlyMemory<byte> bytes, string? tag, CancellationToken stop)
    {
        if (OciDigest.Of(bytes.Span) != manifest.Digest)
            throw OciException.Differs($"The manifest is not the one that {manifest.Digest} names.");
        var subjectTaken = await PutAs(tag ?? manifest.Digest.ToString(), manifest.MediaType, bytes, manifest.Digest, stop);
        if (!subjectTaken && MediaTypes.IsManifest(manifest.MediaType) && Oci.Manifest.Read(bytes.Span) is { Subject: { } subject } read)
            await ListInFallback(subject.Digest, manifest with { ArtifactType = read.ArtifactType ?? read.Config.MediaType, Annotations = read.Annotations }, stop);
    }

    public Task Commit(CancellationToken stop) => Task.CompletedTask;

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    /// <returns>Whether the registry itself lists it as a referrer from now on.</returns>
    private async Task<bool> PutAs(string reference, string type, ReadOnlyMemory<byte> bytes, OciDigest digest, CancellationToken stop)
    {
        using var reply = await registry.Send(() =>
        {
            var put = new HttpRequestMessage(HttpMethod.Put, registry.Address($"{name}/manifests/{reference}")) { Content = new ReadOnlyMemoryContent(bytes) };
            put.Content.Headers.ContentType = new(type);
            return put;
        }, _push, stop);
        if (reply.StatusCode is not (HttpStatusCode.Created or HttpStatusCode.OK or HttpStatusCode.Accepted))
            throw await registry.Refusal(reply, $"take the manifest {reference} of {name}", stop);
        if (Header(reply, "Docker-Content-Digest") is { } said && said != digest.ToString())
            throw OciException.Differs($"The registry {registry.Host} keeps the manifest as {Shown.Short(said)}, but it is {digest}.");
        return Header(reply, "OCI-Subject") is not null;
    }

    private async Task ListInFallback(OciDigest subject, Descriptor referrer, CancellationToken stop)
    {
        for (var tried = 0; tried < FallbackTries; tried++)
        {
            var before = await Fallback(subject, stop) ?? new Index([]);
            if (before.Manifests.Any(one => one.Digest == referrer.Digest))
                return;
            // Somebody may do the same at this moment: what was written is looked at again.
            var after = (before with { Manifests = [.. before.Manifests, referrer] }).Bytes();
            await PutAs(FallbackTag(subject), MediaTypes.Index, after, OciDigest.Of(after), stop);
        }

        if ((await Fallback(subject, stop))?.Manifests.Any(one => one.Digest == referrer.Digest) != true)
            throw new OciException(OciTrouble.Unavailable, $"The list of what refers to {subject} could not be kept in {registry.Host}/{name}: others write it at the same time.", "Try again.");
    }

    private async Task<Index?> Fallback(OciDigest subject, CancellationToken stop)
        => await Manifest(FallbackTag(subject), stop) is { } found && MediaTypes.IsIndex(found.MediaType) ? Index.Read(_manifests[found.Digest]) : null;

    /// <summary>The referrers tag of the distribution specification.</summary>
    internal static string FallbackTag(OciDigest subject) => "sha256-" + subject.Hex;

    private async Task<Descriptor?> Manifest(string reference, CancellationToken stop)
    {
        var asked = OciDigest.TryParse(reference, out var digest) ? digest : (OciDigest?)null;
        if (asked is null && !ImageReference.IsTag(reference))
            throw OciException.Invalid($"'{Shown.Short(reference)}' is no tag and no digest.");
        using var reply = await registry.Send(() => Get($"{name}/manifests/{reference}", Accepted), _pull, stop);
        if (reply.StatusCode == HttpStatusCode.NotFound)
            return null;
        if (reply.StatusCode != HttpStatusCode.OK)
            throw await registry.Refusal(reply, $"give the manifest {reference} of {name}", stop);
        var bytes = await registry.Small(reply, OciJson.MostBytes, stop);
        var came = OciDigest.Of(bytes);
        if (asked is { } wanted && came != wanted)
            throw OciException.Differs($"The registry {registry.Host} gave another manifest than {wanted}.");
        if (Header(reply, "Docker-Content-Digest") is { } said && OciDigest.TryParse(said, out var promised) && promised != came)
            throw OciException.Differs($"The registry {registry.Host} says that the manifest is {promised}, but it is {came}.");
        var type = reply.Content.Headers.ContentType?.MediaType;
        if (!MediaTypes.IsManifest(type) && !MediaTypes.IsIndex(type))
            throw OciException.Invalid($"The registry {registry.Host} gave '{Shown.Short(type)}' for {name}:{reference}, which is no image.", "Old images (schema 1) have to be pushed again with a tool of today.");
        _manifests[came] = bytes;
        return new(type!, came, bytes.Length);
    }

    private HttpRequestMessage Get(string path, params string[] accept)
    {
        var get = new HttpRequestMessage(HttpMethod.Get, registry.Address(path));
        foreach (var type in accept)
            get.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue(type));
        return get;
    }

    private static string? Header(HttpResponseMessage reply, string header) => reply.Headers.NonValidated.TryGetValues(header, out var values) ? values.First() : null;

    private sealed record TagList(IReadOnlyList<string>? Tags);
}
