using System.Diagnostics;
using System.Runtime.Versioning;

namespace Steward.Onnx.Tests;

/// <summary>Runs a child in a network namespace without any network and lets strace write down every try to reach one.</summary>
[SupportedOSPlatform("linux")]
public sealed class OrtTelemetryTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("onnx-quiet-").FullName;

    [Fact]
    public async Task A_session_of_ours_reaches_for_no_network_while_a_plain_one_does()
    {
        var stop = TestContext.Current.CancellationToken;
        using var plain = Start("plain");
        using var quiet = Start("quiet");
        Assert.Equal("ready", await plain.StandardOutput.ReadLineAsync(stop));
        Assert.Equal("ready", await quiet.StandardOutput.ReadLineAsync(stop));

        // The plain child is the clock: both started together, so once it reached out the quiet one would have, too; some seconds more for a slow machine.
        await Until(() => Tries("plain").Length > 0, TimeSpan.FromSeconds(90), stop);
        await Until(() => false, TimeSpan.FromSeconds(4), stop);
        await End(plain, stop);
        await End(quiet, stop);

        Assert.NotEmpty(Tries("plain"));
        Assert.True(File.Exists(Log("quiet")), "strace watched the quiet child, too.");
        Assert.Equal([], Tries("quiet"));
    }

    private Process Start(string mode)
    {
        var probe = Path.Combine(AppContext.BaseDirectory, "Steward.Onnx.Probe.dll");
        var start = new ProcessStartInfo("unshare",
            ["--net", "strace", "-f", "-q", "-e", "trace=socket,connect,sendto", "-o", Log(mode), "dotnet", probe, mode])
        { RedirectStandardInput = true, RedirectStandardOutput = true };
        // The engine keeps quiet by itself on a build machine; a child must not inherit that, nor our own switch.
        foreach (var name in start.Environment.Keys.Where(IsSilencing).ToArray()) start.Environment.Remove(name);
        return Process.Start(start)!;
    }

    private static bool IsSilencing(string name) => name.StartsWith("ORT_", StringComparison.Ordinal)
        || name is "CI" or "TF_BUILD" or "BUILD_ID" or "BUILD_NUMBER" or "TEAMCITY_VERSION" or "TRAVIS" or "CIRCLECI" or "APPVEYOR"
        || name.StartsWith("GITHUB_", StringComparison.Ordinal) || name.StartsWith("GITLAB_", StringComparison.Ordinal)
        || name.StartsWith("JENKINS_", StringComparison.Ordinal);

    private string[] Tries(string mode) => File.Exists(Log(mode))
        ? [.. ReadShared(Log(mode)).Split('\n').Where(line => line.Contains("AF_INET", StringComparison.Ordinal))] : [];

    private string Log(string mode) => Path.Combine(_folder, mode);

    private static string ReadShared(string path)
    {
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        return new StreamReader(stream).ReadToEnd();
    }

    private static async Task End(Process child, CancellationToken stop)
    {
        child.StandardInput.Close();
        await child.WaitForExitAsync(stop);
        Assert.Equal(0, child.ExitCode);
    }

    private static async Task Until(Func<bool> condition, TimeSpan most, CancellationToken stop)
    {
        using var tick = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        var watch = Stopwatch.StartNew();
        while (!condition() && watch.Elapsed < most) await tick.WaitForNextTickAsync(stop);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
