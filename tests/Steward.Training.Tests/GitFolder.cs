using System.Diagnostics;
using Steward.Testing;

namespace Steward.Training.Tests;

/// <summary>A real repository in a folder of its own, with one file committed.</summary>
internal sealed class GitFolder
{
    public string Path { get; } = TestFolder.New();

    public static async Task<GitFolder> With(string file, string text)
    {
        var made = new GitFolder();
        made.Git("init", "-q", "-b", "main");
        made.Git("config", "user.name", "Erin");
        made.Git("config", "user.email", "erin@example.org");
        await made.Write(file, text);
        made.Commit();
        return made;
    }

    public Task Write(string file, string text) => File.WriteAllTextAsync(System.IO.Path.Combine(Path, file), text);

    /// <summary>Commits all there is; the new commit.</summary>
    public string Commit()
    {
        Git("add", "-A");
        Git("commit", "-q", "-m", "a step");
        return Head;
    }

    public string Head => Git("rev-parse", "HEAD");

    public string Git(params string[] arguments)
    {
        using var git = Process.Start(new ProcessStartInfo("git", arguments) { WorkingDirectory = Path, RedirectStandardOutput = true, RedirectStandardError = true })!;
        var (said, wrong) = (git.StandardOutput.ReadToEndAsync(), git.StandardError.ReadToEndAsync());
        git.WaitForExit();
        return git.ExitCode == 0 ? said.Result.TrimEnd() : throw new InvalidOperationException($"git {string.Join(' ', arguments)}: {wrong.Result}");
    }
}
