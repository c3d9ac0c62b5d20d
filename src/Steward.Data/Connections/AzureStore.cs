using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using Azure;
using Azure.Core.Pipeline;
using Azure.Storage;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;
using Steward.Outside;

namespace Steward.Data.Connections;

/// <summary>
/// Files of a container of Azure Blob Storage. ADLS is the same store with folders: its files are read and written by the
/// same protocol, and its <c>abfss://</c> addresses are understood. Pieces are blocks, checked by the server by their MD5.
/// </summary>
internal sealed class AzureStore : IFileStore
{
    private readonly BlobContainerClient _container;
    private readonly ConnectionPlan _plan;
    private readonly string _prefix;
    private readonly HttpClient _http;

    public AzureStore(ConnectionPlan plan, string? accountKey, string? sas, Reach reach)
    {
        var place = AzurePlace.Of(plan);
        _http = new(reach.Handler()) { Timeout = plan.Timeout };
        var options = new BlobClientOptions { Transport = new HttpClientTransport(_http), Retry = { MaxRetries = 2, NetworkTimeout = plan.Timeout }, Diagnostics = { IsLoggingEnabled = false, IsTelemetryEnabled = false } };
        _container = accountKey is not null ? new(place.Container, new StorageSharedKeyCredential(place.Account, accountKey), options)
            : sas is not null ? new(place.Container, new AzureSasCredential(sas), options)
            : new(place.Container, options);
        (_plan, _prefix) = (plan, place.Prefix);
    }

    public bool Writes => !_plan.ReadOnly;

    public int PieceSize => 8 << 20;

    public async IAsyncEnumerable<StoredFile> List(string prefix, string? after, [EnumeratorCancellation] CancellationToken stop)
    {
        var options = new GetBlobsOptions { Prefix = _prefix + prefix, StartFrom = after is null ? null : _prefix + after };
        await foreach (var one in _container.GetBlobsAsync(options, stop))
        {
            var name = one.Name[_prefix.Length..];
            var folder = one.Metadata?.TryGetValue("hdi_isfolder", out var is1) is true && is1 == "true";
            if (name.Length > 0 && !folder && (after is null || FileNames.Compare(name, after) > 0))
                yield return new(name, one.Properties.ContentLength, Tag(one.Properties.ETag), one.Properties.LastModified, Hex(one.Properties.ContentHash));
        }
    }

    public async Task<StoredFile?> Stat(string name, CancellationToken stop)
    {
        try
        {
            var found = (await Blob(name).GetPropertiesAsync(cancellationToken: stop)).Value;
            return new(name, found.ContentLength, Tag(found.ETag), found.LastModified, Hex(found.ContentHash));
        }
        catch (RequestFailedException missing) when (Missing(missing))
        {
            return null;
        }
    }

    public async Task<FileReading> Open(StoredFile file, long from, long? length, CancellationToken stop)
    {
        try
        {
            var options = new BlobDownloadOptions { Range = from > 0 || length is not null ? new HttpRange(from, length) : default, Conditions = file.ETag is { } tag ? new BlobRequestConditions { IfMatch = new ETag(tag) } : null };
            var found = (await Blob(file.Name).DownloadStreamingAsync(options, stop)).Value;
            return new(file with { Md5 = Hex(found.Details.BlobContentHash ?? (from == 0 && length is null ? found.Details.ContentHash : null)) }, new Part(found.Content, long.MaxValue, found));
        }
        catch (RequestFailedException error) when (Missing(error))
        {
            throw FileStores.NotFound(file.Name);
        }
        catch (RequestFailedException error) when (error.Status is 412 or 416)
        {
            throw FileStores.Changed(file.Name);
        }
    }

    public async Task<StoredFile> Put(string name, ReadOnlyMemory<byte> bytes, CancellationToken stop)
    {
        Demand();
        using var stream = new MemoryStream(bytes.ToArray(), writable: false);
        var md5 = Md5Sum.Of(bytes.Span);
        var put = (await Blob(name).UploadAsync(stream, new BlobUploadOptions { HttpHeaders = new BlobHttpHeaders { ContentHash = md5 } }, stop)).Value;
        return new(name, bytes.Length, Tag(put.ETag), put.LastModified, Hex(md5));
    }

