using System.CommandLine;
using Spectre.Console;
using Steward.Identity;
using Steward.Projects;

namespace Steward.Host.Verbs;

internal static class UpVerb
{
    public static Command Tree()
    {
        var up = new Command("up", "Start the server on the data folder; Ctrl-C stops it.") { SettingsFrom.Port, SettingsFrom.Bind, SettingsFrom.Certificate, SettingsFrom.Key, SettingsFrom.Open };
        up.SetAction(async (line, stop) =>
        {
            var settings = SettingsFrom.Line(line);
            await using var app = await Start(settings, stop);
            await TakeFile(app.Services.GetRequiredService<IProjects>(), stop);
            Welcome(app.Urls.First(), settings, await app.Services.GetRequiredService<FirstStart>().Link(stop));
            using var asked = Running.WhenAsked(settings.Data, app.Lifetime.StopApplication);
            await app.WaitForShutdownAsync(stop);
            Running.Remove(settings.Data);
            return 0;
        });
        return up;
    }

    /// <summary>Builds and starts a server and leaves its note.</summary>
    public static async Task<WebApplication> Start(Settings settings, CancellationToken stop, Action<IServiceCollection>? furnish = null)
    {
        settings = settings.Checked();
        // Looked at before: a host that fails to start says so in hundreds of lines.
        if (ListenAddress.Trouble(settings) is { } trouble)
            throw trouble;
        var app = await Platform.Build(settings, furnish, stop);
        await app.StartAsync(stop);
        Running.Leave(settings.Data, app.Urls.First(), TimeProvider.System.GetUtcNow());
        return app;
    }

    /// <summary>The steward.yaml of this folder is the project that this server is for; a broken one is said and does not stop the start.</summary>
    private static async Task TakeFile(IProjects projects, CancellationToken stop)
    {
        if (ProjectHere.File() is not { } file)
            return;
        try
        {
            var project = await projects.Put(await File.ReadAllTextAsync(LintVerb.ProjectFileAt(file), stop), Who.Steward, stop);
            AnsiConsole.MarkupLine($"Project [bold]{Markup.Escape(project.Name)}[/] from {Markup.Escape(file)}, revision {project.Revision}");
        }
        catch (ProblemException broken)
        {
            AnsiConsole.MarkupLine($"[yellow]{Markup.Escape(file)} was not taken:[/] {Markup.Escape(broken.Message)}");
        }
    }

    private static void Welcome(string url, Settings settings, string? link)
    {
        AnsiConsole.MarkupLine($"[bold]Steward[/] is ready at [link]{url}[/]");
        if (link is not null)
            AnsiConsole.MarkupLine($"Nobody is here yet. Become the admin with this link (once, within 15 minutes):\n{Markup.Escape(url + link)}");
        AnsiConsole.MarkupLine($"[grey]Data in {Markup.Escape(settings.Data)}. Ctrl-C stops.[/]");
    }
}
