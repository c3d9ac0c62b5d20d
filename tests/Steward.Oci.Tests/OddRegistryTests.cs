using System.Security.Cryptography.X509Certificates;

namespace Steward.Oci.Tests;

/// <summary>Registries that lie, send elsewhere, cut off, ask for much, or are slow to agree.</summary>
public sealed class OddRegistryTests : IAsyncLifetime
{
    private static readonly RegistryOptions Quick = new() { Pause = TimeSpan.FromMilliseconds(1), Chance = new(1), SignIn = _ => new("ana", "secret") };
    private readonly Bench _bench = new();
    private OddRegistry _odd = null!;
    private ImageLayout _layout = null!;
    private BuiltImage _built = null!;

    public async ValueTask InitializeAsync()
    {
        _odd = await OddRegistry.Start();
        _layout = ImageLayout.OpenOrCreate(_bench.At("layout"));
        _built = await Bench.Small(_layout);
    }

    [Fact]
    public async Task An_upload_that_breaks_goes_on_where_the_registry_stands()
    {
        var weights = new byte[5 << 20];
        new Random(4).NextBytes(weights);
        var layer = await _layout.Pack(new LayerFiles().Add("weights", weights), stop: Bench.Stop);
        await new ImagePlan { Layers = [layer] }.Build().Put(_layout, "2", Bench.Stop);
        await _layout.Commit(Bench.Stop);
        _odd.UploadsCut = 3;
        using var registry = new Registry(_odd.Host, Quick);
        await new ImageCopy(_layout, registry.Images("a")).Run("2", "2", stop: Bench.Stop);
        Assert.Equal(layer.Descriptor.Size, _odd.Blobs[layer.Descriptor.Digest.ToString()].Length);
        Assert.InRange(_odd.Received, layer.Descriptor.Size, layer.Descriptor.Size + (1 << 20));
    }

    [Fact]
    public async Task A_registry_that_is_busy_is_asked_again_and_one_that_stays_so_is_named()
    {
        var busy = 2;
        _odd.Instead = async context =>
        {
            if (busy-- <= 0)
                return false;
            await OddRegistry.Say(context, 503, "");
            return true;
        };
        using var registry = new Registry(_odd.Host, Quick);
        await new ImageCopy(_layout, registry.Images("a")).Run("1", "1", stop: Bench.Stop);
        busy = int.MaxValue;
        Assert.Equal(OciTrouble.Unavailable, (await Assert.ThrowsAsync<OciException>(() => registry.Images("a").Resolve("1", Bench.Stop))).Trouble);
    }

    [Fact]
    public async Task Tokens_are_fetched_from_where_the_registry_says_and_asked_for_no_more_than_is_needed()
    {
        _odd.Instead = async context =>
        {
            if (context.Request.Path == "/token")
                await OddRegistry.Say(context, context.Request.Headers.Authorization == "Basic YW5hOnNlY3JldA==" ? 200 : 401, "{\"token\":\"t0k\"}");
            else if (context.Request.Headers.Authorization != "Bearer t0k")
            {
                context.Response.Headers.WWWAuthenticate = $"Bearer realm=\"http://{_odd.Host}/token\",service=\"odd, \\\"registry\\\"\",scope=\"repository:a:pull\"";
                await OddRegistry.Say(context, 401, "{}");
            }
            else
                return false;
            return true;
        };
        using var registry = new Registry(_odd.Host, Quick);
        await new ImageCopy(_layout, registry.Images("a")).Run("1", "1", stop: Bench.Stop);
        var asked = _odd.Asked.Where(one => one.StartsWith("GET /token", StringComparison.Ordinal)).ToList();
        Assert.Contains("service=odd%2C%20%22registry%22&scope=repository%3Aa%3Apull%2Cpush", asked[0], StringComparison.Ordinal);
        Assert.Single(asked);
    }

