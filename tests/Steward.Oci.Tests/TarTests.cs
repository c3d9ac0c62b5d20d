using System.Text;
using CsCheck;

namespace Steward.Oci.Tests;

public sealed class TarTests : IDisposable
{
    private readonly Bench _bench = new();

    [Fact]
    public async Task What_we_write_GNU_tar_reads()
    {
        var longName = string.Join('/', Enumerable.Repeat("a-folder-with-a-long-name", 12)) + "/file";
        await Write("a.tar", tar => tar.Add(TarEntry.Folder("bin"), null, Bench.Stop), tar => tar.Add(TarEntry.File("bin/tool", 3, 0b111_101_101), Text("abc"), Bench.Stop),
            tar => tar.Add(TarEntry.SymbolicLink("lib", "usr/lib"), null, Bench.Stop), tar => tar.Add(TarEntry.File(longName, 5), Text("fives"), Bench.Stop), tar => tar.Add(TarEntry.File("café/日本", 1), Text("x"), Bench.Stop));
        var listed = _bench.Run("tar", "--numeric-owner", "--full-time", "--utc", "-tvf", "a.tar");
        Assert.Contains("-rwxr-xr-x 0/0               3 1970-01-01 00:00:00 bin/tool", listed, StringComparison.Ordinal);
        Assert.Contains("lib -> usr/lib", listed, StringComparison.Ordinal);
        _bench.Run("tar", "-xf", "a.tar", "--no-same-owner");
        Assert.Equal("fives", File.ReadAllText(_bench.At(longName)));
        Assert.Equal("x", File.ReadAllText(_bench.At("café/日本")));
    }

    [Fact]
    public void An_archive_holds_no_trace_of_who_wrote_it_when()
    {
        var bytes = Archive(tar => tar.Add(TarEntry.File(new string('n', 180), 1), Text("x"), Bench.Stop));
        Assert.DoesNotContain("PaxHeaders", Encoding.Latin1.GetString(bytes), StringComparison.Ordinal);
        Assert.Equal(bytes, Archive(tar => tar.Add(TarEntry.File(new string('n', 180), 1), Text("x"), Bench.Stop)));
    }

    [Fact]
    public void Whatever_is_written_is_read_back() => Gen.Select(Gen.String[Gen.Char["abcé/.-_ 日"], 1, 300], Gen.Byte.Array[0, 2000], Gen.Int[0, 0xFFF], (path, content, mode) => (path, content, mode)).Sample(one =>
    {
        var path = string.Join('/', one.path.Split('/').Where(part => part.Length > 0 && part is not ("." or "..")));
        if (path.Length == 0)
            return;
        var reader = new TarReader(new MemoryStream(Archive(tar => tar.Add(TarEntry.File(path, one.content.Length, one.mode), new MemoryStream(one.content), Bench.Stop))));
        var entry = reader.Next(Bench.Stop).GetAwaiter().GetResult()!;
        Assert.Equal((path, one.mode, (long)one.content.Length), (entry.Path, entry.Mode, entry.Size));
        Assert.Equal(one.content, reader.ReadAll(5000, "test", Bench.Stop).GetAwaiter().GetResult());
        Assert.Null(reader.Next(Bench.Stop).GetAwaiter().GetResult());
    }, iter: 200);

    [Theory]
    [InlineData("gnu")]
    [InlineData("pax")]
    [InlineData("ustar")]
    public async Task What_GNU_tar_writes_we_read(string format)
    {
        _bench.Write("root/etc/hosts", "localhost");
        _bench.Write("root/" + string.Join('/', Enumerable.Repeat("deep-folder", format == "ustar" ? 10 : 20)) + "/file", "deep");
        File.CreateSymbolicLink(_bench.At("root/link"), "/etc/hosts");
        _bench.Run("ln", "root/etc/hosts", "root/etc/hosts2");
        _bench.Run("tar", "--format", format, "-C", "root", "-cf", "a.tar", ".");
        var all = await Entries("a.tar");
        Assert.Equal("/etc/hosts", all.Single(entry => entry.Path == "link").Link);
        Assert.Contains(all, entry => entry.Kind is TarKind.HardLink && entry.Link!.StartsWith("etc/hosts", StringComparison.Ordinal));
        Assert.Contains(all, entry => entry.Path.EndsWith("deep-folder/file", StringComparison.Ordinal) && entry.Size == 4);
    }

