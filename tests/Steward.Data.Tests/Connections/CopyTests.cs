using System.Security.Cryptography;
using Microsoft.Extensions.DependencyInjection;
using Steward.Data.Connections;
using Steward.Data.Copying;
using Steward.Identity;
using Steward.Testing;
using Steward.Work;

namespace Steward.Data.Tests.Connections;

/// <summary>Copies while the world breaks: cut connections, dying sources, files that somebody writes to.</summary>
public sealed class CopyTests() : Connected(furnish: services => services.AddSingleton(new CopyPatience { First = TimeSpan.FromMilliseconds(10) }))
{
    private readonly string _from = TestFolder.New(), _to = TestFolder.New();

    private Task Folders() => Connect(("from", Folder(_from)), ("to", Folder(_to)));

    [Fact]
    public async Task Files_arrive_whole_with_their_digests_and_a_second_time_nothing_is_copied()
    {
        await Folders();
        Write(_from, "raw/a.csv", Bytes(10));
        Write(_from, "raw/deep/b.bin", Bytes(9_000_000));
        Write(_from, "raw/empty", []);
        Write(_from, "other.csv", [1]);
        var report = await Copies.Copy("shop", new("from:raw/", "to:in/"), stop: Stop);
        Assert.Equal((3, 0, 9_000_010), (report.Copied, report.Unchanged, report.Bytes));
        Assert.Equal(Digest.Of(Bytes(9_000_000)), report.Files.Single(file => file.To == "in/deep/b.bin").Sha256);
        Assert.Equal(Bytes(9_000_000), await File.ReadAllBytesAsync(Path.Combine(_to, "in/deep/b.bin"), Stop));
        Assert.False(File.Exists(Path.Combine(_to, "in/other.csv")));

        var again = await Copies.Copy("shop", new("from:raw/", "to:in/"), stop: Stop);
        Assert.Equal((0, 3, 0), (again.Copied, again.Unchanged, again.Bytes));
        Write(_from, "raw/a.csv", Bytes(11));
        File.Delete(Path.Combine(_to, "in/empty"));
        var third = await Copies.Copy("shop", new("from:raw/", "to:in/"), stop: Stop);
        Assert.Equal((2, 1), (third.Copied, third.Unchanged));
        Assert.Equal(Bytes(11), await File.ReadAllBytesAsync(Path.Combine(_to, "in/a.csv"), Stop));
    }

    [Fact]
    public async Task A_single_file_takes_the_name_that_is_said()
    {
        await Folders();
        Write(_from, "a/b.csv", [1, 2]);
        await Copies.Copy("shop", new("from:a/b.csv", "to:c/d.csv"), stop: Stop);
        await Copies.Copy("shop", new("from:a/b.csv", "to:e/"), stop: Stop);
        Assert.Equal(["c/d.csv", "e/b.csv"], Directory.EnumerateFiles(_to, "*.csv", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(_to, file)).Order(StringComparer.Ordinal));
        Assert.Equal("file_not_found", await Refused(() => Copies.Copy("shop", new("from:missing.csv", "to:"), stop: Stop)));
        Assert.Equal("copy_onto_itself", await Refused(() => Copies.Copy("shop", new("from:a/", "from:a/b/"), stop: Stop)));
    }

    [Theory]
    [InlineData("s3")]
    [InlineData("azure")]
    [InlineData("folder")]
    public async Task A_copy_through_a_line_that_is_cut_again_and_again_arrives_as_it_was_sent(string kind)
    {
        await using var web = new WebFiles();
        await web.Start(Stop);
        web.Files["big.bin"] = Bytes(40_000_000);
        // Each connection is cut after 7 MB, whatever it carries.
        await using var line = new CuttingProxy(new Uri(web.Url).Port, 7_000_000);
        var target = kind switch { "s3" => S3(NodeServer.S3("sales")), "azure" => Azure(await AzureWith()), _ => Folder(_to) };
        await Connect(("web", $"kind: http, url: \"http://127.0.0.1:{line.Port}/files\""), ("to", target));
        var report = await Copies.Copy("shop", new("web:big.bin", "to:in/"), stop: Stop);
        Assert.True(line.Cuts >= 5, $"{line.Cuts} cuts");
        Assert.Equal(Digest.Of(web.Files["big.bin"]), report.Files.Single().Sha256);
        await using var store = await Connections.Files("shop", "to", Stop);
        Assert.Equal(report.Files[0].Sha256, Digest.Of(await Read(store, "in/big.bin")));
    }

