namespace Steward.Oci.Tests;

public sealed class LayerTests : IDisposable
{
    private readonly Bench _bench = new();

    [Fact]
    public async Task The_same_files_from_other_folders_at_another_time_are_the_same_layer()
    {
        foreach (var folder in new[] { "one", "two/deeper" })
        {
            _bench.Write($"{folder}/b.txt", "b");
            _bench.Write($"{folder}/sub/a.txt", "a");
            File.SetLastWriteTimeUtc(_bench.At(folder, "b.txt"), folder == "one" ? new(2001, 1, 1) : new(2020, 5, 5));
            File.CreateSymbolicLink(_bench.At(folder, "link"), "b.txt");
        }

        Assert.Equal(await Pack(new LayerFiles().AddTree("app", new(_bench.At("one")))), await Pack(new LayerFiles().AddTree("app", new(_bench.At("two/deeper")))));
    }

    [Fact]
    public async Task The_order_of_adding_does_not_matter()
        => Assert.Equal(await Pack(new LayerFiles().Add("b", "1").Add("a/c", "2")), await Pack(new LayerFiles().Add("a/c", "2").Add("b", "1")));

    [Fact]
    public async Task A_layer_larger_than_a_block_unpacks_to_what_went_in()
    {
        var bytes = new byte[(9 << 20) + 17];
        new Random(1).NextBytes(bytes);
        using (var file = File.Create(_bench.At("layer.tar.gz")))
        {
            var layer = await Layer.Pack(new LayerFiles().Add("weights", bytes), file, stop: Bench.Stop);
            Assert.Equal(await Layer.DiffIdOf(new LayerFiles().Add("weights", bytes), Bench.Stop), layer.DiffId);
        }

        _bench.Run("gzip", "-t", "layer.tar.gz");
        _bench.Run("tar", "-xzf", "layer.tar.gz", "--no-same-owner");
        Assert.Equal(bytes, File.ReadAllBytes(_bench.At("weights")));
        var sum = _bench.Run("sh", "-c", "gzip -dc layer.tar.gz | sha256sum").Split(' ')[0];
        Assert.Equal((await Layer.DiffIdOf(new LayerFiles().Add("weights", bytes), Bench.Stop)).Hex, sum);
    }

    [Fact]
    public async Task The_header_of_a_layer_says_nothing_of_this_machine()
    {
        using var bytes = new MemoryStream();
        await Layer.Pack(new LayerFiles().Add("a", "1"), bytes, stop: Bench.Stop);
        Assert.Equal([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255], bytes.ToArray()[..10]);
    }

    [Theory]
    [InlineData("/etc/passwd")]
    [InlineData("a/../b")]
    [InlineData("a//b")]
    [InlineData("app/.wh.model")]
    [InlineData("")]
    public void A_path_that_layers_do_not_hold_is_refused(string path) => Assert.Throws<OciException>(() => new LayerFiles().Add(path, "x"));

    [Fact]
    public async Task A_file_twice_or_inside_a_file_is_refused()
    {
        Assert.Throws<OciException>(() => new LayerFiles().Add("a", "1").Add("a", "2"));
        await Assert.ThrowsAsync<OciException>(() => Pack(new LayerFiles().Add("a", "1").Add("a/b", "2")));
    }

    [Fact]
    public async Task A_file_that_shrinks_while_it_is_packed_stops_the_packing()
        => await Assert.ThrowsAsync<EndOfStreamException>(() => Pack(new LayerFiles().Add("a", 10, () => new MemoryStream(new byte[9]))));

    public void Dispose() => _bench.Dispose();

    private static async Task<Layer> Pack(LayerFiles files)
    {
        using var bytes = new MemoryStream();
        return await Layer.Pack(files, bytes, stop: Bench.Stop);
    }
}
