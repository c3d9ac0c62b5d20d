using System.CommandLine;
using Steward.Cli;

namespace Steward.Host.Verbs;

internal static class StatusVerb
{
    public static Command Tree(Server server)
    {
        var status = new Command("status", "What runs here, and which projects it has.");
        status.SetAction(async (line, stop) =>
        {
            var settings = SettingsFrom.Line(line);
            var running = Running.On(settings.Data);
            var projects = running is null ? [] : await Projects(server, stop);
            Show.One(line, new { running?.Url, running?.Since, settings.Data, projects },
                ("server", running?.Url ?? "not running (steward up starts it)"),
                ("data", settings.Data),
                ("projects", projects is null ? "for those who sign in (steward user login)" : projects.Count == 0 ? "none yet" : string.Join(", ", projects.Select(project => project.Name))));
        });
        return status;
    }

    /// <summary>Null for somebody who did not sign in: that a server runs is no secret on its own machine.</summary>
    private static async Task<List<ProjectSummary>?> Projects(Server server, CancellationToken stop)
    {
        try
        {
            return await server.Get<List<ProjectSummary>>("/api/projects", stop);
        }
        catch (ProblemException refused) when (refused.Kind is ProblemKind.SignInFirst)
        {
            return null;
        }
    }

    internal sealed record ProjectSummary(string Name, string Title);
}
