using System.Net;
using System.Net.Sockets;
using System.Text.Json;

namespace Steward.Oci.Tests;

/// <summary>With a real registry, and the tools that others use beside us.</summary>
public sealed class RegistryTests(DebianRegistry debian) : IClassFixture<DebianRegistry>, IDisposable
{
    private static readonly RegistryOptions Quick = new() { Pause = TimeSpan.FromMilliseconds(1), Chance = new(1) };
    private readonly Bench _bench = new();

    [Fact]
    public async Task What_we_push_skopeo_pulls_and_what_skopeo_pushes_we_pull_with_one_digest()
    {
        var layout = ImageLayout.OpenOrCreate(_bench.At("layout"));
        var built = await Bench.Small(layout);
        using var registry = new Registry(debian.Host, Quick);
        await new ImageCopy(layout, registry.Images("ours/fruit")).Run("1", "1", stop: Bench.Stop);
        _bench.Run("skopeo", "--insecure-policy", "copy", "--src-tls-verify=false", $"docker://{debian.Host}/ours/fruit:1", "oci:theirs:1");
        Assert.Equal(built.Descriptor.Digest, (await ImageLayout.Open(_bench.At("theirs")).Resolve("1", Bench.Stop)).Digest);
        _bench.Run("skopeo", "--insecure-policy", "copy", "--dest-tls-verify=false", "oci:theirs:1", $"docker://{debian.Host}/theirs/fruit:1");
        var copied = await new ImageCopy(registry.Images("theirs/fruit"), ImageLayout.OpenOrCreate(_bench.At("back"))).Run("1", "1", stop: Bench.Stop);
        Assert.Equal(built.Descriptor.Digest, copied.Manifest.Digest);
        Assert.Contains("\"1\"", _bench.Run("skopeo", "list-tags", "--tls-verify=false", $"docker://{debian.Host}/ours/fruit"), StringComparison.Ordinal);
        Assert.Equal(["1"], await registry.Images("ours/fruit").Tags(Bench.Stop));
    }

    [Fact]
    public async Task The_second_push_sends_only_what_changed()
    {
        var layout = ImageLayout.OpenOrCreate(_bench.At("layout"));
        await Bench.Small(layout, "1");
        await Bench.Small(layout, "2", "other weights");
        using var registry = new Registry(debian.Host, Quick);
        Assert.Equal(3, (await new ImageCopy(layout, registry.Images("second")).Run("1", "1", stop: Bench.Stop)).NewBlobs);
        var second = await new ImageCopy(layout, registry.Images("second")).Run("2", "2", stop: Bench.Stop);
        Assert.Equal((2, 1), (second.NewBlobs, second.ReusedBlobs));
        Assert.Equal(0, (await new ImageCopy(layout, registry.Images("second")).Run("2", "2", stop: Bench.Stop)).NewBlobs);
    }

    [Fact]
    public async Task Blobs_that_another_repository_has_are_not_sent_again()
    {
        var layout = ImageLayout.OpenOrCreate(_bench.At("layout"));
        var built = await Bench.Small(layout);
        using var watch = new Watch();
        using var registry = new Registry(debian.Host, Quick, watch);
        await new ImageCopy(layout, registry.Images("mount/from")).Run("1", "1", stop: Bench.Stop);
        watch.Sent.Clear();
        await new ImageCopy(layout, new RegistryImages(registry, "mount/to") { MountFrom = ["mount/from"] }).Run("1", "1", stop: Bench.Stop);
        Assert.DoesNotContain(watch.Sent, one => one.StartsWith("PATCH", StringComparison.Ordinal));
        Assert.Equal(built.Descriptor.Digest, (await registry.Images("mount/to").Resolve("1", Bench.Stop)).Digest);
    }

    [Fact]
    public async Task What_refers_to_an_image_is_found_by_the_fallback_tag_where_the_registry_knows_no_referrers()
    {
        var layout = ImageLayout.OpenOrCreate(_bench.At("layout"));
        var built = await Bench.Small(layout);
        foreach (var type in new[] { MediaTypes.CycloneDx, "application/vnd.example.signoff" })
            await new Artifact(type, built.Descriptor, [new(type, "{}"u8.ToArray())]).Put(layout, stop: Bench.Stop);
        await layout.Commit(Bench.Stop);
        using var registry = new Registry(debian.Host, Quick);
        await new ImageCopy(layout, registry.Images("referred")).Run("1", "1", stop: Bench.Stop);
        var found = await registry.Images("referred").Referrers(built.Descriptor.Digest, Bench.Stop);
        Assert.Equal([MediaTypes.CycloneDx, "application/vnd.example.signoff"], found.Select(one => one.ArtifactType).Order(StringComparer.Ordinal));
        using var raw = JsonDocument.Parse(_bench.Run("skopeo", "inspect", "--raw", "--tls-verify=false", $"docker://{debian.Host}/referred:sha256-{built.Descriptor.Digest.Hex}"));
        Assert.Equal(2, raw.RootElement.GetProperty("manifests").GetArrayLength());
    }

