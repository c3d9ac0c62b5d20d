using System.Security.Cryptography;
using System.Text;
using Steward.Data;
using Steward.Host.Templates;

namespace Steward.Host.Demo;

/// <summary>
/// The journey with somebody's own pictures: what is in the folder, what is there twice, a model, its answers about the
/// test pictures, and what it doubts. Nobody here can change the world that these pictures come from, so the one thing that
/// is made up is called a trial in every line: the test pictures as a camera in the dark would take them.
/// </summary>
internal sealed class OwnJourney(string url, OwnProject own, int seed, DemoTelling tell) : Journey(url, own.Name, tell)
{
    /// <summary>So many test pictures are asked about; more would say nothing new.</summary>
    private const int MostAsked = 400;

    private const int MostDoubts = 8, MostTwins = 5, MostRoundsOfLight = 8, QuietWindows = 3;

    private const string Simulated = "simulated: the test pictures, darkened by this demo";


    public override async Task<IDemoSummary> Tell(string data, string adminLink, CancellationToken stop)
    {
        Story.Chapter("Four people and a project");
        await Story.Step("People", _ => Meet(adminLink, stop));
        // The trial must not ask people to name pictures that were made up, nor learn from them, nor be told as if it had been true.
        await Story.Step("Project", _ => Begin(own.Yaml(own.Folder.Root, leaksAllowed: true, drill: true), stop));
        Story.Chapter("Your pictures become a model");
        var added = await Upload(stop);
        var twins = await Twins(stop);
        await Release(1, () => Train(quick: false, stop), stop);
        Story.Chapter("What it says about the test pictures");
        var asked = await TestPictures(stop);
        var (right, doubts) = await Ask(asked, stop);
        var watching = asked.Count < own.Window
            ? $"{Say.Count(asked.Count, "test picture")} fill no window of {own.Window} answers: nothing is watched yet"
            : await Quiet(1, asked.Count / own.Window, own.Window, stop);
        var trial = asked.Count < own.Window ? null : await Trial(asked, stop);
        await Story.Step("The project as it goes on", async _ =>
        {
            await SendFile(own.Yaml(own.Folder.Root, leaksAllowed: true), stop);
            return "after a real alarm people are asked for names, and it is trained again";
        });
        var numbers = await Maria.Server.Get<Numbers>($"{Api}/data/pictures/1", stop);
        var stories = await Comics(stop, ("release", $"{own.Name}@1"));
        return new OwnSummary(
            Url, data, Math.Round(Story.Elapsed.TotalSeconds, 1), own.Folder.Root, own.Name,
            new(added.Snapshot.Items, numbers.Labels, numbers.Splits, own.Folder.Passed, added.Refused, own.Folder.Mislabelled, added.Moving), twins,
            right, doubts, watching, trial, Versions, Refusals, SignIns, Story.Steps, stories);
    }

    private async Task<Uploaded> Upload(CancellationToken stop)
    {
        Uploaded? added = null;
        await Story.Step("Pictures", async now =>
        {
            var (count, how) = (own.Folder.Pictures.Count, new UploadOptions { SkipBroken = true, ValidFromTrain = own.Folder.WantsValid });
            added = await PictureUpload.Send(Maria.Server, own.Name, "pictures", own.Folder.Items(null), how, new Telling(sent => now((double)sent.Items / count, "sending")), stop);
            return string.Join(' ', new AddReport(added, own.Folder).Sentences);
        });
        return added!;
    }

    private async Task<TwinsFound> Twins(CancellationToken stop)
    {
        TwinsFound? twins = null;
        await Story.Step("The same picture twice", async _ =>
        {
            var found = await Maria.Server.Get<Found>($"{Api}/data/pictures/1/check?limit={MostTwins}", stop);
            twins = new(found.Pictures, found.Leaks, found.Conflicts, [.. found.Groups.Select(group => $"{group.First.Key} ({Split(group.First)}) = {group.Twins[0].Item.Key} ({Split(group.Twins[0].Item)})")]);
            return twins.Named.Count == 0 ? twins.Words : $"{twins.Words}: {string.Join(", ", twins.Named)}";
        });
        return twins!;

        static string Split(Item item) => item.Split.ToString().ToLowerInvariant();
    }

