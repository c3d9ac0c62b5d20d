using Steward.Outside;
using Steward.Projects;

namespace Steward.Data.Connections;

/// <summary>The section <c>connections</c> of the project file, and what may stand in it.</summary>
internal static class ConnectionRules
{
    private static readonly Dictionary<string, Func<ConnectionPlan, bool>> Said = new()
    {
        ["path"] = one => one.Path is not null,
        ["url"] = one => one.Url is not null,
        ["bucket"] = one => one.Bucket is not null,
        ["container"] = one => one.Container is not null,
        ["prefix"] = one => one.Prefix is not null,
        ["region"] = one => one.Region is not null,
        ["access_key"] = one => one.AccessKey is not null,
        ["secret_key"] = one => one.SecretKey is not null,
        ["account"] = one => one.Account is not null,
        ["account_key"] = one => one.AccountKey is not null,
        ["sas"] = one => one.Sas is not null,
        ["host"] = one => one.Host is not null,
        ["database"] = one => one.Database is not null,
        ["user"] = one => one.User is not null,
        ["password"] = one => one.Password is not null,
        ["headers"] = one => one.Headers.Count > 0,
        ["index"] = one => one.Index is not null,
    };

    private static readonly Dictionary<ConnectionKind, (string[] Needed, string[] More)> Keys = new()
    {
        [ConnectionKind.Folder] = (["path"], []),
        [ConnectionKind.Sqlite] = (["path"], []),
        [ConnectionKind.Http] = (["url"], ["headers", "index"]),
        [ConnectionKind.S3] = (["bucket"], ["url", "region", "prefix", "access_key", "secret_key"]),
        [ConnectionKind.Blob] = (["container"], ["url", "prefix", "account", "account_key", "sas"]),
        [ConnectionKind.Adls] = ([], ["url", "container", "prefix", "account", "account_key", "sas"]),
        [ConnectionKind.Postgres] = (["host", "database", "user"], ["password"]),
        [ConnectionKind.Cosmos] = (["url", "database", "container", "account_key"], []),
    };

    /// <summary>The connection that every project has: where its files arrive.</summary>
    public const string Inbox = "inbox";

    /// <summary>Headers that open doors: their values are references.</summary>
    private static readonly string[] Opening = ["authorization", "cookie", "key", "token", "secret", "signature", "password"];

    public static Section Section => Section.Of<IReadOnlyDictionary<string, ConnectionPlan>>("connections", "Where data comes from and goes to, by name. Secrets are named (secret://shop-key), never written.", Complaints);

    public static IReadOnlyDictionary<string, ConnectionPlan> ConnectionsOf(this Project project) => project.File.Get<Dictionary<string, ConnectionPlan>>("connections");

    private static IEnumerable<(string Path, string Why)> Complaints(IReadOnlyDictionary<string, ConnectionPlan> all)
        => all.SelectMany(pair => Complaints(pair.Key, pair.Value).Select(one => ($"{pair.Key}.{one.Key}", one.Why)));

