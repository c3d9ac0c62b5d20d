using System.Text.RegularExpressions;

namespace Steward.Engines.Slurm;

/// <summary>A cluster run by Slurm (22.05 or newer), used through its own commands as the user that runs this server.</summary>
public sealed partial record SlurmSettings
{
    /// <summary>A folder that this server and every machine of the cluster see under the same path. Jobs, logs and results lie there.</summary>
    public string Folder { get; init; } = "";

    /// <summary>The program <c>steward</c> on the machines of the cluster; by default where it lies here.</summary>
    public string? Program { get; init; }

    /// <summary>Where .NET lies on those machines; by default where it lies here.</summary>
    public string? Dotnet { get; init; }

    /// <summary>The folder of sbatch, squeue, scancel and sinfo, when they are not on the path.</summary>
    public string? Commands { get; init; }

    /// <summary>The file slurm.conf, when it is not in its usual place.</summary>
    public string? Conf { get; init; }

    public string? Partition { get; init; }

    public string? Account { get; init; }

    public string? Qos { get; init; }

    /// <summary>How long Slurm may be silent before waiting for a job is given up.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>How long what is known of a job that is over is kept in the folder.</summary>
    public TimeSpan Keep { get; init; } = TimeSpan.FromDays(7);

    public SlurmSettings Checked()
    {
        // Slurm reads % in the names of output files as a pattern.
        if (!Path.IsPathRooted(Folder) || Folder.Any(c => c is '%' or '\\' || char.IsControl(c)))
            throw ProblemException.Invalid("setting_invalid", $"'{Names.Shorten(Folder)}' cannot be its folder.", "Give a whole path without % and \\, shared with the machines of the cluster: folder: /shared/steward");
        foreach (var (key, path) in new[] { ("program", Program), ("dotnet", Dotnet), ("commands", Commands), ("conf", Conf) })
            if (path is not null && (!Path.IsPathRooted(path) || path.Any(char.IsControl)))
                throw ProblemException.Invalid("setting_invalid", $"'{Names.Shorten(path)}' is not a whole path.", $"Write {key}: /…");
        foreach (var (key, word) in new[] { ("partition", Partition), ("account", Account), ("qos", Qos) })
            if (word is not null && !Word().IsMatch(word))
                throw ProblemException.Invalid("setting_invalid", $"'{Names.Shorten(word)}' cannot be its {key}.", "Use letters, digits, dashes, dots and underscores.");
        return this;
    }

    [GeneratedRegex(@"^[A-Za-z0-9_][A-Za-z0-9_.,-]{0,127}\z", RegexOptions.NonBacktracking)]
    private static partial Regex Word();
}
