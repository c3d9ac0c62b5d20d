using System.CommandLine;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Steward.Cli;

namespace Steward.Data.Documents;

/// <summary><c>steward documents</c>.</summary>
internal static class DocumentVerbs
{
    private const int DocumentsAtOnce = 200, CharactersAtOnce = 2 << 20;

    private static readonly Option<string?> MadeBy = new("--made-by") { Description = "What made them: recommender@4. By default your name." };

    public static Command Tree(Server server) => new("documents", "Documents that applications read by key: lists per customer, model cards, models.") { List(server), Get(server), Put(server), Swap(server) };

    private static Command List(Server server)
    {
        var (collection, lists, after, limit) = (new Argument<string?>("collection") { Description = "One of them, to see its documents.", Arity = ArgumentArity.ZeroOrOne }, new Option<bool>("--lists") { Description = "The lists of the collection instead." }, new Option<string?>("--after") { Description = "Only keys after this one." }, new Option<int>("--limit") { Description = "How many, at most 1000.", DefaultValueFactory = _ => 100 });
        var verb = new Command("list", "List the collections of a project, or what one holds.") { collection, lists, after, limit };
        verb.SetAction(async (line, stop) =>
        {
            if (line.GetValue(collection) is not { } name)
                Show.List(line, await server.Get<List<DocumentCollection>>(At(server), stop), "No documents yet: steward documents put COLLECTION KEY FILE", ("collection", one => one.Name), ("documents", one => $"{one.Current.Documents:N0}"), ("list", one => $"{one.Current.Number}"), ("made by", one => one.Current.MadeBy), ("since", one => Ago(one.Current.SwappedAt)));
            else if (line.GetValue(lists))
                Show.List(line, await server.Get<List<DocumentList>>($"{At(server, name)}/lists", stop), "No list yet.", ("list", one => $"{one.Number}"), ("state", one => one.State.ToString().ToLowerInvariant()), ("documents", one => $"{one.Documents:N0}"), ("made by", one => one.MadeBy), ("begun", one => Ago(one.BegunAt)), ("swapped in", one => one.SwappedAt is null ? "" : $"{Ago(one.SwappedAt)} by {one.SwappedBy}"));
            else
                Show.List(line, await server.Get<List<DocumentView>>($"{At(server, name)}?limit={line.GetValue(limit)}{(line.GetValue(after) is { } last ? $"&after={Server.Segment(last)}" : "")}", stop), "No document there.", ("key", one => one.Key), ("made by", one => one.MadeBy), ("stored", one => Ago(one.StoredAt)), ("until", one => Ago(one.ExpiresAt)), ("bytes", one => one.Blob?.Hex[..12] ?? ""));
        });
        return verb;
    }

    private static Command Get(Server server)
    {
        var (collection, key, into) = (Collection(), Key(), new Option<FileInfo?>("--bytes") { Description = "Write the bytes beside the document into this file." });
        var verb = new Command("get", "Print a document.") { collection, key, into };
        verb.SetAction(async (line, stop) =>
        {
            var at = $"{At(server, line.GetRequiredValue(collection))}/{Server.Segment(line.GetRequiredValue(key))}";
            if (line.GetValue(into) is not { } file)
            {
                Console.WriteLine(Json.Write(await server.Get<DocumentView>(at, stop)));
                return;
            }

            using var reply = await server.Open($"{at}/bytes", stop);
            await using var target = file.Create();
            await reply.Content.CopyToAsync(target, stop);
            Show.Done(line, $"{Say.Bytes(target.Length)} in {file.Name}.", new { bytes = target.Length });
        });
        return verb;
    }