    private static IEnumerable<(string Key, string Why)> Complaints(string name, ConnectionPlan plan)
    {
        if (!Names.IsName(name))
            yield return ("kind", $"'{Names.Shorten(name)}' cannot be the name of a connection: use lower-case letters, digits and dashes.");
        if (name == Inbox)
            yield return ("kind", $"'{Inbox}' is the folder where files of the project arrive, by itself; choose another name.");
        if (plan.Kind is not { } kind)
        {
            yield return ("kind", $"'{Names.Shorten(name)}' does not say its kind: {string.Join(", ", Keys.Keys.Select(Word))}.");
            yield break;
        }

        var (needed, more) = Keys[kind];
        foreach (var key in needed.Where(key => !Said[key](plan)))
            yield return (key, $"a connection of kind {Word(kind)} needs '{key}'.");
        foreach (var key in Said.Keys.Except(needed).Except(more).Where(key => Said[key](plan)))
            yield return (key, $"a connection of kind {Word(kind)} has no '{key}'; it knows {string.Join(", ", needed.Concat(more))}.");
        foreach (var (key, value) in new[] { ("secret_key", plan.SecretKey), ("account_key", plan.AccountKey), ("sas", plan.Sas), ("password", plan.Password) })
            if (value is not null && !Secrets.IsReference(value))
                yield return (key, $"a secret is named, not written. Write {key}: secret://{name}, and give the server its value in the variable {Secrets.Variable($"secret://{(Names.IsName(name) ? name : "name")}")}.");
        foreach (var (header, value) in plan.Headers)
            if (!Secrets.IsReference(value) && Opening.Any(word => header.Contains(word, StringComparison.OrdinalIgnoreCase)))
                yield return ($"headers.{header}", $"the value of '{Names.Shorten(header)}' is a secret: name it, as in secret://{name}.");
            else if (header.Length is 0 or > 100 || header.Any(c => !char.IsAsciiLetterOrDigit(c) && c is not '-' and not '_') || value.Any(char.IsControl))
                yield return ($"headers.{header}", $"'{Names.Shorten(header)}' cannot be sent as a header.");
        if (plan.Url is { } url && Complaint(url, kind) is { } why)
            yield return ("url", why);
        if (kind is ConnectionKind.S3 && (plan.AccessKey is null) != (plan.SecretKey is null))
            yield return ("access_key", "access_key and secret_key go together; without both the bucket is read as anybody may.");
        if (kind is ConnectionKind.Blob or ConnectionKind.Adls && plan is { Url: null, Account: null })
            yield return ("account", "say the account, or its url.");
        if (kind is ConnectionKind.Blob or ConnectionKind.Adls && plan is { AccountKey: not null, Sas: not null })
            yield return ("sas", "say account_key or sas, not both.");
        if (plan.AccountKey is not null && kind is ConnectionKind.Blob or ConnectionKind.Adls && plan.Account is null && plan.Url?.StartsWith("abfss://", StringComparison.Ordinal) != true)
            yield return ("account", "an account_key belongs to an account: say its name.");
        if (plan.Prefix is { } prefix && FileNames.Complaint(prefix.TrimEnd('/')) is { } bad)
            yield return ("prefix", bad);
        if (plan.Path is { } path && (path.Length is 0 or > 1000 || path.Any(char.IsControl) || path.Split('/').Contains("..")))
            yield return ("path", "a path has no '..' and no control characters.");
        if (plan.Port is < 1 or > 65535)
            yield return ("port", $"{plan.Port} is not a port.");
        if (plan.Timeout < TimeSpan.FromSeconds(1) || plan.Timeout > TimeSpan.FromMinutes(10))
            yield return ("timeout", "a timeout is 1s to 10m.");
        if (plan.Bandwidth is < 0 or (> 0 and < 1 << 10))
            yield return ("bandwidth", "a bandwidth is at least 1KiB (a second).");
    }

    public static string Word(ConnectionKind kind) => kind.ToString().ToLowerInvariant();

    private static string? Complaint(string url, ConnectionKind kind)
    {
        if (!Uri.TryCreate(url, UriKind.Absolute, out var uri) || uri.Host.Length == 0)
            return $"'{Names.Shorten(url)}' is not an address.";
        if (uri.Scheme == "abfss")
            return kind is ConnectionKind.Adls ? (uri.UserInfo.Length > 0 ? null : "write abfss://container@account.dfs.core.windows.net/folder.") : "abfss:// belongs to the kind adls.";
        if (uri.Scheme is not ("http" or "https"))
            return $"'{Names.Shorten(uri.Scheme)}' is not known here; write https:// or http://.";
        if (uri.UserInfo.Length > 0)
            return "a user or password in an address would be shown; use headers and secret://.";
        return uri.Query.Length > 0 || uri.Fragment.Length > 0 ? "an address ends before '?' and '#'; a signature goes to sas: secret://name." : null;
    }
}
