using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Steward.Oci.Tests;

/// <summary>A folder of its own for a test, and the tools that are run in it.</summary>
public sealed class Bench : IDisposable
{
    public string Folder { get; } = Directory.CreateTempSubdirectory("steward-oci-").FullName;

    public static CancellationToken Stop => TestContext.Current.CancellationToken;

    public string At(params string[] parts) => Path.Combine([Folder, .. parts]);

    public string Write(string name, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(At(name))!);
        File.WriteAllText(At(name), text);
        return At(name);
    }

    /// <summary>Runs a tool of the system; what it printed. It must end well.</summary>
    public string Run(string tool, params string[] arguments)
    {
        var (code, said) = Try(tool, arguments);
        Assert.True(code == 0, $"{tool} {string.Join(' ', arguments)} ended with {code}:\n{said}");
        return said;
    }

    public (int Code, string Said) Try(string tool, params string[] arguments)
    {
        var start = new ProcessStartInfo(tool, arguments) { WorkingDirectory = Folder, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["REGISTRY_AUTH_FILE"] = At("auth.json");
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync(Stop);
        var said = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, process.ExitCode == 0 ? said : said + error.GetAwaiter().GetResult());
    }

    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    public void Dispose()
    {
        // Tools unpack folders without the right to write.
        using var gone = Process.Start("rm", ["-rf", Folder]);
        gone.WaitForExit();
    }

    /// <summary>A small image in a layout: two layers, of which the second takes something of the first away.</summary>
    public static async Task<BuiltImage> Small(ImageLayout layout, string tag = "1", string model = "weights")
    {
        var ground = await layout.Pack(new LayerFiles().Add("etc/passwd", "root:x:0:0::/:/bin/false\n").Folder("tmp", 0b1_111_111_111).Add("app/run", "#!/bin/sh\n"u8.ToArray(), runs: true).Link("bin", "usr/bin"), stop: Stop);
        var learned = await layout.Pack(new LayerFiles().Add("model/model.onnx", model), stop: Stop);
        var built = new ImagePlan
        {
            Layers = [ground with { CreatedBy = "ground" }, learned with { CreatedBy = "model" }],
            User = "10001:10001", Entrypoint = ["/app/run"], Env = new Dictionary<string, string> { ["MODE"] = "a+b" },
            Labels = new Dictionary<string, string> { ["org.opencontainers.image.title"] = "fruit" },
        }.Build();
        await built.Put(layout, tag, Stop);
        await layout.Commit(Stop);
        return built;
    }
}