    private static Command Put(Server server)
    {
        var (collection, key, body, bytes, ttl) = (Collection(), Key(), new Argument<FileInfo?>("file") { Description = "A file with a JSON object.", Arity = ArgumentArity.ZeroOrOne }, new Option<FileInfo?>("--bytes") { Description = "Bytes to keep beside it, such as a model." }, new Option<double?>("--ttl") { Description = "Seconds that it may be read." });
        var verb = new Command("put", "Put one document into the list that readers see.") { collection, key, body, bytes, ttl, MadeBy };
        verb.SetAction(async (line, stop) =>
        {
            var at = $"{At(server, line.GetRequiredValue(collection))}/{Server.Segment(line.GetRequiredValue(key))}";
            DocumentView? put = null;
            if (line.GetValue(body) is { } file)
                put = await server.Put<DocumentView>(at, new { body = Parse(await File.ReadAllTextAsync(file.FullName, stop), file.Name), madeBy = line.GetValue(MadeBy), ttlSeconds = line.GetValue(ttl) }, stop);
            if (line.GetValue(bytes) is { } model)
            {
                await using var stream = model.OpenRead();
                using var content = new StreamContent(stream) { Headers = { ContentType = new MediaTypeHeaderValue("application/octet-stream") } };
                put = await server.Send<DocumentView>(HttpMethod.Put, $"{at}/bytes{(line.GetValue(MadeBy) is { } by ? $"?madeBy={Server.Segment(by)}" : "")}", content, stop);
            }

            Show.Done(line, $"{put?.Collection}/{put?.Key} is in list {put?.List}.", put ?? throw ProblemException.Invalid("file_missing", "Neither a document nor bytes are named.", "Name a file with a JSON object, or --bytes FILE."));
        });
        return verb;
    }

    private static Command Swap(Server server)
    {
        var (collection, file, list) = (Collection(), new Argument<FileInfo?>("file") { Description = "JSON Lines, each {\"key\": …, \"body\": {…}}.", Arity = ArgumentArity.ZeroOrOne }, new Option<long?>("--list") { Description = "A list that is there: bring it back." });
        var verb = new Command("swap", "Replace everything in a collection at one stroke: readers see the old list or the new one, whole.") { collection, file, list, MadeBy };
        verb.SetAction(async (line, stop) =>
        {
            var at = $"{At(server, line.GetRequiredValue(collection))}/lists";
            var number = line.GetValue(list);
            if (line.GetValue(file) is { } documents)
            {
                number = (await server.Post<DocumentList>(at, new { madeBy = line.GetValue(MadeBy) }, stop)).Number;
                await Show.Progress(line, documents.Name, documents.Length, told => Send(server, $"{at}/{number}/documents", documents, told, stop));
            }

            var swapped = await server.Post<DocumentList>($"{at}/{number ?? throw ProblemException.Invalid("file_missing", "Neither a file nor a list is named.", "Name a file of JSON Lines, or --list N.")}/swap", null, stop);
            Show.Done(line, $"Readers of {swapped.Collection} see list {swapped.Number} now: {Say.Count(swapped.Documents, "document")}, made by {swapped.MadeBy}.", swapped);
        });
        return verb;
    }

    private static async Task<int> Send(Server server, string at, FileInfo file, IProgress<long> told, CancellationToken stop)
    {
        var (some, characters, sent, number, read) = (new List<JsonElement>(), 0, 0, 0, 0L);
        await foreach (var text in File.ReadLinesAsync(file.FullName, Encoding.UTF8, stop))
        {
            (number, read) = (number + 1, read + Encoding.UTF8.GetByteCount(text) + 1);
            if (string.IsNullOrWhiteSpace(text))
                continue;
            some.Add(Parse(text, $"{file.Name}, line {number}"));
            characters += text.Length;
            if (some.Count < DocumentsAtOnce && characters < CharactersAtOnce)
                continue;
            await Flush();
        }

        await Flush();
        return sent;

        async Task Flush()
        {
            if (some.Count == 0)
                return;
            await server.Post<JsonElement>(at, some, stop);
            told.Report(read);
            (sent, characters) = (sent + some.Count, 0);
            some.Clear();
        }
    }

    private static JsonElement Parse(string text, string where)
    {
        try
        {
            return Json.Read<JsonElement>(text);
        }
        catch (JsonException error)
        {
            throw ProblemException.Invalid("document_invalid", $"{where} is not JSON (position {error.BytePositionInLine}).", "Write an object: {\"key\": \"customer-42\", \"body\": {\"offers\": []}}");
        }
    }

    private static string Ago(DateTimeOffset? at) => at is { } known ? Say.Ago(known, TimeProvider.System.GetUtcNow()) : "";

    private static Argument<string> Collection() => new("collection") { Description = "The collection; the first document makes it." };

    private static Argument<string> Key() => new("key") { Description = "The key of the document." };

    private static string At(Server server) => $"/api/projects/{Server.Segment(server.Project())}/documents";

    private static string At(Server server, string collection) => $"{At(server)}/{Server.Segment(Names.Check("collection", collection))}";
}
