using System.Diagnostics;
using Steward.Testing;

namespace Steward.Oci.Tests;

/// <summary>Debian's docker-registry on a free port, with a folder of its own.</summary>
public sealed class DebianRegistry : IAsyncLifetime
{
    private readonly Bench _bench = new();
    private Process? _process;

    public string Host { get; private set; } = "";

    public string Folder => _bench.At("store");

    public async ValueTask InitializeAsync()
    {
        Host = $"127.0.0.1:{Bench.FreePort()}";
        var settings = _bench.Write("config.yml", $"version: 0.1\nlog: {{level: error}}\nstorage:\n  filesystem: {{rootdirectory: {Folder}}}\nhttp: {{addr: '{Host}'}}\n");
        _process = Process.Start(new ProcessStartInfo("docker-registry", ["serve", settings]) { RedirectStandardError = true, RedirectStandardOutput = true })!;
        _process.OutputDataReceived += (_, _) => { };
        _process.ErrorDataReceived += (_, _) => { };
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        using var http = new HttpClient();
        await Eventually.Answers(http, $"http://{Host}/v2/", () => _process.HasExited, TestContext.Current.CancellationToken);
    }

    public ValueTask DisposeAsync()
    {
        _process?.Kill();
        _process?.WaitForExit();
        _process?.Dispose();
        _bench.Dispose();
        return ValueTask.CompletedTask;
    }
}
