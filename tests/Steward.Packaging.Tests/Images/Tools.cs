using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Steward.Testing;

namespace Steward.Packaging.Tests.Images;

/// <summary>Tools of Debian, and the built program, run in a folder of their own.</summary>
internal sealed class Tools
{
    public string Folder { get; } = TestFolder.New();

    private static string Steward { get; } = Path.Combine(AppContext.BaseDirectory.Replace("Steward.Packaging.Tests", "Steward.Host", StringComparison.Ordinal), "steward");

    public string At(string name) => Path.Combine(Folder, name);

    public string Run(string tool, params string[] arguments)
    {
        var (code, said) = Try(tool, arguments);
        Assert.True(code == 0, $"{tool} {string.Join(' ', arguments)} ended with {code}:\n{said}");
        return said;
    }

    public (int Code, string Said) Try(string tool, params string[] arguments)
    {
        using var process = Start(tool, arguments);
        var error = process.StandardError.ReadToEndAsync();
        var said = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, process.ExitCode == 0 ? said : said + error.GetAwaiter().GetResult());
    }

    public Process Start(string tool, params string[] arguments)
    {
        var start = new ProcessStartInfo(tool == "steward" ? Steward : tool, arguments) { WorkingDirectory = Folder, RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true };
        // The registry would read it as a setting of its own.
        if (tool != "docker-registry")
            start.Environment["REGISTRY_AUTH_FILE"] = At("auth.json");
        start.Environment["STEWARD_HOME"] = At("home");
        start.Environment["STEWARD_PROJECT"] = Harbour.Project;
        start.Environment["NO_COLOR"] = "1";
        var process = Process.Start(start)!;
        process.StandardInput.Close();
        return process;
    }

    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
