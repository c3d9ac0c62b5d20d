using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Steward.Identity;
using Steward.Models;
using Steward.Projects;
using Steward.Testing;

namespace Steward.Packaging.Tests.Images;

/// <summary>The built program, a real registry and a real container: what a person types, from a version to answers out of an image.</summary>
public sealed class RunningTests
{
    /// <summary>Bytes that an image with a small model may have, compressed, all layers together.</summary>
    private const long MostBytes = 120_000_000;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_image_runs_as_nobody_on_a_root_it_cannot_write_and_answers_as_the_server_does()
    {
        var tools = new Tools();
        await using var server = await Program.Start(tools);
        var built = JsonNode.Parse(tools.Run("steward", "image", "build", "colours@1", "--to", "layout:image", "--json", "--url", server.Url))!;
        Assert.InRange(built["size"]!.GetValue<long>(), 1, MostBytes);
        Assert.Contains(built["digest"]!.GetValue<string>(), tools.Run("skopeo", "inspect", "oci:image:1"), StringComparison.Ordinal);
        using var container = await Container.Run(tools, "image:1", Stop);
        Assert.Equal(("10001", Container.Memory, false), container.Seen());
        await SameAnswers(server, container);
    }

    [Fact]
    public async Task An_image_on_a_root_of_Debian_files_goes_to_a_registry_and_back_and_runs()
    {
        var tools = new Tools();
        await using var server = await Program.Start(tools);
        await using var debian = await DebianRegistry.Start(tools);
        Debian(tools.At("root"));
        var at = $"{debian.Host}/ml/colours";
        var built = JsonNode.Parse(tools.Run("steward", "image", "build", "colours@1", "--base", "folder:root", "--to", $"{at}:one", "--json", "--url", server.Url))!;
        var digest = built["digest"]!.GetValue<string>();
        Assert.Equal("folder:root", built["base"]!.GetValue<string>());
        Assert.Contains(digest, tools.Run("skopeo", "inspect", "--tls-verify=false", $"docker://{at}:one"), StringComparison.Ordinal);

        // The model alone lies beside it, to be mounted.
        Assert.Contains(built["modelDigest"]!.GetValue<string>(), tools.Run("skopeo", "inspect", "--tls-verify=false", $"docker://{at}:one-model"), StringComparison.Ordinal);
        var alone = JsonNode.Parse(tools.Run("steward", "image", "push", "colours@1", "archive:alone.tar", "--model-only", "--json", "--url", server.Url))!;
        Assert.Equal(built["modelDigest"]!.GetValue<string>(), alone["digest"]!.GetValue<string>());
        tools.Run("umoci", "unpack", "--rootless", "--image", Layout("alone.tar", "1-model"), "alone");
        Assert.True(File.Exists(tools.At("alone/rootfs/model/model.onnx")));
        var pushed = JsonNode.Parse(tools.Run("steward", "image", "push", "colours@1", $"{at}:pushed", "--json", "--url", server.Url))!;
        Assert.Equal((digest, built["modelDigest"]!.GetValue<string>(), "pushed-model"), (pushed["digest"]!.GetValue<string>(), pushed["modelDigest"]!.GetValue<string>(), pushed["modelTag"]!.GetValue<string>()));

        // The second version sends its model, its card, its config, that of the model alone and what it is made of; nothing else.
        var second = JsonNode.Parse(tools.Run("steward", "image", "build", "colours@2", "--base", "folder:root", "--to", $"{at}:two", "--json", "--url", server.Url))!;
        Assert.Equal(5, second["copied"]!["sentBlobs"]!.GetValue<int>());
        Assert.Equal(second["digest"]!.GetValue<string>(), JsonNode.Parse(tools.Run("steward", "image", "show", "colours@2", "--json", "--url", server.Url))!["digest"]!.GetValue<string>());

        // Out of the registry by our own hand, into each form, and by skopeo: one digest.
        foreach (var form in new[] { "layout:pulled", "archive:pulled.tar" })
            Assert.Equal(digest, JsonNode.Parse(tools.Run("steward", "image", "pull", $"{at}:one", "--to", form, "--json"))!["digest"]!.GetValue<string>());
        tools.Run("skopeo", "--insecure-policy", "copy", "oci-archive:pulled.tar:one", "oci:theirs:one");
        Assert.Contains(digest, tools.Run("skopeo", "inspect", "oci:theirs:one"), StringComparison.Ordinal);
        tools.Run("steward", "image", "pull", "layout:pulled", "--to", "folder:unpacked");
        Assert.True(File.Exists(tools.At("unpacked/model/model.onnx")));
        using var container = await Container.Run(tools, "theirs:one", Stop);
        await SameAnswers(server, container);

        string Layout(string archive, string tag)
        {
            tools.Run("skopeo", "--insecure-policy", "copy", $"oci-archive:{archive}:{tag}", $"oci:{tag}:{tag}");
            return $"{tag}:{tag}";
        }
    }

