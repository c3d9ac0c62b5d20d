using System.CommandLine;
using Steward.Cli;

namespace Steward.Data;

internal static class DataVerbs
{
    public static Command Tree(Server server) => new("data", "Add pictures to data sets, and look at their versions.") { Add(server), List(server), ShowOne(server), Diff(server), CheckVerb.Tree(server) };

    private static Command Add(Server server)
    {
        var set = new Argument<string>("dataset") { Description = "The data set; the first pictures make it." };
        var folder = new Argument<string?>("folder") { Description = "kind/file, or train|valid|test/kind/file. By default the path that the project file names.", Arity = ArgumentArity.ZeroOrOne };
        var source = new Option<string?>("--source") { Description = "Where the pictures come from, in a word (import)." };
        var whole = new Option<bool>("--replace") { Description = "The new version holds these pictures and no others." };
        var skip = new Option<bool>("--skip-broken") { Description = "Leave out pictures that cannot be read, and say which; without it none is added then." };
        var add = new Command("add", "Add a folder of pictures as the next version of a data set.") { set, folder, source, whole, skip };
        add.SetAction(async (line, stop) =>
        {
            var name = Names.Check("data set", line.GetRequiredValue(set));
            var from = line.GetValue(folder) ?? (await server.Get<DataSetPlan>($"{At(server, name)}/plan", stop)).Path
                ?? throw ProblemException.Invalid("folder_missing", $"No folder is named, and the project file has no path for '{name}'.", $"steward data add {name} FOLDER");
            var pictures = PictureFolder.Read(from, stop);
            var how = new UploadOptions { Whole = line.GetValue(whole), SkipBroken = line.GetValue(skip), ValidFromTrain = pictures.WantsValid };
            var added = await Show.Progress(line, $"{Say.Count(pictures.Pictures.Count, "picture")} to {name}", pictures.Pictures.Count, done
                => PictureUpload.Send(server, server.Project(), name, pictures.Items(line.GetValue(source)), how, new Items(done), stop));
            var report = new AddReport(added, pictures);
            Show.Done(line, string.Join('\n', report.Sentences), report.Document);
        });
        return add;
    }

    private static Command List(Server server)
    {
        var list = new Command("list", "List the data sets of a project, each with its newest version.");
        list.SetAction(async (line, stop) => Show.List(line, await server.Get<List<SnapshotView>>(Data(server), stop), "No data set yet: steward data add pictures FOLDER",
            ("data set", one => one.Reference), ("pictures", one => $"{one.Items:N0}"), ("new", one => $"{one.NewItems:N0}"), ("cost", one => Say.Bytes(one.NewBytes)), ("why", one => Word(one.Reason)), ("by", one => one.By), ("when", Ago)));
        return list;
    }

    private static Command ShowOne(Server server)
    {
        var which = new Argument<string>("dataset") { Description = "A data set, or one version of it: pictures@2." };
        var show = new Command("show", "Show what a data set holds: splits, labels, sources, versions.") { which };
        show.SetAction(async (line, stop) =>
        {
            var (name, version) = Parse(line.GetRequiredValue(which));
            var versions = await server.Get<List<SnapshotView>>(At(server, name), stop);
            var one = await server.Get<SnapshotDetail>($"{At(server, name)}/{version ?? versions[0].Version}", stop);
            Show.One(line, one, [
                ("data set", one.Snapshot.Reference), ("digest", one.Snapshot.Digest.Hex), ("pictures", $"{one.Snapshot.Items:N0}, {Say.Bytes(one.Bytes)}"),
                ("new in it", $"{one.Snapshot.NewItems:N0}, {Say.Bytes(one.Snapshot.NewBytes)}"), ("splits", Counts(one.Splits)), ("labels", $"{one.Labels.Count}: {Counts(one.Labels)}"),
                ("sources", Counts(one.Sources)), ("added", $"{Ago(one.Snapshot)} by {one.Snapshot.By} ({Word(one.Snapshot.Reason)})"),
                ("versions", string.Join(", ", versions.Take(20).Select(each => each.Version)) + (versions.Count > 20 ? " …" : "")),
            ]);
        });
        return show;
    }

    private static Command Diff(Server server)
    {
        var set = new Argument<string>("dataset") { Description = "The data set." };
        var from = new Argument<int?>("from") { Description = "The version before; by default the one before TO.", Arity = ArgumentArity.ZeroOrOne };
        var to = new Argument<int?>("to") { Description = "The version after; by default the newest.", Arity = ArgumentArity.ZeroOrOne };
        var limit = new Option<int>("--limit") { Description = "How many of each kind of change are listed.", DefaultValueFactory = _ => 20 };
        var diff = new Command("diff", "Show what came, went and changed between two versions.") { set, from, to, limit };
        diff.SetAction(async (line, stop) =>
        {
            var query = string.Join('&', new[] { ("from", line.GetValue(from)), ("to", line.GetValue(to)), ("limit", line.GetValue(limit)) }.Where(pair => pair.Item2 is not null).Select(pair => $"{pair.Item1}={pair.Item2}"));
            var found = await server.Get<DiffView>($"{At(server, Names.Check("data set", line.GetRequiredValue(set)))}/diff?{query}", stop);
            if (line.GetValue(Show.AsJson))
            {
                Console.WriteLine(Json.Write(found));
                return;
            }

            Console.WriteLine($"{found.From.Reference} → {found.To.Reference}: {found.AddedCount:N0} added, {found.RemovedCount:N0} gone, {found.ChangedCount:N0} changed.");
            Show.List(line, Rows(found).ToList(), "The two hold the same.", ("", row => row.Sign), ("picture", row => row.Key), ("", row => row.What));
        });
        return diff;
    }

    private static IEnumerable<(string Sign, string Key, string What)> Rows(DiffView diff) =>
    [
        .. diff.Added.Select(item => ("+", item.Key, $"{item.Label}, {item.Split.Word()}")),
        .. diff.Removed.Select(item => ("-", item.Key, $"{item.Label}, {item.Split.Word()}")),
        .. diff.Changed.Select(change => ("~", change.After.Key, change.Words)),
    ];

    internal static (string Name, int? Version) Parse(string text) => text.Contains('@') && Reference.Parse("data set", text) is var one
        ? (one.Name, one.Version ?? throw ProblemException.Invalid("reference_invalid", $"'{Names.Shorten(text)}' names no version of a data set.", "Write pictures or pictures@2."))
        : (Names.Check("data set", text), null);

    private static string Counts(IReadOnlyDictionary<string, int> counts) => string.Join(", ", counts.Select(pair => $"{pair.Key} {pair.Value:N0}"));

    private static string Word(Reason reason) => reason is Reason.Import ? "import" : "labels";

    private static string Ago(SnapshotView one) => Say.Ago(one.At, TimeProvider.System.GetUtcNow());

    private static string Data(Server server) => $"/api/projects/{Server.Segment(server.Project())}/data";

    private static string At(Server server, string dataSet) => $"{Data(server)}/{Server.Segment(dataSet)}";

    private sealed class Items(IProgress<long> done) : IProgress<UploadProgress>
    {
        public void Report(UploadProgress value) => done.Report(value.Items);
    }
}
