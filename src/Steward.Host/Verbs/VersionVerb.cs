using System.CommandLine;
using System.Reflection;
using Steward.Cli;

namespace Steward.Host.Verbs;

internal static class VersionVerb
{
    /// <summary>Number and commit this program was built from.</summary>
    public static string Number { get; } = typeof(VersionVerb).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;

    public static Command Tree()
    {
        var version = new Command("version", "Which Steward this is.");
        version.SetAction(line => Show.One(line, new { version = Number, runtime = Environment.Version.ToString() }, ("steward", Number), (".NET", Environment.Version.ToString())));
        return version;
    }
}
