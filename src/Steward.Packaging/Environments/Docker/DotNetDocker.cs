using System.Text.RegularExpressions;

namespace Steward.Packaging;

/// <summary>Dockerfiles for .NET: restore in locked mode, so that any other version or content stops the build.</summary>
internal static partial class DotNetDocker
{
    /// <summary>The last releases known here, and the end of support.</summary>
    private static readonly (string Line, string Runtime, string Sdk, string System, DateOnly End)[] Lines =
    [
        ("6.0", "6.0.36", "6.0.428", "bookworm-slim", new(2024, 11, 12)),
        ("7.0", "7.0.20", "7.0.410", "bookworm-slim", new(2024, 5, 14)),
        ("8.0", "8.0.11", "8.0.404", "bookworm-slim", new(2026, 11, 10)),
        ("9.0", "9.0.1", "9.0.102", "bookworm-slim", new(2026, 11, 10)),
        ("10.0", "10.0.0", "10.0.100", "noble", new(2028, 11, 14)),
    ];

    public static DockerFiles Write(DockerPlan plan)
    {
        var line = Array.Find(Lines, one => plan.Environment.Version.StartsWith(one.Line + ".", StringComparison.Ordinal));
        if (line.Line is null)
            throw ProblemException.Invalid("dotnet_unknown", $".NET {plan.Environment.Version} is not known here.", $"Target one of: {string.Join(", ", Lines.Select(one => one.Line))}.");
        var project = Plain(plan.InputNamed(file => file.EndsWith(".csproj", StringComparison.OrdinalIgnoreCase)) ?? throw ProblemException.Invalid("project_missing", "The lock was made without a .csproj.", "Name it: steward env lock --from Shop.csproj"));
        var folder = Path.GetDirectoryName(project) is { Length: > 0 } inside ? inside + "/" : "";
        if (plan.InputNamed(file => file == folder + "packages.lock.json") is null)
            throw ProblemException.Invalid("nuget_lock_missing", "The lock was made without packages.lock.json, and .NET restores exactly only with one.", "Write it with: dotnet restore --use-lock-file, then: steward env lock");
        var note = line.End < plan.Today ? $".NET {line.Line} is past its end of life: nobody mends it since {DockerPlan.Date(line.End)}." : null;
        var restore = plan.Lock.Inputs.Select(input => Plain(input.File)).Where(file => file.EndsWith(".csproj", StringComparison.OrdinalIgnoreCase) || file.EndsWith(".props", StringComparison.Ordinal) || file.EndsWith("packages.lock.json", StringComparison.Ordinal)).Order(StringComparer.Ordinal).ToList();
        var text = plan.Begin(note).From($"mcr.microsoft.com/dotnet/sdk:{line.Sdk}-{line.System}", "build").Line("WORKDIR /source");
        foreach (var file in restore)
            text.Command("COPY", [file, $"./{file}"]);
        text.Command("RUN", ["dotnet", "restore", "--locked-mode", project])
            .Line("COPY . .")
            .Command("RUN", ["dotnet", "publish", "--no-restore", "--configuration", "Release", "--output", "/opt/app", project])
            .Line("").From(plan.Base ?? $"mcr.microsoft.com/dotnet/aspnet:{line.Runtime}-{line.System}").Labels(plan.Labels)
            .Environment(("DOTNET_EnableDiagnostics", "0"), ("ASPNETCORE_HTTP_PORTS", "8080"), ("HOME", "/tmp"), ("ORT_DISABLE_TELEMETRY", "1"))
            .Line("WORKDIR /app").Line("COPY --from=build --chown=0:0 /opt/app .").Line("USER 10001:10001").Line("STOPSIGNAL SIGTERM")
            .Command("CMD", plan.Run.Count > 0 ? plan.Run : ["dotnet", Path.GetFileNameWithoutExtension(project) + ".dll"]);
        return DockerFiles.Of(text, note);
    }

    private static string Plain(string file) => File().IsMatch(file) ? file : throw ProblemException.Invalid("name_unsafe", $"'{Names.Shorten(file)}' cannot stand in a Dockerfile.", "Give the file a name of letters, digits, dots, dashes and spaces.");

    [GeneratedRegex(@"^[A-Za-z0-9_][A-Za-z0-9_ -]*(?:[./][A-Za-z0-9_ -]+)*\z", RegexOptions.NonBacktracking)]
    private static partial Regex File();
}
