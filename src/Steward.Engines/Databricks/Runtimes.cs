using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Steward.Outside;

namespace Steward.Engines.Databricks;

/// <summary>
/// Which Databricks Runtime new clusters have. <c>latest</c> and <c>latest-lts</c> are looked up in the workspace once and
/// written down: every later job has the same, until somebody pins the engine anew.
/// </summary>
internal sealed partial class Runtimes(string engine, string? asked, PinFile pins, DatabricksApi api, TimeProvider clock)
{
    private const string Latest = "latest", LatestLts = "latest-lts";

    /// <summary>As it is named, or as it was written down; looked up when it was not. Null without new clusters.</summary>
    public async Task<string?> Exact(CancellationToken stop) => asked is not (Latest or LatestLts) ? asked : (pins.Find(engine, asked) ?? await Pin(stop)).Exact;

    /// <summary>Looks up anew what is called latest, and writes it down.</summary>
    public async Task<EnginePin> Pin(CancellationToken stop)
    {
        if (asked is not (Latest or LatestLts))
            throw ProblemException.Invalid("nothing_to_pin", $"The engine '{engine}' names its runtime exactly, or has no clusters of its own: nothing is looked up.", "Write runtime: latest-lts in engines.yaml for the newest one with long support.");
        var offered = (await api.Get("/api/2.1/clusters/spark-versions", stop))?["versions"]?.AsArray() ?? [];
        var newest = offered.OfType<JsonObject>().Select(Read).OfType<Offered>().Where(one => one.IsLts || asked == Latest).OrderBy(one => one.Release).ThenBy(one => one.Scala).LastOrDefault()
            ?? throw EngineProblem.Refused(engine, $"{api.Host} offers no runtime that could be {asked}.");
        return pins.Keep(engine, new(asked, newest.Key, clock.GetUtcNow()));
    }

    /// <summary>A plain runtime, neither for machine learning nor for other processors, that is not a trial of a coming one.</summary>
    private static Offered? Read(JsonObject version)
        => (string?)version["key"] is { } key && Plain().Match(key) is { Success: true } found && (string?)version["name"] is { } name && !name.Contains("beta", StringComparison.OrdinalIgnoreCase)
            ? new(key, Of(found.Groups["release"].Value), Of(found.Groups["scala"].Value), name.Contains("LTS", StringComparison.Ordinal))
            : null;

    private static Version Of(string text) => Version.Parse(text);

    private sealed record Offered(string Key, Version Release, Version Scala, bool IsLts);

    [GeneratedRegex(@"^(?<release>[0-9]{1,3}\.[0-9]{1,3})\.x-scala(?<scala>[0-9]{1,3}\.[0-9]{1,3})\z", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Plain();
}
