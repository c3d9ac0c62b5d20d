using System.Diagnostics;
using Microsoft.Extensions.Logging;

namespace Steward.Work;

/// <summary>
/// Sees to it that what this server started ends with it, even when it is killed: one small process beside the server
/// that reads from a pipe only the server holds. The pipe's end is the server's end; then it ends every process that
/// carries the server's marker. (The kernel's own "parent died" signal is sent when the starting thread ends, not the
/// process, and threads of a pool do end.)
/// </summary>
internal sealed partial class Reaper(ChildProgram program, WorkFolder folder, ILogger<Reaper> log) : IDisposable
{
    public const string Verb = "reap";
    private readonly Lock _one = new();
    private Process? _process;

    /// <summary>Started with the first job. Where there is no /proc, children of the program itself still end when their input does.</summary>
    public void Stand()
    {
        if (!ProcessTable.IsKnown)
            return;
        lock (_one)
        {
            if (_process is { HasExited: false })
                return;
            _process?.Dispose();
            var start = Session.Start([.. program.Command, "child", Verb, folder.Prefix], "/", program.Environment);
            start.RedirectStandardInput = true;
            try
            {
                _process = Process.Start(start);
            }
            catch (System.ComponentModel.Win32Exception error)
            {
                NotThere(log, error, program.Command[0]);
            }
        }
    }

    public void Dispose() => _process?.Dispose(); // closes the pipe; the reaper looks around once and goes

    /// <summary>What the small process does.</summary>
    public static async Task<int> Run(string prefix)
    {
        await using var server = Console.OpenStandardInput();
        await server.CopyToAsync(Stream.Null);
        await Sweep(prefix, rounds: 2, CancellationToken.None);
        return 0;
    }

    /// <summary>Ends every process whose marker begins so, until there was none for so many rounds; how many there were.</summary>
    /// <param name="rounds">Two where a process may be between fork and exec: it has its marker only then.</param>
    public static async Task<int> Sweep(string prefix, int rounds, CancellationToken stop)
    {
        if (!ProcessTable.IsKnown)
            return 0;
        var table = new ProcessTable(prefix);
        var ended = new HashSet<int>();
        for (var quiet = 0; quiet < rounds;)
        {
            var left = table.Look();
            foreach (var one in left)
            {
                Posix.Signal(one.Id, Posix.Kill);
                ended.Add(one.Id);
            }

            quiet = left.Count == 0 ? quiet + 1 : 0;
            if (quiet < rounds)
                await Task.Delay(50, stop);
        }

        return ended.Count;
    }

    [LoggerMessage(LogLevel.Warning, "The program {Program} could not be started: should this server be killed, what it started may go on until its next start.")]
    private static partial void NotThere(ILogger log, Exception error, string program);
}
