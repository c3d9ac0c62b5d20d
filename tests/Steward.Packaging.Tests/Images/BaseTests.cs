using System.Net;
using System.Net.Http.Headers;
using Steward.Oci;

namespace Steward.Packaging.Tests.Images;

/// <summary>Bases that people bring: what fits is built upon, what does not is refused before anything is kept.</summary>
public sealed class BaseTests(Harbour harbour) : IClassFixture<Harbour>
{
    private const string Loader = "lib64/ld-linux-x86-64.so.2", Folder = "usr/lib/x86_64-linux-gnu";
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_base_that_was_sent_lies_under_the_program_and_its_packages_are_on_the_bill()
    {
        await harbour.Version(31, model: "based");
        var ground = await Send(Fitting().Add("var/lib/dpkg/status", "Package: libstdc++6\nStatus: install ok installed\nArchitecture: amd64\nVersion: 12.2.0-14\n\nPackage: gone\nStatus: deinstall ok config-files\nVersion: 1\n"));
        var build = await harbour.Build("based@1", ground);
        Assert.Equal(["base", "runtime", "program", "model", "card"], build.Layers.Select(layer => layer.Name));
        using var registry = new Registry(new Uri(harbour.Url).Authority);
        var images = registry.Images($"{Harbour.Project}/based");
        var bill = Manifest.Read(await images.Read(Assert.Single(await images.Referrers(build.Digest, Stop)), Stop)).Layers[0];
        var text = System.Text.Encoding.UTF8.GetString(await images.Read(bill, Stop));
        Assert.Contains("pkg:deb/debian/libstdc%2B%2B6@12.2.0-14", text, StringComparison.Ordinal);
        Assert.DoesNotContain("\"gone\"", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_base_with_another_C_library_is_refused_with_the_way_out()
    {
        await harbour.Version(32, model: "musl");
        var refused = await Assert.ThrowsAsync<ProblemException>(async () => await harbour.Build("musl@1", await Send(new LayerFiles().Add("lib/ld-musl-x86_64.so.1", "x"))));
        Assert.Equal("base_unfit", refused.Code);
        Assert.Contains("Debian", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_base_for_another_processor_is_refused()
    {
        await harbour.Version(33, model: "other");
        var refused = await Assert.ThrowsAsync<ProblemException>(async () => await harbour.Build("other@1", await Send(Fitting(), change: config => config with { Architecture = "s390x" })));
        Assert.Contains("linux/s390x", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_base_whose_config_lies_about_a_layer_is_refused()
    {
        await harbour.Version(34, model: "lies");
        var refused = await Assert.ThrowsAsync<ProblemException>(async () => await harbour.Build("lies@1", await Send(Fitting(), change: config => config with { Rootfs = new([OciDigest.Of("another"u8)]) })));
        Assert.Contains("its config says", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Bytes_that_are_not_those_of_their_digest_are_not_kept()
    {
        var bytes = "honest"u8.ToArray();
        Assert.Equal(HttpStatusCode.Conflict, await Put(OciDigest.Of("another"u8), bytes));
        Assert.Equal(HttpStatusCode.Conflict, await Put(OciDigest.Of(bytes), "honesT"u8.ToArray()));
        Assert.Equal(HttpStatusCode.NotFound, await IsThere(OciDigest.Of(bytes)));
        Assert.Equal(HttpStatusCode.Created, await Put(OciDigest.Of(bytes), bytes));
        Assert.Equal(HttpStatusCode.OK, await IsThere(OciDigest.Of(bytes)));
        Assert.Equal(HttpStatusCode.NotFound, await IsThere(OciDigest.Of(bytes), Harbour.Other));
    }

    private static LayerFiles Fitting() => new LayerFiles().Add(Loader, "loader").Add($"{Folder}/libstdc++.so.6", "1").Add($"{Folder}/libgcc_s.so.1", "2").Add($"{Folder}/libssl.so.3", "3");

    private async Task<object> Send(LayerFiles files, Func<ImageConfig, ImageConfig>? change = null)
    {
        using var packed = new MemoryStream();
        var layer = await Layer.Pack(files, packed, stop: Stop);
        var built = new ImagePlan { Layers = [layer] }.Build();
        var config = (change?.Invoke(built.Config) ?? built.Config).Bytes();
        var manifest = (built.Manifest with { Config = Descriptor.Of(MediaTypes.Config, config) }).Bytes();
        foreach (var bytes in new[] { packed.ToArray(), config, manifest })
            Assert.Equal(HttpStatusCode.Created, await Put(OciDigest.Of(bytes), bytes));
        return Descriptor.Of(MediaTypes.Manifest, manifest);
    }

    private async Task<HttpStatusCode> Put(OciDigest digest, byte[] bytes)
    {
        using var body = new ByteArrayContent(bytes);
        body.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
        using var reply = await harbour.Http.PutAsync($"/api/projects/{Harbour.Project}/images/blobs/{digest}", body, Stop);
        return reply.StatusCode;
    }

    private async Task<HttpStatusCode> IsThere(OciDigest digest, string project = Harbour.Project)
    {
        using var reply = await harbour.Http.GetAsync($"/api/projects/{project}/images/blobs/{digest}", Stop);
        return reply.StatusCode;
    }
}
