using Steward.Testing;

namespace Steward.Data.Tests;

/// <summary>Drafts over HTTP, on both databases.</summary>
public abstract class UploadTests(string? db) : Shop(db)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_draft_becomes_a_snapshot()
    {
        var draft = await Draft();
        var said = await Send(draft, ("apple/1.png", Picture(1)), ("pear/1.png", Picture(2)));
        Assert.Equal(200, said.Status);
        var snapshot = await Commit(draft);
        Assert.Equal(("pictures@1", 2, 2, Reason.Import, false), (snapshot.Reference, snapshot.Items, snapshot.NewItems, snapshot.Reason, snapshot.Unchanged));
        Assert.Equal(Picture(1).Length + Picture(2).Length, snapshot.NewBytes);
        var items = await Sets.Items((await Sets.Find("shop", "pictures", stop: Stop))!, Stop);
        Assert.Equal([("apple/1.png", "apple", "import"), ("pear/1.png", "pear", "import")], items.Select(item => (item.Key, item.Label, item.Source)));
    }

    [Fact]
    public async Task A_draft_survives_a_restart_between_batches()
    {
        var draft = await Draft();
        await Send(draft, ("apple/1.png", Picture(1)));
        await Restart();
        await Send(draft, ("apple/2.png", Picture(2)));
        Assert.Equal(2, (await Commit(draft)).Items);
    }

    [Fact]
    public async Task Four_thousand_pictures_go_in_batches()
    {
        var pictures = Enumerable.Range(0, 4000).Select(i => UploadItem.Of($"kind-{i % 16}/{i}.png", Split.Train, Picture(i)));
        var seen = new List<UploadProgress>();
        using var server = Server;
        var snapshot = await PictureUpload.Send(server, "shop", "pictures", pictures, new Seen(seen), Stop);
        Assert.Equal((4000, 4000), (snapshot.Items, seen[^1].Items));
        Assert.Equal(8, seen.Count);
    }

    private sealed class Seen(List<UploadProgress> all) : IProgress<UploadProgress>
    {
        public void Report(UploadProgress value) => all.Add(value);
    }
}

public class UploadOnSqliteTests() : UploadTests(null);

public class UploadOnPostgresTests() : UploadTests(TestPostgres.NewDatabase());
