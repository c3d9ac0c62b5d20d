using System.Text;
using System.Text.RegularExpressions;

namespace Steward.Packaging.Ci;

/// <summary>What a service's file is written from. What comes from people is checked here, and quoted where it is written.</summary>
/// <param name="Title">Goes into a comment.</param>
/// <param name="Folder">Of the steward.yaml, from the root of the repository; <c>.</c> for the root.</param>
/// <param name="Branch">What is on it is sent, trained and served.</param>
/// <param name="Agent">The image that jobs run in; without one, <c>steward</c> is on the machines.</param>
/// <param name="Runner">The machines: a label, a pool or a tag; the service's own by default.</param>
/// <param name="Alias">What the sign-off guards, and what the service calls its environment.</param>
/// <param name="Lock">The lock, where the environment is built in the job as well; null when it is not.</param>
internal sealed partial record CiPlan(string Project, string Title, string Folder, string Branch, string? Agent, string? Runner, string Alias, string? Lock)
{
    /// <summary>Minutes that the last job asks people for, before it says that it waits.</summary>
    public const int MinutesToWait = 30;

    public CiPlan Checked()
    {
        if (Path.IsPathRooted(Folder) || Folder.Split('/', '\\').Contains("..") || Folder.Length is 0 or > 500 || Folder.Any(c => char.IsControl(c)))
            throw ProblemException.Invalid("folder_invalid", $"'{Names.Shorten(Folder)}' is no folder inside of a repository.", "Write it from the root of the repository: models/fruit");
        if (!BranchForm().IsMatch(Branch) || Branch.Contains("..", StringComparison.Ordinal) || Branch.Contains("@{", StringComparison.Ordinal) || Branch.Contains("//", StringComparison.Ordinal) || Branch.Contains("${{", StringComparison.Ordinal) || Branch.Contains("$(", StringComparison.Ordinal))
            throw ProblemException.Invalid("branch_invalid", $"'{Names.Shorten(Branch)}' is no name of a branch.", "Write it like main or release/2.");
        if (Runner is not null && !RunnerForm().IsMatch(Runner))
            throw ProblemException.Invalid("runner_invalid", $"'{Names.Shorten(Runner)}' is no label of a runner.", "Use letters, digits, dots and dashes.");
        if (Agent is not null)
            DockerText.Image(Agent);
        return this;
    }

    /// <summary>The command of a stage. What people named comes from a variable, which no shell reads as anything but a value.</summary>
    public static string Command(CiStage stage)
        => $"steward ci run --only {stage.Name} --folder=\"$STEWARD_FOLDER\" --out={CiVerbs.UsualOutput}{(stage.Name == "deploy" ? $" --wait {MinutesToWait}m" : "")}";

    /// <summary>Builds what the lock says beside what the job would use, and uses it when all of it is there.</summary>
    public const string EnvironmentCommand = "steward env build --use --folder=\"$STEWARD_FOLDER\" --shelf=.steward-env";

    public static IEnumerable<CiStage> Of(string job) => CiStage.All.Where(stage => stage.Job == job);

    /// <summary>A comment is one line, whatever somebody calls a project.</summary>
    public string Comment => $"# Written by: steward ci write. {new string([.. Title.Select(c => char.IsControl(c) || char.IsSurrogate(c) || c is '\u2028' or '\u2029' or '\ufeff' ? ' ' : c)])}";

    // What git takes (git-check-ref-format), without the signs that services read as patterns.
    [GeneratedRegex(@"^[^\s~^:?*\[\]\\\p{C}/.-][^\s~^:?*\[\]\\\p{C}]{0,199}\z", RegexOptions.NonBacktracking)]
    private static partial Regex BranchForm();

    [GeneratedRegex(@"^[A-Za-z0-9][A-Za-z0-9 ._-]{0,99}\z", RegexOptions.NonBacktracking)]
    private static partial Regex RunnerForm();
}

/// <summary>Values in YAML.</summary>
internal static class Yaml
{
    /// <summary>In double quotes, with every sign escaped that could end them or the line.</summary>
    public static string Quoted(string value)
    {
        var text = new StringBuilder("\"");
        foreach (var c in value)
            text.Append(c switch
            {
                '"' => "\\\"",
                '\\' => "\\\\",
                _ when char.IsControl(c) || c is '\u2028' or '\u2029' or '\ufeff' => $"\\u{(int)c:x4}",
                _ => c.ToString(),
            });
        return text.Append('"').ToString();
    }
}
