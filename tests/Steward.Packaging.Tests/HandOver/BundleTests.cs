using System.IO.Compression;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using CsCheck;
using Microsoft.Extensions.DependencyInjection;
using Steward.Cli;
using Steward.Identity;
using Steward.Models;
using Steward.Packaging.HandOver;
using Steward.Packaging.Tests.Images;
using Steward.Projects;
using Steward.Testing;

namespace Steward.Packaging.Tests.HandOver;

/// <summary>What is handed over can be checked anywhere, and one changed byte of it is caught and named.</summary>
public sealed class BundleTests(Handed handed) : IClassFixture<Handed>
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task It_holds_model_evidence_votes_and_record_and_is_checked_on_a_machine_that_knows_nothing()
    {
        var report = await BundleReport.Of(handed.File, [handed.Key], Stop);
        Assert.Empty(report.Complaints);
        Assert.Equal(("approved", "voted", 1), (report.Votes, report.Index!.Model, report.Index.Version));
        Assert.True(report.AuditEntries >= 3);
        Assert.Equal(["card/CARD.md", "card/card.json", "evidence/audit.jsonl", "evidence/signoff.json", "evidence/version.json", "model/model.json", "model/model.onnx"], report.Index.Files.Select(line => line.Path));

        // The program alone, in an empty folder, without a server.
        var tools = new Tools();
        File.Copy(handed.File, tools.At("voted.zip"));
        await File.WriteAllTextAsync(tools.At("ours.pem"), PersonKey.PemOf(handed.Key), Stop);
        Assert.Contains("Every byte is what was signed. Votes: approved.", tools.Run("steward", "verify", "voted.zip", "--key", "ours.pem"), StringComparison.Ordinal);
        Assert.Equal(1, tools.Try("steward", "verify", "voted.zip", "--key", Handed.Foreign(tools)).Code);
        // And by nobody's program.
        using var zip = ZipFile.OpenRead(handed.File);
        Assert.Equal(report.Index.Files.Count + 2, zip.Entries.Count);
        Assert.Equal(report.Index.Onnx.Hex, Convert.ToHexStringLower(await SHA256.HashDataAsync(zip.GetEntry("model/model.onnx")!.Open(), Stop)));
    }

    [Fact]
    public async Task The_same_records_give_the_same_bytes_and_only_the_signature_is_drawn_anew()
    {
        var (one, two) = (Contents(await handed.Write("one.zip")), Contents(await handed.Write("two.zip")));
        Assert.NotEqual(one[BundleSignature.FileName], two[BundleSignature.FileName]);
        one.Remove(BundleSignature.FileName);
        two.Remove(BundleSignature.FileName);
        Assert.Equal(one, two);
    }

    [Fact]
    public void Any_changed_byte_is_caught_and_the_file_that_it_is_in_is_named()
    {
        var whole = File.ReadAllBytes(handed.File);
        var places = Places();
        var file = Path.Combine(TestFolder.New(), "changed.zip");
        // Every byte of what no file owns, and of the signature; many of all others.
        var owned = places.Where(place => place.Path is { } path && path != BundleSignature.FileName).ToList();
        var bare = Enumerable.Range(0, whole.Length).Where(at => !owned.Exists(place => at >= place.Body && at < place.End)).ToList();
        foreach (var at in bare)
            Caught(at, (byte)(1 << (at % 8)));
        Gen.Select(Gen.Int[0, whole.Length - 1], Gen.Byte[1, 255]).Sample((at, change) => Caught(at, change), iter: 600, threads: 1);

        void Caught(int at, byte change)
        {
            var changed = (byte[])whole.Clone();
            changed[at] ^= change;
            File.WriteAllBytes(file, changed);
            var report = BundleReport.Of(file, [handed.Key], Stop).GetAwaiter().GetResult();
            Assert.False(report.Holds, $"byte {at} ^ {change} was not caught");
            var place = places.FirstOrDefault(one => at >= one.Start && at < one.End);
            Assert.True(place.Path is null
                ? report.Complaints.Any(said => said.Contains("directory", StringComparison.Ordinal) || said.Contains("end of the file", StringComparison.Ordinal) || said.Contains("header", StringComparison.Ordinal) || said.Contains("between the files", StringComparison.Ordinal))
                : report.Complaints.Any(said => said.Contains($"'{place.Path}'", StringComparison.Ordinal)), $"byte {at} of {place.Path ?? "the directory"}: {string.Join(" | ", report.Complaints)}");
        }
    }

    [Fact]
    public async Task A_file_that_is_cut_off_longer_packed_anew_or_no_bundle_is_refused()
    {
        var whole = await File.ReadAllBytesAsync(handed.File, Stop);
        foreach (var other in new[] { [], whole[..10], whole[..(whole.Length / 2)], whole[..^1], [.. whole, 0], [0, .. whole], "words"u8.ToArray(), Packed("model/model.onnx"), Packed("../evil"), Packed("/etc/passwd") })
            Assert.False((await Read(other)).Holds);
    }

    [Theory]
    [InlineData("../evil")]
    [InlineData("/etc/evil")]
    [InlineData("a/../../evil")]
    [InlineData("a\\..\\evil")]
    [InlineData("a//evil")]
    [InlineData("evil/")]
    [InlineData("e\u202evil")]
    public async Task A_name_that_leads_out_of_a_folder_is_refused_although_everything_was_signed(string name)
    {
        var report = await Read(await Signed([.. await Entries(), await Bundles.Small(name, "x"u8.ToArray(), Stop)]));
        Assert.Contains(report.Complaints, said => said.Contains("lead out of its folder", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_is_there_twice_added_or_missing_is_named()
    {
        var files = await Entries();
        Assert.Contains("'card/CARD.md' is there twice.", (await Read(await Signed([.. files, files.Find(file => file.Path == "card/CARD.md")!]))).Complaints);
        var index = await Signed(files);
        Assert.Contains((await Read(await Zip([.. index.Entries, await Bundles.Small("zz", "x"u8.ToArray(), Stop)]))).Complaints, said => said.StartsWith("'zz' is in the file and not in its index", StringComparison.Ordinal));
        Assert.Contains("'card/CARD.md' is missing.", (await Read(await Zip([.. index.Entries.Where(file => file.Path != "card/CARD.md")]))).Complaints);
        Assert.Contains((await Read(await Zip([.. index.Entries.Where(file => file.Path != BundleSignature.FileName)]))).Complaints, said => said.Contains("not signed", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_was_signed_and_is_not_true_is_said()
    {
        // A number made better, and everything signed anew by the right key.
        await Lied("evidence/version.json", "\"test.f1_macro\":0.9", "\"test.f1_macro\":0.99", "The seal of voted@1 is not of the metrics");
        await Lied("evidence/signoff.json", "seen", "sein", "does not hold");
        await Lied("evidence/audit.jsonl", "model.registered", "model.registereD", "Entry");
        await Lied("model/model.onnx", "steward", "stewarD", "another model");

        async Task Lied(string path, string from, string to, string said)
        {
            var files = await Entries();
            var at = files.FindIndex(file => file.Path == path);
            var text = Encoding.Latin1.GetString(await Bytes(files[at]));
            Assert.Contains(from, text, StringComparison.Ordinal);
            files[at] = await Bundles.Small(path, Encoding.Latin1.GetBytes(text.Replace(from, to, StringComparison.Ordinal)), Stop);
            var report = await Read(await Signed(files));
            Assert.Contains(report.Complaints, complaint => complaint.Contains(said, StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task With_its_image_and_its_manifests_other_tools_find_the_same_image_in_both()
    {
        var build = await handed.Harbour.Build("voted@1");
        using (var written = await handed.Harbour.Http.PostAsJsonAsync($"/api/projects/{Harbour.Project}/manifests", new { model = "voted@1", image = "registry.example.com/ml/voted" }, Json.Options, Stop))
            Assert.True(written.IsSuccessStatusCode, await written.Content.ReadAsStringAsync(Stop));
        var tools = new Tools();
        ZipFile.ExtractToDirectory(await handed.Write("whole.zip", image: true), tools.At("out"));
        Assert.Contains(build.Digest.ToString(), tools.Run("skopeo", "inspect", "oci:out/image:1"), StringComparison.Ordinal);
        tools.Run("umoci", "unpack", "--image", "out/image:1", "root");
        Assert.True(File.Exists(tools.At("root/rootfs/model/model.onnx")));
        tools.Run("steward", "k8s", "check", "out/kubernetes");
        Assert.Contains(Directory.GetFiles(tools.At("out/kubernetes"), "*.yaml"), file => File.ReadAllText(file).Contains($"registry.example.com/ml/voted@{build.Digest}", StringComparison.Ordinal));
        Assert.Contains("CycloneDX", await File.ReadAllTextAsync(tools.At("out/image/sbom.cdx.json"), Stop), StringComparison.Ordinal);
    }

    private static Dictionary<string, string> Contents(string path)
    {
        using var zip = ZipFile.OpenRead(path);
        return zip.Entries.ToDictionary(entry => entry.FullName, entry =>
        {
            using var bytes = entry.Open();
            return Convert.ToHexString(SHA256.HashData(bytes));
        });
    }

    private static byte[] Packed(string name)
    {
        using var bytes = new MemoryStream();
        using (var zip = new ZipArchive(bytes, ZipArchiveMode.Create))
        using (var entry = zip.CreateEntry(name).Open())
            entry.Write(new byte[100_000]);
        return bytes.ToArray();
    }

    /// <summary>Where each file lies: header and bytes. What no file owns is the directory.</summary>
    private List<(string? Path, int Start, int Body, int End)> Places()
    {
        using var archive = BundleArchive.Open(handed.File);
        var (all, at) = (new List<(string?, int, int, int)>(), 0);
        foreach (var path in archive.Paths)
        {
            var body = at + BundleZip.HeaderSize + path.Length;
            all.Add((path, at, body, at = body + (int)archive.SizeOf(path)));
        }

        return all;
    }

    /// <summary>The files of the bundle, without index and signature.</summary>
    private async Task<List<BundleEntry>> Entries()
    {
        using var archive = BundleArchive.Open(handed.File);
        var all = new List<BundleEntry>();
        foreach (var path in archive.Paths.Skip(2))
            all.Add(await Bundles.Small(path, archive.Read(path, 1 << 30), Stop));
        return all;
    }

    private async Task<(byte[] Bytes, List<BundleEntry> Entries)> Signed(List<BundleEntry> files)
    {
        var before = (await BundleReport.Of(handed.File, [handed.Key], Stop)).Index!;
        var index = (before with { Files = [.. files.Select(file => new BundleLine(file.Path, file.Size, file.Sha256))] }).Bytes();
        List<BundleEntry> all = [await Bundles.Small(BundleIndex.FileName, index, Stop), await Bundles.Small(BundleSignature.FileName, BundleSignature.Sign(index, handed.Key).Bytes(), Stop), .. files];
        return ((await Zip(all)).Bytes, all);
    }

    /// <summary>Written without the writer's own checks, as somebody with other intentions would.</summary>
    private static async Task<(byte[] Bytes, List<BundleEntry> Entries)> Zip(List<BundleEntry> entries)
    {
        using var bytes = new MemoryStream();
        using var directory = new MemoryStream();
        foreach (var entry in entries)
        {
            directory.Write(BundleZip.Entry(entry, bytes.Length));
            bytes.Write(BundleZip.Header(entry));
            bytes.Write(await Bytes(entry));
        }

        var at = bytes.Length;
        bytes.Write(directory.ToArray());
        bytes.Write(BundleZip.End(entries.Count, directory.Length, at));
        return (bytes.ToArray(), entries);
    }

    private static async Task<byte[]> Bytes(BundleEntry entry)
    {
        using var bytes = new MemoryStream();
        await using var stream = await entry.Open(Stop);
        await stream.CopyToAsync(bytes, Stop);
        return bytes.ToArray();
    }

    private Task<BundleReport> Read((byte[] Bytes, List<BundleEntry> Entries) made) => Read(made.Bytes);

    private async Task<BundleReport> Read(byte[] bytes)
    {
        var file = Path.Combine(TestFolder.New(), "bundle.zip");
        await File.WriteAllBytesAsync(file, bytes, Stop);
        return await BundleReport.Of(file, [handed.Key], Stop);
    }
}

/// <summary>A version that people agreed on, handed over once.</summary>
public sealed class Handed : IAsyncLifetime
{
    internal Harbour Harbour { get; } = new();

    internal ECDsa Key { get; } = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    public string File { get; private set; } = "";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        await Harbour.InitializeAsync();
        await Harbour.Services.GetRequiredService<IProjects>().Put($"steward: 1\nproject: {Images.Harbour.Project}\nsignoff:\n  parties:\n    - {{party: ops, approvers: [dev], need: 1}}\n", Who.Steward, Stop);
        using var voter = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var db = Harbour.Services.GetRequiredService<Storage.Db>();
        await db.Run("INSERT INTO person (id, name, created_at) VALUES ('dev', 'dev', 0)", new { }, Stop);
        await db.Run("INSERT INTO person_key (hint, person, name, pem, created_at) VALUES (@hint, 'dev', 'default', @pem, 0)", new { hint = PersonKey.HintOf(voter), pem = PersonKey.PemOf(voter) }, Stop);
        await Harbour.Version(41, model: "voted");
        var signOffs = Harbour.Services.GetRequiredService<ISignOffs>();
        var asked = await signOffs.Request(Who.Steward, Images.Harbour.Project, "voted", 1, Stop);
        var dev = new Who("dev", "dev", new Dictionary<string, IReadOnlySet<Role>> { [Images.Harbour.Project] = new HashSet<Role> { Role.Approver } });
        var statement = await signOffs.Draft(dev, Images.Harbour.Project, asked.Number, "ops", Decision.Approve, "seen", Stop);
        await signOffs.Vote(dev, Images.Harbour.Project, asked.Number, Dsse.Sign(Dsse.InToto, statement.Bytes(), voter), Stop);
        File = await Write("voted.zip");
    }

    public async Task<string> Write(string name, bool image = false)
    {
        using var server = new Server(_ => Task.FromResult(new HttpClient { BaseAddress = new(Harbour.Url) }));
        return (await BundleFiles.Write(server, Images.Harbour.Project, new("voted", 1, null), new(image), Key, Path.Combine(TestFolder.New(), name), Stop)).File;
    }

    /// <summary>Somebody else's public key, as a file.</summary>
    internal static string Foreign(Tools tools)
    {
        using var other = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        System.IO.File.WriteAllText(tools.At("other.pem"), PersonKey.PemOf(other));
        return "other.pem";
    }

    public async ValueTask DisposeAsync()
    {
        Key.Dispose();
        await Harbour.DisposeAsync();
    }
}
