using System.IO.Compression;

namespace Steward.Oci.Tests;

/// <summary>Base images as others make them, well meant and not.</summary>
public sealed class RootTests : IDisposable
{
    private readonly Bench _bench = new();

    [Fact]
    public async Task Later_layers_cover_and_take_away_what_lies_below()
    {
        var tree = await Tree([File("etc/keep", "1"), File("etc/gone", "2"), File("var/cache/a", "3"), File("var/cache/b", "4")],
            [File("etc/.wh.gone", ""), File("var/cache/.wh..wh..opq", ""), File("var/cache/c", "5"), File("etc/keep", "6")]);
        Assert.Equal(["etc", "etc/keep", "var", "var/cache", "var/cache/c"], tree.All.Keys);
        Assert.Equal(1, tree.Find("etc/keep")!.Layer);
    }

    [Fact]
    public async Task A_whiteout_takes_nothing_of_its_own_layer_away()
        => Assert.Contains("a/new", (await Tree([File("a/old", "1")], [File("a/new", "2"), File("a/.wh..wh..opq", "")])).All.Keys);

    [Fact]
    public async Task What_is_written_through_a_link_stays_inside_the_root()
    {
        var tree = await Tree([TarEntry.SymbolicLink("bin", "usr/bin"), TarEntry.Folder("usr"), TarEntry.Folder("usr/bin"), TarEntry.SymbolicLink("out", "../../../../tmp"), TarEntry.SymbolicLink("abs", "/etc")],
            [File("bin/tool", "1"), File("out/x", "2"), File("abs/y", "3")]);
        Assert.Contains("usr/bin/tool", tree.All.Keys);
        Assert.Contains("tmp/x", tree.All.Keys);
        Assert.Contains("etc/y", tree.All.Keys);
        Assert.Equal("usr/bin/tool", tree.Follow("/bin/tool")!.Entry.Path);
    }

    [Fact]
    public async Task Unpacking_writes_nothing_outside_its_folder()
    {
        var outside = _bench.Write("outside/victim", "untouched");
        var (layout, built) = await Image([TarEntry.SymbolicLink("evil", _bench.At("outside"))], [File("evil/victim", "changed")]);
        await RootFolder.Unpack(layout, built.Manifest, built.Config, _bench.At("root"), stop: Bench.Stop);
        Assert.Equal("untouched", System.IO.File.ReadAllText(outside));
        Assert.Equal("changed", System.IO.File.ReadAllText(_bench.At("root" + _bench.At("outside"), "victim")));
    }

