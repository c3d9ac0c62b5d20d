namespace Steward.Identity;

/// <summary>Tokens that <c>steward user login</c> got, by server; in <c>~/.config/steward</c> (STEWARD_HOME overrides), readable by their owner alone.</summary>
public static class StoredSignIns
{
    public static string Home => Environment.GetEnvironmentVariable("STEWARD_HOME") is { Length: > 0 } home
        ? home
        : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.ApplicationData, Environment.SpecialFolderOption.DoNotVerify), "steward");

    private static PrivateFile File => new(Path.Combine(Home, "credentials.json"));

    /// <summary>The token for this server, or null.</summary>
    public static string? Find(Uri server) => All().GetValueOrDefault(NameOf(server));

    public static void Save(Uri server, string token)
    {
        var all = All();
        all[NameOf(server)] = token;
        File.Replace(Json.Write(all));
    }

    public static void Forget(Uri server)
    {
        var all = All();
        if (all.Remove(NameOf(server)))
            File.Replace(Json.Write(all));
    }

    /// <summary>A new key to sign with; the private half stays in this file and nowhere else.</summary>
    public static PrivateFile KeyFile(string name) => new(Path.Combine(Home, "keys", Names.Check("key", name) + ".pem"));

    private static string NameOf(Uri server) => server.GetLeftPart(UriPartial.Authority);

    private static Dictionary<string, string> All() => File.Read() is { } text ? Json.Read<Dictionary<string, string>>(text) : [];
}
