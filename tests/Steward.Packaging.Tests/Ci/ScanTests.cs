using System.Text;
using Steward.Oci;
using Steward.Packaging.Scanning;
using Steward.Testing;

namespace Steward.Packaging.Tests.Ci;

/// <summary>What must not be in an image is found, whichever layer it is in, and nothing of it is run.</summary>
public class ScanTests
{
    private const int Plain = 0b110_100_100;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public static TheoryData<string, string> Hidden => new()
    {
        { "setuid", "usr/bin/tool" }, { "writable", "etc/open" }, { "device", "dev/sda" },
        { "pickle", "model/two.bin" }, { "pickle", "model/four.bin" }, { "pickle", "model/torch.bin" }, { "pickle", "model/named.pkl" },
        { "secret", "app/key.pem" }, { "secret", "app/aws.txt" }, { "secret", "app/github.txt" }, { "secret", "app/connection.txt" }, { "secret", "app/own.txt" },
    };

    [Theory]
    [MemberData(nameof(Hidden))]
    public async Task Each_is_named_with_its_path(string code, string path)
    {
        var found = await Look(Odd(path));
        Assert.Equal([(path, code)], found.Findings.Select(one => (one.Path, one.Code)));
    }

    [Fact]
    public async Task A_secret_that_a_later_layer_covers_is_found_all_the_same()
    {
        var found = await Look([Odd("app/key.pem"), [(TarEntry.File("app/.wh.key.pem", 0), "")]]);
        Assert.Equal("secret", Assert.Single(found.Findings).Code);
    }

    [Fact]
    public async Task A_model_that_reaches_outside_of_its_file_is_found()
    {
        var whole = SmallModels.Colours();
        Assert.Empty((await Look(File("model/model.onnx", Encoding.Latin1.GetString(whole)))).Findings);
        var cut = await Look(File("model/model.onnx", Encoding.Latin1.GetString(whole[..(whole.Length / 2)])));
        Assert.StartsWith("model/model.onnx", Assert.Single(cut.Findings.DistinctBy(one => one.Code)).Path, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_runs_as_root_and_a_secret_in_the_settings_are_found()
    {
        var settings = new Dictionary<string, string> { ["DATABASE"] = "postgres://shop:" + "verysecret@db/shop" };
        Assert.Equal(["root", "secret"], (await Look([File("app/a", "a")], user: null, settings)).Findings.Select(one => one.Code).Order(StringComparer.Ordinal));
        Assert.Empty((await Look([File("app/a", "see https://example.com/user@host and postgres://shop@db/shop, -----BEGIN CERTIFICATE-----")])).Findings);
    }

    // Put together here, so that nobody who looks through these sources finds a key.
    private static List<(TarEntry, string)> Odd(string path) => path switch
    {
        "usr/bin/tool" => File(path, "x", Plain | 0b100_001_001_001),
        "etc/open" => File(path, "x", 0b110_110_110),
        "dev/sda" => [(new(TarKind.BlockDevice, path, Plain, 0) { Major = 8 }, "")],
        "model/two.bin" => File(path, "\u0080\u0002}q\0X\u0005\0\0\0helloq"),
        "model/four.bin" => File(path, "\u0080\u0004\u0095\u0010\0\0\0\0\0\0\0cposix\nsystem\n"),
        "model/torch.bin" => File(path, "PK\u0003\u0004\0\0\0\0archive/data.pkl"),
        "model/named.pkl" => File(path, "words"),
        "app/key.pem" => File(path, $"-----BEGIN EC {"PRIVATE"} KEY-----\nMHcCAQEEIIGbaaaaaaaaaaaaaaaaaaaa\n"),
        "app/aws.txt" => File(path, "id = AKIA" + "ABCDEFGHIJKLMNOP"),
        "app/github.txt" => File(path, "ghp" + "_abcdefghijklmnopqrstuvwxyz0123456789"),
        "app/connection.txt" => File(path, "amqp://shop:" + "verysecret@broker.example.com/"),
        _ => File(path, "token: stw" + "_abcdefghijklmnopqrstuvwxyz"),
    };

    private static List<(TarEntry, string)> File(string path, string text, int mode = Plain) => [(TarEntry.File(path, text.Length, mode), text)];

    private static Task<ImageScan> Look(List<(TarEntry Entry, string Text)> layer) => Look([layer]);

    private static async Task<ImageScan> Look(List<List<(TarEntry Entry, string Text)>> layers, string? user = "10001", IReadOnlyDictionary<string, string>? settings = null)
    {
        var kept = new Kept();
        var packed = new List<Layer>();
        foreach (var layer in layers)
        {
            using var bytes = new MemoryStream();
            var tar = new TarWriter(bytes);
            foreach (var (entry, text) in layer)
                await tar.Add(entry, new MemoryStream(Encoding.Latin1.GetBytes(text)), Stop);
            await tar.Finish(Stop);
            packed.Add(new(kept.Keep(MediaTypes.Layer, bytes.ToArray()), OciDigest.Of(bytes.ToArray())));
        }

        var built = new ImagePlan { Layers = packed, User = user, Env = settings ?? new Dictionary<string, string>() }.Build();
        kept.Keep(MediaTypes.Config, built.ConfigBytes);
        return await ImageScan.Look(kept, built.Manifest, Stop);
    }

    /// <summary>An image in memory.</summary>
    private sealed class Kept : IImageSource
    {
        private readonly Dictionary<OciDigest, byte[]> _blobs = [];

        public Descriptor Keep(string type, byte[] bytes)
        {
            _blobs[OciDigest.Of(bytes)] = bytes;
            return Descriptor.Of(type, bytes);
        }

        public Task<Descriptor> Resolve(string? reference, CancellationToken stop) => throw new NotSupportedException();

        public Task<Stream> Open(Descriptor blob, CancellationToken stop) => Task.FromResult<Stream>(new MemoryStream(_blobs[blob.Digest]));

        public Task<IReadOnlyList<Descriptor>> Referrers(OciDigest subject, CancellationToken stop) => Task.FromResult<IReadOnlyList<Descriptor>>([]);

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
