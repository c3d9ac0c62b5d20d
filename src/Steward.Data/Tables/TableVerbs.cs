using System.CommandLine;
using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using Steward.Cli;
using Steward.Work;

namespace Steward.Data.Tables;

/// <summary><c>steward table</c>.</summary>
internal static class TableVerbs
{
    public static Command Tree(Server server) => new("table", "Tables of Parquet files that many may write: import files, look, ask, go back in time.") { List(server), ShowOne(server), History(server), Diff(server), Import(server), Query(server), Compact(server), Expire(server) };

    private static Command List(Server server)
    {
        var verb = new Command("list", "List the tables of a project.");
        verb.SetAction(async (line, stop) => Show.List(line, await server.Get<List<TableSnapshot>>($"{All(server)}?limit=1000", stop), "No table yet: steward table import FILE --as silver.sales",
            ("table", one => one.Reference), ("rows", one => $"{one.Rows:N0}"), ("size", one => Say.Bytes(one.Bytes)), ("last change", Change), ("by", one => one.By), ("when", Ago)));
        return verb;
    }

    private static Command ShowOne(Server server)
    {
        var which = Which("A table, or one snapshot of it: silver.orders@12.");
        var verb = new Command("show", "Show a table: columns with their statistics, where they come from.") { which };
        verb.SetAction(async (line, stop) =>
        {
            var one = await server.Get<TableView>(At(server, line.GetRequiredValue(which)), stop);
            Show.One(line, one,
                ("table", one.Reference), ("rows", $"{one.Snapshot.Rows:N0}, {Say.Bytes(one.Snapshot.Bytes)} in {Say.Count(one.Files, "file")}"), ("key", string.Join(", ", one.Key)), ("last change", $"{Change(one.Snapshot)}, {Ago(one.Snapshot)} by {one.Snapshot.By}"),
                ("set aside", one.Quarantined is { } bad ? Say.Count(bad, "row") : null));
            if (line.GetValue(Show.AsJson))
                return;
            Console.WriteLine();
            Show.List(line, one.Columns, "No column.", ("column", column => column.Name), ("type", column => column.Type), ("least", column => column.Min ?? ""), ("greatest", column => column.Max ?? ""), ("empty", column => $"{column.Nulls:N0}"),
                ("made from", column => string.Join(", ", one.Origins.Where(origin => origin.Column == column.Name).Select(origin => $"{origin.From}.{origin.FromColumn}"))));
        });
        return verb;
    }

    private static Command History(Server server)
    {
        var which = Which("A table.");
        var limit = new Option<int>("--limit") { Description = "How many, at most 1000.", DefaultValueFactory = _ => 20 };
        var verb = new Command("history", "List the snapshots of a table, newest first.") { which, limit };
        verb.SetAction(async (line, stop) => Show.List(line, await server.Get<List<TableSnapshot>>($"{At(server, line.GetRequiredValue(which))}/history?limit={Number(line.GetValue(limit))}", stop), "No snapshot.",
            ("snapshot", one => one.Reference), ("change", Change), ("window", Window), ("came", one => $"{one.AddedRows:N0}"), ("went", one => $"{one.RemovedRows:N0}"), ("rows", one => $"{one.Rows:N0}"), ("why", one => one.ExpiredAt is null ? one.Reason : "expired"), ("by", one => one.By), ("when", Ago)));
        return verb;
    }

    private static Command Diff(Server server)
    {
        var which = Which("A table.");
        var from = new Option<int?>("--from") { Description = "The older version; the one before by default." };
        var to = new Option<int?>("--to") { Description = "The newer version; the newest by default." };
        var key = new Option<string?>("--key") { Description = "Columns that name a row, apart by commas; those of the table by default." };
        var limit = new Option<int>("--limit") { Description = "How many rows of each kind are shown.", DefaultValueFactory = _ => 10 };
        var verb = new Command("diff", "Show which rows came, went and changed between two snapshots.") { which, from, to, key, limit };
        verb.SetAction(async (line, stop) =>
        {
            var query = string.Join('&', new[] { ("from", line.GetValue(from)?.ToString(CultureInfo.InvariantCulture)), ("to", line.GetValue(to)?.ToString(CultureInfo.InvariantCulture)), ("key", line.GetValue(key) is { } columns ? Server.Segment(columns) : null), ("limit", Number(line.GetValue(limit))) }.Where(pair => pair.Item2 is not null).Select(pair => $"{pair.Item1}={pair.Item2}"));
            var diff = await server.Get<TableDiff>($"{At(server, line.GetRequiredValue(which))}/diff?{query}", stop);
            if (line.GetValue(Show.AsJson))
            {
                Console.WriteLine(Json.Write(diff));
                return;
            }

            Console.WriteLine($"{diff.From.Reference} → {diff.To.Reference}: {diff.AddedCount:N0} came, {diff.RemovedCount:N0} went, {diff.ChangedCount:N0} changed.");
            List<(string Sign, IReadOnlyList<string?> Row)> rows = [.. diff.Added.Select(row => ("+", row)), .. diff.Removed.Select(row => ("-", row)), .. diff.Changed.Select((row, i) => (i % 2 == 0 ? "~" : "→", row))];
            Show.List(line, rows, "The two hold the same.", [("", one => one.Sign), .. diff.Columns.Select((column, i) => (column.Name, (Func<(string Sign, IReadOnlyList<string?> Row), string>)(one => one.Row[i] ?? "")))]);
        });
        return verb;
    }

