using System.Diagnostics;
using System.Text.RegularExpressions;

namespace Steward.Testing;

/// <summary>
/// Servers that stand in for a cloud's: they come from npm in the versions that <c>tests/servers/package-lock.json</c>
/// pins, are installed once into <c>artifacts/servers</c>, and end with the test process, however it goes.
/// </summary>
public sealed partial class NodeServer
{
    private static readonly Lazy<string> Installed = new(Install);

    private NodeServer(int port) => Port = port;

    public int Port { get; }

    public string Url => $"http://127.0.0.1:{Port}";

    /// <summary>s3rver: buckets in a folder of its own. It knows keys but looks at no signature, and lists folder by folder, where S3 lists by the bytes of whole names.</summary>
    public static NodeServer S3(params string[] buckets) => Start("s3rver/bin/s3rver.js", ["-d", TestFolder.New(), "-a", "127.0.0.1", "-p", "0", .. buckets.SelectMany(bucket => new[] { "--configure-bucket", bucket })]);

    /// <summary>azurite: blobs in memory, signatures checked, the account <c>devstoreaccount1</c>.</summary>
    public static NodeServer Azure() => Start("azurite/dist/src/blob/main.js", ["--skipApiVersionCheck", "--inMemoryPersistence", "--disableTelemetry", "--silent", "--blobHost", "127.0.0.1", "--blobPort", "0"]);

    /// <summary>@vercel/cosmosdb-server: documents in memory; it looks at no signature.</summary>
    public static NodeServer Cosmos() => Start("@vercel/cosmosdb-server/lib/cli.js", ["--no-ssl", "--host", "127.0.0.1", "--port", "0"]);

    private static NodeServer Start(string script, string[] arguments)
    {
        // The legacy provider: s3rver writes the tokens of its lists with DES.
        var start = new ProcessStartInfo("node", ["--openssl-legacy-provider", Path.Combine(Installed.Value, script), .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true, WorkingDirectory = TestFolder.New() };
        var process = Process.Start(start)!;
        Afterwards.Run("kill \"$1\" 2>/dev/null", $"{process.Id}");
        while (process.StandardOutput.ReadLine() is { } line)
            if (Listens().Match(line) is { Success: true } found)
            {
                // What it says later is read and dropped: a full pipe would hold it up.
                _ = process.StandardOutput.BaseStream.CopyToAsync(Stream.Null);
                _ = process.StandardError.BaseStream.CopyToAsync(Stream.Null);
                return new(int.Parse(found.Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture));
            }

        throw new InvalidOperationException($"{script} did not start: {process.StandardError.ReadToEnd()}");
    }

    private static string Install()
    {
        var root = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(root.FullName, "Steward.slnx")))
            root = root.Parent ?? throw new DirectoryNotFoundException("The tests do not lie inside the repository.");
        var install = Process.Start(new ProcessStartInfo(Path.Combine(root.FullName, "tests", "servers", "install"), []) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var said = Task.WhenAll(install.StandardOutput.ReadToEndAsync(), install.StandardError.ReadToEndAsync());
        install.WaitForExit();
        return install.ExitCode == 0 ? Path.Combine(root.FullName, "artifacts", "servers", "node_modules") : throw new InvalidOperationException($"tests/servers/install failed: {string.Join('\n', said.Result)}");
    }

    [GeneratedRegex(@"(?:listen|Ready)\D.*:(\d+)\s*$", RegexOptions.IgnoreCase)]
    private static partial Regex Listens();
}
