using System.Diagnostics;

namespace Steward.Testing;

/// <summary>
/// Tidies up once this test process is gone, however it went: a shell waits for the end of a pipe that only this process
/// holds. The process itself ends at once; a runner gives up on one that lingers, and calls that a failure.
/// </summary>
internal static class Afterwards
{
    private static readonly List<Process> Waiting = [];

    /// <summary>Runs a shell script with these arguments as <c>$1</c>, <c>$2</c>, … in a session of its own.</summary>
    public static void Run(string script, params string[] arguments)
    {
        var start = new ProcessStartInfo("setsid", ["sh", "-c", $"cat >/dev/null; {script}", "sh", .. arguments]) { RedirectStandardInput = true, WorkingDirectory = "/" };
        lock (Waiting)
            Waiting.Add(Process.Start(start)!);
    }
}
