using System.CommandLine;
using Steward.Cli;

namespace Steward.Data.Connections;

/// <summary><c>steward connect</c>.</summary>
internal static class ConnectVerbs
{
    public static Command Tree(Server server) => new("connect", "Connections to folders, web servers, buckets and databases: add them, test them, look at what they hold.") { Add(server), Test(server), List(server), Files(server), Tables(server) };

    private static Command Add(Server server)
    {
        var name = Name();
        var kind = new Argument<ConnectionKind>("kind") { Description = "folder, http, s3, blob, adls, postgres, sqlite or cosmos." };
        var settings = new Argument<string[]>("settings") { Description = "key=value, as in the project file: path=/srv/drop, url=https://…, secret_key=secret://lake.", Arity = ArgumentArity.ZeroOrMore };
        var add = new Command("add", "Write a connection into the project file on the server. Secrets are named, never written: secret://lake is the server's variable STEWARD_SECRET_LAKE.") { name, kind, settings };
        add.SetAction(async (line, stop) =>
        {
            var at = $"/api/projects/{Server.Segment(server.Project())}/file";
            var made = Names.Check("connection", line.GetRequiredValue(name));
            var before = await server.Text(at, stop);
            var revision = (await server.Get<Kept>($"/api/projects/{Server.Segment(server.Project())}", stop)).Revision;
            var lines = ProjectText.Lines(line.GetRequiredValue(kind), line.GetValue(settings) ?? []);
            var sent = await server.Put<Kept>(at, new { yaml = ProjectText.WithConnection(before, made, lines), revision }, stop);
            Show.Done(line, $"'{made}' is in the project file, revision {sent.Revision}. Try it: steward connect test {made}", sent);
        });
        return add;
    }

    private static Command Test(Server server)
    {
        var name = Name();
        var test = new Command("test", "Try a connection; exit code 1 when it does not work, with one thing to try.") { name };
        test.SetAction(async (line, stop) =>
        {
            var result = await server.Post<ConnectionResult>($"{At(server)}/{Server.Segment(line.GetRequiredValue(name))}/test", null, stop);
            Show.Done(line, $"{(result.Ok ? "works" : "FAILS")}  {result.Words}{(result.Try is null ? "" : $"\nTry: {result.Try}")}", result);
            return result.Ok ? 0 : 1;
        });
        return test;
    }

    private static Command List(Server server)
    {
        var list = new Command("list", "List the connections of a project, each with its last test.");
        list.SetAction(async (line, stop) => Show.List(line, await server.Get<List<ConnectionView>>(At(server), stop), "No connection yet: steward connect add drop folder path=/srv/drop",
            ("connection", one => one.Name), ("kind", one => ConnectionRules.Word(one.Kind)), ("holds", one => one.Holds), ("where", one => one.Where), ("may", one => one.ReadOnly ? "read" : "read, write"),
            ("last test", one => one.Missing.Count > 0 ? $"needs {string.Join(", ", one.Missing)}" : one.Last is null ? "never" : $"{(one.Last.Ok ? "works" : "fails")}, {Say.Ago(one.Last.At, TimeProvider.System.GetUtcNow())}")));
        return list;
    }

    private static Command Files(Server server)
    {
        var (name, prefix, after, limit) = (Name(), new Argument<string?>("prefix") { Description = "Only names that begin so.", Arity = ArgumentArity.ZeroOrOne }, new Option<string?>("--after") { Description = "Only names after this one." }, new Option<int>("--limit") { Description = "How many, at most 1000.", DefaultValueFactory = _ => 100 });
        var files = new Command("files", "List the files of a connection, sorted by name.") { name, prefix, after, limit };
        files.SetAction(async (line, stop) =>
        {
            var query = $"prefix={Server.Segment(line.GetValue(prefix) ?? "")}&limit={line.GetValue(limit)}{(line.GetValue(after) is { } last ? $"&after={Server.Segment(last)}" : "")}";
            Show.List(line, await server.Get<List<StoredFile>>($"{At(server)}/{Server.Segment(line.GetRequiredValue(name))}/files?{query}", stop), "No file there.",
                ("file", one => one.Name), ("size", one => one.Length is { } bytes ? Say.Bytes(bytes) : ""), ("changed", one => one.Modified is { } at ? Say.Ago(at, TimeProvider.System.GetUtcNow()) : ""));
        });
        return files;
    }

    private static Command Tables(Server server)
    {
        var (name, table) = (Name(), new Argument<string?>("table") { Description = "One of them, to see its columns.", Arity = ArgumentArity.ZeroOrOne });
        var tables = new Command("tables", "List the tables of a connection, or the columns of one.") { name, table };
        tables.SetAction(async (line, stop) =>
        {
            var at = $"{At(server)}/{Server.Segment(line.GetRequiredValue(name))}/tables";
            if (line.GetValue(table) is { } one)
                Show.List(line, await server.Get<List<SourceColumn>>($"{at}/{Server.Segment(one)}", stop), "No column.", ("column", column => column.Name), ("type", column => column.Type.ToString().ToLowerInvariant()));
            else
                Show.List(line, await server.Get<List<string>>($"{at}?limit=1000", stop), "No table there.", ("table", each => each));
        });
        return tables;
    }

    private static Argument<string> Name() => new("connection") { Description = "Its name in the project file." };

    private static string At(Server server) => $"/api/projects/{Server.Segment(server.Project())}/connections";

    private sealed record Kept(int Revision);
}
