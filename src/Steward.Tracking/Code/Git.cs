using System.ComponentModel;
using System.Diagnostics;
using System.Text;

namespace Steward.Tracking;

/// <summary>
/// Runs git in somebody's folder, as a child with arguments. The repository may be hostile: what its own settings name is not
/// run (hooks, filters, monitors, external diffs and converters, signers), nothing is fetched, and nobody is asked.
/// </summary>
internal sealed class Git
{
    private const int MostWrong = 2000;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    // What is not one of these would say which repository is meant, or name a program.
    private static readonly HashSet<string> Kept = new(StringComparer.Ordinal)
    {
        "GIT_CONFIG_GLOBAL", "GIT_CONFIG_SYSTEM", "GIT_CONFIG_NOSYSTEM", "GIT_CEILING_DIRECTORIES",
        "GIT_AUTHOR_NAME", "GIT_AUTHOR_EMAIL", "GIT_AUTHOR_DATE", "GIT_COMMITTER_NAME", "GIT_COMMITTER_EMAIL", "GIT_COMMITTER_DATE",
    };

    private static readonly (string Key, string Value)[] Quiet =
    [
        ("core.hooksPath", "/dev/null"), ("core.fsmonitor", "false"), ("core.pager", "cat"), ("core.editor", "true"), ("core.askPass", "true"), ("core.sshCommand", "false"),
        ("core.quotePath", "false"), ("diff.external", ""), ("diff.noprefix", "false"), ("diff.mnemonicPrefix", "false"), ("color.ui", "false"), ("gc.auto", "0"), ("maintenance.auto", "false"),
        ("tag.gpgSign", "false"), ("tag.forceSignAnnotated", "false"), ("gpg.program", "false"), ("protocol.allow", "never"),
    ];

    private readonly string _folder;
    private IReadOnlyList<(string Key, string Value)> _settings = Quiet;

    private Git(string folder) => _folder = folder;

    /// <summary>Git in this folder; what the repository's own settings would run is switched off.</summary>
    public static async Task<Git> In(string folder, CancellationToken stop)
    {
        var git = new Git(folder);
        var own = await git.Ask(["config", "--list", "-z", "--show-scope", "--includes"], 1 << 20, stop);
        if (own.Ended == 0)
            git._settings = [.. Quiet, .. SwitchedOff(own.Text)];
        return git;
    }

    /// <summary>What it says, whatever its exit code.</summary>
    public async Task<GitSaid> Ask(IReadOnlyList<string> arguments, int most, CancellationToken stop)
    {
        var start = new ProcessStartInfo("git", ["--no-pager", "--literal-pathspecs", .. arguments])
        {
            WorkingDirectory = _folder, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
        };
        Prepare(start.Environment);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(stop);
        patience.CancelAfter(Patience);
        Process process;
        try
        {
            process = Process.Start(start)!;
        }
        catch (Win32Exception)
        {
            return new(-1, [], false, "there is no git");
        }

        using (process)
            try
            {
                process.StandardInput.Close();
                var (said, wrong) = (Read(process.StandardOutput.BaseStream, most, patience.Token), Read(process.StandardError.BaseStream, MostWrong, patience.Token));
                await process.WaitForExitAsync(patience.Token);
                var (bytes, cut) = await said;
                return new(process.ExitCode, bytes, cut, Encoding.UTF8.GetString((await wrong).Bytes).Trim());
            }
            catch (OperationCanceledException) when (!stop.IsCancellationRequested)
            {
                return new(-1, [], false, $"git did not answer within {Say.Span(Patience)}");
            }
            finally
            {
                if (!process.HasExited)
                    process.Kill(entireProcessTree: true);
            }
    }

    /// <summary>Settings that name programs, of the repository itself; the person's own stay.</summary>
    private static IEnumerable<(string Key, string Value)> SwitchedOff(string listed)
    {
        var parts = listed.Split('\0');
        for (var i = 0; i + 1 < parts.Length; i += 2)
        {
            if (parts[i] is not ("local" or "worktree"))
                continue;
            var key = parts[i + 1].Split('\n')[0];
            if (key.StartsWith("filter.", StringComparison.OrdinalIgnoreCase) && key.LastIndexOf('.') is > 6 and var dot)
                foreach (var (name, off) in new[] { ("clean", ""), ("smudge", ""), ("process", ""), ("required", "false") })
                    yield return ($"{key[..dot]}.{name}", off);
        }
    }

    /// <summary>Settings go by the environment: a name may hold whatever the repository's author liked.</summary>
    private void Prepare(IDictionary<string, string?> environment)
    {
        foreach (var name in Environment.GetEnvironmentVariables().Keys.Cast<string>().Where(name => name.StartsWith("GIT_", StringComparison.Ordinal) && !Kept.Contains(name)))
            environment.Remove(name);
        environment["LC_ALL"] = "C";
        environment["GIT_OPTIONAL_LOCKS"] = environment["GIT_TERMINAL_PROMPT"] = "0";
        environment["GIT_NO_LAZY_FETCH"] = "1";
        environment["GIT_ALLOW_PROTOCOL"] = "none";
        environment["GIT_CONFIG_COUNT"] = _settings.Count.ToString(System.Globalization.CultureInfo.InvariantCulture);
        foreach (var (one, i) in _settings.Select((one, i) => (one, i)))
            (environment[$"GIT_CONFIG_KEY_{i}"], environment[$"GIT_CONFIG_VALUE_{i}"]) = one;
    }

    /// <summary>At most so many bytes; the rest is read and let go, so that the child comes to its end.</summary>
    private static async Task<(byte[] Bytes, bool Cut)> Read(Stream from, int most, CancellationToken stop)
    {
        using var kept = new MemoryStream();
        var (buffer, cut) = (new byte[16 << 10], false);
        while (await from.ReadAsync(buffer, stop) is > 0 and var count)
        {
            var room = (int)Math.Min(count, most - kept.Length);
            kept.Write(buffer, 0, room);
            cut |= room < count;
        }

        return (kept.ToArray(), cut);
    }
}

/// <param name="Ended">The exit code; -1 when it could not run to its end.</param>
/// <param name="Cut">It said more than was wanted.</param>
/// <param name="Wrong">What it complained of.</param>
internal sealed record GitSaid(int Ended, byte[] Bytes, bool Cut, string Wrong)
{
    public string Text => Encoding.UTF8.GetString(Bytes);

    public string? Line => Ended == 0 && Text.TrimEnd('\n') is { Length: > 0 } line ? line : null;
}
