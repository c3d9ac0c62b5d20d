using System.Globalization;
using System.Net;
using System.Runtime.CompilerServices;
using Amazon;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;
using Steward.Outside;

namespace Steward.Data.Connections;

/// <summary>Files of a bucket of S3, or of a server that speaks it. Pieces are parts of an upload, checked by the server by their MD5.</summary>
internal sealed class S3Store : IFileStore
{
    /// <summary>S3 takes parts of 5 MiB and more, at most 10,000 of them.</summary>
    private const int PartSize = 16 << 20, MostParts = 10_000;

    private readonly AmazonS3Client _client;
    private readonly ConnectionPlan _plan;
    private readonly string _prefix;

    public S3Store(ConnectionPlan plan, string? secret, Reach reach)
    {
        var config = new AmazonS3Config { Timeout = plan.Timeout, MaxErrorRetry = 2, HttpClientFactory = new Pinned(reach), ForcePathStyle = plan.Url is not null };
        if (plan.Url is { } url)
            (config.ServiceURL, config.AuthenticationRegion) = (url, plan.Region ?? "us-east-1");
        else
            config.RegionEndpoint = RegionEndpoint.GetBySystemName(plan.Region ?? "us-east-1");
        if (!plan.Checksums)
            (config.RequestChecksumCalculation, config.ResponseChecksumValidation) = (RequestChecksumCalculation.WHEN_REQUIRED, ResponseChecksumValidation.WHEN_REQUIRED);
        // Never the credentials of the machine: what a connection may is what the project file says.
        AWSCredentials credentials = secret is null ? new AnonymousAWSCredentials() : new BasicAWSCredentials(plan.AccessKey, secret);
        (_client, _plan, _prefix) = (new(credentials, config), plan, plan.Prefix is { Length: > 0 } below ? below.TrimEnd('/') + "/" : "");
    }

    public bool Writes => !_plan.ReadOnly;

    public int PieceSize => PartSize;

    public async IAsyncEnumerable<StoredFile> List(string prefix, string? after, [EnumeratorCancellation] CancellationToken stop)
    {
        var ask = new ListObjectsV2Request { BucketName = _plan.Bucket, Prefix = _prefix + prefix, StartAfter = after is null ? null : _prefix + after };
        while (true)
        {
            var page = await _client.ListObjectsV2Async(ask, stop);
            foreach (var one in page.S3Objects ?? [])
                if (!one.Key.EndsWith('/')) // the empty object that stands for a folder in some tools
                    yield return new(one.Key[_prefix.Length..], one.Size, one.ETag, one.LastModified is { } at ? new DateTimeOffset(at.ToUniversalTime(), TimeSpan.Zero) : null);
            if (page.IsTruncated is not true)
                yield break;
            ask.ContinuationToken = page.NextContinuationToken;
        }
    }

    public async Task<StoredFile?> Stat(string name, CancellationToken stop)
    {
        try
        {
            var found = await _client.GetObjectMetadataAsync(new GetObjectMetadataRequest { BucketName = _plan.Bucket, Key = Key(name) }, stop);
            return new(name, found.ContentLength, found.ETag, Time(found.LastModified), Md5(found.ETag, found.ServerSideEncryptionMethod));
        }
        catch (AmazonS3Exception missing) when (missing.StatusCode is HttpStatusCode.NotFound && missing.ErrorCode != "NoSuchBucket")
        {
            return null;
        }
    }

    public async Task<FileReading> Open(StoredFile file, long from, long? length, CancellationToken stop)
    {
        if (file.Length == 0)
            return new(file, Stream.Null); // there is no range of nothing
        var ask = new GetObjectRequest { BucketName = _plan.Bucket, Key = Key(file.Name), EtagToMatch = file.ETag };
        if (from > 0 || length is not null)
            ask.ByteRange = length is { } many ? new(from, from + many - 1) : new($"bytes={from.ToString(CultureInfo.InvariantCulture)}-");
        try
        {
            var found = await _client.GetObjectAsync(ask, stop);
            if (file.ETag is not null && found.ETag != file.ETag)
            {
                found.Dispose();
                throw FileStores.Changed(file.Name);
            }

            return new(file with { Modified = Time(found.LastModified) ?? file.Modified, Md5 = from == 0 && length is null ? Md5(found.ETag, found.ServerSideEncryptionMethod) : null }, new Part(found.ResponseStream, long.MaxValue, found));
        }
        catch (AmazonS3Exception error) when (error.StatusCode is HttpStatusCode.NotFound && error.ErrorCode != "NoSuchBucket")
        {
            throw FileStores.NotFound(file.Name);
        }
        catch (AmazonS3Exception error) when (error.StatusCode is HttpStatusCode.PreconditionFailed or HttpStatusCode.RequestedRangeNotSatisfiable)
        {
            throw FileStores.Changed(file.Name);
        }
    }

