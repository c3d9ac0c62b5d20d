using System.Net.Http.Headers;
using System.Net;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Steward.Identity;
using Steward.Models;
using Steward.Oci;
using Steward.Packaging.Images;
using Steward.Testing;

namespace Steward.Packaging.Tests.Images;

/// <summary>Where nobody gets anything without credentials.</summary>
public sealed class ClosedTests(ClosedHarbour harbour) : IClassFixture<ClosedHarbour>
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_closed_server_asks_container_tools_for_a_token_and_gives_nothing_without()
    {
        var tools = new Tools();
        var closed = harbour.Closed;
        await closed.Version(18, model: "shut");
        var build = await closed.Build("shut@1");
        var from = $"docker://{new Uri(closed.Url).Authority}/{Harbour.Project}/shut:1";
        Assert.Equal(build.Digest.ToString(), Digest(tools.Run("skopeo", "inspect", "--tls-verify=false", "--creds", $"any:{harbour.Token}", from)));
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
    public async Task A_signature_counts_when_it_is_of_the_caller_and_of_this_image()
    {
        var closed = harbour.Closed;
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
        var voting = harbour.Closed;
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

        using var registry = new Registry(new Uri(voting.Url).Authority, new() { SignIn = _ => new("any", harbour.Token) });
        var images = registry.Images($"{Harbour.Project}/voted");
        var tools = new Tools();
        foreach (var image in new[] { build.Digest, build.ModelDigest })
        {
            Descriptor? found = null;
            await Eventually.True("the sign-off lies beside the image", async () => (found = (await images.Referrers(image, Stop)).FirstOrDefault(one => one.ArtifactType == ImageArtifacts.SignOffType)) is not null, Stop);
            var file = Manifest.Read(await images.Read(found!, Stop)).Layers[0];
            await File.WriteAllBytesAsync(tools.At("signoff.json"), await images.Read(file, Stop), Stop);
            tools.Run("steward", "signoff", "verify", "signoff.json");
        }
    }
}

/// <summary>A server that is not open, and its admin's token.</summary>
public sealed class ClosedHarbour : IAsyncLifetime
{
    internal Harbour Closed { get; } = new(settings => settings with { Open = false });

    internal string Token { get; private set; } = "";

    public async ValueTask InitializeAsync()
    {
        await Closed.InitializeAsync();
        Token = await Closed.Token();
        Closed.Http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Token);
    }

    public ValueTask DisposeAsync() => Closed.DisposeAsync();
}
