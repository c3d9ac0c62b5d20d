using System.Runtime.InteropServices;

namespace Steward.Work;

/// <summary>The program that runs as a child: the one that runs now.</summary>
/// <param name="Command">The program and what comes before <c>child</c>.</param>
public sealed record ChildProgram(IReadOnlyList<string> Command)
{
    /// <summary>What a .NET program needs to start, and what keeps it quiet.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>
    {
        ["DOTNET_ROOT"] = Root,
        ["DOTNET_EnableDiagnostics"] = "0",
        ["DOTNET_gcServer"] = "0",
        ["ORT_DISABLE_TELEMETRY"] = "1",
    };

    public static string Root => Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", ".."));

    /// <summary>This process when it is steward itself; the steward beside it when it is hosted by dotnet or by a test.</summary>
    public static ChildProgram Ours()
    {
        var suffix = OperatingSystem.IsWindows() ? ".exe" : "";
        if (System.Environment.ProcessPath is { } running && Path.GetFileName(running) == "steward" + suffix)
            return new([running]);
        var beside = Path.Combine(AppContext.BaseDirectory, "steward");
        return File.Exists(beside + suffix) ? new([beside + suffix]) : new([Path.Combine(Root, "dotnet" + suffix), beside + ".dll"]);
    }
}