    [Theory]
    [InlineData("s3")]
    [InlineData("azure")]
    [InlineData("folder")]
    public async Task A_source_that_dies_leaves_nothing_half_and_what_arrived_is_not_sent_again(string kind)
    {
        await using var web = new WebFiles();
        await web.Start(Stop);
        web.Files["big.bin"] = Bytes(60_000_000);
        await using var line = new CuttingProxy(new Uri(web.Url).Port, 40_000_000) { OnlyOnce = true };
        var target = kind switch { "s3" => S3(NodeServer.S3("sales")), "azure" => Azure(await AzureWith()), _ => Folder(_to) };
        await Connect(("web", $"kind: http, url: \"http://127.0.0.1:{line.Port}/files\""), ("to", target));
        Assert.Equal("connection_failed", await Refused(() => Copies.Copy("shop", new("web:big.bin", "to:"), stop: Stop)));
        await using var store = await Connections.Files("shop", "to", Stop);
        Assert.Equal([], await Names(store));

        line.OnlyOnce = false;
        line.CutAfter = long.MaxValue;
        var report = await Copies.Copy("shop", new("web:big.bin", "to:"), stop: Stop);
        Assert.True(report.Resumed >= 24_000_000, $"{report.Resumed} bytes were not sent again");
        Assert.Equal(Digest.Of(web.Files["big.bin"]), report.Files.Single().Sha256);
        Assert.Equal(report.Files[0].Sha256, Digest.Of(await Read(store, "big.bin")));
    }

    [Fact]
    public async Task A_file_that_grows_while_it_is_read_is_left_out_and_told()
    {
        await Folders();
        Write(_from, "a.csv", Bytes(30_000_000));
        Write(_from, "b.csv", [1]);
        var report = await Copies.Copy("shop", new("from:", "to:"), async now =>
        {
            if (now is { Now: "a.csv", Bytes: > 0 and < 20_000_000 })
                await File.AppendAllTextAsync(Path.Combine(_from, "a.csv"), "more", Stop);
        }, Stop);
        Assert.Equal(("a.csv", "file_changed"), (report.LeftOut.Single().Name, report.LeftOut[0].Code));
        Assert.Equal(["b.csv"], Directory.EnumerateFiles(_to).Select(Path.GetFileName));
        Assert.Equal([], Directory.EnumerateFiles(Path.Combine(_to, ".steward")));
        Assert.Equal(1, (await Copies.Copy("shop", new("from:", "to:"), stop: Stop)).Copied);
    }

    [Theory]
    [InlineData(100, 50)]
    [InlineData(50, 100)]
    public async Task A_server_that_lies_about_a_length_is_found_out(int announced, int sent)
    {
        await using var liar = new Liar(announced, sent);
        await Connect(("web", $"kind: http, url: \"http://127.0.0.1:{liar.Port}\""), ("to", Folder(_to)));
        var told = await Tried(() => Copies.Copy("shop", new("web:file.bin", "to:"), stop: Stop));
        Assert.NotNull(told);
        Assert.Equal([], Directory.EnumerateFiles(_to));
    }

    [Fact]
    public async Task What_a_store_vouches_for_is_compared()
    {
        await using var liar = new Liar(10, 10) { Md5 = Convert.ToBase64String(Md5Sum.Of([1, 2, 3])) };
        await Connect(("web", $"kind: http, url: \"http://127.0.0.1:{liar.Port}\""), ("to", Folder(_to)));
        var report = await Copies.Copy("shop", new("web:file.bin", "to:"), stop: Stop);
        Assert.Equal("source_damaged", report.LeftOut.Single().Code);
        Assert.Equal([], Directory.EnumerateFiles(_to));
    }

    [Fact]
    public async Task Names_that_a_folder_cannot_hold_are_left_out_and_told()
    {
        var server = await AzureWith("odd");
        var container = new Azure.Storage.Blobs.BlobContainerClient(new Uri($"{server.Url}/devstoreaccount1/odd"), new Azure.Storage.StorageSharedKeyCredential("devstoreaccount1", AzureKey));
        foreach (var name in (string[])["good.csv", "a//b.csv", ".steward/x"])
            await container.GetBlobClient(name).UploadAsync(BinaryData.FromString("x"), Stop);
        await Connect(("cloud", Azure(server, "odd")), ("to", Folder(_to)));
        var report = await Copies.Copy("shop", new("cloud:", "to:in/"), stop: Stop);
        Assert.Equal(["good.csv"], report.Files.Select(file => file.From));
        Assert.Equal(report.LeftOutCount, report.LeftOut.Count(one => one.Code == "file_name_invalid"));
        Assert.NotEmpty(report.LeftOut);
        Assert.Equal(["good.csv"], Directory.EnumerateFileSystemEntries(Path.Combine(_to, "in")).Select(Path.GetFileName));
    }

