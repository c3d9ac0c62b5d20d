using System.Text.Json;

namespace Steward.Oci.Tests;

public sealed class BuildTests : IDisposable
{
    private readonly Bench _bench = new();

    [Fact]
    public async Task Two_builds_in_different_folders_give_one_digest()
        => Assert.Equal((await Bench.Small(ImageLayout.OpenOrCreate(_bench.At("one")))).Descriptor, (await Bench.Small(ImageLayout.OpenOrCreate(_bench.At("two/deeper")))).Descriptor);

    [Fact]
    public async Task Another_model_changes_one_layer_the_config_and_the_manifest_and_nothing_else()
    {
        var layout = ImageLayout.OpenOrCreate(_bench.At("layout"));
        await Bench.Small(layout, "1");
        var before = Blobs();
        await Bench.Small(layout, "2", "other weights");
        Assert.Equal(3, Blobs().Except(before).Count());
        Assert.Equal(["1", "2"], ImageLayout.Open(_bench.At("layout")).Tags);

        string[] Blobs() => [.. Directory.GetFiles(_bench.At("layout/blobs/sha256")).Order(StringComparer.Ordinal)];
    }

    [Fact]
    public async Task An_image_on_a_base_keeps_its_layers_environment_and_history_but_not_its_name()
    {
        var layout = ImageLayout.OpenOrCreate(_bench.At("layout"));
        var ground = await Bench.Small(layout, "base");
        var layer = await layout.Pack(new LayerFiles().Add("opt/more", "1"), stop: Bench.Stop);
        var built = new ImagePlan { Base = ground.Manifest, BaseConfig = ground.Config, Layers = [layer with { CreatedBy = "more" }], Env = new Dictionary<string, string> { ["MODE"] = "other" } }.Build();
        await built.Put(layout, "2", Bench.Stop);
        await layout.Commit(Bench.Stop);
        using var config = JsonDocument.Parse(_bench.Run("skopeo", "inspect", "--config", "oci:layout:2"));
        Assert.Equal(3, config.RootElement.GetProperty("history").GetArrayLength());
        Assert.Contains("MODE=other", config.RootElement.GetProperty("config").GetProperty("Env").EnumerateArray().Select(one => one.GetString()));
        Assert.False(config.RootElement.GetProperty("config").TryGetProperty("Labels", out _));
        _bench.Run("umoci", "unpack", "--image", "layout:2", "bundle");
        Assert.True(File.Exists(_bench.At("bundle/rootfs/opt/more")));
        Assert.True(File.Exists(_bench.At("bundle/rootfs/app/run")));
    }

    [Fact]
    public async Task A_base_whose_config_lists_other_layers_is_refused()
    {
        var ground = await Bench.Small(ImageLayout.OpenOrCreate(_bench.At("layout")));
        Assert.Throws<OciException>(() => new ImagePlan { Base = ground.Manifest with { Layers = [] }, BaseConfig = ground.Config, Layers = [] }.Build());
    }

    [Fact]
    public async Task What_is_attached_to_an_image_goes_with_it_and_changes_nothing_about_it()
    {
        var layout = ImageLayout.OpenOrCreate(_bench.At("layout"));
        var built = await Bench.Small(layout);
        var bill = new CycloneDx(new("container", "fruit", "1"), [new("library", "b", "2") { License = "MIT" }, new("library", "a", "1") { License = "Some words, of somebody's" }]).Bytes();
        await new Artifact(MediaTypes.CycloneDx, built.Descriptor, [new(MediaTypes.CycloneDx, bill, "bill.json")]).Put(layout, stop: Bench.Stop);
        await layout.Commit(Bench.Stop);
        var copy = ImageLayout.OpenOrCreate(_bench.At("copy"));
        var copied = await new ImageCopy(layout, copy).Run("1", "1", stop: Bench.Stop);
        Assert.Equal((built.Descriptor.Digest, 1), (copied.Manifest.Digest, copied.Referrers));
        var referrer = Assert.Single(await ImageLayout.Open(_bench.At("copy")).Referrers(built.Descriptor.Digest, Bench.Stop));
        Assert.Equal(MediaTypes.CycloneDx, referrer.ArtifactType);
        Assert.Equal(bill, await copy.Read(Manifest.Read(await copy.Read(referrer, Bench.Stop)).Layers[0], Bench.Stop));
    }

    [Fact]
    public void A_bill_of_materials_is_the_same_whatever_the_order_and_holds_no_time()
    {
        BillItem[] items = [new("library", "b", "2") { Purl = BillItem.PurlOf("nuget", "b", "2") }, new("library", "a", "1+x")];
        var one = new CycloneDx(new("container", "fruit", "1"), items).Bytes();
        Assert.Equal(one, new CycloneDx(new("container", "fruit", "1"), [.. items.Reverse()]).Bytes());
        using var json = JsonDocument.Parse(one);
        Assert.Equal("1.6", json.RootElement.GetProperty("specVersion").GetString());
        Assert.Matches("^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$", json.RootElement.GetProperty("serialNumber").GetString());
        Assert.False(json.RootElement.GetProperty("metadata").TryGetProperty("timestamp", out _));
    }

    public void Dispose() => _bench.Dispose();
}