    public async Task<StoredFile> Put(string name, ReadOnlyMemory<byte> bytes, CancellationToken stop)
    {
        Demand();
        using var stream = new MemoryStream(bytes.ToArray(), writable: false);
        var put = await _client.PutObjectAsync(new PutObjectRequest { BucketName = _plan.Bucket, Key = Key(name), InputStream = stream, AutoCloseStream = false, UseChunkEncoding = _plan.Checksums, MD5Digest = Convert.ToBase64String(Md5Sum.Of(bytes.Span)) }, stop);
        return new(name, bytes.Length, put.ETag, null, Md5(put.ETag, put.ServerSideEncryptionMethod));
    }

    public async Task<bool> Delete(string name, CancellationToken stop)
    {
        Demand();
        if (await Stat(name, stop) is null)
            return false;
        await _client.DeleteObjectAsync(new DeleteObjectRequest { BucketName = _plan.Bucket, Key = Key(name) }, stop);
        return true;
    }

    public async Task<string> Begin(string name, CancellationToken stop)
    {
        Demand();
        return (await _client.InitiateMultipartUploadAsync(new InitiateMultipartUploadRequest { BucketName = _plan.Bucket, Key = Key(name) }, stop)).UploadId;
    }

    public async Task<string> Piece(string name, string upload, int number, long offset, ReadOnlyMemory<byte> bytes, CancellationToken stop)
    {
        Demand();
        if (number > MostParts)
            throw new ProblemException(ProblemKind.TooLarge, "file_too_large", $"'{Names.Shorten(name)}' has more than {Say.Bytes((long)PartSize * MostParts)}, the most that is sent to a bucket.", "Split the file.");
        using var stream = new MemoryStream(bytes.ToArray(), writable: false);
        return (await Known(() => _client.UploadPartAsync(new UploadPartRequest
        {
            BucketName = _plan.Bucket,
            Key = Key(name),
            UploadId = upload,
            PartNumber = number,
            InputStream = stream,
            PartSize = bytes.Length,
            UseChunkEncoding = _plan.Checksums,
            MD5Digest = Convert.ToBase64String(Md5Sum.Of(bytes.Span)),
        }, stop))).ETag;
    }

    public async Task<StoredFile> Finish(string name, string upload, IReadOnlyList<string> tags, long length, byte[]? md5, CancellationToken stop)
    {
        Demand();
        var done = await Known(() => _client.CompleteMultipartUploadAsync(new CompleteMultipartUploadRequest { BucketName = _plan.Bucket, Key = Key(name), UploadId = upload, PartETags = [.. tags.Select((tag, i) => new PartETag(i + 1, tag))] }, stop));
        return new(name, length, done.ETag, null);
    }

    public async Task Abandon(string name, string upload, CancellationToken stop)
    {
        try
        {
            await _client.AbortMultipartUploadAsync(new AbortMultipartUploadRequest { BucketName = _plan.Bucket, Key = Key(name), UploadId = upload }, stop);
        }
        catch (AmazonS3Exception gone) when (gone.StatusCode is HttpStatusCode.NotFound or HttpStatusCode.NotImplemented or HttpStatusCode.MethodNotAllowed)
        {
            // dropped already; or the server knows no dropping, and the bucket's own rule does it
        }
    }

    public ValueTask DisposeAsync()
    {
        _client.Dispose();
        return ValueTask.CompletedTask;
    }

    private static async Task<T> Known<T>(Func<Task<T>> send)
    {
        try
        {
            return await send();
        }
        catch (AmazonS3Exception lost) when (lost.ErrorCode is "NoSuchUpload")
        {
            throw Uploads.Lost();
        }
    }

    private static DateTimeOffset? Time(DateTime? at) => at is { } known ? new DateTimeOffset(known.ToUniversalTime(), TimeSpan.Zero) : null;

    /// <summary>The tag of a file that came in one request is its MD5, unless a key of the account encrypts it.</summary>
    private static string? Md5(string? tag, ServerSideEncryptionMethod? encrypted)
        => tag?.Trim('"') is { Length: 32 } hex && hex.All(char.IsAsciiHexDigit) && (encrypted is null || encrypted == ServerSideEncryptionMethod.None || encrypted == ServerSideEncryptionMethod.AES256) ? hex.ToLowerInvariant() : null;

    private string Key(string name) => _prefix + FileNames.Check(name);

    private void Demand()
    {
        if (_plan.ReadOnly)
            throw FileStores.ReadOnly("This bucket");
    }

    private sealed class Pinned(Reach reach) : HttpClientFactory
    {
        public override HttpClient CreateHttpClient(IClientConfig clientConfig) => new(reach.Handler()) { Timeout = clientConfig.Timeout ?? Timeout.InfiniteTimeSpan };

        public override bool UseSDKHttpClientCaching(IClientConfig clientConfig) => false;
    }
}