    private static Command Import(Server server)
    {
        var file = new Argument<string>("file") { Description = "A CSV, JSON Lines or Parquet file." };
        var table = new Option<string>("--as") { Description = "The table: silver.sales.", Required = true };
        var replace = new Option<bool>("--replace") { Description = "The table holds these rows and no others." };
        var from = new Option<DateTimeOffset?>("--from") { Description = "The rows are of the window that begins then (UTC), and replace it." };
        var to = new Option<DateTimeOffset?>("--to") { Description = "…and ends before then." };
        var schema = new Option<FileInfo?>("--schema") { Description = "How the file is read; by default what is pinned with the table, else what is found." };
        var pin = new Option<FileInfo?>("--pin") { Description = "Write the schema that was used to this file." };
        var stopIf = new Option<string?>("--stop-if-bad") { Description = "\"> 0.5%\" or \"> 20\": with more bad rows nothing is kept." };
        var change = new Option<OnSchemaChange?>("--on-change") { Description = "When the file has other columns: stop, ignore or evolve." };
        var partition = new Option<string?>("--partition-by") { Description = "One file for each value of these columns, apart by commas." };
        var background = new Option<bool>("--no-wait") { Description = "Do not wait for the end; steward task watch follows it." };
        var verb = new Command("import", "Read a file into a table: bad rows are set aside with their place and reason. Once the file was sent, Ctrl-C leaves the import running; steward task cancel ends it.") { file, table, replace, from, to, schema, pin, stopIf, change, partition, background };
        verb.SetAction(async (line, stop) =>
        {
            var path = line.GetRequiredValue(file);
            if (!File.Exists(path))
                throw ProblemException.NotFound("file", path, "Look at its path.");
            var window = line.GetValue(from) is { } start && line.GetValue(to) is { } end ? new TableWindow(start.ToUniversalTime(), end.ToUniversalTime()) : null;
            var kind = line.GetValue(replace) ? ChangeKind.ReplaceAll : window is null ? ChangeKind.Append : ChangeKind.ReplaceWindow;
            var order = new ImportOrder(Path.GetFileName(path), kind, window, line.GetValue(schema) is { } own ? await File.ReadAllTextAsync(own.FullName, stop) : null, line.GetValue(partition)?.Split(',', StringSplitOptions.TrimEntries), line.GetValue(stopIf), line.GetValue(change), null);
            var (project, name) = (server.Project(), line.GetRequiredValue(table));
            var task = await Send(server, path, name, order, stop);
            if (line.GetValue(background))
            {
                Show.Done(line, $"The import is task {task.Id}.", task);
                return 0;
            }

            var exit = await WorkVerbs.Watch(line, server, project, task.Id, stop);
            if (exit == 0 && line.GetValue(pin) is { } target)
                await File.WriteAllTextAsync(target.FullName, (await server.Get<TableView>(At(server, name), stop)).Schema, stop);
            if (exit == 0 && !line.GetValue(Show.AsJson))
                Console.WriteLine(Told(Json.Read<ImportView>((await server.Get<TaskView>($"/api/projects/{Server.Segment(project)}/tasks/{task.Id}", stop)).Result!.Value.GetRawText()), name));
            return exit;
        });
        return verb;
    }