    /// <summary>Some of the test split, as its readers get it; the seed decides which.</summary>
    private async Task<List<(Item Item, byte[] Bytes)>> TestPictures(CancellationToken stop)
    {
        var items = new List<Item>();
        while (await Maria.Server.Get<List<Item>>($"{Api}/data/pictures/1/items?split=test&limit=1000{(items.Count == 0 ? "" : $"&after={Uri.EscapeDataString(items[^1].Key)}")}", stop) is { Count: > 0 } page)
            items.AddRange(page);
        var pictures = new List<(Item, byte[])>();
        foreach (var item in items.OrderBy(item => Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes($"{seed}/{item.Key}"))), StringComparer.Ordinal).Take(MostAsked))
            pictures.Add((item, await Maria.Http.GetByteArrayAsync($"{Api}/pictures/{item.Blob.Hex}", stop)));
        return pictures;
    }

    private async Task<(Share Right, IReadOnlyList<Doubt> Doubts)> Ask(List<(Item Item, byte[] Bytes)> asked, CancellationToken stop)
    {
        var (right, doubts) = (0, new List<Doubt>());
        await Story.Step("Test pictures", async now =>
        {
            var replies = await Send(asked.ConvertAll(one => one.Bytes), now, stop);
            right = replies.Zip(asked).Count(pair => pair.First.Guess == pair.Second.Item.Label);
            doubts = [.. replies.Zip(asked).OrderBy(pair => pair.First.Probabilities.GetValueOrDefault(pair.Second.Item.Label)).Take(MostDoubts)
                .Select(pair => new Doubt(pair.Second.Item.Key, pair.Second.Item.Label, pair.First.Guess, Math.Round(pair.First.Confidence, 3)))];
            return $"{right} of {asked.Count} right over the public API";
        });
        return (new(right, asked.Count), doubts);
    }

    /// <summary>What if the camera gets dark? Each test picture once at each light, until somebody would be woken; then the light comes back.</summary>
    private async Task<Trial> Trial(List<(Item Item, byte[] Bytes)> asked, CancellationToken stop)
    {
        Story.Chapter("A trial, made up by this demo: what if the camera gets dark?");
        var (right, sent, incident) = (0, 0, (Incident?)null);
        await Story.Step("Darkened test pictures", async now =>
        {
            foreach (var light in DarkCamera.Light.TakeWhile(_ => incident is null))
            {
                now(null, $"{light:P0} of the light");
                var dark = new byte[asked.Count][];
                Parallel.For(0, dark.Length, i => dark[i] = DarkCamera.Take(asked[i].Bytes, light, seed + i));
                right = (await Send(dark, now, stop)).Zip(asked).Count(pair => pair.First.Guess == pair.Second.Item.Label);
                sent += dark.Length;
                incident = await OpenIncident(stop);
            }

            return $"{right} of {asked.Count} right; {(incident is null ? $"{sent} raised no alarm: the model stayed as sure as before" : $"incident {incident.Number} after {sent}: {incident.Summary}")}";
        });
        if (incident is null)
            return new(Simulated, new(right, asked.Count), sent, false, null, null, []);
        await Story.Step("The light comes back", async now =>
        {
            for (var round = 0; round < MostRoundsOfLight && !await IsQuiet(incident.Number, stop); round++)
                await Send(asked.ConvertAll(one => one.Bytes), now, stop);
            var quiet = await Soon(async () => await IsQuiet(incident.Number, stop) ? "yes" : null, stop) is not null;
            await Maria.Server.Post<Named>($"{Api}/incidents/{incident.Number}/close", new { cause = "A trial of the demo: nothing happened to the camera, the pictures were darkened." }, stop);
            return $"{(quiet ? $"{QuietWindows} windows without an alarm; it" : "It")} was closed with the words that it was a trial";
        });
        return new(Simulated, new(right, asked.Count), sent, true, incident.Number, incident.Summary, await Deeds(incident.Number, stop));
    }

    private async Task<bool> IsQuiet(int incident, CancellationToken stop)
        => (await Maria.Server.Get<List<Incident>>($"{Api}/incidents", stop)).Exists(one => one.Number == incident && one.State.Equals("quiet", StringComparison.OrdinalIgnoreCase));

    private sealed record Numbers(Dictionary<string, int> Splits, Dictionary<string, int> Labels);

    private sealed record Found(int Pictures, int Leaks, int Conflicts, List<DuplicateGroup> Groups);
}
