using System.Diagnostics;
using System.Text.Json.Nodes;
using Steward.Testing;

namespace Steward.Packaging.Tests.Images;

/// <summary>
/// An unpacked image that runs by runc as Kubernetes would run it: the image's own user, a root that cannot be written, no
/// capabilities, no way to more rights, a limit of memory.
/// </summary>
internal sealed class Container : IDisposable
{
    public const long Memory = 384 << 20;
    private readonly Tools _tools;
    private readonly string _id = "steward-" + Names.NewId();
    private readonly Process _process;

    private Container(Tools tools, string bundle, int port)
    {
        (_tools, Port) = (tools, port);
        Harden(bundle, port);
        _process = tools.Start("runc", "--root", tools.At("runc"), "run", "-b", bundle, _id);
        _process.OutputDataReceived += (_, line) => Said += line.Data + "\n";
        _process.ErrorDataReceived += (_, line) => Said += line.Data + "\n";
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public int Port { get; }

    public string Said { get; private set; } = "";

    /// <summary>Unpacks with umoci, runs, and waits until it answers.</summary>
    public static async Task<Container> Run(Tools tools, string image, CancellationToken stop)
    {
        var bundle = tools.At("bundle-" + Names.NewId());
        tools.Run("umoci", "unpack", "--image", image, bundle);
        var container = new Container(tools, bundle, Tools.FreePort());
        using var http = new HttpClient();
        try
        {
            await Eventually.Answers(http, $"http://127.0.0.1:{container.Port}/v2/health/ready", () => container._process.HasExited, stop);
            return container;
        }
        catch (InvalidOperationException ended)
        {
            using (container)
                throw new InvalidOperationException("The container ended before it answered:\n" + container.Said, ended);
        }
    }

    /// <summary>The user and the bound of memory that the kernel applies, as runc tells them.</summary>
    public (string User, long Memory, bool CanWrite) Seen()
    {
        var process = JsonNode.Parse(_tools.Run("runc", "--root", _tools.At("runc"), "state", _id))!["pid"]!.GetValue<int>();
        var status = File.ReadAllLines($"/proc/{process}/status");
        var stats = JsonNode.Parse(_tools.Run("runc", "--root", _tools.At("runc"), "events", "--stats", _id))!;
        var rights = File.ReadLines($"/proc/{process}/mountinfo").First(line => line.Split(' ')[4] == "/").Split(' ')[5];
        Assert.Contains("CapEff:\t0000000000000000", status);
        return (status.First(line => line.StartsWith("Uid:", StringComparison.Ordinal)).Split('\t')[1], (long)stats["data"]!["memory"]!["usage"]!["limit"]!.GetValue<ulong>(), !rights.Split(',').Contains("ro"));
    }

    public void Dispose()
    {
        _tools.Try("runc", "--root", _tools.At("runc"), "delete", "--force", _id);
        _process.WaitForExit(5000);
        _process.Dispose();
    }

    /// <summary>What umoci leaves to whoever runs it. The network is the machine's: a bridge needs more rights than some test machines have.</summary>
    private static void Harden(string bundle, int port)
    {
        var file = Path.Combine(bundle, "config.json");
        var config = JsonNode.Parse(File.ReadAllText(file))!;
        var process = config["process"]!.AsObject();
        process["terminal"] = false;
        process["noNewPrivileges"] = true;
        process["capabilities"] = new JsonObject { ["bounding"] = new JsonArray(), ["effective"] = new JsonArray(), ["permitted"] = new JsonArray(), ["inheritable"] = new JsonArray(), ["ambient"] = new JsonArray() };
        process.Remove("rlimits");
        var words = process["args"]!.AsArray();
        words[words.Select(word => word!.GetValue<string>()).ToList().IndexOf("8080")] = $"{port}";
        config["root"]!["readonly"] = true;
        var linux = config["linux"]!.AsObject();
        linux.Remove("uidMappings");
        linux.Remove("gidMappings");
        linux["namespaces"] = new JsonArray([.. linux["namespaces"]!.AsArray().Where(one => one!["type"]!.GetValue<string>() is not ("network" or "user")).Select(one => one!.DeepClone())]);
        linux["resources"] = new JsonObject { ["memory"] = new JsonObject { ["limit"] = Memory }, ["devices"] = new JsonArray(new JsonObject { ["allow"] = false, ["access"] = "rwm" }) };
        File.WriteAllText(file, config.ToJsonString());
    }
}