    [Fact]
    public async Task A_copy_is_a_task_that_is_audited_and_can_be_cancelled()
    {
        await Folders();
        Write(_from, "a.csv", [1]);
        using var server = Server;
        var task = await server.Post<TaskView>("/api/projects/shop/copies", new { from = "from:", to = "to:" }, Stop);
        var ledger = Services.GetRequiredService<ILedger>();
        await Eventually.True("the copy is done", async () => (await ledger.Find(task.Id, Stop))!.IsOver, Stop);
        Assert.Equal(1, Json.Read<CopyReport>((await ledger.Find(task.Id, Stop))!.Result!).Copied);
        Assert.Equal(1, await Services.GetRequiredService<Storage.Db>().One<long>("SELECT count(*) FROM audit_entry WHERE action = 'files.copied' AND project = 'shop'", stop: Stop));

        Write(_from, "slow.bin", Bytes(3_000_000));
        var slow = await server.Post<TaskView>("/api/projects/shop/copies", new { from = "from:slow.bin", to = "to:", bandwidth = 2048 }, Stop);
        await Eventually.True("the copy has begun", async () => (await ledger.Find(slow.Id, Stop))!.State is WorkState.Running, Stop);
        await ledger.Cancel(slow.Id, Who.Steward, Stop);
        await Eventually.True("it is cancelled", async () => (await ledger.Find(slow.Id, Stop))!.State is WorkState.Cancelled, Stop);
        Assert.False(File.Exists(Path.Combine(_to, "slow.bin")));
    }

    [Theory]
    [InlineData(1 << 10)]
    [InlineData(1 << 20)]
    [InlineData(100 << 20)]
    public async Task A_bandwidth_is_kept_within_a_tenth(long bandwidth)
    {
        var clock = new FakeClock();
        var throttle = new Throttle(bandwidth, clock);
        var (began, passed) = (clock.GetUtcNow(), 0L);
        while (passed < 5 * bandwidth)
        {
            var take = throttle.Take(throttle.Turn, Stop).AsTask();
            while (!take.IsCompleted)
                clock.Advance(TimeSpan.FromMilliseconds(1));
            await take;
            passed += throttle.Turn;
        }

        Assert.InRange(passed / (clock.GetUtcNow() - began).TotalSeconds, bandwidth * 0.9, bandwidth * 1.1);
    }

    private static async Task<ProblemException?> Tried(Func<Task<CopyReport>> copy)
    {
        try
        {
            return (await copy()).LeftOut.Select(one => ProblemException.Invalid(one.Code, one.Why)).FirstOrDefault();
        }
        catch (ProblemException problem)
        {
            return problem;
        }
    }
}

/// <summary>Copies that measure what the whole process allocates stand alone.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class Alone
{
    public const string Name = "alone";
}

[Collection(Alone.Name)]
public sealed class BigCopyTests : Connected
{
    [Fact]
    public async Task Half_a_gigabyte_is_copied_in_the_memory_of_a_few_pieces()
    {
        var (from, to) = (TestFolder.New(), TestFolder.New());
        await using (var file = File.Create(Path.Combine(from, "big.bin")))
            for (var i = 0; i < 512; i++)
                await file.WriteAsync(Bytes(1 << 20, i % 7), Stop);
        await Connect(("from", Folder(from)), ("to", Folder(to)));
        var before = GC.GetTotalAllocatedBytes(precise: true);
        var report = await Copies.Copy("shop", new("from:big.bin", "to:"), stop: Stop);
        var allocated = GC.GetTotalAllocatedBytes(precise: true) - before;
        Assert.Equal(512L << 20, report.Bytes);
        await using var copied = File.OpenRead(Path.Combine(to, "big.bin"));
        Assert.Equal(report.Files.Single().Sha256, Digest.FromHash(await SHA256.HashDataAsync(copied, Stop)));
        Assert.True(allocated < 64 << 20, $"{Say.Bytes(allocated)} were allocated.");
    }

    [Fact]
    public async Task A_hundred_thousand_files_are_listed_in_order_and_page_by_page()
    {
        var folder = TestFolder.New();
        for (var i = 0; i < 100; i++)
        {
            var part = Directory.CreateDirectory(Path.Combine(folder, $"{i:d2}")).FullName;
            for (var j = 0; j < 1000; j++)
                File.Create(Path.Combine(part, $"{j:d4}.csv")).Dispose();
        }

        await Connect(("many", Folder(folder)));
        await using var store = await Connections.Files("shop", "many", Stop);
        var (count, last) = (0, "");
        await foreach (var file in store.List(stop: Stop))
        {
            Assert.True(FileNames.Compare(last, file.Name) < 0);
            (count, last) = (count + 1, file.Name);
        }

        Assert.Equal(100_000, count);
        var page = Json.Read<List<StoredFile>>(await Http.GetStringAsync(new Uri("/api/projects/shop/connections/many/files?after=49/0998.csv&limit=3", UriKind.Relative), Stop));
        Assert.Equal(["49/0999.csv", "50/0000.csv", "50/0001.csv"], page.Select(file => file.Name));
    }
}