    [Fact]
    public async Task What_cannot_be_done_is_said_and_leaves_nothing_behind()
    {
        var tools = new Tools();
        await using var server = await Program.Start(tools);
        Refused("model_version_not_found", "build", "colours@9");
        Refused("image_not_found", "show", "colours@1");
        Refused("place_invalid", "build", "colours@1", "--to", "somewhere");
        Refused("place_invalid", "build", "colours@1", "--base", "layout:");
        Refused("image_not_found", "build", "colours@1", "--base", "archive:none.tar");
        Refused("registry_unavailable", "pull", $"127.0.0.1:{Tools.FreePort()}/a:1", "--to", "layout:pulled");
        Directory.CreateDirectory(tools.At("mine"));
        await File.WriteAllTextAsync(tools.At("mine/letter"), "dear", Stop);
        Refused("image_invalid", "pull", "layout:mine", "--to", "folder:mine", expectedOr: "image_not_found");
        Assert.Equal(["letter"], Directory.GetFileSystemEntries(tools.At("mine")).Select(Path.GetFileName));
        Assert.False(Path.Exists(tools.At("somewhere")));

        void Refused(string code, string verb, string first, string option = "", string value = "", string? expectedOr = null)
        {
            var (exit, said) = tools.Try("steward", [.. new[] { "image", verb, first, option, value }.Where(word => word.Length > 0), "--json", "--url", server.Url]);
            Assert.True(exit != 0 && (said.Contains($"\"{code}\"", StringComparison.Ordinal) || (expectedOr is not null && said.Contains($"\"{expectedOr}\"", StringComparison.Ordinal))), $"{verb} {first}: {exit} {said}");
        }
    }

    private static async Task SameAnswers(Program server, Container container)
    {
        var random = new Random(5);
        using var http = new HttpClient();
        for (var i = 0; i < 5; i++)
        {
            var bytes = new byte[16 * 16 * 3];
            random.NextBytes(bytes);
            var body = JsonSerializer.Serialize(new { inputs = new[] { new { name = "image", datatype = "UINT8", shape = new[] { 1, 16, 16, 3 }, data = bytes.Select(one => (int)one) } } });
            var (theirs, ours) = (await Ask(server.Url), await Ask($"http://127.0.0.1:{container.Port}"));
            Assert.Equal(theirs["outputs"]!.ToJsonString(), ours["outputs"]!.ToJsonString());
            Assert.Equal(("colours", "1"), (ours["model_name"]!.GetValue<string>(), ours["model_version"]!.GetValue<string>()));

            async Task<JsonNode> Ask(string at)
            {
                using var reply = await http.PostAsync($"{at}/v2/models/colours/infer", new StringContent(body), Stop);
                var said = await reply.Content.ReadAsStringAsync(Stop);
                Assert.True(reply.IsSuccessStatusCode, said);
                return JsonNode.Parse(said)!;
            }
        }
    }

    /// <summary>The least of a Debian root that the program runs on, from this machine's own files.</summary>
    private static void Debian(string root)
    {
        foreach (var library in new[] { "libc.so.6", "libm.so.6", "libdl.so.2", "libpthread.so.0", "librt.so.1", "libstdc++.so.6", "libgcc_s.so.1", "libssl.so.3", "libcrypto.so.3", "libz.so.1" })
            Take($"/usr/lib/x86_64-linux-gnu/{library}");
        Take("/lib64/ld-linux-x86-64.so.2");
        foreach (var folder in new[] { "tmp", "proc", "dev", "sys" })
            Directory.CreateDirectory(Path.Combine(root, folder));

        void Take(string file)
        {
            var to = Path.Combine(root, file[1..]);
            Directory.CreateDirectory(Path.GetDirectoryName(to)!);
            File.Copy(new FileInfo(file).ResolveLinkTarget(true)?.FullName ?? file, to);
        }
    }

    /// <summary>The built program as a server on a data folder with two versions, the first of which serves.</summary>
    private sealed class Program(System.Diagnostics.Process process, string url) : IAsyncDisposable
    {
        public string Url => url;

        public static async Task<Program> Start(Tools tools)
        {
            var harbour = new Harbour(settings => settings with { Data = tools.At("data") });
            await harbour.InitializeAsync();
            await harbour.Services.GetRequiredService<IProjects>().Put($"steward: 1\nproject: {Harbour.Project}\nserve: {{endpoint: colours}}\n", Who.Steward);
            await harbour.Version(1);
            await harbour.Version(2);
            await harbour.Services.GetRequiredService<IPromotions>().Promote(Who.Steward, Harbour.Project, "colours", 1, stop: Stop);
            await harbour.DisposeAsync();
            var port = Tools.FreePort();
            var process = tools.Start("steward", "up", "--data", tools.At("data"), "--port", $"{port}", "--open");
            process.OutputDataReceived += (_, _) => { };
            process.ErrorDataReceived += (_, _) => { };
            process.BeginOutputReadLine();
            process.BeginErrorReadLine();
            var program = new Program(process, $"http://127.0.0.1:{port}");
            using var http = new HttpClient();
            await Eventually.Answers(http, $"{program.Url}/v2/models/colours/ready", () => process.HasExited, Stop);
            return program;
        }

        public async ValueTask DisposeAsync()
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync();
            process.Dispose();
        }
    }

    private sealed class DebianRegistry(System.Diagnostics.Process process, string host) : IAsyncDisposable
    {
        public string Host => host;

        public static async Task<DebianRegistry> Start(Tools tools)
        {
            var host = $"127.0.0.1:{Tools.FreePort()}";
            await File.WriteAllTextAsync(tools.At("registry.yml"), $"version: 0.1\nlog: {{level: error}}\nstorage:\n  filesystem: {{rootdirectory: {tools.At("registry")}}}\nhttp: {{addr: '{host}'}}\n", Stop);
            var process = tools.Start("docker-registry", "serve", "registry.yml");
            process.OutputDataReceived += (_, _) => { };
            process.ErrorDataReceived += (_, _) => { };
            process.BeginOutputReadLine();
            process.BeginErrorReadLine();
            using var http = new HttpClient();
            await Eventually.Answers(http, $"http://{host}/v2/", () => process.HasExited, Stop);
            return new(process, host);
        }

        public async ValueTask DisposeAsync()
        {
            process.Kill();
            await process.WaitForExitAsync();
            process.Dispose();
        }
    }
}
