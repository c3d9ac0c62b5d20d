namespace Steward.Agents.Running;

/// <summary>What the person who starts an agent says on that machine; nothing of it can be changed from the server.</summary>
internal sealed record AgentSettings
{
    /// <summary>What a task calls this program by; it runs the one that the agent is.</summary>
    public const string Ours = "steward";

    private const int LongestToken = 4096;

    public required string? Server { get; init; }
    public required string? Token { get; init; }

    /// <summary>Where its tasks have their folders.</summary>
    public required string Data { get; init; }

    /// <summary>Programs that may run here, by name or path; <c>any</c> is every program.</summary>
    public IReadOnlyList<string> Allow { get; init; } = [];

    /// <summary>Folders that tasks may work in.</summary>
    public IReadOnlyList<string> Folders { get; init; } = [];

    public int AtOnce { get; init; } = 2;
    public string? Proxy { get; init; }

    /// <summary>Trusted in place of the system's authorities.</summary>
    public FileInfo? Authority { get; init; }

    public AgentSettings Checked()
    {
        if (Server is null || Token is null)
            throw ProblemException.Invalid("agent_unnamed", "An agent needs the address of a server and its own token.", "steward agent run --url https://steward.example --token stw_… --allow python3");
        if (!Uri.TryCreate(Server, UriKind.Absolute, out var url) || (url.Scheme != "https" && !(url.Scheme == "http" && url.IsLoopback)))
            throw ProblemException.Invalid("url_invalid", $"'{Names.Shorten(Server)}' is not a safe address: beyond this machine an agent speaks https only.", "Write it like https://steward.example");
        if (Proxy is not null && !(Uri.TryCreate(Proxy, UriKind.Absolute, out var proxy) && proxy.Scheme is ("http" or "https")))
            throw ProblemException.Invalid("proxy_invalid", $"'{Names.Shorten(Proxy)}' is not the address of a proxy.", "Write it like http://proxy.example:3128");
        if (Allow.Count == 0)
            throw ProblemException.Invalid("nothing_allowed", "No program is allowed to run here.", "Say which: --allow python3 --allow /opt/etl/load.sh (or --allow any)");
        return Folders.FirstOrDefault(folder => !Directory.Exists(folder)) is { } missing
            ? throw ProblemException.NotFound("folder", missing, "Make it first.")
            : this;
    }

    public static string? TokenIn(string? path)
    {
        if (path is null)
            return null;
        try
        {
            using var file = new StreamReader(path);
            var some = new char[LongestToken];
            var token = new string(some, 0, file.ReadBlock(some)).Trim();
            return token.Length > 0 && !token.Any(char.IsWhiteSpace) ? token : throw ProblemException.Invalid("token_unreadable", $"{path} holds no token.", "Write what steward agent token shows into it, and nothing else.");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw ProblemException.Invalid("token_unreadable", $"The token cannot be read from {path}: {error.Message}", "Mount it where the agent may read it.");
        }
    }

    /// <summary>Null when a task may run here, else why not.</summary>
    public string? Refuse(Work.JobSpec spec)
    {
        if (spec.Command is [Ours, "--version"] && spec.Folder is null)
            return null; // a test of the engine: harmless, and of nobody's programs
        if (!Allow.Contains("any") && !Allow.Contains(spec.Command[0], StringComparer.Ordinal))
            return $"The agent does not allow '{Names.Shorten(spec.Command[0])}'; it allows {string.Join(", ", Allow)}.";
        return spec.Folder is null || Folders.Any(folder => Within(Path.GetFullPath(folder), Path.GetFullPath(spec.Folder)))
            ? null
            : "The agent does not allow work in that folder.";
    }

    private static bool Within(string root, string path) => path == root || path.StartsWith(root.TrimEnd('/') + '/', StringComparison.Ordinal);
}
