using System.Net;

namespace Steward.Outside;

/// <summary>
/// What the one who runs the server allows to project files. STEWARD_ALLOW, comma-separated: <c>commands</c>,
/// <c>private-addresses</c>, or networks such as <c>10.20.0.0/16</c>; STEWARD_FOLDERS, comma-separated: folders that connections may lie in.
/// </summary>
public sealed record Allowed
{
    /// <summary>Project files may name commands that run as the server's user; always on a server for this machine alone.</summary>
    public bool Commands { get; init; }

    /// <summary>This machine and its network may be reached; addresses of a cloud's own services (link-local) only when a network names them.</summary>
    public bool PrivateAddresses { get; init; }

    /// <summary>Networks that may be reached although they are private.</summary>
    public IReadOnlyList<IPNetwork> Networks { get; init; } = [];

    /// <summary>Null: anywhere on this machine but in the server's own data folder. That is so on a server for this machine alone.</summary>
    public IReadOnlyList<string>? Folders { get; init; } = [];

    public static Allowed By(Settings settings, string? allow, string? folders)
    {
        var words = Words(allow);
        return new()
        {
            Commands = settings.IsLoopback || words.Contains("commands"),
            PrivateAddresses = words.Contains("private-addresses"),
            Networks = [.. words.Select(word => IPNetwork.TryParse(word, out var network) ? network : (IPNetwork?)null).OfType<IPNetwork>()],
            Folders = folders is null && settings.IsLoopback ? null : [.. Words(folders).Select(Path.GetFullPath)],
        };
    }

    private static string[] Words(string? text) => (text ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
}
