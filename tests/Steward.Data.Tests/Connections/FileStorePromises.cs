using Steward.Data.Connections;
using Steward.Testing;

namespace Steward.Data.Tests.Connections;

/// <summary>What every kind of connection that holds files promises. One line below for each kind that must keep it.</summary>
public abstract class FileStorePromises : Connected
{
    /// <summary>The connection under test, <c>one</c>, and what it needs.</summary>
    protected abstract Task<string> Plan();

    protected IFileStore Store { get; private set; } = null!;

    /// <summary>Puts a file where the store finds it; a kind that only reads has another way.</summary>
    protected virtual Task Give(string name, byte[] bytes) => Store.Put(name, new MemoryStream(bytes), Stop);

    protected virtual bool Writes => true;

    /// <summary>False for a stand-in that lists in another order than what it stands in for.</summary>
    protected virtual bool Sorts => true;

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        await Connect(("one", await Plan()));
        Store = await Connections.Files("shop", "one", Stop);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(100_000)]
    [InlineData(20_000_000)]
    public async Task What_was_written_is_read_byte_by_byte(int length)
    {
        await Give("deep/er/file.bin", Bytes(length));
        Assert.Equal(Bytes(length), await Read(Store, "deep/er/file.bin"));
        Assert.Equal(length, (await Store.Stat("deep/er/file.bin", Stop))!.Length);
    }

    [Fact]
    public async Task A_part_of_a_file_is_read_from_any_byte_on()
    {
        var bytes = Bytes(50_000);
        await Give("file.bin", bytes);
        Assert.Equal(bytes[10_000..], await Read(Store, "file.bin", 10_000));
        Assert.Equal(bytes[49_999..], await Read(Store, "file.bin", 49_999));
        Assert.Equal(bytes[100..200], await Read(Store, "file.bin", 100, 100));
    }

    [Fact]
    public async Task Names_are_listed_by_their_bytes_with_a_beginning_and_after_a_name()
    {
        string[] names = ["a-b/1.csv", "a.csv", "a/1.csv", "a/b/2.csv", "a/z.csv", "a0.csv", "b/ 3 + 4%.csv", "b/käse 🧀.csv", "b/ﬀ.csv"];
        foreach (var name in names.Reverse())
            await Give(name, [1]);
        var sorted = names.OrderBy(name => Convert.ToHexString(System.Text.Encoding.UTF8.GetBytes(name)), StringComparer.Ordinal).ToList();
        Assert.Equal(sorted, Sorts ? await Names(Store) : (await Names(Store)).OrderBy(sorted.IndexOf));
        Assert.Equal(["a/1.csv", "a/b/2.csv", "a/z.csv"], await Names(Store, "a/"));
        Assert.Equal(["a/b/2.csv", "a/z.csv"], await Names(Store, "a/", "a/1.csv"));
        Assert.Equal([], await Names(Store, "nothing"));
        foreach (var name in names)
            Assert.Equal([1], await Read(Store, name));
    }

    [Fact]
    public async Task Long_lists_come_page_by_page_and_whole()
    {
        var names = Enumerable.Range(0, 1_100).Select(i => $"many/{i:d5}.csv").ToList();
        await Parallel.ForEachAsync(names, new ParallelOptions { MaxDegreeOfParallelism = 8, CancellationToken = Stop }, async (name, _) => await Give(name, [1]));
        Assert.Equal(names, await Names(Store, "many/"));
        Assert.Equal(names[1_050..], await Names(Store, "many/", names[1_049]));
    }

    [Fact]
    public async Task A_file_that_is_not_there_is_said_to_be_missing()
    {
        Assert.Null(await Store.Stat("missing.csv", Stop));
        Assert.Equal("file_not_found", await Refused(() => Store.Open(new StoredFile("missing.csv", null, null, null), stop: Stop)));
    }

    [Fact]
    public async Task Reading_is_pinned_to_the_version_that_was_looked_at()
    {
        await Give("file.csv", Bytes(1000, 1));
        var looked = await Store.Get("file.csv", Stop);
        await Give("file.csv", Bytes(1001, 2));
        Assert.Equal("file_changed", await Refused(() => Store.Open(looked, stop: Stop)));
    }

    [Theory]
    [InlineData("../secret")]
    [InlineData("a/../../secret")]
    [InlineData("/etc/passwd")]
    [InlineData("a//b")]
    [InlineData("a\0b")]
    [InlineData("a\\b")]
    [InlineData("a\nb")]
    [InlineData(".")]
    [InlineData("")]
    [InlineData(".steward/x")]
    public async Task What_could_lead_elsewhere_is_no_name(string name)
    {
        Assert.Equal("file_name_invalid", await Refused(() => Store.Stat(name, Stop)));
        Assert.Equal(Writes ? "file_name_invalid" : "connection_read_only", await Refused(() => Store.Put(name, new byte[1], Stop)));
    }

    [Fact]
    public Task Half_a_character_is_no_name() => What_could_lead_elsewhere_is_no_name(new string((char)0xd800, 1) + ".csv");

    [Fact]
    public async Task A_file_that_comes_in_pieces_is_not_seen_before_it_is_whole()
    {
        if (!Writes)
        {
            Assert.Equal("connection_read_only", await Refused(() => Store.Begin("file.bin", Stop)));
            return;
        }

        var (size, bytes) = (Store.PieceSize, Bytes(Store.PieceSize + 1000));
        var upload = await Store.Begin("file.bin", Stop);
        await Store.Piece("file.bin", upload, 1, 0, Bytes(size, 7), Stop);
        List<string> tags = [await Store.Piece("file.bin", upload, 1, 0, bytes.AsMemory(0, size), Stop), await Store.Piece("file.bin", upload, 2, size, bytes.AsMemory(size), Stop)];
        Assert.Null(await Store.Stat("file.bin", Stop));
        Assert.Equal([], await Names(Store));
        await Store.Finish("file.bin", upload, tags, bytes.Length, stop: Stop);
        Assert.Equal(bytes, await Read(Store, "file.bin"));
    }

    [Fact]
    public async Task What_was_begun_and_dropped_leaves_nothing()
    {
        if (!Writes)
            return;
        var upload = await Store.Begin("file.bin", Stop);
        var tag = await Store.Piece("file.bin", upload, 1, 0, Bytes(1000), Stop);
        await Store.Abandon("file.bin", upload, Stop);
        Assert.Null(await Store.Stat("file.bin", Stop));
        Assert.Equal([], await Names(Store));
        Assert.NotNull(tag);
    }

    [Fact]
    public async Task A_file_is_written_over_and_deleted()
    {
        if (!Writes)
        {
            Assert.Equal("connection_read_only", await Refused(() => Store.Delete("file.csv", Stop)));
            return;
        }

        await Give("file.csv", [1, 2, 3]);
        await Give("file.csv", [4]);
        Assert.Equal([4], await Read(Store, "file.csv"));
        Assert.True(await Store.Delete("file.csv", Stop));
        Assert.False(await Store.Delete("file.csv", Stop));
        Assert.Null(await Store.Stat("file.csv", Stop));
    }

    [Fact]
    public async Task A_connection_for_reading_only_writes_nothing()
    {
        await Give("file.csv", [1, 2, 3]);
        await Connect(("one", await Plan() + (Writes ? ", read_only: true" : "")));
        await using var reading = await Connections.Files("shop", "one", Stop);
        Assert.False(reading.Writes);
        Assert.Equal("connection_read_only", await Refused(() => reading.Put("file.csv", new byte[1], Stop)));
        Assert.Equal("connection_read_only", await Refused(() => reading.Delete("file.csv", Stop)));
        Assert.Equal("connection_read_only", await Refused(() => reading.Begin("file.csv", Stop)));
        Assert.Equal([1, 2, 3], await Read(reading, "file.csv"));
    }

    [Fact]
    public async Task A_test_says_that_it_works_and_what_it_saw()
    {
        await Give("orders.csv", [1]);
        var result = await Connections.Test(Identity.Who.Steward, "shop", "one", Stop);
        Assert.True(result.Ok, result.Words);
        Assert.Contains("orders.csv", result.Words, StringComparison.Ordinal);
        Assert.Equal(result.Words, (await Connections.All("shop", Stop)).Single().Last!.Words);
    }
}

