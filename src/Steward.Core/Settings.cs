using System.Net;

namespace Steward;

/// <summary>How this server runs. A new user sets nothing; a wrong value is refused at start, in words that name the setting.</summary>
public sealed record Settings
{
    /// <summary>The data folder: records, blobs, keys. <c>--data</c>, STEWARD_DATA.</summary>
    public string Data { get; init; } = Path.Combine(Environment.CurrentDirectory, ".steward");

    /// <summary>Records: <c>sqlite:FILE</c> or a PostgreSQL connection string. STEWARD_DB; by default a file in the data folder.</summary>
    public string? Db { get; init; }

    /// <summary>Where to listen. Beyond loopback only with a certificate. <c>--bind</c>, STEWARD_BIND.</summary>
    public string Bind { get; init; } = "127.0.0.1";

    /// <summary>0 is any free port. <c>--port</c>, STEWARD_PORT.</summary>
    public int Port { get; init; } = 7070;

    /// <summary>Certificate (PEM or PFX) for TLS, and its key when PEM. <c>--cert</c>, <c>--key</c>.</summary>
    public string? Certificate { get; init; }

    public string? CertificateKey { get; init; }

    /// <summary>Loopback requests without credentials act as a built-in editor that may never approve or administer. <c>--open</c>.</summary>
    public bool Open { get; init; }

    /// <summary>Host names besides loopback that requests may name. STEWARD_HOSTS, comma-separated.</summary>
    public IReadOnlyList<string> Hosts { get; init; } = [];

    /// <summary>Largest body of a request that does not say otherwise, bytes.</summary>
    public long MaxBody { get; init; } = 8L << 20;

    /// <summary>Workers that do tasks of the ledger in this process.</summary>
    public int Workers { get; init; } = 2;

    /// <summary>The file that names further engines. STEWARD_ENGINES; by default <c>engines.yaml</c> in the data folder, when it is there.</summary>
    public string? Engines { get; init; }

    public string Address => Db ?? "sqlite:" + Path.Combine(Data, "steward.db");

    /// <summary><see cref="Bind"/> as an address; call it after <see cref="Checked"/>.</summary>
    public IPAddress ListenOn => Bind == "localhost" ? IPAddress.Loopback : IPAddress.Parse(Bind);

    public bool IsLoopback => IPAddress.TryParse(Bind, out var ip) ? IPAddress.IsLoopback(ip) : Bind == "localhost";

    /// <summary>Throws <c>setting_invalid</c> for the first value that cannot work.</summary>
    public Settings Checked()
    {
        if (Port is < 0 or > 65535)
            throw Wrong("port", $"{Port} is not a port", "Choose 0 to 65535; 0 takes any free one.");
        if (!IPAddress.TryParse(Bind, out _) && Bind != "localhost")
            throw Wrong("bind", $"'{Names.Shorten(Bind)}' is not an address", "Write 127.0.0.1, ::1 or an address of this machine.");
        if (!IsLoopback && Certificate is null)
            throw Wrong("bind", $"{Bind} can be reached from other machines, and there is no certificate", "Add --cert FILE (and --key FILE), or stay on 127.0.0.1.");
        if (!IsLoopback && Open)
            throw Wrong("open", "--open is for loopback only", "Leave --open away, or bind to 127.0.0.1.");
        if (Certificate is not null && !File.Exists(Certificate))
            throw Wrong("cert", $"there is no file '{Certificate}'", "Name a PEM or PFX file.");
        if (Engines is not null && !File.Exists(Engines))
            throw Wrong("engines", $"there is no file '{Engines}'", "Name the file that describes the engines, or leave it away.");
        if (Workers is < 1 or > 64)
            throw Wrong("workers", $"{Workers} workers cannot work", "Choose 1 to 64.");
        return this;
    }

    private static ProblemException Wrong(string setting, string why, string tryThis)
        => ProblemException.Invalid("setting_invalid", $"The setting '{setting}' cannot be used: {why}.", tryThis);
}
