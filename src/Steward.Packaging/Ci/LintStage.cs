using Steward.Projects;

namespace Steward.Packaging.Ci;

/// <summary>The project file and what it names, looked at without a server; and the server told of it.</summary>
internal static class LintStage
{
    public static Task<CiSaid> Lint(CiRun run, CancellationToken stop)
    {
        var section = run.File.Get<EnvironmentSection>("environment");
        var complaints = ProjectLint.Missing(run.Folder, section).ToList();
        if (complaints.Count > 0)
            return Task.FromResult(new CiSaid(string.Join('\n', complaints), 1, "Add the files, or take them out of 'environment' in steward.yaml."));
        var stale = ProjectLint.Stale(run.Folder, section).ToList();
        return Task.FromResult(stale.Count > 0
            ? new CiSaid($"{section.Lock} is not of the files any more:\n{string.Join('\n', stale)}", ProblemKind.Conflict.ExitCode(), "steward env lock")
            : new CiSaid($"steward.yaml is well: project '{run.File.Project}'{(File.Exists(Path.Combine(run.Folder, section.Lock)) ? $"; {section.Lock} is of the files that it was made from" : "")}."));
    }

    /// <summary>Sends the file when the server has another one; gates and parties of this file are then in force.</summary>
    public static async Task<CiSaid> Send(CiRun run, CancellationToken stop)
    {
        var text = await File.ReadAllTextAsync(run.ProjectFile, stop);
        try
        {
            if (await run.Server.Text($"{run.Api}/file", stop) == text)
                return new("The server has this project file already.");
        }
        catch (ProblemException none) when (none.Kind is ProblemKind.NotFound)
        {
            // a new project: sent below
        }

        var sent = await run.Server.Put<Sent>($"{run.Api}/file", new { yaml = text }, stop);
        return new($"The server has revision {sent.Revision} of the project file now.");
    }

    private sealed record Sent(string Name, int Revision);
}

/// <summary>What a project file names and what is there.</summary>
public static class ProjectLint
{
    /// <summary>The one thing that is most wrong with the environment's files, and what to do; null when all is well, or the project has no such section.</summary>
    public static (string Why, string Try)? Warning(string folder, ProjectFile file)
    {
        if (!file.Sections.ContainsKey("environment"))
            return null;
        var section = file.Get<EnvironmentSection>("environment");
        if (Missing(folder, section).FirstOrDefault() is { } missing)
            return (missing, "Add the file, or take it out of 'environment' in steward.yaml.");
        if (!File.Exists(Path.Combine(folder, section.Lock)))
            return ($"{section.Lock} is not there, so nothing says which versions exactly this project was made with.", "steward env lock");
        try
        {
            List<string> stale = [.. Stale(folder, section)];
            return stale.Count == 0 ? null : ($"{section.Lock} is not of the files any more: {string.Join(' ', stale)}", "steward env lock");
        }
        catch (ProblemException broken)
        {
            return (broken.Message, "steward env lock");
        }
    }

    public static IEnumerable<string> Missing(string folder, EnvironmentSection section)
        => section.From.Concat(section.Index).Where(name => !Path.Exists(Path.Combine(folder, name))).Select(name => $"steward.yaml names '{Names.Shorten(name)}' in 'environment', and there is no such file.");

    /// <summary>Why the lock is no longer of its files; nothing when there is no lock.</summary>
    public static IEnumerable<string> Stale(string folder, EnvironmentSection section)
        => Path.Combine(folder, section.Lock) is var path && File.Exists(path) ? Difference.Since(LockReader.Open(path), folder).Select(one => one.Sentence) : [];
}
