using System.Globalization;
using System.Text.Json;
using Steward.Host.Templates;
using Steward.Host.Templates.Offers;
using Steward.Statistics;
using Steward.Work;

namespace Steward.Host.Demo;

/// <summary>
/// The journey from sales files to offers: a shop's files become tables window by window, bad rows are set aside, a broken
/// hour is made again, a recommender is compared with what is popular, people agree, and an application reads the lists.
/// </summary>
internal sealed class OffersJourney(string url, int seed, DemoTelling tell) : Journey(url, Project, tell)
{
    private const string Project = Template.Offers, Shopkeeper = "shop-web", Metric = "test.ndcg@10", Baseline = "popular";

    private static readonly string[] Reader = ["reader"];

    private readonly Shop _shop = new(seed);

    protected override (string Items, string Advice) Tested => ("customers", "More orders help most: steward table profile dw.sales");

    protected override string Reason(string party) => party switch
    {
        "data-science" => "Chance does not explain the difference to what is popular.",
        "ops" => "Lists are swapped whole, and the list before is the way back.",
        _ => "People are offered what they like, not what everybody buys.",
    };

    public override async Task<IDemoSummary> Tell(string data, string adminLink, CancellationToken stop)
    {
        var (inbox, files) = (Path.Combine(data, "inbox", Project), new ShopFiles(_shop));
        Story.Chapter("Four people and a project");
        await Story.Step("People", _ => Meet(adminLink, stop));
        await Story.Step("Files arrive", _ => Task.FromResult(Arrive(inbox, files)));
        await Story.Step("Project", _ => Begin(Template.File(Project), stop, "five pipelines, a recommender, its gates, three parties"));
        Story.Chapter("Files become tables, window by window");
        var history = await Windows("catalog", "The catalogue, day by day", stop);
        var past = await Windows("history", "Four years of orders", stop);
        var day = await Windows("sales", "A day, hour by hour", stop);
        var corrected = await Correct(inbox, files, stop);
        var quarantine = await Quarantine(stop);
        var reconciled = await Reconcile(inbox, stop);
        var twoTables = await TwoTables(stop);
        Story.Chapter("Tables become offers");
        var made = await Learn(1, () => TrainingOfDay(stop), Said, stop);
        var proof = await Proof(made, stop);
        var released = await SignAndRelease(made, stop);
        var published = await Publish(stop);
        var read = await Application(published, stop);
        return new OffersSummary(Url, data, Math.Round(Story.Elapsed.TotalSeconds, 1), [history, past, day], corrected, quarantine, reconciled, twoTables, proof, published, read,
            [released], Refusals, SignIns, Story.Steps);
    }

    private string Arrive(string inbox, ShopFiles files)
    {
        var count = files.Write(inbox);
        return $"{count} files of a shop: {_shop.Lines.Count:N0} order lines, {_shop.Lines.Count(line => !line.Order.StartsWith(Shop.MadeUp, StringComparison.Ordinal)):N0} of them real, of {_shop.Customers.Count:N0} customers";
    }

    /// <summary>Follows a pipeline until the scheduler has run all its windows.</summary>
    private async Task<PipelineFacts> Windows(string pipeline, string what, CancellationToken stop)
    {
        PipelineFacts? facts = null;
        await Story.Step(what, async now =>
        {
            var windows = await Settled(pipeline, now, stop);
            var failed = windows.Where(window => window.State == "failed").ToList();
            facts = new(pipeline, windows.Count, windows.Count(window => window.State == "succeeded"), [.. failed.Select(window => window.StartAt)], windows.Sum(window => window.RowsMade ?? 0));
            return $"{Say.Count(facts.Succeeded, "window")}{(failed is [var one, ..] ? $"; {Say.Count(failed.Count, "window")} failed: {one.Why}" : "")}";
        });
        return facts!;
    }