public sealed class FolderPromises : FileStorePromises
{
    private readonly string _folder = TestFolder.New();

    protected override Task<string> Plan() => Task.FromResult(Folder(_folder));
}

public sealed class OwnFolderPromises : FileStorePromises
{
    protected override Task<string> Plan() => Task.FromResult(Folder("drop/here"));
}

public sealed class S3Promises : FileStorePromises
{
    private static readonly Lazy<NodeServer> Buckets = new(() => NodeServer.S3([.. Enumerable.Range(0, 40).Select(i => $"sales{i}")]));
    private static int _buckets = -1;
    private readonly int _bucket = Interlocked.Increment(ref _buckets);

    protected override bool Sorts => false;

    protected override Task<string> Plan() => Task.FromResult(S3(Buckets.Value, $"sales{_bucket}") + ", prefix: below");
}

public sealed class AzurePromises : FileStorePromises
{
    private static readonly Lazy<NodeServer> Blobs = new(NodeServer.Azure);
    private readonly string _container = "sales" + Steward.Names.NewId();

    protected override async Task<string> Plan()
    {
        await new Azure.Storage.Blobs.BlobContainerClient(new Uri($"{Blobs.Value.Url}/devstoreaccount1/{_container}"), new Azure.Storage.StorageSharedKeyCredential("devstoreaccount1", AzureKey)).CreateIfNotExistsAsync(cancellationToken: Stop);
        return Azure(Blobs.Value, _container) + ", prefix: below/";
    }
}

public sealed class HttpPromises : FileStorePromises
{
    private readonly WebFiles _web = new();

    protected override bool Writes => false;

    protected override Task Give(string name, byte[] bytes)
    {
        _web.Files[name] = bytes;
        return Task.CompletedTask;
    }

    protected override async Task<string> Plan()
    {
        await _web.Start(Stop);
        return $"kind: http, url: \"{_web.Url}/files\", index: index.txt";
    }
}
