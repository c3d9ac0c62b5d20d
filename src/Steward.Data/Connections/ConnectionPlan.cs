namespace Steward.Data.Connections;

public enum ConnectionKind { Folder, Http, S3, Blob, Adls, Postgres, Sqlite, Cosmos }

/// <summary>How a connection to a database is protected.</summary>
public enum TlsMode
{
    /// <summary>Encrypted, and the server's certificate is for its name.</summary>
    Verify,

    /// <summary>Encrypted, by whomever.</summary>
    Require,

    Off,
}

/// <summary>What the project says about one connection. Which keys belong to which kind: <see cref="ConnectionRules"/>.</summary>
public sealed record ConnectionPlan
{
    public ConnectionKind? Kind { get; init; }

    /// <summary>A folder or a file of the server. One that begins with no slash lies in the project's own folder.</summary>
    public string? Path { get; init; }

    /// <summary>Where it answers: <c>https://…</c>; for adls also <c>abfss://container@account.dfs.core.windows.net/folder</c>.</summary>
    public string? Url { get; init; }

    public string? Bucket { get; init; }

    public string? Container { get; init; }

    /// <summary>Only what lies below it is seen, and names begin after it.</summary>
    public string? Prefix { get; init; }

    public string? Region { get; init; }

    /// <summary>Name of the key to S3; no secret by itself.</summary>
    public string? AccessKey { get; init; }

    public string? SecretKey { get; init; }

    public string? Account { get; init; }

    public string? AccountKey { get; init; }

    /// <summary>A shared access signature of Azure.</summary>
    public string? Sas { get; init; }

    public string? Host { get; init; }

    public int Port { get; init; } = 5432;

    public string? Database { get; init; }

    public string? User { get; init; }

    public string? Password { get; init; }

    public TlsMode Tls { get; init; }

    public bool ReadOnly { get; init; }

    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();

    /// <summary>A text at the address that names the files there, one a line: HTTP has no lists of its own.</summary>
    public string? Index { get; init; }

    /// <summary>How long to wait for an answer.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Bytes a second that copies from or to it take at most; 0 is as fast as it goes.</summary>
    public long Bandwidth { get; init; }

    /// <summary>Uploads carry their checksums in a trailer (aws-chunked). Some servers that speak S3 keep the trailer as part of the file: false for them.</summary>
    public bool Checksums { get; init; } = true;

    /// <summary>The folder where files for the project arrive; every project has it under this name.</summary>
    internal bool IsInbox { get; init; }

    /// <summary>Whatever is a secret here, by reference.</summary>
    internal IEnumerable<string> Secrets => new[] { SecretKey, AccountKey, Sas, Password }.Concat(Headers.Values).OfType<string>().Where(Outside.Secrets.IsReference);

    /// <summary>Where it leads, without anything secret.</summary>
    internal string Where => Kind switch
    {
        ConnectionKind.Folder or ConnectionKind.Sqlite => Path ?? "",
        ConnectionKind.S3 => $"s3://{Bucket}/{Prefix}",
        ConnectionKind.Postgres => $"{User}@{Host}:{Port}/{Database}",
        ConnectionKind.Cosmos => $"{Url} {Database}/{Container}",
        _ => string.Join('/', new[] { (Url ?? Account)?.TrimEnd('/'), Container, Prefix }.Where(part => !string.IsNullOrEmpty(part))),
    };
}