    private async Task<List<Window>> Settled(string pipeline, Action<double?, string> now, CancellationToken stop)
    {
        while (true)
        {
            var view = await Maria.Server.Get<Pipeline>($"{Api}/pipelines/{pipeline}", stop);
            var over = view.Counts.GetValueOrDefault("succeeded") + view.Counts.GetValueOrDefault("failed");
            var all = view.Ahead + view.Counts.Values.Sum();
            if (all > 0 && over == all)
                return await Maria.Server.Get<List<Window>>($"{Api}/pipelines/{pipeline}/windows?limit=1000", stop);
            now(all == 0 ? null : (double)over / all, $"{over} of {all} windows");
            await Task.Delay(100, stop);
        }
    }

    /// <summary>Somebody brings the right export of the hour that was refused, and its window runs again.</summary>
    private async Task<Correction> Correct(string inbox, ShopFiles files, CancellationToken stop)
    {
        Correction? told = null;
        await Story.Step("The broken hour comes again", async now =>
        {
            var at = Shop.Day.AddHours(Flaws.Broken);
            var failed = await Maria.Server.Get<List<Window>>($"{Api}/pipelines/sales/windows?state=Failed", stop);
            if (failed is not [var before])
                throw new InvalidOperationException($"One window should have failed, and these have: {string.Join("; ", failed.Select(window => $"{window.StartAt:HH:mm} {window.Why}"))}.");
            files.Correct(inbox, ShopFiles.Of(at));
            await Maria.Server.Post<Named>($"{Api}/pipelines/sales/rerun", new { failed = true }, stop);
            var after = (await Settled("sales", now, stop)).Single(window => window.StartAt == before.StartAt);
            var alarms = (await Maria.Server.Get<Pipeline>($"{Api}/pipelines/sales", stop)).Alarms.Count;
            told = new(before.StartAt, before.Why ?? "", after.State, after.Runs, alarms);
            return $"{at:HH:mm} was exported again: its window {after.State} in its run {after.Runs}; {Say.Count(alarms, "alarm")} left";
        });
        return told!;
    }

    private async Task<SetAside> Quarantine(CancellationToken stop)
    {
        SetAside? aside = null;
        await Story.Step("What was set aside", async _ =>
        {
            var rows = await Ask("SELECT file, line, column_name, reason, raw FROM quarantine.bronze__sales ORDER BY file, line", stop);
            aside = new(rows.Count, [.. rows.Select(row => new BadRow(row[0]!, long.Parse(row[1]!, CultureInfo.InvariantCulture), row[2], row[3]!, row[4]!))]);
            return $"{Say.Count(rows.Count, "row")}, each with file, line and reason: {string.Join("; ", aside.Rows.Take(2).Select(row => $"{Path.GetDirectoryName(row.File)![^2..]}h line {row.Line}: {row.Reason}"))}";
        });
        return aside!;
    }

    /// <summary>Counts the files themselves, and what became of them.</summary>
    private async Task<Reconciled> Reconcile(string inbox, CancellationToken stop)
    {
        Reconciled? sums = null;
        await Story.Step("Nothing is lost", async _ =>
        {
            var there = Rows(Path.Combine(inbox, "history")) + Rows(Path.Combine(inbox, "sales"));
            var found = (await Ask("""
                SELECT (SELECT count(*) FROM bronze.history) + (SELECT count(*) FROM bronze.sales),
                       (SELECT count(*) FROM quarantine.bronze__sales),
                       (SELECT count(*) FROM dw.sales),
                       (SELECT count(*) FROM dw.sales WHERE customer_sk = -1)
                """, stop))[0].Select(text => long.Parse(text!, CultureInfo.InvariantCulture)).ToList();
            sums = new(there, found[0], found[1], found[2], found[3]);
            return $"{sums.Read:N0} rows in files = {sums.Kept:N0} kept + {sums.SetAside:N0} set aside; {sums.Facts:N0} facts, {sums.UnknownCustomers:N0} of a customer nobody knows";
        });
        return sums!;

        static long Rows(string folder) => Directory.EnumerateFiles(folder, "*.csv", SearchOption.AllDirectories).Sum(file => (long)File.ReadLines(file).Count() - 1);
    }

