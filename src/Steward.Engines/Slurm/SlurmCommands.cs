using System.Diagnostics;

namespace Steward.Engines.Slurm;

/// <summary>Slurm's own commands, each with an argument array and an environment of its own: nothing of this server's goes along.</summary>
internal sealed class SlurmCommands(string engine, SlurmSettings settings)
{
    private const int MostSaid = 32 << 20;
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(60);

    /// <summary>What it printed; <c>engine_unreachable</c> when Slurm is not there, <c>engine_refused</c> with its words when it says no.</summary>
    public async Task<string> Run(string command, IEnumerable<string> arguments, CancellationToken stop)
    {
        var (exit, said, error) = await Try(command, arguments, stop);
        return exit == 0 ? said : throw (IsSilence(error) ? EngineProblem.Silent(engine, Clean(error)) : EngineProblem.Refused(engine, Clean(error)));
    }

    /// <summary>The same for a command whose "no" is an answer: empty then.</summary>
    public async Task<string> Ask(string command, IEnumerable<string> arguments, string no, CancellationToken stop)
    {
        var (exit, said, error) = await Try(command, arguments, stop);
        if (exit == 0 || error.Contains(no, StringComparison.Ordinal))
            return said;
        throw IsSilence(error) ? EngineProblem.Silent(engine, Clean(error)) : EngineProblem.Refused(engine, Clean(error));
    }

    private async Task<(int Exit, string Said, string Error)> Try(string command, IEnumerable<string> arguments, CancellationToken stop)
    {
        var start = new ProcessStartInfo(settings.Commands is { } folder ? Path.Combine(folder, command) : command, arguments)
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = "/",
        };
        var path = Environment.GetEnvironmentVariable("PATH");
        var home = Environment.GetEnvironmentVariable("HOME");
        start.Environment.Clear();
        start.Environment["HOME"] = home is { Length: > 0 } ? home : "/";
        start.Environment["PATH"] = path is { Length: > 0 } ? path : "/usr/local/bin:/usr/bin:/bin";
        start.Environment["LANG"] = "C.UTF-8";
        if (settings.Conf is { } conf)
            start.Environment["SLURM_CONF"] = conf;
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(stop);
        patience.CancelAfter(Longest);
        using var process = Started(start);
        try
        {
            process.StandardInput.Close();
            var said = await Task.WhenAll(Read(process.StandardOutput, patience.Token), Read(process.StandardError, patience.Token));
            await process.WaitForExitAsync(patience.Token);
            return (process.ExitCode, said[0], said[1]);
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            throw EngineProblem.Silent(engine, $"{command} gave no answer within {Say.Span(Longest)}.");
        }
        finally
        {
            if (!process.HasExited)
                process.Kill();
        }
    }

    private Process Started(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start)!;
        }
        catch (System.ComponentModel.Win32Exception error)
        {
            throw EngineProblem.Silent(engine, $"{start.FileName} cannot be started ({error.Message}).");
        }
    }

    private static async Task<string> Read(StreamReader from, CancellationToken stop)
    {
        var (text, some) = (new System.Text.StringBuilder(), new char[8192]);
        for (int read; (read = await from.ReadAsync(some, stop)) > 0;)
            if (text.Length < MostSaid)
                text.Append(some, 0, read);
        return text.ToString();
    }

    private static bool IsSilence(string error) => new[] { "Unable to contact slurm", "timed out", "Connection refused", "authentication", "munge", "resolve" }.Any(sign => error.Contains(sign, StringComparison.OrdinalIgnoreCase));

    private static string Clean(string error) => Names.Shorten(error.Split('\n', StringSplitOptions.RemoveEmptyEntries).LastOrDefault() is { } last ? last[(last.IndexOf("error: ", StringComparison.Ordinal) is >= 0 and var at ? at + "error: ".Length : 0)..] : "it said nothing.", 300);
}
