using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
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
    public async Task A_closed_server_asks_container_tools_for_a_token_and_gives_nothing_without()
    {
        var tools = new Tools();
        await using var closed = new Harbour(settings => settings with { Open = false });
        await closed.InitializeAsync();
        var token = await closed.Token();
        closed.Http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        await closed.Version(18, model: "shut");
        var build = await closed.Build("shut@1");
        var from = $"docker://{new Uri(closed.Url).Authority}/{Harbour.Project}/shut:1";
        Assert.Equal(build.Digest.ToString(), Digest(tools.Run("skopeo", "inspect", "--tls-verify=false", "--creds", $"any:{token}", from)));
        Assert.NotEqual(0, tools.Try("skopeo", "inspect", "--tls-verify=false", "--no-creds", from).Code);
        Assert.NotEqual(0, tools.Try("skopeo", "inspect", "--tls-verify=false", "--creds", "any:stw_wrong", from).Code);
        using var bare = new HttpClient { BaseAddress = new(closed.Url) };
        using var ping = await bare.GetAsync("/v2/", Stop);
        Assert.Equal((HttpStatusCode.Unauthorized, "Basic realm=\"steward\""), (ping.StatusCode, ping.Headers.WwwAuthenticate.ToString()));
        using var scoring = await bare.GetAsync("/v2", Stop);
        Assert.Equal(HttpStatusCode.OK, scoring.StatusCode);

        static string Digest(string inspected)
        {
            using var json = JsonDocument.Parse(inspected);
            return json.RootElement.GetProperty("Digest").GetString()!;
        }
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

    [Fact]
    public async Task A_signature_counts_when_it_is_of_the_caller_and_of_this_image()
    {
        await using var closed = new Harbour(settings => settings with { Open = false });
        await closed.InitializeAsync();
        closed.Http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", await closed.Token());
        await closed.Version(25, model: "signed");
        var build = await closed.Build("signed@1");
        using var mine = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var foreign = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using (var added = await Send("/api/me/keys", new { name = "default", pem = PersonKey.PemOf(mine) }))
            Assert.True(added.IsSuccessStatusCode, await added.Content.ReadAsStringAsync(Stop));
        Assert.Equal(HttpStatusCode.Forbidden, await Sign(foreign, build.Digest));
        Assert.Equal(HttpStatusCode.BadRequest, await Sign(mine, OciDigest.Of("another"u8)));
        Assert.Equal(HttpStatusCode.OK, await Sign(mine, build.Digest));

        // As cosign looks for it and checks it, with openssl in its place.
        using var image = JsonDocument.Parse(await closed.Http.GetStringAsync($"/v2/{Harbour.Project}/signed/manifests/sha256-{build.Digest.Hex}.sig", Stop));
        var layer = image.RootElement.GetProperty("layers")[0];
        var tools = new Tools();
        await File.WriteAllBytesAsync(tools.At("payload"), await closed.Http.GetByteArrayAsync($"/v2/{Harbour.Project}/signed/blobs/{layer.GetProperty("digest").GetString()}", Stop), Stop);
        await File.WriteAllBytesAsync(tools.At("signature"), Convert.FromBase64String(layer.GetProperty("annotations").GetProperty("dev.cosignproject.cosign/signature").GetString()!), Stop);
        await File.WriteAllTextAsync(tools.At("key.pem"), PersonKey.PemOf(mine), Stop);
        Assert.Contains("Verified OK", tools.Run("openssl", "dgst", "-sha256", "-verify", "key.pem", "-signature", "signature", "payload"), StringComparison.Ordinal);
        Assert.Contains(build.Digest.ToString(), await File.ReadAllTextAsync(tools.At("payload"), Stop), StringComparison.Ordinal);

        async Task<HttpStatusCode> Sign(ECDsa key, OciDigest digest)
        {
            var payload = SimpleSigning.Payload(digest, "paint/signed");
            using var reply = await Send($"/api/projects/{Harbour.Project}/images/signed/1/signature", new { payload = Convert.ToBase64String(payload), signature = SimpleSigning.Sign(payload, key), key = PersonKey.HintOf(mine) });
            return reply.StatusCode;
        }

        Task<HttpResponseMessage> Send(string path, object body) => closed.Http.PostAsync(path, new StringContent(Json.Write(body), Encoding.UTF8, "application/json"), Stop);
    }

    [Fact]
    public async Task When_people_agree_after_the_build_their_votes_lie_beside_both_images_and_can_be_checked_anywhere()
    {
        await using var voting = new Harbour();
        await voting.InitializeAsync();
        await voting.Services.GetRequiredService<Projects.IProjects>().Put($"steward: 1\nproject: {Harbour.Project}\nsignoff:\n  parties:\n    - {{party: ops, approvers: [dev], need: 1}}\n", Who.Steward, Stop);
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var db = voting.Services.GetRequiredService<Storage.Db>();
        await db.Run("INSERT INTO person (id, name, created_at) VALUES ('dev', 'dev', 0)", new { }, Stop);
        await db.Run("INSERT INTO person_key (hint, person, name, pem, created_at) VALUES (@hint, 'dev', 'default', @pem, 0)", new { hint = PersonKey.HintOf(key), pem = PersonKey.PemOf(key) }, Stop);
        await voting.Version(26, model: "voted");
        var build = await voting.Build("voted@1");
        var signOffs = voting.Services.GetRequiredService<ISignOffs>();
        var asked = await signOffs.Request(Who.Steward, Harbour.Project, "voted", 1, Stop);
        var dev = new Who("dev", "dev", new Dictionary<string, IReadOnlySet<Role>> { [Harbour.Project] = new HashSet<Role> { Role.Approver } });
        var statement = await signOffs.Draft(dev, Harbour.Project, asked.Number, "ops", Decision.Approve, "seen", Stop);
        await signOffs.Vote(dev, Harbour.Project, asked.Number, Dsse.Sign(Dsse.InToto, statement.Bytes(), key), Stop);

        using var registry = new Registry(new Uri(voting.Url).Authority);
        var images = registry.Images($"{Harbour.Project}/voted");
        var tools = new Tools();
        foreach (var image in new[] { build.Digest, build.ModelDigest })
        {
            Descriptor? found = null;
            for (var tries = 0; found is null && tries < 200; tries++, await Task.Delay(50, Stop))
                found = (await images.Referrers(image, Stop)).FirstOrDefault(one => one.ArtifactType == ImageArtifacts.SignOffType);
            var file = Manifest.Read(await images.Read(found!, Stop)).Layers[0];
            await File.WriteAllBytesAsync(tools.At("signoff.json"), await images.Read(file, Stop), Stop);
            tools.Run("steward", "signoff", "verify", "signoff.json");
        }
    }

    private async Task<HttpStatusCode> Status(string path)
    {
        using var reply = await harbour.Http.GetAsync(path, HttpCompletionOption.ResponseHeadersRead, Stop);
        return reply.StatusCode;
    }
}