    [Fact]
    public async Task Basic_credentials_are_sent_when_asked_for_and_wrong_ones_are_said_to_be_so()
    {
        _odd.Instead = async context =>
        {
            if (context.Request.Headers.Authorization == "Basic YW5hOnNlY3JldA==")
                return false;
            context.Response.Headers.WWWAuthenticate = "Basic realm=\"odd\"";
            await OddRegistry.Say(context, 401, "{}");
            return true;
        };
        using var registry = new Registry(_odd.Host, Quick);
        await new ImageCopy(_layout, registry.Images("a")).Run("1", "1", stop: Bench.Stop);
        using var stranger = new Registry(_odd.Host, Quick with { SignIn = _ => new("ana", "wrong") });
        var refused = await Assert.ThrowsAsync<OciException>(() => stranger.Images("a").Resolve("1", Bench.Stop));
        Assert.Equal(OciTrouble.Denied, refused.Trouble);
        Assert.DoesNotContain("wrong", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Whoever_a_registry_sends_us_to_does_not_get_our_password()
    {
        await using var elsewhere = await OddRegistry.Start();
        using (var push = new Registry(elsewhere.Host, Quick))
            await new ImageCopy(_layout, push.Images("a")).Run("1", "1", stop: Bench.Stop);
        elsewhere.Asked.Clear();
        _odd.Instead = async context =>
        {
            if (context.Request.Headers.Authorization.Count == 0)
            {
                context.Response.Headers.WWWAuthenticate = "Basic realm=\"odd\"";
                await OddRegistry.Say(context, 401, "{}");
            }
            else
            {
                context.Response.Headers.Location = $"http://{elsewhere.Host}{context.Request.Path}";
                await OddRegistry.Say(context, 307, "");
            }

            return true;
        };
        using var registry = new Registry(_odd.Host, Quick);
        await new ImageCopy(registry.Images("a"), ImageLayout.OpenOrCreate(_bench.At("back"))).Run("1", "1", stop: Bench.Stop);
        Assert.NotEmpty(elsewhere.Asked);
        Assert.All(elsewhere.Asked, one => Assert.EndsWith("auth=", one, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("http://169.254.169.254/latest/meta-data")]
    [InlineData("http://[::ffff:169.254.169.254]/")]
    [InlineData("file:///etc/passwd")]
    [InlineData("ftp://example.com/")]
    public async Task An_address_that_no_registry_should_send_us_to_is_not_followed(string address)
    {
        _odd.Instead = async context =>
        {
            context.Response.Headers.Location = address;
            await OddRegistry.Say(context, 302, "");
            return true;
        };
        using var registry = new Registry(_odd.Host, Quick);
        Assert.Equal(OciTrouble.Invalid, (await Assert.ThrowsAsync<OciException>(() => registry.Images("a").Resolve("1", Bench.Stop))).Trouble);
    }

    [Fact]
    public async Task A_registry_that_sends_us_around_in_circles_is_left()
    {
        _odd.Instead = async context =>
        {
            context.Response.Headers.Location = context.Request.Path.Value;
            await OddRegistry.Say(context, 302, "");
            return true;
        };
        using var registry = new Registry(_odd.Host, Quick);
        Assert.Contains("circles", (await Assert.ThrowsAsync<OciException>(() => registry.Images("a").Resolve("1", Bench.Stop))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_manifest_that_is_not_the_one_its_digest_names_is_refused()
    {
        _odd.Instead = async context =>
        {
            await OddRegistry.Say(context, 200, System.Text.Encoding.UTF8.GetString((_built.Manifest with { Annotations = new(StringComparer.Ordinal) { ["evil"] = "1" } }).Bytes()), MediaTypes.Manifest);
            return true;
        };
        using var registry = new Registry(_odd.Host, Quick);
        Assert.Equal(OciTrouble.Differs, (await Assert.ThrowsAsync<OciException>(() => registry.Images("a").Resolve(_built.Descriptor.Digest.ToString(), Bench.Stop))).Trouble);
    }

    [Theory]
    [InlineData("flipped")]
    [InlineData("longer")]
    [InlineData("shorter")]
    [InlineData("endless")]
    public async Task A_blob_with_other_bytes_than_promised_is_refused_and_not_kept(string how)
    {
        using var registry = new Registry(_odd.Host, Quick);
        await new ImageCopy(_layout, registry.Images("a")).Run("1", "1", stop: Bench.Stop);
        var layer = _built.Manifest.Layers[0].Digest.ToString();
        _odd.Instead = async context =>
        {
            if (!context.Request.Path.Value!.EndsWith(layer, StringComparison.Ordinal))
                return false;
            var bytes = _odd.Blobs[layer].ToArray();
            bytes[^1] ^= 1;
            byte[] sent = how switch { "flipped" => bytes, "longer" => [.. bytes, 1], "shorter" => bytes[..^5], _ => new byte[1 << 20] };
            do
                await context.Response.Body.WriteAsync(sent, context.RequestAborted);
            while (how == "endless" && !context.RequestAborted.IsCancellationRequested);
            return true;
        };
        var target = ImageLayout.OpenOrCreate(_bench.At("back"));
        await Assert.ThrowsAsync<OciException>(() => new ImageCopy(registry.Images("a"), target).Run("1", "1", stop: Bench.Stop));
        Assert.Empty(ImageLayout.Open(_bench.At("back")).Tags);
        Assert.DoesNotContain(Directory.GetFiles(_bench.At("back/blobs/sha256")), file => file.EndsWith(layer[7..], StringComparison.Ordinal) || Path.GetFileName(file).StartsWith('.'));
    }

    [Fact]
    public async Task A_registry_that_says_another_digest_for_what_it_keeps_is_not_believed()
    {
        _odd.Instead = async context =>
        {
            if (context.Request.Method != "PUT" || !context.Request.Path.Value!.Contains("/manifests/", StringComparison.Ordinal))
                return false;
            context.Response.Headers["Docker-Content-Digest"] = OciDigest.Of("another"u8).ToString();
            await OddRegistry.Say(context, 201, "");
            return true;
        };
        using var registry = new Registry(_odd.Host, Quick);
        Assert.Equal(OciTrouble.Differs, (await Assert.ThrowsAsync<OciException>(() => new ImageCopy(_layout, registry.Images("a")).Run("1", "1", stop: Bench.Stop))).Trouble);
    }

    [Theory]
    [InlineData("{")]
    [InlineData("null")]
    [InlineData("{\"schemaVersion\":1}")]
    [InlineData("{\"schemaVersion\":2,\"config\":{\"mediaType\":\"a\",\"digest\":\"md5:1\",\"size\":1},\"layers\":[]}")]
    [InlineData("{\"schemaVersion\":2,\"config\":{\"mediaType\":\"a\",\"digest\":\"sha256:0000000000000000000000000000000000000000000000000000000000000000\",\"size\":-1},\"layers\":[]}")]
    [InlineData("{\"schemaVersion\":2,\"config\":null,\"layers\":[null]}")]
    public async Task A_manifest_that_is_none_is_said_to_be_so(string manifest)
    {
        _odd.Instead = async context =>
        {
            await OddRegistry.Say(context, 200, manifest, MediaTypes.Manifest);
            return true;
        };
        using var registry = new Registry(_odd.Host, Quick);
        Assert.Equal(OciTrouble.Invalid, (await Assert.ThrowsAsync<OciException>(() => registry.Images("a").Image("1", stop: Bench.Stop))).Trouble);
    }

    [Fact]
    public async Task An_endless_manifest_is_not_kept_in_memory()
    {
        _odd.Instead = async context =>
        {
            context.Response.ContentType = MediaTypes.Manifest;
            var spaces = new byte[1 << 20];
            spaces.AsSpan().Fill((byte)' ');
            while (!context.RequestAborted.IsCancellationRequested)
                await context.Response.Body.WriteAsync(spaces, context.RequestAborted);
            return true;
        };
        using var registry = new Registry(_odd.Host, Quick);
        Assert.Equal(OciTrouble.TooLarge, (await Assert.ThrowsAsync<OciException>(() => registry.Images("a").Resolve("1", Bench.Stop))).Trouble);
    }

    [Fact]
    public async Task A_registry_that_knows_referrers_gets_no_fallback_tag()
    {
        await new Artifact(MediaTypes.CycloneDx, _built.Descriptor, [new(MediaTypes.CycloneDx, "{}"u8.ToArray())]).Put(_layout, stop: Bench.Stop);
        await _layout.Commit(Bench.Stop);
        using var registry = new Registry(_odd.Host, Quick);
        await new ImageCopy(_layout, registry.Images("a")).Run("1", "1", stop: Bench.Stop);
        Assert.DoesNotContain(_odd.Asked, one => one.Contains("/manifests/sha256-", StringComparison.Ordinal));
        Assert.Equal(MediaTypes.CycloneDx, Assert.Single(await registry.Images("a").Referrers(_built.Descriptor.Digest, Bench.Stop)).ArtifactType);
    }

    [Fact]
    public async Task A_certificate_counts_when_its_authority_is_named_and_only_for_its_own_name()
    {
        await using var secure = await OddRegistry.Start(Certificate("IP:127.0.0.1"));
        using var trusting = new Registry(secure.Host, Quick with { Plain = false, Authorities = [Certificates["IP:127.0.0.1"]] });
        await new ImageCopy(_layout, trusting.Images("a")).Run("1", "1", stop: Bench.Stop);
        using var stranger = new Registry(secure.Host, Quick with { Plain = false, Tries = 2 });
        Assert.Contains("not trusted", (await Assert.ThrowsAsync<OciException>(() => stranger.Images("a").Resolve("1", Bench.Stop))).Message, StringComparison.Ordinal);
        await using var other = await OddRegistry.Start(Certificate("DNS:registry.example.com"));
        using var misled = new Registry(other.Host, Quick with { Plain = false, Tries = 2, Authorities = [Certificates["DNS:registry.example.com"]] });
        await Assert.ThrowsAsync<OciException>(() => misled.Images("a").Resolve("1", Bench.Stop));
    }

    [Fact]
    public async Task Nobody_is_sent_from_TLS_to_plain()
    {
        await using var secure = await OddRegistry.Start(Certificate("IP:127.0.0.1"));
        secure.Instead = async context =>
        {
            context.Response.Headers.Location = $"http://{_odd.Host}{context.Request.Path}";
            await OddRegistry.Say(context, 307, "");
            return true;
        };
        using var registry = new Registry(secure.Host, Quick with { Plain = false, Authorities = [Certificates["IP:127.0.0.1"]] });
        Assert.Contains("not protected", (await Assert.ThrowsAsync<OciException>(() => registry.Images("a").Resolve("1", Bench.Stop))).Message, StringComparison.Ordinal);
        Assert.Empty(_odd.Asked);
    }

    [Theory]
    [InlineData("fruit")]
    [InlineData("library/fruit:1")]
    [InlineData("host:5000/Fruit")]
    [InlineData("host:5000/a/../b")]
    [InlineData("host:5000/a:b:c")]
    [InlineData("http://host/a")]
    [InlineData("host:5000/$(id)")]
    [InlineData("host:5000/a@sha256:12")]
    [InlineData("")]
    public void What_is_no_address_of_an_image_is_refused(string text) => Assert.Throws<OciException>(() => ImageReference.Parse(text));

    [Theory]
    [InlineData("127.0.0.1:5000/fruit", "127.0.0.1:5000", "fruit", null)]
    [InlineData("registry.example.com/ml/fruit:1.0", "registry.example.com", "ml/fruit", "1.0")]
    [InlineData("localhost/a:b", "localhost", "a", "b")]
    [InlineData("[::1]:5000/a__b/c-d", "[::1]:5000", "a__b/c-d", null)]
    [InlineData("registry:5000/a:1", "registry:5000", "a", "1")]
    public void An_address_of_an_image_is_read(string text, string host, string name, string? tag)
    {
        var read = ImageReference.Parse(text);
        Assert.Equal((host, name, tag, text), (read.Host, read.Name, read.Tag, read.ToString()));
    }

    [Fact]
    public void Sign_ins_of_other_tools_are_found()
    {
        var file = _bench.Write("auth.json", "{\"auths\":{\"registry.example.com:5000\":{\"auth\":\"YW5hOnNlOmNyZXQ=\"},\"other\":{}}}");
        Assert.Equal(("ana", "se:cret"), DockerSignIns.In(file, "registry.example.com:5000") is { } found ? (found.User, found.Password) : default);
        Assert.Null(DockerSignIns.In(file, "other"));
        Assert.Throws<OciException>(() => DockerSignIns.In(_bench.Write("broken.json", "{"), "other"));
        Assert.DoesNotContain("se:cret", DockerSignIns.In(file, "registry.example.com:5000")!.ToString(), StringComparison.Ordinal);
    }

    private Dictionary<string, X509Certificate2> Certificates { get; } = [];

    /// <summary>Made by openssl, as people make them.</summary>
    private X509Certificate2 Certificate(string name)
    {
        _bench.Run("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2", "-subj", "/CN=registry", "-addext", $"subjectAltName={name}", "-keyout", "key.pem", "-out", "cert.pem");
        return Certificates[name] = X509Certificate2.CreateFromPemFile(_bench.At("cert.pem"), _bench.At("key.pem"));
    }

    public async ValueTask DisposeAsync()
    {
        await _odd.DisposeAsync();
        _bench.Dispose();
    }
}
