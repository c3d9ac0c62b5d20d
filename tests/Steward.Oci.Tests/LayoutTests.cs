using System.Text.Json;

namespace Steward.Oci.Tests;

public sealed class LayoutTests : IDisposable
{
    private readonly Bench _bench = new();

    [Fact]
    public async Task Skopeo_reads_what_we_build()
    {
        var built = await Bench.Small(ImageLayout.OpenOrCreate(_bench.At("layout")));
        using var seen = JsonDocument.Parse(_bench.Run("skopeo", "inspect", "oci:layout:1"));
        Assert.Equal(built.Descriptor.Digest.ToString(), seen.RootElement.GetProperty("Digest").GetString());
        Assert.Equal("fruit", seen.RootElement.GetProperty("Labels").GetProperty("org.opencontainers.image.title").GetString());
        Assert.Equal(built.Manifest.Layers.Select(layer => layer.Digest.ToString()), seen.RootElement.GetProperty("Layers").EnumerateArray().Select(layer => layer.GetString()));
        using var config = JsonDocument.Parse(_bench.Run("skopeo", "inspect", "--config", "oci:layout:1"));
        Assert.Equal("10001:10001", config.RootElement.GetProperty("config").GetProperty("User").GetString());
        Assert.Contains("MODE=a+b", config.RootElement.GetProperty("config").GetProperty("Env").EnumerateArray().Select(one => one.GetString()));
    }

    [Fact]
    public async Task Skopeo_copies_to_every_form_and_back_and_the_digest_stays()
    {
        var built = await Bench.Small(ImageLayout.OpenOrCreate(_bench.At("layout")));
        _bench.Run("skopeo", "--insecure-policy", "copy", "oci:layout:1", "dir:dir");
        _bench.Run("skopeo", "--insecure-policy", "copy", "dir:dir", "oci-archive:theirs.tar:1");
        _bench.Run("skopeo", "--insecure-policy", "copy", "oci-archive:theirs.tar:1", "oci:back:1");
        Assert.Equal(built.Descriptor.Digest, (await ImageLayout.Open(_bench.At("back")).Resolve("1", Bench.Stop)).Digest);
        await using var theirs = await ImageArchive.Open(_bench.At("theirs.tar"), Bench.Stop);
        Assert.Equal(built.Descriptor.Digest, (await theirs.Resolve(null, Bench.Stop)).Digest);
    }

    [Fact]
    public async Task An_archive_of_ours_is_one_for_skopeo_and_the_same_bytes_each_time()
    {
        var layout = ImageLayout.OpenOrCreate(_bench.At("layout"));
        var built = await Bench.Small(layout);
        foreach (var name in new[] { "a.tar", "b.tar" })
            await using (var target = new ImageArchiveTarget(_bench.At(name)))
                await new ImageCopy(layout, target).Run("1", "1", stop: Bench.Stop);
        Assert.Equal(File.ReadAllBytes(_bench.At("a.tar")), File.ReadAllBytes(_bench.At("b.tar")));
        Assert.Contains(built.Descriptor.Digest.ToString(), _bench.Run("skopeo", "inspect", "oci-archive:a.tar:1"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_docker_save_writes_is_read_as_an_image()
    {
        var layout = ImageLayout.OpenOrCreate(_bench.At("layout"));
        var built = await Bench.Small(layout);
        _bench.Run("skopeo", "--insecure-policy", "copy", "oci:layout:1", "docker-archive:saved.tar:fruit:1");
        await using var saved = await ImageArchive.Open(_bench.At("saved.tar"), Bench.Stop);
        var (_, manifest) = await saved.Image(null, stop: Bench.Stop);
        var config = ImageConfig.Read(await saved.Read(manifest.Config, Bench.Stop));
        Assert.Equal(built.Config.Rootfs.DiffIds, config.Rootfs.DiffIds);
        Assert.Contains("model/model.onnx", (await RootFolder.Read(saved, manifest, config, stop: Bench.Stop)).All.Keys);
        _bench.Run("gzip", "saved.tar");
        await using var packed = await ImageArchive.Open(_bench.At("saved.tar.gz"), Bench.Stop);
        Assert.Equal(manifest.Config.Digest, (await packed.Image(null, stop: Bench.Stop)).Manifest.Config.Digest);
    }

    [Fact]
    public async Task A_changed_byte_is_found_when_it_is_read_and_when_it_is_copied()
    {
        var layout = ImageLayout.OpenOrCreate(_bench.At("layout"));
        var built = await Bench.Small(layout);
        var blob = _bench.At("layout/blobs/sha256", built.Manifest.Layers[1].Digest.Hex);
        var bytes = File.ReadAllBytes(blob);
        bytes[20] ^= 1;
        File.WriteAllBytes(blob, bytes);
        var target = ImageLayout.OpenOrCreate(_bench.At("copy"));
        Assert.Equal(OciTrouble.Differs, (await Assert.ThrowsAsync<OciException>(() => new ImageCopy(layout, target).Run("1", "1", stop: Bench.Stop))).Trouble);
        Assert.Empty(ImageLayout.Open(_bench.At("copy")).Tags);
        Assert.DoesNotContain(Directory.GetFiles(_bench.At("copy/blobs/sha256")), file => Path.GetFileName(file).StartsWith('.') || Path.GetFileName(file) == built.Manifest.Layers[1].Digest.Hex);
    }

    [Fact]
    public async Task A_folder_with_other_things_in_it_is_not_written_to()
    {
        _bench.Write("mine/letter.txt", "dear");
        Assert.Throws<OciException>(() => ImageLayout.OpenOrCreate(_bench.At("mine")));
        Assert.Equal(["letter.txt"], Directory.GetFileSystemEntries(_bench.At("mine")).Select(Path.GetFileName));
        await Assert.ThrowsAsync<OciException>(() => ImageArchive.Open(_bench.At("mine/letter.txt"), Bench.Stop));
    }

    [Fact]
    public async Task A_copy_that_is_given_up_leaves_no_archive()
    {
        var layout = ImageLayout.OpenOrCreate(_bench.At("layout"));
        var built = await Bench.Small(layout);
        File.Delete(_bench.At("layout/blobs/sha256", built.Manifest.Layers[1].Digest.Hex));
        await Assert.ThrowsAsync<OciException>(async () =>
        {
            await using var target = new ImageArchiveTarget(_bench.At("a.tar"));
            await new ImageCopy(layout, target).Run("1", "1", stop: Bench.Stop);
        });
        Assert.Equal(["layout"], Directory.GetFileSystemEntries(_bench.Folder).Select(Path.GetFileName));
    }

    public void Dispose() => _bench.Dispose();
}
