using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Steward.Blobs;
using Steward.Storage;
using Steward.Testing;

namespace Steward.Core.Tests;

/// <summary>What was acknowledged is on the disk: seen in the system calls, and after a kill.</summary>
public class DurabilityTests
{
    private static readonly string Writer = Path.Combine(AppContext.BaseDirectory, "Steward.Crash");

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_reply_comes_after_the_sync_of_what_it_acknowledges()
    {
        var trace = Path.Combine(TestFolder.New(), "trace");
        using var watched = Process.Start(new ProcessStartInfo("strace", ["-f", "-qq", "-e", "trace=fdatasync,fsync,write", "-s", "16", "-o", trace, Writer, "once", TestFolder.New()]) { RedirectStandardOutput = true })!;
        await watched.StandardOutput.ReadToEndAsync(Stop);
        await watched.WaitForExitAsync(Stop);

        var synced = false;
        var replies = 0;
        foreach (var call in await File.ReadAllLinesAsync(trace, Stop))
        {
            if (call.Contains("fdatasync(", StringComparison.Ordinal) || call.Contains("fsync(", StringComparison.Ordinal))
                synced = true;
            if (!call.Contains("\"ack ", StringComparison.Ordinal))
                continue;
            Assert.True(synced, $"reply {replies} left before its sync");
            (synced, replies) = (false, replies + 1);
        }

        Assert.Equal(5, replies);
    }

    [Theory]
    [InlineData(3)]
    [InlineData(17)]
    [InlineData(61)]
    public async Task A_writer_killed_at_any_moment_loses_nothing_it_acknowledged(int after)
    {
        var folder = TestFolder.New();
        using var writer = Start(Writer, "forever", folder);
        var last = -1L;
        while (last < after && await writer.StandardOutput.ReadLineAsync(Stop) is { } line)
            last = long.Parse(line["ack ".Length..], null);
        writer.Kill();
        while (await writer.StandardOutput.ReadLineAsync(Stop) is { } line)
            last = long.Parse(line["ack ".Length..], null);

        await using var db = Db.Connect("sqlite:" + Path.Combine(folder, "steward.db"));
        Assert.True(await db.One<long>("SELECT count(*) FROM note", stop: Stop) > last);
        Assert.Equal("ok", await db.One<string>("PRAGMA integrity_check", stop: Stop));
    }

    [Theory]
    [InlineData("forever")]
    [InlineData("blobs")]
    public async Task A_full_disk_is_said_in_words_and_the_process_lives(string mode)
    {
        var folder = TestFolder.New();
        string[] root = Environment.UserName == "root" ? [] : ["--user", "--map-root-user"];
        using var writer = Start("unshare", ["--mount", .. root, "sh", "-c", "mount -t tmpfs -o size=3m tmpfs \"$0\" && exec \"$1\" \"$2\" \"$0\"", folder, Writer, mode]);
        var said = (await writer.StandardOutput.ReadToEndAsync(Stop)).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Contains("ack 5", said);
        Assert.Equal(["refused disk_full", "alive"], said[^2..]);
    }

    [Fact]
    public async Task Blobs_are_kept_once_verified_and_left_behind_by_nobody()
    {
        var folder = TestFolder.New();
        var blobs = new ServiceCollection().AddStorage(new Settings { Data = folder }).BuildServiceProvider().GetRequiredService<IBlobs>();
        var pieces = Enumerable.Range(0, 50).Select(i => (ReadOnlyMemory<byte>)new byte[] { (byte)(i / 2), 1, 2 }).ToList();
        var kept = await blobs.PutMany(pieces, Stop);
        Assert.Equal(25, kept.Count(one => one.IsNew));
        Assert.Equal(pieces[7].ToArray(), await blobs.Read(kept[7].Digest, Stop));
        Assert.All(await blobs.PutMany(pieces, Stop), one => Assert.False(one.IsNew));

        var path = Path.Combine(folder, "blobs", kept[0].Digest.Hex[..2], kept[0].Digest.Hex[2..]);
        await File.WriteAllBytesAsync(path, [9, 9, 9], Stop);
        await Assert.ThrowsAsync<InvalidDataException>(() => blobs.Read(kept[0].Digest, Stop));
        await using var stream = (await blobs.Open(kept[0].Digest, Stop))!;
        await Assert.ThrowsAsync<InvalidDataException>(() => stream.CopyToAsync(Stream.Null, Stop));

        var problem = await Assert.ThrowsAsync<ProblemException>(() => blobs.Put(new MemoryStream(new byte[100]), 99, Stop));
        Assert.Equal("too_large", problem.Code);
        Assert.Empty(Directory.GetFiles(Path.Combine(folder, "blobs", "incoming")));
    }

    [Fact]
    public void Two_servers_never_share_a_data_folder()
    {
        var path = TestFolder.New();
        using var first = DataFolder.Take(path);
        Assert.Equal("data_in_use", Assert.Throws<ProblemException>(() => DataFolder.Take(path)).Code);
        first.Dispose();
        DataFolder.Take(path).Dispose();
    }

    private static Process Start(string program, params string[] arguments)
        => Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true })!;
}