    private async Task<SameName> TwoTables(CancellationToken stop)
    {
        SameName? same = null;
        await Story.Step("One name, two tables", async _ =>
        {
            var counts = (await Ask("""
                SELECT (SELECT count(*) FROM dw.product WHERE is_current AND NOT is_deleted AND product_sk > 0),
                       (SELECT count(*) FROM dw.product WHERE product_sk > 0), (SELECT count(*) FROM dw.product WHERE is_deleted)
                """, stop))[0].Select(text => long.Parse(text!, CultureInfo.InvariantCulture)).ToList();
            var (product, changed) = (_shop.Dearer[0], new List<Versioned>());
            foreach (var row in await Ask($"SELECT product_sk, price, valid_from FROM dw.product WHERE product_id = '{product.Id}' ORDER BY valid_from", stop))
                changed.Add(new(long.Parse(row[0]!, CultureInfo.InvariantCulture), row[1]!, row[2]!));
            same = new(await InShop(stop), counts[0], counts[1], counts[2], product.Id, changed);
            return $"product in the shop's database: {same.Table:N0} products as they are; dw.product: the same {same.Current:N0}, {same.Versions:N0} versions, {same.Deleted:N0} deleted; {product.Id} cost {string.Join(", then ", changed.Select(one => one.Price))}";
        });
        return same!;
    }

    /// <summary>How many rows the newest catalogue brought into the shop's own database.</summary>
    private async Task<long> InShop(CancellationToken stop)
    {
        var newest = (await Maria.Server.Get<List<Window>>($"{Api}/pipelines/catalog/windows?limit=1", stop))[0].StartAt;
        var run = await Maria.Server.Get<RunOfWindow>($"{Api}/pipelines/catalog/windows/{newest:yyyy-MM-dd'T'HH:mm:ss'Z'}", stop);
        return run.Steps.Single(step => step.Step == "product-table").RowsMade ?? 0;
    }

    /// <summary>The training that the pipeline <c>learn</c> orders when all hours of the day have succeeded.</summary>
    private Task<TaskView> TrainingOfDay(CancellationToken stop)
        => Until(async () => (await Maria.Server.Get<List<TaskView>>($"{Api}/tasks?limit=20", stop)).Find(one => one.Kind == "train"), "the training of the day", stop);

    private string Said(Version made) => string.Create(CultureInfo.InvariantCulture, $"ndcg@10 {made.Metrics[Metric]:0.000}, what is popular {made.Metrics[$"{Baseline}.ndcg@10"]:0.000}, on {made.N:N0} customers");

    /// <summary>The difference on the same customers, drawn again and again; and of the real ones alone.</summary>
    private async Task<Proven> Proof(Version made, CancellationToken stop)
    {
        Proven? proof = null;
        await Story.Step("Is that chance?", async _ =>
        {
            var scores = await Maria.Server.Get<Scores>($"{Api}/runs/{made.Run}/artifacts/scores.json", stop);
            var all = Enumerable.Range(0, scores.Keys.Count).ToList();
            var real = all.FindAll(i => !scores.Keys[i].StartsWith(Shop.MadeUp, StringComparison.Ordinal));
            proof = new(Metric, Compared(scores, all), Compared(scores, real), Math.Round(made.Metrics["test.coverage"], 4));
            return $"{proof.All}; of the {proof.Real.Customers:N0} real customers alone, whose orders show no taste: {proof.Real}";
        });
        return proof!;
    }

