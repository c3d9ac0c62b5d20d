using System.CommandLine;
using Steward.Cli;

namespace Steward.Host.Verbs;

/// <summary><c>steward project</c>: what the server knows of project files.</summary>
internal static class ProjectVerbs
{
    public static Command Tree(Server server) => new("project", "Send a project file to the server, or see what it has.") { Send(server), List(server), ShowFile(server), History(server) };

    private static Command Send(Server server)
    {
        var file = new Argument<string?>("file") { Description = "By default the steward.yaml of this folder.", Arity = ArgumentArity.ZeroOrOne };
        var verb = new Command("send", "Send a project file; the server keeps every revision.") { file };
        verb.SetAction(async (line, stop) =>
        {
            var path = LintVerb.ProjectFileAt(line.GetValue(file));
            var yaml = await File.ReadAllTextAsync(path, stop);
            var name = ProjectHere.NameIn(path) ?? throw ProblemException.Invalid("project_missing", $"{path} does not name its project.", "Add a line: project: NAME");
            var sent = await server.Put<Sent>($"/api/projects/{Server.Segment(name)}/file", new { yaml }, stop);
            Show.Done(line, $"Project '{sent.Name}' is at revision {sent.Revision}.", sent);
        });
        return verb;
    }

    private static Command List(Server server)
    {
        var verb = new Command("list", "List the projects that you may see.");
        verb.SetAction(async (line, stop) => Show.List(line, await server.Get<List<Sent>>("/api/projects", stop), "No project yet. Begin one: steward new fruit",
            ("project", one => one.Name), ("title", one => one.Title), ("revision", one => $"{one.Revision}"), ("changed", one => one.ChangedAt.ToString("u", System.Globalization.CultureInfo.InvariantCulture))));
        return verb;
    }

    private static Command ShowFile(Server server)
    {
        var revision = new Option<int?>("--revision") { Description = "An older one; steward project history shows them." };
        var verb = new Command("show", "Print the project file as the server has it.") { revision };
        verb.SetAction(async (line, stop) =>
        {
            var text = await server.Text($"/api/projects/{Server.Segment(server.Project())}/file{(line.GetValue(revision) is { } number ? $"?revision={number}" : "")}", stop);
            Show.Done(line, text.TrimEnd(), new { yaml = text });
        });
        return verb;
    }

    private static Command History(Server server)
    {
        var verb = new Command("history", "List the revisions of the project file, newest first.");
        verb.SetAction(async (line, stop) => Show.List(line, await server.Get<List<Kept>>($"/api/projects/{Server.Segment(server.Project())}/revisions", stop), "No revision yet.",
            ("revision", one => $"{one.Revision}"), ("changed", one => one.ChangedAt.ToString("u", System.Globalization.CultureInfo.InvariantCulture)), ("by", one => one.ChangedBy), ("characters", one => $"{one.Characters}")));
        return verb;
    }

    private sealed record Kept(int Revision, DateTimeOffset ChangedAt, string ChangedBy, int Characters);

    private sealed record Sent(string Name, string Title, int Revision, DateTimeOffset ChangedAt);
}