    /// <summary>This registry forgets an upload that broke, so it begins anew; that it goes on where it can is in <see cref="OddRegistryTests"/>.</summary>
    [Fact]
    public async Task An_upload_that_is_cut_twice_arrives()
    {
        var layout = ImageLayout.OpenOrCreate(_bench.At("layout"));
        var weights = new byte[6 << 20];
        new Random(2).NextBytes(weights);
        var built = new ImagePlan { Layers = [await layout.Pack(new LayerFiles().Add("weights", weights), stop: Bench.Stop)] }.Build();
        await built.Put(layout, "1", Bench.Stop);
        await layout.Commit(Bench.Stop);
        using var cutting = new Cutting(debian.Host, everyBytes: 2 << 20, most: 2);
        using var registry = new Registry(cutting.Host, Quick);
        await new ImageCopy(layout, registry.Images("cut/up")).Run("1", "1", stop: Bench.Stop);
        Assert.Equal(2, cutting.Cuts);
        using var straight = new Registry(debian.Host, Quick);
        await new ImageCopy(straight.Images("cut/up"), ImageLayout.OpenOrCreate(_bench.At("back"))).Run("1", "1", stop: Bench.Stop);
    }

    [Fact]
    public async Task A_download_that_is_cut_again_and_again_goes_on_where_it_was()
    {
        var layout = ImageLayout.OpenOrCreate(_bench.At("layout"));
        var weights = new byte[6 << 20];
        new Random(3).NextBytes(weights);
        var built = new ImagePlan { Layers = [await layout.Pack(new LayerFiles().Add("weights", weights), stop: Bench.Stop)] }.Build();
        await built.Put(layout, "1", Bench.Stop);
        await layout.Commit(Bench.Stop);
        using var straight = new Registry(debian.Host, Quick);
        await new ImageCopy(layout, straight.Images("cut/down")).Run("1", "1", stop: Bench.Stop);
        using var cutting = new Cutting(debian.Host, everyBytes: 2 << 20);
        using var registry = new Registry(cutting.Host, Quick);
        var copied = await new ImageCopy(registry.Images("cut/down"), ImageLayout.OpenOrCreate(_bench.At("back"))).Run("1", "1", stop: Bench.Stop);
        Assert.Equal(built.Descriptor.Digest, copied.Manifest.Digest);
        Assert.True(cutting.Cuts >= 2, $"{cutting.Cuts} cuts");
        Assert.InRange(cutting.Passed, weights.Length, 1.5 * weights.Length);
    }

    [Fact]
    public async Task A_name_that_is_not_there_and_a_host_that_is_not_there_are_said_to_be_so()
    {
        using var registry = new Registry(debian.Host, Quick);
        Assert.Equal(OciTrouble.NotFound, (await Assert.ThrowsAsync<OciException>(() => registry.Images("no/such").Resolve("1", Bench.Stop))).Trouble);
        using var nobody = new Registry($"127.0.0.1:{Bench.FreePort()}", Quick with { Tries = 2 });
        Assert.Equal(OciTrouble.Unavailable, (await Assert.ThrowsAsync<OciException>(() => nobody.Images("a").Resolve("1", Bench.Stop))).Trouble);
    }

    public void Dispose() => _bench.Dispose();

    private sealed class Watch() : DelegatingHandler(new SocketsHttpHandler { AllowAutoRedirect = false })
    {
        public List<string> Sent { get; } = [];

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Sent.Add($"{request.Method} {request.RequestUri!.AbsolutePath}");
            return base.SendAsync(request, cancellationToken);
        }
    }

    /// <summary>A line to the registry that breaks after so many bytes in one direction.</summary>
    private sealed class Cutting : IDisposable
    {
        private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
        private readonly IPEndPoint _to;
        private readonly int _every, _most;
        private long _passed;
        private int _cuts;

        public Cutting(string host, int everyBytes, int most = int.MaxValue)
        {
            (_to, _every, _most) = (IPEndPoint.Parse(host), everyBytes, most);
            _listener.Start();
            _ = Accept();
        }

        public string Host => $"127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}";

        public int Cuts => _cuts;

        public long Passed => Interlocked.Read(ref _passed);

        public void Dispose() => _listener.Dispose();

        private async Task Accept()
        {
            try
            {
                while (true)
                    _ = Serve(await _listener.AcceptTcpClientAsync());
            }
            catch (Exception error) when (error is SocketException or ObjectDisposedException)
            {
                // the test is over
            }
        }

        private async Task Serve(TcpClient from)
        {
            using var to = new TcpClient();
            using (from)
            {
                await to.ConnectAsync(_to);
                await Task.WhenAny(Pipe(from.GetStream(), to.GetStream()), Pipe(to.GetStream(), from.GetStream()));
            }
        }

        private async Task Pipe(NetworkStream from, NetworkStream to)
        {
            var buffer = new byte[32 << 10];
            var here = 0;
            try
            {
                while (await from.ReadAsync(buffer) is var read and > 0)
                {
                    await to.WriteAsync(buffer.AsMemory(0, read));
                    Interlocked.Add(ref _passed, read);
                    if ((here += read) <= _every || _cuts >= _most)
                        continue;
                    Interlocked.Increment(ref _cuts);
                    return;
                }
            }
            catch (IOException)
            {
                // the other side is gone
            }
        }
    }
}
