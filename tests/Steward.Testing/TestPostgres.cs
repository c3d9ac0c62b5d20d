using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Steward.Testing;

/// <summary>
/// A real PostgreSQL of this test process: the server STEWARD_TEST_POSTGRES names, or a cluster in a temporary folder
/// started with Debian's binaries. It refuses to run as root, so root hands it to the user postgres.
/// </summary>
public static class TestPostgres
{
    private static readonly Lazy<string> Server = new(() => Environment.GetEnvironmentVariable("STEWARD_TEST_POSTGRES") ?? Start());

    public static string NewDatabase()
    {
        var name = "t" + Names.NewId();
        Run("psql", ["-X", "-q", "-d", Url("postgres"), "-c", $"CREATE DATABASE {name}"]);
        return $"{Server.Value};Database={name};Maximum Pool Size=16";
    }

    private static string Url(string database)
    {
        var parts = Server.Value.Split(';').Select(part => part.Split('=')).ToDictionary(part => part[0], part => part[1]);
        return $"host={parts["Host"]} port={parts["Port"]} user={parts["Username"]} dbname={database}";
    }

    /// <summary>Without fsync: no test takes the machine's power away, and a killed server of ours needs none.</summary>
    private static string Start()
    {
        var bin = new[] { "/usr/lib/postgresql/17/bin", "/usr/lib/postgresql/15/bin" }.FirstOrDefault(Directory.Exists)
            ?? throw new InvalidOperationException("PostgreSQL is not installed: apt-get install postgresql");
        var folder = Directory.CreateTempSubdirectory("steward-pg-").FullName;
        var data = Path.Combine(folder, "data");
        if (Environment.UserName == "root")
            Run("chown", ["postgres", folder]);
        Run(Path.Combine(bin, "initdb"), ["-D", data, "-U", "postgres", "-A", "trust", "--no-sync"], asPostgres: true);
        var port = FreePort();
        Run(Path.Combine(bin, "pg_ctl"), ["-s", "-D", data, "-w", "-l", Path.Combine(folder, "log"), "-o", $"-c listen_addresses=127.0.0.1 -c port={port} -c unix_socket_directories= -c max_connections=300 -c fsync=off", "start"], asPostgres: true);
        // The server's first line in its pid file is the process to end; nothing of it is kept.
        Afterwards.Run("kill -QUIT \"$(head -n 1 \"$1/postmaster.pid\")\"; while [ -e \"$1/postmaster.pid\" ]; do sleep 0.1; done; rm -rf \"$2\"", data, folder);
        return $"Host=127.0.0.1;Port={port};Username=postgres";
    }

    private static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }

    private static void Run(string program, string[] arguments, bool asPostgres = false)
    {
        var start = asPostgres && Environment.UserName == "root"
            ? new ProcessStartInfo("runuser", ["-u", "postgres", "--", program, .. arguments])
            : new ProcessStartInfo(program, arguments);
        start.WorkingDirectory = "/";
        // pg_ctl leaves its output to the server it starts: reading that to the end would wait for ever.
        start.RedirectStandardOutput = !program.EndsWith("pg_ctl", StringComparison.Ordinal);
        using var process = Process.Start(start)!;
        if (start.RedirectStandardOutput)
            process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"{Path.GetFileName(program)} ended with {process.ExitCode}.");
    }
}