    public async Task<bool> Delete(string name, CancellationToken stop)
    {
        Demand();
        return (await Blob(name).DeleteIfExistsAsync(cancellationToken: stop)).Value;
    }

    /// <summary>Blocks that were sent and never committed are dropped by the service after a week; the name keeps uploads apart.</summary>
    public Task<string> Begin(string name, CancellationToken stop)
    {
        Demand();
        FileNames.Check(name);
        return Task.FromResult(Names.NewId());
    }

    public async Task<string> Piece(string name, string upload, int number, long offset, ReadOnlyMemory<byte> bytes, CancellationToken stop)
    {
        Demand();
        var block = Convert.ToBase64String(Encoding.ASCII.GetBytes($"{upload}-{number.ToString("d6", CultureInfo.InvariantCulture)}"));
        using var stream = new MemoryStream(bytes.ToArray(), writable: false);
        await Blob(name).StageBlockAsync(block, stream, new BlockBlobStageBlockOptions { TransferValidation = new UploadTransferValidationOptions { ChecksumAlgorithm = StorageChecksumAlgorithm.MD5, PrecalculatedChecksum = Md5Sum.Of(bytes.Span) } }, stop);
        return block;
    }

    public async Task<StoredFile> Finish(string name, string upload, IReadOnlyList<string> tags, long length, byte[]? md5, CancellationToken stop)
    {
        Demand();
        try
        {
            var done = (await Blob(name).CommitBlockListAsync(tags, new CommitBlockListOptions { HttpHeaders = new BlobHttpHeaders { ContentHash = md5 } }, stop)).Value;
            return new(name, length, Tag(done.ETag), done.LastModified, Hex(md5));
        }
        catch (RequestFailedException lost) when (lost.ErrorCode == BlobErrorCode.InvalidBlockList)
        {
            throw Uploads.Lost();
        }
    }

    public Task Abandon(string name, string upload, CancellationToken stop) => Task.CompletedTask;

    public ValueTask DisposeAsync()
    {
        _http.Dispose();
        return ValueTask.CompletedTask;
    }

    private static bool Missing(RequestFailedException error) => error.Status == 404 && error.ErrorCode != "ContainerNotFound";

    private static string? Tag(ETag? tag) => tag is { } known && known != default ? known.ToString("H") : null;

    private static string? Hex(byte[]? md5) => md5 is { Length: 16 } ? Convert.ToHexStringLower(md5) : null;

    private BlockBlobClient Blob(string name) => _container.GetBlockBlobClient(_prefix + FileNames.Check(name));

    private void Demand()
    {
        if (_plan.ReadOnly)
            throw FileStores.ReadOnly("This container");
    }
}

/// <summary>Where a container of Azure answers.</summary>
/// <param name="Container">Its address in the protocol of blobs.</param>
/// <param name="Prefix">Of every name; empty, or with a slash at its end.</param>
internal sealed record AzurePlace(Uri Container, string Account, string Prefix)
{
    public static AzurePlace Of(ConnectionPlan plan)
    {
        var (url, container, account, below) = (plan.Url is null ? null : new Uri(plan.Url), plan.Container, plan.Account, plan.Prefix ?? "");
        if (url is { Scheme: "abfss" })
        {
            container ??= url.UserInfo;
            account ??= url.Host.Split('.')[0];
            below = string.Join('/', new[] { Uri.UnescapeDataString(url.AbsolutePath.Trim('/')), below }.Where(part => part.Length > 0));
            url = new($"https://{url.Host.Replace(".dfs.", ".blob.", StringComparison.Ordinal)}");
        }

        url ??= new($"https://{account}.blob.core.windows.net");
        if (container is null)
            throw ProblemException.Invalid("project_file_invalid", "The connection does not say its container.", "Write container: NAME, or the container in an address abfss://container@account…");
        return new(new($"{url.AbsoluteUri.TrimEnd('/')}/{container}"), account ?? url.Host.Split('.')[0], below.Length > 0 ? below.TrimEnd('/') + "/" : "");
    }
}