    private static Command Query(Server server)
    {
        var sql = new Argument<string>("sql") { Description = "One SELECT over tables of the project." };
        var at = new Option<string[]>("--at") { Description = "Read a table as it was: silver.orders@12. May be said several times." };
        var limit = new Option<int>("--limit") { Description = "How many rows, at most 1000.", DefaultValueFactory = _ => 100 };
        var verb = new Command("query", "Ask the tables something in SQL; it reads them and nothing else.") { sql, at, limit };
        verb.SetAction(async (line, stop) =>
        {
            var versions = (line.GetValue(at) ?? []).Select(TableReference.Parse).ToDictionary(one => one.Table.ToString(), one => one.Version ?? throw ProblemException.Invalid("reference_invalid", $"'{one}' names no version.", "Write silver.orders@12."));
            var answer = await server.Post<QueryAnswer>($"{All(server)}/query", new QueryOrder(line.GetRequiredValue(sql), versions, line.GetValue(limit)), stop);
            if (line.GetValue(Show.AsJson))
            {
                Console.WriteLine(Json.Write(answer));
                return;
            }

            Show.List(line, answer.Rows, "No row.", [.. answer.Columns.Select((column, i) => (column.Name, (Func<IReadOnlyList<string?>, string>)(row => row[i] ?? "")))]);
            if (answer.IsCut)
                Console.WriteLine($"These are the first {answer.Rows.Count:N0} rows; there are more.");
        });
        return verb;
    }

    private static Command Compact(Server server)
    {
        var which = Which("A table.");
        var verb = new Command("compact", "Write many small files of a table into few; its rows stay the same.") { which };
        verb.SetAction(async (line, stop) =>
        {
            var done = await server.Post<CompactView>($"{At(server, line.GetRequiredValue(which))}/compact", null, stop);
            Show.Done(line, done.Snapshot is null ? $"There is nothing to gain: {Say.Count(done.FilesBefore, "file")}." : $"{done.Snapshot.Reference}: {done.FilesBefore:N0} files became {done.FilesAfter:N0}.", done);
        });
        return verb;
    }

    private static Command Expire(Server server)
    {
        var which = Which("A table.");
        var keep = new Option<int>("--keep") { Description = "So many of the newest snapshots stay.", DefaultValueFactory = _ => 10 };
        var verb = new Command("expire", "Give up old snapshots, and the files that nothing needs any more.") { which, keep };
        verb.SetAction(async (line, stop) =>
        {
            var done = await server.Post<ExpireView>($"{At(server, line.GetRequiredValue(which))}/expire", new ExpireOrder(line.GetValue(keep)), stop);
            Show.Done(line, $"{Say.Count(done.Expired, "snapshot")} expired; {Say.Count(done.Files, "file")} ({Say.Bytes(done.Bytes)}) went.", done);
        });
        return verb;
    }

    private static async Task<TaskView> Send(Server server, string path, string table, ImportOrder order, CancellationToken stop)
    {
        await using var bytes = File.OpenRead(path);
        using var body = new MultipartFormDataContent { { new StringContent(Json.Write(order), Encoding.UTF8, "application/json"), "order" } };
        var file = new StreamContent(bytes, 1 << 16);
        file.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
        body.Add(file, "file", "file");
        return await server.Send<TaskView>(HttpMethod.Post, $"{At(server, TableName.Parse(table).ToString())}/import", body, stop);
    }

    private static string Told(ImportView done, string table)
    {
        var text = new StringBuilder($"{done.Snapshot.Reference}: {done.Read:N0} rows read, {done.Written:N0} written, {done.Quarantined:N0} set aside.");
        foreach (var bad in done.FirstBad.Take(5))
            text.Append(CultureInfo.InvariantCulture, $"\n  line {bad.Line}{(bad.Column is null ? "" : $", column {bad.Column}")}: {bad.Reason}");
        if (done.Quarantine is not null)
            text.Append(CultureInfo.InvariantCulture, $"\nAll of them: steward table query \"FROM {done.Quarantine}\"");
        foreach (var why in done.Evidence)
            text.Append(CultureInfo.InvariantCulture, $"\n  {why}");
        return text.Append(CultureInfo.InvariantCulture, $"\nLook at it: steward table show {table}").ToString();
    }

    private static Argument<string> Which(string description) => new("table") { Description = description };

    private static string Change(TableSnapshot one) => TableSay.Word(one.Kind);

    private static string Window(TableSnapshot one) => one.WindowStart is { } start ? new TableWindow(start, one.WindowEnd!.Value).ToString() : "";

    private static string Ago(TableSnapshot one) => Say.Ago(one.At, TimeProvider.System.GetUtcNow());

    private static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);

    private static string All(Server server) => $"/api/projects/{Server.Segment(server.Project())}/tables";

    private static string At(Server server, string table) => $"{All(server)}/{Server.Segment(table)}";
}
