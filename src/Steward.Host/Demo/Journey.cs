using Steward.Data;
using Steward.Host.Templates;
using Steward.Host.Templates.Fruit;
using Steward.Work;

namespace Steward.Host.Demo;

/// <summary>
/// The fruit journey through the public API alone: pictures, training, gates, a signature, serving, a changed world, the
/// way back, labels, and everything once more. Nothing here knows the inside of a room.
/// </summary>
internal sealed class Journey(string url, int seed, DemoTelling tell)
{
    private static readonly string[] Approver = ["approver"];

    private const string Project = "fruit", Api = "/api/projects/fruit";

    /// <summary>How many fresh pictures each share of right answers is counted on.</summary>
    private const int Asked = 200;

    /// <summary>The stream after the change goes on until the incident is there, at most so long.</summary>
    private const int MostChanged = 2000;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2), BetweenLooks = TimeSpan.FromMilliseconds(100);

    private readonly DemoWorld _world = new(seed);
    private readonly List<Served> _versions = [];
    private readonly List<Refused> _refusals = [];
    private DemoPerson _maria = null!, _dev = null!;

    public async Task<DemoSummary> Tell(string data, string adminLink, CancellationToken stop)
    {
        tell.Chapter("Two people and a project");
        await tell.Step("People", _ => Meet(adminLink, stop));
        await tell.Step("Project", _ => Begin(stop));
        tell.Chapter("Pictures become a model");
        await tell.Step("Pictures", now => Upload(now, stop));
        await Release(1, quick: true, stop);
        await Release(2, quick: false, stop);
        tell.Chapter("The world as it was, and as it is now");
        var before = await Ask("Fresh pictures of the known styles", _world.Known(Asked), stop);
        var quiet = await Quiet(stop);
        var (changed, noticed) = await Change(quiet, stop);
        tell.Chapter("It notices, and learns again");
        var labelled = await Label(stop);
        await Release(3, quick: null, stop);
        var after = await Ask("Fresh pictures of the new style", _world.Changed(Asked), stop);
        var known = await Ask("And of the known styles", _world.Known(Asked), stop);
        noticed = noticed with { Deeds = await Deeds(noticed.Number, stop) };
        return new(url, data, Math.Round(tell.Elapsed.TotalSeconds, 1), before, changed, after, known, _versions, noticed, labelled, _refusals,
            [new(_maria.Name, "data scientist and admin", _maria.Password), new(_dev.Name, "ops, approves", _dev.Password)], tell.Steps);
    }

    private async Task<string> Meet(string adminLink, CancellationToken stop)
    {
        _maria = await DemoPerson.Arrive(url, adminLink, "maria", stop);
        var invited = await _maria.Server.Post<Linked>("/api/users", new { user = "dev", name = "dev" }, stop);
        _dev = await DemoPerson.Arrive(url, invited.Link, "dev", stop);
        return "maria is data scientist and admin, dev speaks for ops";
    }

    private async Task<string> Begin(CancellationToken stop)
    {
        await _maria.Server.Put<Named>($"{Api}/file", new { yaml = Template.File("fruit") }, stop);
        await _maria.Server.Put<Named>($"{Api}/people/dev", new { roles = Approver }, stop);
        // New roles end old sign-ins, so dev comes in again with the password that only dev knows.
        await _dev.SignIn(stop);
        return "steward.yaml: one data set, six tunes, three gates, one party";
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
        var snapshot = await PictureUpload.Send(_maria.Server, Project, "pictures", items, new Telling(sent => now((double)sent.Items / pictures.Count, "sending")), stop);
        return $"pictures@{snapshot.Version}: {pictures.Count:N0} drawn pictures of {FruitPictures.Kinds.Count} kinds, {Say.Bytes(snapshot.NewBytes)}";
    }

    /// <summary>Trains (or waits for the training that the labels started), is refused before gate and signature, signs, waits until it serves.</summary>
    private async Task Release(int version, bool? quick, CancellationToken stop)
    {
        await tell.Step($"fruit@{version} learns", async now =>
        {
            var task = quick is { } look
                ? await _maria.Server.Post<TaskView>($"{Api}/train", new { quick = look }, stop)
                : await Until(async () => (await _maria.Server.Get<List<TaskView>>($"{Api}/tasks?limit=10", stop)).Find(one => one.Payload.GetProperty("reason").GetString() == "new labels"), "the training on new labels", stop);
            while (!task.IsOver)
            {
                await Task.Delay(BetweenLooks, stop);
                task = await _maria.Server.Get<TaskView>($"{Api}/tasks/{task.Id}", stop);
                now(task.Progress, task.Message ?? "");
            }

            if (task.State is not WorkState.Done)
                throw ProblemException.Conflict("training_failed", $"The training ended as {task.State.ToString().ToLowerInvariant()}: {task.Error}", "steward task list");
            var made = await Until(async () => await Find(version, stop) is { CheckedAt: not null } found ? found : null, $"fruit@{version}", stop);
            return $"test F1 {made.F1:0.000} on {made.N} pictures, from {made.Data}; {made.Gates.Count(gate => gate.Passed)} of {made.Gates.Count} gates passed";
        });
        await tell.Step($"fruit@{version} is signed and serves", async _ =>
        {
            await Refuse(version, stop);
            var asked = await _maria.Server.Post<SignOff>($"{Api}/models/fruit/versions/{version}/signoff", null, stop);
            await _dev.Approve(Project, asked.Number, "ops", "The test figures hold and there is a way back.", stop);
            await Until(async () => await Live(stop) == version ? "yes" : null, $"the endpoint to serve fruit@{version}", stop);
            var made = (await Find(version, stop))!;
            _versions.Add(new($"fruit@{version}", made.Data, Math.Round(made.F1, 4), made.N, asked.Words));
            return $"dev approved “{asked.Words}”";
        });
    }

    /// <summary>Nothing serves before the people agreed: the attempt is kept with the exit code it gives.</summary>
    private async Task Refuse(int version, CancellationToken stop)
    {
        try
        {
            await _maria.Server.Post<Named>($"{Api}/models/fruit/aliases/production/promote", new { version, reason = "could it serve already?" }, stop);
        }
        catch (ProblemException refused)
        {
            _refusals.Add(new($"promote fruit@{version} before the signature", refused.Code, refused.Kind.ExitCode(), refused.Message));
        }
    }

    private async Task<Share> Ask(string what, IReadOnlyList<FruitPicture> pictures, CancellationToken stop)
    {
        var right = 0;
        await tell.Step(what, async now =>
        {
            right = (await Send(pictures, now, stop)).Count(one => one);
            return $"{right} of {pictures.Count} right";
        });
        return new(right, pictures.Count);
    }

    private async Task<string> Quiet(CancellationToken stop)
    {
        var said = "";
        await tell.Step("Watching", async _ =>
        {
            await Until(async () => (await _maria.Server.Get<Monitor>($"{Api}/monitor/fruit", stop)).Windows.Count(window => window.Version == 2) >= Asked / 100 ? "yes" : null, "the windows of the request log", stop);
            var incidents = await _maria.Server.Get<List<Incident>>($"{Api}/incidents", stop);
            return said = incidents.Count == 0 ? $"{Asked / 100} windows of 100 answers, no alarm" : $"an alarm on a quiet stream: {incidents[0].Summary}";
        });
        return said;
    }

    /// <summary>Sends pictures of the new style until somebody would be woken.</summary>
    private async Task<(Share Right, Noticed Noticed)> Change(string quiet, CancellationToken stop)
    {
        var (right, sent, incident) = (0, 0, (Incident?)null);
        await tell.Step("The drawings change", async now =>
        {
            // The first answers come from the version that served before anything was noticed; only those are counted.
            while (incident is null && sent < MostChanged)
            {
                var answers = await Send(_world.Changed(Asked), now, stop);
                right += sent == 0 ? answers.Count(one => one) : 0;
                sent += answers.Length;
                incident = await Soon(async () => (await _maria.Server.Get<List<Incident>>($"{Api}/incidents", stop)).Find(one => one.ClosedAt is null), stop);
            }

            return $"{right} of {Asked} right; {(incident is null ? "nothing was noticed" : $"incident {incident.Number} after {sent}: {incident.Summary}")}";
        });
        if (incident is null)
            throw new ProblemException(ProblemKind.Conflict, "change_unnoticed", $"{sent} changed pictures raised no alarm (before the change: {quiet}).", $"steward monitor show fruit --url {url}");
        return (new(right, Asked), new(incident.Number, incident.Summary, sent, []));
    }

    private async Task<IReadOnlyList<string>> Deeds(int incident, CancellationToken stop)
        => [.. (await _maria.Server.Get<IncidentPage>($"{Api}/incidents/{incident}", stop)).Timeline.Select(line => line.Text)];

    private async Task<int> Label(CancellationToken stop)
    {
        var answered = 0;
        await tell.Step("People name the most useful pictures", async now =>
        {
            var queue = await Until(async () => (await _maria.Server.Get<List<Queue>>($"{Api}/labels", stop)).FirstOrDefault(), "the label queue", stop);
            var at = $"{Api}/labels/{queue.Number}";
            while (await _maria.Server.Post<Turn>($"{at}/next", null, stop) is { Items: [var item, ..] })
            {
                var png = await _maria.Http.GetByteArrayAsync($"{at}/items/{item.Number}/picture", stop);
                await _maria.Server.Post<Queue>($"{at}/items/{item.Number}/answer", new { label = _world.Truth(png) }, stop);
                now((double)++answered / queue.Items, $"{answered} of {queue.Items} named");
            }

            await _maria.Server.Post<Queue>($"{at}/finish", null, stop);
            var snapshot = await Until(async () => (await _maria.Server.Get<List<SnapshotView>>($"{Api}/data/pictures", stop)).Find(one => one.Version == 2), "pictures@2", stop);
            return $"{answered} names; pictures@2 holds {snapshot.Items:N0} and cost {Say.Bytes(snapshot.NewBytes)}";
        });
        return answered;
    }

    /// <summary>Sends pictures as any client would, four at a time.</summary>
    /// <returns>For each whether the best guess was right, also when the endpoint abstained.</returns>
    private async Task<bool[]> Send(IReadOnlyList<FruitPicture> pictures, Action<double?, string> now, CancellationToken stop)
    {
        var (right, done) = (new bool[pictures.Count], 0);
        await Parallel.ForAsync(0, pictures.Count, new ParallelOptions { MaxDegreeOfParallelism = 4, CancellationToken = stop }, async (i, cancel) =>
        {
            using var body = new ByteArrayContent(pictures[i].Png);
            var answer = await _maria.Server.Send<Reply>(HttpMethod.Post, "/v2/models/fruit/picture", body, cancel);
            right[i] = answer.Guess == pictures[i].Label;
            now((double)Interlocked.Increment(ref done) / pictures.Count, "asking");
        });
        return right;
    }

    private async Task<Version?> Find(int version, CancellationToken stop)
        => (await _maria.Server.Get<List<Version>>($"{Api}/models/fruit/versions", stop)).Find(one => one.Number == version);

    private async Task<int?> Live(CancellationToken stop)
        => (await _maria.Server.Get<List<EndpointNow>>($"{Api}/endpoints", stop)).FirstOrDefault()?.LiveVersion;

    private static async Task<T> Until<T>(Func<Task<T?>> look, string what, CancellationToken stop) where T : class
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(stop);
        patience.CancelAfter(Patience);
        while (true)
        {
            try
            {
                if (await look() is { } found)
                    return found;
            }
            catch (ProblemException missing) when (missing.Kind is ProblemKind.NotFound)
            {
                // not there yet
            }

            try
            {
                await Task.Delay(BetweenLooks, patience.Token);
            }
            catch (OperationCanceledException) when (!stop.IsCancellationRequested)
            {
                throw new ProblemException(ProblemKind.Unavailable, "waited_too_long", $"Waited {Patience.TotalMinutes:0} minutes for {what}.", "Look at the server's log above.");
            }
        }
    }

    /// <summary>A short wait: what comes after a full window comes within a second or two.</summary>
    private static async Task<T?> Soon<T>(Func<Task<T?>> look, CancellationToken stop) where T : class
    {
        for (var left = 30; left > 0; left--)
        {
            if (await look() is { } found)
                return found;
            await Task.Delay(BetweenLooks, stop);
        }

        return null;
    }

    private sealed class Telling(Action<UploadProgress> tell) : IProgress<UploadProgress>
    {
        public void Report(UploadProgress value) => tell(value);
    }


    private sealed record Linked(string Link);

    private sealed record Named;

    private sealed record SignOff(int Number, string Words);

    private sealed record Reply(string Guess);

    private sealed record EndpointNow(int? LiveVersion);

    private sealed record Gate(bool Passed);

    private sealed record Version([property: System.Text.Json.Serialization.JsonPropertyName("version")] int Number, string Data, Dictionary<string, double> Metrics, List<Gate> Gates, DateTimeOffset? CheckedAt)
    {
        public double F1 => Metrics["test.f1_macro"];

        public int N => (int)Metrics["test.n"];
    }

    private sealed record Monitor(List<Window> Windows);

    private sealed record Window(int Version);

    private sealed record Incident(int Number, string Summary, DateTimeOffset? ClosedAt);

    private sealed record IncidentPage(List<Entry> Timeline);

    private sealed record Entry(string Kind, string Text);

    private sealed record Queue(int Number, int Items);

    private sealed record Turn(List<Item> Items);

    private sealed record Item(int Number);
}
