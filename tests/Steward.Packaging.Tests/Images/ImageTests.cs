using System.Net;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Steward.Identity;
using Steward.Models;
using Steward.Oci;
using Steward.Packaging.Images;
using Steward.Testing;

namespace Steward.Packaging.Tests.Images;

public sealed class ImageTests(Harbour harbour) : IClassFixture<Harbour>
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private string Host => new Uri(harbour.Url).Authority;

    [Fact]
    public async Task Two_servers_with_their_own_folders_build_one_digest()
    {
        await using var elsewhere = new Harbour();
        await elsewhere.InitializeAsync();
        await harbour.Version(11, model: "twin");
        await elsewhere.Version(11, model: "twin");
        var (here, there) = (await harbour.Build("twin@1"), await elsewhere.Build("twin@1"));
        Assert.Equal((here.Digest, here.ModelDigest), (there.Digest, there.ModelDigest));
        Assert.Equal((await Bill(harbour, "twin")).Digest, (await Bill(elsewhere, "twin")).Digest);

        static async Task<ImageReferrer> Bill(Harbour at, string model) => Assert.Single((await at.Show(model, 1)).Referrers);
    }

    [Fact]
    public async Task A_second_build_packs_nothing_anew_and_what_both_took_is_kept()
    {
        await harbour.Version(12, model: "again");
        var (first, second) = (await harbour.Build("again@1"), await harbour.Build("again@1"));
        Assert.Equal(first.Digest, second.Digest);
        Assert.True(second.WasCached);
        Assert.Equal(0, second.NewBytes);
        var view = await harbour.Show("again", 1);
        Assert.Equal([second.Id, first.Id], view.Builds.Select(one => one.Id));
        Assert.All(view.Builds, one => Assert.True(one.Seconds > 0));
    }

    [Fact]
    public async Task Another_version_packs_its_model_and_its_card_and_nothing_else()
    {
        await harbour.Version(13, model: "moves");
        await harbour.Version(14, model: "moves");
        var first = await harbour.Build("moves@1");
        var second = await harbour.Build("moves@2");
        Assert.Equal(["base", "runtime", "program", "model", "card"], first.Layers.Select(layer => layer.Name));
        Assert.Equal(["model", "card"], second.Layers.Where(layer => !layer.Reused).Select(layer => layer.Name));
        Assert.Equal(first.Layers.Take(3).Select(layer => layer.Digest), second.Layers.Take(3).Select(layer => layer.Digest));
        Assert.NotEqual(first.Layers[3].Digest, second.Layers[3].Digest);
    }

    [Fact]
    public async Task Skopeo_pulls_straight_from_the_server_and_the_digest_stays()
    {
        var tools = new Tools();
        await harbour.Version(15, model: "pulled");
        var build = await harbour.Build("pulled@1");
        foreach (var (tag, digest) in new[] { ("1", build.Digest), ("1-model", build.ModelDigest) })
        {
            tools.Run("skopeo", "--insecure-policy", "copy", "--src-tls-verify=false", $"docker://{Host}/{Harbour.Project}/pulled:{tag}", $"oci:{tag}:x");
            Assert.Equal(digest, (await ImageLayout.Open(tools.At(tag)).Resolve("x", Stop)).Digest);
        }

        tools.Run("umoci", "unpack", "--image", "1-model:x", "alone");
        Assert.Equal(SmallModels.Colours(15), File.ReadAllBytes(tools.At("alone/rootfs/model/model.onnx")));
        Assert.Contains("\"1-model\"", tools.Run("skopeo", "list-tags", "--tls-verify=false", $"docker://{Host}/{Harbour.Project}/pulled"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_alias_is_a_tag_that_moves()
    {
        await harbour.Version(16, model: "alias");
        await harbour.Version(17, model: "alias");
        var builds = new[] { await harbour.Build("alias@1"), await harbour.Build("alias@2") };
        using var registry = new Registry(Host);
        var images = registry.Images($"{Harbour.Project}/alias");
        foreach (var version in new[] { 1, 2 })
        {
            await harbour.Services.GetRequiredService<IPromotions>().Promote(Who.Steward, Harbour.Project, "alias", version, stop: Stop);
            Assert.Equal(builds[version - 1].Digest, (await images.Resolve("production", Stop)).Digest);
            Assert.Equal(builds[version - 1].ModelDigest, (await images.Resolve("production-model", Stop)).Digest);
        }

        Assert.Equal(["1", "1-model", "2", "2-model", "production", "production-model"], await images.Tags(Stop));
    }

    [Fact]
    public async Task A_digest_opens_nothing_of_another_project()
    {
        await harbour.Version(19, model: "mine");
        var build = await harbour.Build("mine@1");
        await harbour.Version(20, Harbour.Other, "theirs");
        await harbour.Build("theirs@1", project: Harbour.Other);
        foreach (var path in new[] { $"manifests/{build.Digest}", $"blobs/{build.Layers[^2].Digest}" })
        {
            Assert.Equal(HttpStatusCode.OK, await Status($"/v2/{Harbour.Project}/mine/{path}"));
            Assert.Equal(HttpStatusCode.NotFound, await Status($"/v2/{Harbour.Other}/theirs/{path}"));
        }

        var borrowed = await Assert.ThrowsAsync<Xunit.Sdk.TrueException>(() => harbour.Build("theirs@1", new { mediaType = MediaTypes.Manifest, digest = build.Digest.ToString(), size = 1 }, Harbour.Other));
        Assert.Contains("base_image_not_found", borrowed.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("manifests/9")]
    [InlineData("manifests/sha256:00")]
    [InlineData("manifests/..%2f..%2fetc%2fpasswd")]
    [InlineData("manifests/sha256-zz.sig")]
    [InlineData("blobs/sha256:0000000000000000000000000000000000000000000000000000000000000000")]
    [InlineData("blobs/..%2f..%2f..%2fkeys%2faudit.pem")]
    [InlineData("blobs/%2500")]
    public async Task What_is_not_an_image_is_not_there(string path)
    {
        await harbour.Version(21, model: "odd");
        await harbour.Build("odd@1");
        Assert.Equal(HttpStatusCode.NotFound, await Status($"/v2/{Harbour.Project}/odd/{path}"));
        Assert.Equal(HttpStatusCode.NotFound, await Status($"/v2/{Harbour.Project}/none/{path}"));
        Assert.Equal(HttpStatusCode.NotFound, await Status($"/v2/..%2f{Harbour.Project}/odd/{path}"));
    }

    [Fact]
    public async Task Nothing_can_be_pushed_through_the_distribution_endpoint()
    {
        await harbour.Version(22, model: "readonly");
        await harbour.Build("readonly@1");
        using var registry = new Registry(Host, new() { Pause = TimeSpan.FromMilliseconds(1) });
        await Assert.ThrowsAsync<OciException>(() => registry.Images($"{Harbour.Project}/readonly").Put(Descriptor.Of(MediaTypes.Config, "{}2"u8), _ => Task.FromResult<Stream>(new MemoryStream("{}2"u8.ToArray())), Stop));
    }

    [Fact]
    public async Task A_download_can_go_on_in_the_middle_of_a_layer()
    {
        await harbour.Version(23, model: "middle");
        var model = (await harbour.Build("middle@1")).Layers[3];
        var whole = await harbour.Http.GetByteArrayAsync($"/v2/{Harbour.Project}/middle/blobs/{model.Digest}", Stop);
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/v2/{Harbour.Project}/middle/blobs/{model.Digest}");
        request.Headers.Range = new(100, null);
        using var rest = await harbour.Http.SendAsync(request, Stop);
        Assert.Equal(HttpStatusCode.PartialContent, rest.StatusCode);
        Assert.Equal(whole[100..], await rest.Content.ReadAsByteArrayAsync(Stop));
        Assert.Equal(model.Digest, OciDigest.Of(whole));
    }

    [Fact]
    public async Task Beside_the_image_lies_what_it_is_made_of()
    {
        await harbour.Version(24, model: "billed");
        var build = await harbour.Build("billed@1");
        using var registry = new Registry(Host);
        var images = registry.Images($"{Harbour.Project}/billed");
        var referrer = Assert.Single(await images.Referrers(build.Digest, Stop));
        Assert.Equal(MediaTypes.CycloneDx, referrer.ArtifactType);
        var manifest = Manifest.Read(await images.Read(referrer, Stop));
        Assert.Equal(build.Digest, manifest.Subject!.Digest);
        using var bill = JsonDocument.Parse(await images.Read(manifest.Layers[0], Stop));
        var parts = bill.RootElement.GetProperty("components").EnumerateArray().Select(part => part.GetProperty("bom-ref").GetString()).ToList();
        Assert.Contains(parts, part => part!.StartsWith("pkg:nuget/Microsoft.ML.OnnxRuntime@", StringComparison.Ordinal));
        Assert.Contains(parts, part => part!.StartsWith("pkg:deb/debian/libc6@", StringComparison.Ordinal));
        Assert.Contains(parts, part => part!.StartsWith("pkg:deb/debian/libssl3@", StringComparison.Ordinal));
        Assert.Contains("machine-learning-model:billed@1", parts);
    }

    private async Task<HttpStatusCode> Status(string path)
    {
        using var reply = await harbour.Http.GetAsync(path, HttpCompletionOption.ResponseHeadersRead, Stop);
        return reply.StatusCode;
    }
}
