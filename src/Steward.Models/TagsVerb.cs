using System.CommandLine;
using Steward.Cli;
using Steward.Tracking;

namespace Steward.Models;

/// <summary><c>steward model tags</c>: the versions of the registry as annotated tags of a work tree.</summary>
internal static class TagsVerb
{
    public static Command Tree(Server server, Func<string> models)
    {
        var which = new Argument<string?>("model") { Description = "One model; all of the project by default.", Arity = ArgumentArity.ZeroOrOne };
        var write = new Option<bool>("--write") { Description = "Write the tags that are missing. One that is there is never moved." };
        var folder = new Option<string?>("--folder") { Description = "A folder of the work tree; this one by default." };
        var verb = new Command("tags", "Compare the versions with the git tags model@4 of this work tree. Exit code 3: they differ.") { which, write, folder };
        verb.SetAction(async (line, stop) =>
        {
            var at = Path.GetFullPath(line.GetValue(folder) ?? Environment.CurrentDirectory);
            var tree = await WorkTree.Find(at, stop) ?? throw ProblemException.NotFound("work tree", Names.Shorten(at, 200), "Run it in a folder that git keeps, or name one: --folder DIR");
            var versions = await Versions(server, models(), line.GetValue(which), stop);
            var rows = await GitTags.Compare(versions, tree, stop);
            if (line.GetValue(write))
                rows = await Write(rows, versions, tree, stop);
            Show.List(line, rows, "No version is registered yet. Train one: steward run",
                ("tag", one => one.Name), ("commit", one => Short(one.Commit)), ("tag at", one => Short(one.TagAt)), ("", one => one.Words));
            return rows.Exists(one => one.Differs) ? ProblemKind.Conflict.ExitCode() : 0;
        });
        return verb;
    }

    internal static async Task<List<VersionTag>> Write(List<VersionTag> rows, IReadOnlyList<ModelVersion> versions, WorkTree tree, CancellationToken stop)
    {
        var written = new List<VersionTag>();
        foreach (var row in rows)
        {
            if (row.State is TagState.Missing)
                await tree.Tag(row.Name, row.Commit!, GitTags.Message(versions.Single(version => version.Name == row.Name)), stop);
            written.Add(row.State is TagState.Missing ? row with { State = TagState.Written, TagAt = row.Commit } : row);
        }

        return written;
    }

    private static async Task<List<ModelVersion>> Versions(Server server, string models, string? which, CancellationToken stop)
    {
        var names = which is null ? (await server.Get<List<RegisteredModel>>($"{models}?limit=1000", stop)).ConvertAll(one => one.Name) : [Names.Check("model", which)];
        var all = new List<ModelVersion>();
        foreach (var name in names)
            all.AddRange(await server.Get<List<ModelVersion>>($"{models}/{name}/versions?limit=1000", stop));
        return all;
    }

    private static string Short(string? commit) => commit is null ? "" : Lineage.ShortOf(commit);
}
