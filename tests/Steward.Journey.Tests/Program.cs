using System.Diagnostics;

namespace Steward.Journey.Tests;

/// <summary>The built program, run as a person runs it: arguments, exit code, what it printed.</summary>
internal static class Program
{
    public static string Repository { get; } = Above(AppContext.BaseDirectory);

    private static string Steward { get; } = Path.Combine(Repository, "artifacts", "bin", "Steward.Host", Path.GetFileName(AppContext.BaseDirectory.TrimEnd('/')), "steward");

    public static Task<Said> Run(string folder, string home, CancellationToken stop, params string[] arguments) => Run(folder, home, new Dictionary<string, string>(), arguments, stop);

    /// <param name="settings">More of its environment.</param>
    public static async Task<Said> Run(string folder, string home, IReadOnlyDictionary<string, string> settings, string[] arguments, CancellationToken stop)
    {
        using var process = Start(folder, home, settings, arguments);
        var (said, complained) = (process.StandardOutput.ReadToEndAsync(stop), process.StandardError.ReadToEndAsync(stop));
        try
        {
            await process.WaitForExitAsync(stop);
        }
        catch
        {
            process.Kill(entireProcessTree: true);
            throw;
        }

        return new(process.ExitCode, await said, await complained);
    }

    /// <summary>Starts it and does not wait.</summary>
    public static Process Start(string folder, string home, params string[] arguments) => Start(folder, home, new Dictionary<string, string>(), arguments);

    private static Process Start(string folder, string home, IReadOnlyDictionary<string, string> settings, string[] arguments)
    {
        var start = new ProcessStartInfo(Steward, arguments) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["STEWARD_HOME"] = home;
        start.Environment["NO_COLOR"] = "1";
        foreach (var (name, value) in settings)
            start.Environment[name] = value;
        return Process.Start(start)!;
    }

    private static string Above(string folder)
    {
        while (!File.Exists(Path.Combine(folder, "Steward.slnx")))
            folder = Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("The tests do not run below the repository.");
        return folder;
    }
}

internal sealed record Said(int ExitCode, string Out, string Error)
{
    public override string ToString() => $"exit code {ExitCode}\n{Out}\n{Error}";
}
