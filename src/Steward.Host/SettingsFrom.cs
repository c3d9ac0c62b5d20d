using System.CommandLine;
using System.Globalization;

namespace Steward.Host;

/// <summary>Settings from the command line, then from STEWARD_* variables, then the defaults.</summary>
internal static class SettingsFrom
{
    public static Option<int?> Port { get; } = new("--port") { Description = "The port (STEWARD_PORT, 7070); 0 takes any free one." };
    public static Option<string?> Bind { get; } = new("--bind") { Description = "The address to listen on (127.0.0.1); beyond loopback only with --cert." };
    public static Option<string?> Certificate { get; } = new("--cert") { Description = "Certificate for TLS, PEM or PFX." };
    public static Option<string?> Key { get; } = new("--key") { Description = "Key of a PEM certificate." };
    public static Option<bool> Open { get; } = new("--open") { Description = "Requests from this machine need no sign-in and act as an editor (never approve, never administer)." };

    public static Settings Line(ParseResult line)
    {
        var plain = new Settings();
        return plain with
        {
            Data = Path.GetFullPath(line.GetValue(Commands.Data) ?? Variable("DATA") ?? plain.Data),
            Db = Variable("DB"),
            Port = (Has(line, Port) ? line.GetValue(Port) : null) ?? PortVariable() ?? plain.Port,
            Bind = (Has(line, Bind) ? line.GetValue(Bind) : null) ?? Variable("BIND") ?? plain.Bind,
            Certificate = (Has(line, Certificate) ? line.GetValue(Certificate) : null) ?? Variable("CERT"),
            CertificateKey = (Has(line, Key) ? line.GetValue(Key) : null) ?? Variable("KEY"),
            Open = Has(line, Open) && line.GetValue(Open),
            Engines = Variable("ENGINES") is { } engines ? Path.GetFullPath(engines) : null,
            Hosts = Variable("HOSTS")?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) ?? [],
        };
    }

    private static bool Has(ParseResult line, Option option) => line.GetResult(option) is not null;

    private static string? Variable(string name) => Environment.GetEnvironmentVariable("STEWARD_" + name) is { Length: > 0 } value ? value : null;

    private static int? PortVariable() => Variable("PORT") switch
    {
        null => null,
        var text when int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port) => port,
        var text => throw ProblemException.Invalid("setting_invalid", $"The setting 'port' cannot be used: '{Names.Shorten(text)}' in STEWARD_PORT is not a number.", "Choose 0 to 65535; 0 takes any free one."),
    };
}