    [Theory]
    [InlineData("../etc/passwd", "leads out of the root")]
    [InlineData("a/../../b", "leads out of the root")]
    [InlineData("/etc/passwd", "absolute path")]
    public async Task A_path_that_leads_elsewhere_is_refused(string path, string why)
    {
        File.WriteAllBytes(_bench.At("a.tar"), Archive(tar => tar.Add(TarEntry.File(path, 1), Text("x"), Bench.Stop)));
        Assert.Contains(why, (await Assert.ThrowsAsync<OciException>(() => Entries("a.tar"))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_hard_link_that_leads_elsewhere_is_refused()
    {
        File.WriteAllBytes(_bench.At("a.tar"), Archive(tar => tar.Add(new(TarKind.HardLink, "a", 0, 0) { Link = "../../etc/shadow" }, null, Bench.Stop)));
        Assert.Contains("leads out of the root", (await Assert.ThrowsAsync<OciException>(() => Entries("a.tar"))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_archive_that_was_cut_short_is_said_to_be_so_wherever_it_was_cut()
    {
        var whole = Archive(tar => tar.Add(TarEntry.File("a", 1000), new MemoryStream(new byte[1000]), Bench.Stop), tar => tar.Add(TarEntry.File("b", 600), new MemoryStream(new byte[600]), Bench.Stop));
        foreach (var length in new[] { 100, 511, 513, 1400, 1535, 1600, 2048 + 100, 2048 + 512 + 599 })
        {
            File.WriteAllBytes(_bench.At("a.tar"), whole[..length]);
            Assert.Contains("cut short", (await Assert.ThrowsAsync<OciException>(() => Entries("a.tar"))).Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Bytes_that_are_no_archive_are_said_to_be_none()
    {
        File.WriteAllBytes(_bench.At("a.tar"), [.. Enumerable.Range(0, 2048).Select(i => (byte)(i * 7))]);
        Assert.Equal(OciTrouble.Invalid, (await Assert.ThrowsAsync<OciException>(() => Entries("a.tar"))).Trouble);
    }

    [Fact]
    public void Noise_gives_an_error_or_entries_and_nothing_else() => Gen.Select(Gen.Int[0, 2047], Gen.Byte).Array[1, 8].Sample(hits =>
    {
        var bytes = Archive(tar => tar.Add(TarEntry.File(new string('p', 150), 700), new MemoryStream(new byte[700]), Bench.Stop));
        foreach (var (at, value) in hits)
            bytes[at] = value;
        try
        {
            var reader = new TarReader(new MemoryStream(bytes));
            while (reader.Next(Bench.Stop).GetAwaiter().GetResult() is not null)
            {
            }
        }
        catch (OciException)
        {
            // said in words: good
        }
    }, iter: 500);

    [Fact]
    public async Task More_entries_or_bytes_than_agreed_stop_the_reading()
    {
        File.WriteAllBytes(_bench.At("a.tar"), Archive([.. Enumerable.Range(0, 20).Select(i => (Func<TarWriter, Task>)(tar => tar.Add(TarEntry.File($"f{i}", 100), new MemoryStream(new byte[100]), Bench.Stop)))]));
        Assert.Equal(OciTrouble.TooLarge, (await Assert.ThrowsAsync<OciException>(() => Entries("a.tar", new() { MostEntries = 10 }))).Trouble);
        Assert.Equal(OciTrouble.TooLarge, (await Assert.ThrowsAsync<OciException>(() => Entries("a.tar", new() { MostBytes = 1500 }))).Trouble);
    }

    public void Dispose() => _bench.Dispose();

    internal static byte[] Archive(params Func<TarWriter, Task>[] entries)
    {
        using var bytes = new MemoryStream();
        var tar = new TarWriter(bytes);
        foreach (var entry in entries)
            entry(tar).GetAwaiter().GetResult();
        tar.Finish(Bench.Stop).GetAwaiter().GetResult();
        return bytes.ToArray();
    }

    private async Task Write(string name, params Func<TarWriter, Task>[] entries) => await File.WriteAllBytesAsync(_bench.At(name), Archive(entries), Bench.Stop);

    private async Task<List<TarEntry>> Entries(string name, TarLimits? limits = null)
    {
        await using var file = File.OpenRead(_bench.At(name));
        var (reader, all) = (new TarReader(file, limits), new List<TarEntry>());
        while (await reader.Next(Bench.Stop) is { } entry)
            all.Add(entry);
        return all;
    }

    private static MemoryStream Text(string text) => new(Encoding.UTF8.GetBytes(text));
}
