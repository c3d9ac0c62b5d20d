using System.Diagnostics;
using System.Net.Sockets;
using System.Net;
using System.Text.RegularExpressions;

namespace Steward.House.Tests;

/// <summary>
/// Runs the blocks of a document that are marked <c>sh</c>, in order, in one shell in an empty folder. Beside the shell
/// stands a person who opens every one-use link, chooses <c>four odd words together</c> as password, and types it when asked.
/// </summary>
internal static class Guide
{
    private const string Usual = "7070";

    /// <summary>What the person does; <c>steward up</c> goes on behind the shell. A line that ends with <c># exit 5</c> must end so.</summary>
    private const string Person = """
        set -uo pipefail
        steward() {
          case "$*" in
            up*) setsid "$PROGRAM" "$@" > "$HOME/up.log" 2>&1 & echo $! >> "$HOME/servers"
                 for _ in $(seq 600); do grep -q 'Ctrl-C stops' "$HOME/up.log" && break; sleep 0.1; done
                 cat "$HOME/up.log"; open "$HOME/up.log" ana ;;
            # The tests of the journey see it to its end; here it begins, and makes room for the next command.
            demo*) setsid "$PROGRAM" "$@" --exit > "$HOME/demo.log" 2>&1 & local demo=$!; echo $demo >> "$HOME/servers"
                 for _ in $(seq 600); do grep -q 'is ready' "$HOME/demo.log" && break; sleep 0.1; done
                 cat "$HOME/demo.log"; grep -q 'is ready' "$HOME/demo.log"; local began=$?; kill -TERM $demo; wait $demo; return $began ;;
            'user login'*) echo 'four odd words together' | "$PROGRAM" "$@" ;;
            'user add'*|'user link'*) "$PROGRAM" "$@" > "$HOME/link.log"; local code=$?; cat "$HOME/link.log"; open "$HOME/link.log" "${3:-}"; return $code ;;
            *) "$PROGRAM" "$@" < /dev/null ;;
          esac
        }
        open() {
          local link; link=$(grep -o 'http[^ ]*welcome?link=[^ ]*' "$1" | head -1) || return 0
          curl -sf -X POST "${link%%/welcome*}/api/welcome" -H 'Content-Type: application/json' -d "{\"link\":\"${link##*link=}\",\"user\":\"$2\",\"password\":\"four odd words together\"}" > /dev/null
        }
        ended() { [ "$1" = "$2" ] || { echo "@@ exit $1 instead of $2: $3"; exit 1; }; }
        """;

    public static IEnumerable<string> Commands(string markdown) => Regex.Matches(markdown, @"^```sh\n(.*?)^```", RegexOptions.Singleline | RegexOptions.Multiline)
        .SelectMany(block => Regex.Replace(block.Groups[1].Value, @"\\\n\s*", " ").Split('\n', StringSplitOptions.RemoveEmptyEntries))
        .Where(line => !line.StartsWith('#'));

    /// <summary>Runs the commands; what was printed, and whether all of them ended as they should.</summary>
    public static async Task<(bool Good, string Said)> Run(IEnumerable<string> commands, CancellationToken stop)
    {
        var home = Directory.CreateTempSubdirectory("steward-guide-").FullName;
        var program = Path.Combine(AppContext.BaseDirectory.Replace("Steward.House.Tests", "Steward.Host", StringComparison.Ordinal), "steward");
        var script = Path.Combine(home, "guide.sh");
        await File.WriteAllTextAsync(script, Person + "\n" + string.Concat(commands.Select(command => Line(command.Replace(Usual, $"{FreePort()}", StringComparison.Ordinal)))), stop);
        var start = new ProcessStartInfo("bash", [script]) { WorkingDirectory = home, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["HOME"] = home;
        start.Environment["STEWARD_HOME"] = Path.Combine(home, "settings");
        start.Environment["STEWARD_PORT"] = $"{FreePort()}";
        start.Environment["PROGRAM"] = program;
        using var shell = Process.Start(start)!;
        try
        {
            var said = await Task.WhenAll(shell.StandardOutput.ReadToEndAsync(stop), shell.StandardError.ReadToEndAsync(stop));
            await shell.WaitForExitAsync(stop);
            return (shell.ExitCode == 0, string.Join('\n', said));
        }
        finally
        {
            await End(shell, Path.Combine(home, "servers"));
            Directory.Delete(home, recursive: true);
        }
    }

    private static string Line(string command)
    {
        var promised = Regex.Match(command, @"\s+# exit (\d).*$");
        var plain = promised.Success ? command[..promised.Index] : command;
        return $"echo {Quoted("$ " + plain)}\n{plain.Replace("./steward", "steward", StringComparison.Ordinal)}\nended $? {(promised.Success ? promised.Groups[1].Value : "0")} {Quoted(plain)}\n";
    }

    private static string Quoted(string text) => "'" + text.Replace("'", "'\\''", StringComparison.Ordinal) + "'";

    /// <summary>One port for the whole test process: what the guide calls 7070.</summary>
    private static int FreePort() => Port.Value;

    private static readonly Lazy<int> Port = new(() =>
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    });

    private static async Task End(Process shell, string servers)
    {
        if (!shell.HasExited)
            shell.Kill(entireProcessTree: true);
        if (!File.Exists(servers))
            return;
        foreach (var id in await File.ReadAllLinesAsync(servers))
            try
            {
                using var server = Process.GetProcessById(int.Parse(id, System.Globalization.CultureInfo.InvariantCulture));
                server.Kill(entireProcessTree: true);
                await server.WaitForExitAsync();
            }
            catch (ArgumentException)
            {
                // ended by itself
            }
    }
}