    private static Compared Compared(Scores scores, List<int> rows)
    {
        var of = scores.Metrics[Metric].Of;
        double[] ours = [.. rows.Select(row => of["model"][row])], theirs = [.. rows.Select(row => of[Baseline][row])];
        var interval = DrawnMeans.Of([ours, theirs], new Random(1)).Figure(means => means[0] - means[1]).Interval();
        return new(rows.Count, Math.Round(ours.Average(), 4), Math.Round(theirs.Average(), 4), Math.Round(interval.Point, 4), Math.Round(interval.Low, 4), Math.Round(interval.High, 4));
    }

    /// <summary>The promotion made it run: the version that serves is asked about every customer, and its answers take the place of the list before, all at one stroke.</summary>
    private async Task<Published> Publish(CancellationToken stop)
    {
        Published? told = null;
        await Story.Step("Lists are published", async now =>
        {
            await Settled("publish", now, stop);
            var current = (await Maria.Server.Get<List<Collection>>($"{Api}/documents", stop)).Single(one => one.Name == Project).Current;
            told = new(Project, current.Number, current.MadeBy, current.Documents);
            return $"{told.Documents:N0} customers have a list, made by {told.MadeBy}";
        });
        return told!;
    }

    /// <summary>A program that may only read asks for one customer's offers by key.</summary>
    private async Task<ReadOffer> Application(Published published, CancellationToken stop)
    {
        ReadOffer? told = null;
        await Story.Step("An application reads them", async _ =>
        {
            var invited = await Maria.Server.Post<Linked>("/api/users", new { user = Shopkeeper, name = "The shop's web site" }, stop);
            using var shop = await DemoPerson.Arrive(Url, invited.Link, Shopkeeper, stop);
            await Maria.Server.Put<Named>($"{Api}/people/{Shopkeeper}", new { roles = Reader }, stop);
            await shop.SignIn(stop);
            var customer = _shop.Lines.Where(line => line.Customer.StartsWith(Shop.MadeUp, StringComparison.Ordinal)).GroupBy(line => line.Customer).OrderByDescending(one => one.Count()).ThenBy(one => one.Key, StringComparer.Ordinal).First();
            var path = $"{Api}/documents/{published.Collection}/{customer.Key}";
            var found = await shop.Server.Get<Offer>(path, stop);
            var titles = _shop.Products.ToDictionary(one => one.Id, one => one.Title);
            var bought = customer.Select(line => line.Product).ToHashSet();
            told = new(path, customer.Key, found.Body.Model, found.MadeBy, [.. found.Body.Items.Select(item => new Offered(item.Product, titles[item.Product], Math.Round(item.Score, 4), bought.Contains(item.Product)))]);
            return $"GET {path}: made by {told.MadeBy}, first {string.Join(", ", told.Items.Take(2).Select(item => item.Title))}";
        });
        return told!;
    }

    private async Task<List<IReadOnlyList<string?>>> Ask(string sql, CancellationToken stop) => [.. (await Maria.Server.Post<Answer>($"{Api}/tables/query", new { sql }, stop)).Rows];

    private sealed record Answer(IReadOnlyList<IReadOnlyList<string?>> Rows);

    private sealed record Pipeline(Dictionary<string, long> Counts, long Ahead, List<JsonElement> Alarms);

    private sealed record Window(DateTimeOffset StartAt, string State, string? Why, int Runs, long? RowsMade);

    private sealed record RunOfWindow(List<StepOfRun> Steps);

    private sealed record StepOfRun(string Step, long? RowsMade);

    private sealed record Collection(string Name, DocumentList Current);

    private sealed record DocumentList(long Number, string MadeBy, long Documents);

    private sealed record Offer(string MadeBy, OfferBody Body);

    private sealed record OfferBody(string Model, List<OfferItem> Items);

    private sealed record OfferItem(string Product, double Score);

    private sealed record Scores(List<string> Keys, Dictionary<string, ScoresOf> Metrics);

    private sealed record ScoresOf(Dictionary<string, double[]> Of);
}
