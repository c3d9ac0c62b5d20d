namespace Steward.Packaging.Images;

/// <summary>One of the steps that put something of one's own into an image; each is a layer. Exactly one of <c>copy</c> and <c>run</c>.</summary>
public sealed record PackageStep
{
    public PackageCopy? Copy { get; init; }

    public PackageRun? Run { get; init; }

    internal string To => Plain(Copy?.To ?? Run?.To ?? "");

    internal IReadOnlyList<string> From => Copy is { } copy ? [copy.From] : Run?.From ?? [];

    /// <summary>What a person reads in the history of the image.</summary>
    internal string Says => Copy is { } copy ? $"copy {copy.From} to /{To}" : $"run {string.Join("; ", Run!.Commands.Select(command => string.Join(' ', command)))} to /{To}";

    internal IEnumerable<(string Path, string Why)> Complaints(string at)
    {
        if (Copy is null == Run is null)
        {
            yield return (at, "A step either copies or runs: write copy: {from, to}, or run: {commands, to}.");
            yield break;
        }

        if (!IsPlain(To) || To.Split('/')[0] is not ("opt" or "srv"))
            yield return ($"{at}.{(Copy is null ? "run" : "copy")}.to", "What a step makes lies below /opt or /srv: the rest of the image is the program's and the system's.");
        foreach (var from in From.Where(from => !IsPlain(Plain(from)) || Path.IsPathRooted(from)))
            yield return ($"{at}.{(Copy is null ? "run" : "copy")}.from", $"'{Names.Shorten(from)}' is not a file or folder of the project: write it from the folder of steward.yaml.");
        if (Run is { } run && (run.Commands.Count is 0 or > 50 || run.Commands.Any(command => command.Count == 0 || command.Any(word => word.Contains('\0', StringComparison.Ordinal)))))
            yield return ($"{at}.run.commands", "A step runs 1 to 50 commands, each a list of the program and its words: [python3, make.py].");
        if (Run?.Timeout is { } time && (time < TimeSpan.FromSeconds(1) || time > TimeSpan.FromHours(6)))
            yield return ($"{at}.run.timeout", "A command has 1 second to 6 hours.");
    }

    private static string Plain(string path) => path.Trim('/');

    private static bool IsPlain(string path) => path.Length is > 0 and <= 300 && path.Split('/').All(part => part is { Length: > 0 } and not ("." or "..") && !part.Any(char.IsControl));
}

public sealed record PackageCopy
{
    /// <summary>A file or folder of the project.</summary>
    public string From { get; init; } = "";

    /// <summary>Where it lies in the image: <c>opt/rules</c>.</summary>
    public string To { get; init; } = "";
}

/// <summary>Commands that run one after the other on the machine that builds, where the files of <c>from</c> lie. What they leave in the folder STEWARD_OUT is the layer.</summary>
public sealed record PackageRun
{
    public IReadOnlyList<IReadOnlyList<string>> Commands { get; init; } = [];

    /// <summary>Files and folders of the project that they see, and nothing else of it.</summary>
    public IReadOnlyList<string> From { get; init; } = [];

    public string To { get; init; } = "";

    /// <summary>Each command's.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromMinutes(30);
}
