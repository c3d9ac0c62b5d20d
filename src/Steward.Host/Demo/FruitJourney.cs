using Steward.Data;
using Steward.Host.Templates;
using Steward.Host.Templates.Fruit;
using Steward.Work;

namespace Steward.Host.Demo;

/// <summary>The journey with drawn fruit: a quick look, a good model, a changed world, the way back, labels, and everything once more.</summary>
internal sealed class FruitJourney(string url, int seed, DemoTelling tell) : Journey(url, Project, tell)
{
    private const string Project = "fruit";

    /// <summary>How many fresh pictures each share of right answers is counted on.</summary>
    private const int Asked = 200;

    /// <summary>Answers that are watched together, as the monitor does by default.</summary>
    private const int Window = 100;

    /// <summary>Of how many changed answers people say whether they were right, before relearning and after it.</summary>
    private const int Checked = 100;

    /// <summary>The stream after the change goes on until the incident is there, at most so long.</summary>
    private const int MostChanged = 2000;

    private readonly DemoWorld _world = new(seed);

    public override async Task<IDemoSummary> Tell(string data, string adminLink, CancellationToken stop)
    {
        Story.Chapter("Four people and a project");
        await Story.Step("People", _ => Meet(adminLink, stop));
        await Story.Step("Project", _ => Begin(Template.File("fruit"), stop));
        Story.Chapter("Pictures become a model");
        await Story.Step("Pictures", now => Upload(now, stop));
        await Release(1, () => Train(quick: true, stop), stop);
        await Release(2, () => Train(quick: false, stop), stop);
        Story.Chapter("The world as it was, and as it is now");
        var before = await Ask("Fresh pictures of the known styles", _world.Known(Asked), stop);
        var quiet = await Quiet(2, Asked / Window, Window, stop);
        var (changed, noticed) = await Change(quiet, stop);
        Story.Chapter("It notices, and learns again");
        var labelled = await Label(stop);
        await Release(3, () => TrainingOnLabels(stop), stop);
        var after = await Ask("Fresh pictures of the new style", _world.Changed(Asked), stop, Checked);
        var known = await Ask("And of the known styles", _world.Known(Asked), stop);
        noticed = noticed with { Deeds = await Deeds(noticed.Number, stop) };
        var stories = await Comics(stop, ("release", "fruit@3"), ("incident", $"{noticed.Number}"));
        return new DemoSummary(Url, data, Math.Round(Story.Elapsed.TotalSeconds, 1), before, changed, after, known, Versions, noticed, labelled, Refusals, SignIns, Story.Steps, stories);
    }

    private async Task<string> Upload(Action<double?, string> now, CancellationToken stop)
    {
        now(null, "composing");
        var pictures = _world.First();
        var items = pictures.Select((picture, i) => UploadItem.Of($"{picture.Label}/{picture.Style}-{i:00000}.png", i switch
        {
            < DemoWorld.Train => Split.Train,
            < DemoWorld.Train + DemoWorld.Valid => Split.Valid,
            _ => Split.Test,
        }, picture.Png) with { Label = picture.Label, Source = picture.Style });
        var snapshot = await PictureUpload.Send(Maria.Server, Project, "pictures", items, new Telling(sent => now((double)sent.Items / pictures.Count, "sending")), stop);
        return $"pictures@{snapshot.Version}: {pictures.Count:N0} drawn pictures of {FruitPictures.Kinds.Count} kinds, {Say.Bytes(snapshot.NewBytes)}";
    }

    private Task<TaskView> TrainingOnLabels(CancellationToken stop)
        => Until(async () => (await Maria.Server.Get<List<TaskView>>($"{Api}/tasks?limit=10", stop)).Find(one => one.Payload.GetProperty("reason").GetString() == "new labels"), "the training on new labels", stop);

    /// <param name="told">Of how many of them people say whether they were right.</param>
    private async Task<Share> Ask(string what, IReadOnlyList<FruitPicture> pictures, CancellationToken stop, int told = 0)
    {
        var right = 0;
        await Story.Step(what, async now =>
        {
            var answered = await Answers(pictures, now, stop);
            await Tell([.. answered.Take(told)], now, stop);
            right = answered.Count(Right);
            return $"{right} of {pictures.Count} right";
        });
        return new(right, pictures.Count);
    }

    /// <summary>Sends pictures of the new style until somebody would be woken.</summary>
    private async Task<(Share Right, Noticed Noticed)> Change(string quiet, CancellationToken stop)
    {
        var (right, sent, incident, first) = (0, 0, (Incident?)null, new List<(Reply Reply, string Truth)>());
        await Story.Step("The drawings change", async now =>
        {
            // The first answers come from the version that served before anything was noticed; only those are counted.
            while (incident is null && sent < MostChanged)
            {
                var answered = await Answers(_world.Changed(Asked), now, stop);
                first = sent == 0 ? answered : first;
                sent += Asked;
                incident = await OpenIncident(stop);
            }

            right = first.Count(Right);
            // Every other one, so that the sample is of the whole stream.
            await Tell([.. first.Where((_, i) => i % (Asked / Checked) == 0)], now, stop);
            return $"{right} of {Asked} right; {(incident is null ? "nothing was noticed" : $"incident {incident.Number} after {sent}: {incident.Summary}")}";
        });
        if (incident is null)
            throw new ProblemException(ProblemKind.Conflict, "change_unnoticed", $"{sent} changed pictures raised no alarm (before the change: {quiet}).", $"steward monitor show fruit --url {Url}");
        return (new(right, Asked), new(incident.Number, incident.Summary, sent, []));
    }

    private async Task<int> Label(CancellationToken stop)
    {
        var answered = 0;
        await Story.Step("People name the most useful pictures", async now =>
        {
            var queue = await Until(async () => (await Maria.Server.Get<List<Queue>>($"{Api}/labels", stop)).FirstOrDefault(), "the label queue", stop);
            var at = $"{Api}/labels/{queue.Number}";
            while (await Maria.Server.Post<Turn>($"{at}/next", null, stop) is { Items: [var item, ..] })
            {
                var png = await Maria.Http.GetByteArrayAsync($"{at}/items/{item.Number}/picture", stop);
                answered = (await Maria.Server.Post<Queue>($"{at}/items/{item.Number}/answer", new { label = _world.Truth(png) }, stop)).Answered;
                now((double)answered / queue.Items, $"{answered} of {queue.Items} named");
            }

            await Maria.Server.Post<Queue>($"{at}/finish", null, stop);
            var snapshot = await Until(async () => (await Maria.Server.Get<List<SnapshotView>>($"{Api}/data/pictures", stop)).Find(one => one.Version == 2), "pictures@2", stop);
            return $"{answered} names; pictures@2 holds {snapshot.Items:N0} and cost {Say.Bytes(snapshot.NewBytes)}";
        });
        return answered;
    }

    private async Task<List<(Reply Reply, string Truth)>> Answers(IReadOnlyList<FruitPicture> pictures, Action<double?, string> now, CancellationToken stop)
        => [.. (await Send([.. pictures.Select(picture => picture.Png)], now, stop)).Zip(pictures, (reply, picture) => (reply, picture.Label))];

    /// <summary>The best guess counts, also when the endpoint abstained.</summary>
    private static bool Right((Reply Reply, string Truth) answer) => answer.Reply.Guess == answer.Truth;

    private sealed record Queue(int Number, int Items, int Answered);

    private sealed record Turn(List<Item> Items);

    private sealed record Item(int Number);
}