    [Theory]
    [InlineData("loop", "circle")]
    [InlineData("twice", "twice")]
    [InlineData("hardlink-nowhere", "no file of this image")]
    [InlineData("hardlink-to-folder", "no file of this image")]
    [InlineData("in-a-file", "no folder")]
    [InlineData("whiteout-of-nothing", "whiteout names nothing")]
    public async Task A_layer_that_tools_would_read_differently_is_refused(string which, string why)
    {
        TarEntry[] layer = which switch
        {
            "loop" => [TarEntry.SymbolicLink("a", "b"), TarEntry.SymbolicLink("b", "a"), File("a/x", "1")],
            "twice" => [File("a", "1"), File("a", "2")],
            "hardlink-nowhere" => [new(TarKind.HardLink, "a", 0, 0) { Link = "b" }],
            "hardlink-to-folder" => [TarEntry.Folder("b"), new(TarKind.HardLink, "a", 0, 0) { Link = "b" }],
            "in-a-file" => [File("a", "1"), File("a/b", "2")],
            _ => [File("a/.wh.", "")],
        };
        Assert.Contains(why, (await Assert.ThrowsAsync<OciException>(() => Tree(layer))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Devices_are_seen_and_not_made()
    {
        var (layout, built) = await Image([new(TarKind.CharacterDevice, "dev/null", 0b110_110_110, 0) { Major = 1, Minor = 3 }, new(TarKind.Pipe, "run/pipe", 0, 0), File("a", "1")]);
        Assert.Equal(["dev/null", "run/pipe"], await RootFolder.Unpack(layout, built.Manifest, built.Config, _bench.At("root"), stop: Bench.Stop));
        Assert.False(System.IO.File.Exists(_bench.At("root/dev/null")));
        Assert.True(System.IO.File.Exists(_bench.At("root/a")));
    }

    [Fact]
    public async Task A_layer_that_unpacks_to_far_more_than_it_is_stops()
    {
        // 400 MiB of zeros in half a megabyte, which no size in its header betrays before it is unpacked.
        using var packed = new MemoryStream();
        await using (var gzip = new GZipStream(packed, CompressionLevel.Optimal, leaveOpen: true))
        {
            var tar = new TarWriter(gzip);
            await tar.Add(TarEntry.File("zeros", 400 << 20), new Zeros(), Bench.Stop);
            await tar.Finish(Bench.Stop);
        }

        var layer = Descriptor.Of(MediaTypes.LayerGzip, packed.ToArray());
        packed.Position = 0;
        Assert.Equal(OciTrouble.TooLarge, (await Assert.ThrowsAsync<OciException>(() => LayerReader.Walk(layer, packed, (_, _) => Task.CompletedTask, new(), Bench.Stop))).Trouble);
    }

    [Fact]
    public async Task A_damaged_layer_leaves_no_folder_behind()
    {
        var (layout, built) = await Image([File("a", new string('x', 10_000))]);
        var blob = _bench.At("layout/blobs/sha256", built.Manifest.Layers[0].Digest.Hex);
        var bytes = System.IO.File.ReadAllBytes(blob);
        bytes[^3] ^= 1;
        System.IO.File.WriteAllBytes(blob, bytes);
        await Assert.ThrowsAsync<OciException>(() => RootFolder.Unpack(layout, built.Manifest, built.Config, _bench.At("root"), stop: Bench.Stop));
        System.IO.File.WriteAllBytes(blob, bytes[..^40]);
        await Assert.ThrowsAsync<OciException>(() => RootFolder.Unpack(layout, built.Manifest, built.Config, _bench.At("root"), stop: Bench.Stop));
        Assert.Equal(["layout"], Directory.GetFileSystemEntries(_bench.Folder).Select(Path.GetFileName));
    }

    [Fact]
    public async Task A_config_that_lies_about_a_layer_is_found_out()
    {
        var (layout, built) = await Image([File("a", "1")]);
        var lie = built.Config with { Rootfs = new([OciDigest.Of("something else"u8)]) };
        Assert.Equal(OciTrouble.Differs, (await Assert.ThrowsAsync<OciException>(() => RootFolder.Read(layout, built.Manifest, lie, stop: Bench.Stop))).Trouble);
    }

    [Fact]
    public async Task A_layer_of_another_compression_is_named_with_the_way_out()
    {
        var refused = await Assert.ThrowsAsync<OciException>(() => LayerReader.Walk(new(MediaTypes.LayerZstd, OciDigest.Of("x"u8), 1), new MemoryStream([1]), (_, _) => Task.CompletedTask, new(), Bench.Stop));
        Assert.Contains("zstd", refused.Message, StringComparison.Ordinal);
        Assert.Contains("skopeo", refused.Try, StringComparison.Ordinal);
    }

    /// <summary>The other reader of Debian agrees about every path, and about what is in the files.</summary>
    [Fact]
    public async Task Our_unpacking_and_umocis_are_the_same()
    {
        var (layout, built) = await Image(
            [TarEntry.Folder("usr"), TarEntry.Folder("usr/bin"), TarEntry.SymbolicLink("bin", "usr/bin"), File("usr/bin/a", "first"), new(TarKind.HardLink, "usr/bin/b", 0, 0) { Link = "usr/bin/a" }, File("etc/x", "1"), File("etc/sub/y", "2"), File("opt/all/1", "1")],
            [File("usr/bin/a", "second"), File("etc/.wh.x", ""), File("opt/all/.wh..wh..opq", ""), File("opt/all/2", "2"), TarEntry.SymbolicLink("etc/link", "/nowhere")]);
        await RootFolder.Unpack(layout, built.Manifest, built.Config, _bench.At("ours"), stop: Bench.Stop);
        _bench.Run("umoci", "unpack", "--image", "layout:1", "theirs");
        Assert.Equal(_bench.Run("sh", "-c", List("theirs/rootfs")), _bench.Run("sh", "-c", List("ours")));

        static string List(string folder) => $"cd {folder} && find . -mindepth 1 -printf '%y %m %p %l\\n' | sort && find . -type f -exec sha256sum {{}} + | sort -k2";
    }

    public void Dispose() => _bench.Dispose();

    private static TarEntry File(string path, string content) => TarEntry.File(path, content.Length) with { Link = content };

    private async Task<RootTree> Tree(params TarEntry[][] layers)
    {
        var (layout, built) = await Image(layers);
        return await RootFolder.Read(layout, built.Manifest, built.Config, stop: Bench.Stop);
    }

    /// <summary>Layers exactly as given, without the order and the checks of our own packing.</summary>
    private async Task<(ImageLayout, BuiltImage)> Image(params TarEntry[][] layers)
    {
        var layout = ImageLayout.OpenOrCreate(_bench.At("layout"));
        var packed = new List<Layer>();
        foreach (var layer in layers)
        {
            var plain = TarTests.Archive([.. layer.Select(entry => (Func<TarWriter, Task>)(tar => tar.Add(entry.Kind is TarKind.File ? entry with { Link = null } : entry, entry.Kind is TarKind.File ? new MemoryStream(System.Text.Encoding.UTF8.GetBytes(entry.Link!)) : null, Bench.Stop)))]);
            using var gzip = new MemoryStream();
            await using (var pack = new SteadyGzipStream(gzip))
            {
                await pack.WriteAsync(plain, Bench.Stop);
                await pack.Finish(Bench.Stop);
            }

            var blob = Descriptor.Of(MediaTypes.LayerGzip, gzip.ToArray());
            await layout.Put(blob, _ => Task.FromResult<Stream>(new MemoryStream(gzip.ToArray())), Bench.Stop);
            packed.Add(new(blob, OciDigest.Of(plain)));
        }

        var built = new ImagePlan { Layers = packed }.Build();
        await built.Put(layout, "1", Bench.Stop);
        await layout.Commit(Bench.Stop);
        return (layout, built);
    }

    private sealed class Zeros : MemoryStream
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            buffer.Span.Clear();
            return new(buffer.Length);
        }
    }
}
