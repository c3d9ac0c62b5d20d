using System.Text.Json.Serialization;
using Steward.Work;

namespace Steward.Host.Demo;

/// <summary>
/// The steps that every journey has, through the public API alone: people, a project, training, gates, a signature,
/// serving, questions, watching. Nothing here knows the inside of a room.
/// </summary>
internal abstract class Journey(string url, string project, DemoTelling tell)
{
    private static readonly string[] Approver = ["approver"];

    private static readonly (string Name, string Party)[] Parties = [("li", "data-science"), ("dev", "ops"), ("coo", "business")];

    private readonly List<Voter> _voters = [];

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2), BetweenLooks = TimeSpan.FromMilliseconds(100);

    protected string Url { get; } = url;

    /// <summary>Every step is told here.</summary>
    protected DemoTelling Story { get; } = tell;

    protected string Api { get; } = $"/api/projects/{project}";

    protected DemoPerson Maria { get; private set; } = null!;

    protected List<Served> Versions { get; } = [];

    protected List<Refused> Refusals { get; } = [];

    protected IReadOnlyList<Login> SignIns => [new(Maria.Name, "data scientist and admin", Maria.Password), .. _voters.Select(voter => new Login(voter.Person.Name, $"approves for {voter.Party}", voter.Person.Password))];

    /// <summary>Why each party agrees, in its words.</summary>
    protected virtual string Reason(string party) => party switch
    {
        "data-science" => "The figures are no accident of the test, and no kind is left behind.",
        "ops" => "It is fast enough and there is a way back.",
        _ => "Our shops can work with that.",
    };

    /// <summary>What a version was tested on, and what helps when a gate is closed.</summary>
    protected virtual (string Items, string Advice) Tested => ("test pictures", "More pictures of each kind help most; those it confuses are on the pages of its version.");

    /// <summary>The whole way; ends with what happened.</summary>
    public abstract Task<IDemoSummary> Tell(string data, string adminLink, CancellationToken stop);

    protected async Task<string> Meet(string adminLink, CancellationToken stop)
    {
        Maria = await DemoPerson.Arrive(Url, adminLink, "maria", stop);
        foreach (var (name, party) in Parties)
        {
            var invited = await Maria.Server.Post<Linked>("/api/users", new { user = name, name }, stop);
            _voters.Add(new(await DemoPerson.Arrive(Url, invited.Link, name, stop), party));
        }

        return "maria is data scientist and admin; li speaks for data science, dev for ops, coo for business";
    }

    /// <param name="said">What is in the project file, in a few words.</param>
    protected async Task<string> Begin(string yaml, CancellationToken stop, string said = "one data set, six tunes, its gates, three parties")
    {
        await SendFile(yaml, stop);
        foreach (var voter in _voters)
        {
            await Maria.Server.Put<Named>($"{Api}/people/{voter.Person.Name}", new { roles = Approver }, stop);
            // New roles end old sign-ins, so they come in again with the password that only they know.
            await voter.Person.SignIn(stop);
        }

        return $"steward.yaml: {said}";
    }

    protected Task SendFile(string yaml, CancellationToken stop) => Maria.Server.Put<Named>($"{Api}/file", new { yaml }, stop);

    /// <summary>Trains, is refused before gate and signature, signs, waits until it serves.</summary>
    /// <param name="training">Asks for the training, or waits for one that something else started.</param>
    protected async Task Release(int version, Func<Task<TaskView>> training, CancellationToken stop)
    {
        await Learn(version, training, made => $"test F1 {made.Metrics["test.f1_macro"]:0.000} on {made.N} pictures", stop);
        await Sign(version, "serves", async words =>
        {
            await Until(async () => await Live(stop) == version ? "yes" : null, $"the endpoint to serve {project}@{version}", stop);
            var made = (await Find(version, stop))!;
            Versions.Add(new($"{project}@{version}", made.Data, Math.Round(made.Metrics["test.f1_macro"], 4), made.N, words));
        }, stop);
    }

    /// <summary>Trains until there is a version whose gates are open.</summary>
    /// <param name="said">How good it is, in a few words.</param>
    protected async Task<Version> Learn(int version, Func<Task<TaskView>> training, Func<Version, string> said, CancellationToken stop)
    {
        Version? made = null;
        await Story.Step($"{project}@{version} learns", async now =>
        {
            await Done(await training(), now, stop);
            made = await Until(async () => await Find(version, stop) is { CheckedAt: not null } found ? found : null, $"{project}@{version}", stop);
            if (made.Gates.Find(gate => !gate.Passed) is { } closed)
                throw new ProblemException(ProblemKind.GateFailed, "gate_failed", $"{project}@{version} did not pass its gates, so nobody is asked and nothing serves: {closed.Title}, measured {closed.Measured} on {made.N} {Tested.Items}.", Tested.Advice);
            return $"{said(made)}, from {made.Data}; {made.Gates.Count(gate => gate.Passed)} of {made.Gates.Count} gates passed";
        });
        return made!;
    }

    /// <summary>Follows a task until it is done.</summary>
    protected async Task<TaskView> Done(TaskView task, Action<double?, string> now, CancellationToken stop)
    {
        while (!task.IsOver)
        {
            await Task.Delay(BetweenLooks, stop);
            task = await Maria.Server.Get<TaskView>($"{Api}/tasks/{task.Id}", stop);
            now(task.Progress, task.Message ?? "");
        }

        return task.State is WorkState.Done
            ? task
            : throw ProblemException.Conflict($"{task.Kind}_failed", $"The {task.Kind} task ended as {task.State.ToString().ToLowerInvariant()}: {task.Error}", "steward task list");
    }

    /// <summary>The same where no endpoint serves: until the version is the one that others mean.</summary>
    protected async Task<Released> SignAndRelease(Version made, CancellationToken stop)
    {
        Released? released = null;
        await Sign(made.Number, "released", async words =>
        {
            await Until(async () => (await Maria.Server.Get<List<Model>>($"{Api}/models", stop)).Find(one => one.Serving?.Version == made.Number), $"{project}@{made.Number} to be released", stop);
            released = new($"{project}@{made.Number}", made.Data, words);
        }, stop);
        return released!;
    }

    /// <summary>Is refused before the people agreed; then they do, each with a signature, and it takes effect.</summary>
    /// <param name="becomes">What follows, in a word.</param>
    /// <param name="effect">Waits for it; is told the version's words.</param>
    private Task Sign(int version, string becomes, Func<string, Task> effect, CancellationToken stop) => Story.Step($"{project}@{version} is signed and {becomes}", async _ =>
    {
        await Refuse(version, stop);
        var asked = await Maria.Server.Post<SignOff>($"{Api}/models/{project}/versions/{version}/signoff", null, stop);
        // Maria asked, so maria may not vote: li speaks for data science.
        foreach (var voter in _voters)
            await voter.Person.Approve(project, asked.Number, voter.Party, Reason(voter.Party), stop);
        await effect(asked.Words);
        return $"li, dev and coo approved “{asked.Words}”";
    });

    protected Task<TaskView> Train(bool quick, CancellationToken stop) => Maria.Server.Post<TaskView>($"{Api}/train", new { quick }, stop);

    /// <summary>Sends pictures as any client would, four at a time.</summary>
    protected async Task<Reply[]> Send(IReadOnlyList<byte[]> pictures, Action<double?, string> now, CancellationToken stop)
    {
        var (replies, done) = (new Reply[pictures.Count], 0);
        await Parallel.ForAsync(0, pictures.Count, new ParallelOptions { MaxDegreeOfParallelism = 4, CancellationToken = stop }, async (i, cancel) =>
        {
            using var body = new ByteArrayContent(pictures[i]);
            replies[i] = await Maria.Server.Send<Reply>(HttpMethod.Post, $"/v2/models/{project}/picture", body, cancel);
            now((double)Interlocked.Increment(ref done) / pictures.Count, "asking");
        });
        return replies;
    }

    /// <summary>Says of answers whether they were right, as somebody who checks a sample would.</summary>
    protected async Task Tell(IReadOnlyList<(Reply Reply, string Truth)> checkedOnes, Action<double?, string> now, CancellationToken stop)
    {
        var done = 0;
        await Parallel.ForEachAsync(checkedOnes, new ParallelOptions { MaxDegreeOfParallelism = 4, CancellationToken = stop }, async (one, cancel) =>
        {
            await Maria.Server.Post<Named>($"{Api}/predictions/{one.Reply.Id}/feedback", new { right = one.Reply.Guess == one.Truth, label = one.Truth }, cancel);
            now((double)Interlocked.Increment(ref done) / checkedOnes.Count, "checking");
        });
    }

    /// <summary>Waits until a version was watched for so many windows, and says how it went.</summary>
    protected async Task<string> Quiet(int version, int windows, int answers, CancellationToken stop)
    {
        var said = "";
        await Story.Step("Watching", async _ =>
        {
            await Until(async () => (await Maria.Server.Get<Monitor>($"{Api}/monitor/{project}", stop)).Windows.Count(window => window.Version == version) >= windows ? "yes" : null, "the windows of the request log", stop);
            var incidents = await Maria.Server.Get<List<Incident>>($"{Api}/incidents", stop);
            return said = incidents.Count == 0 ? $"{windows} {(windows == 1 ? "window" : "windows")} of {answers} answers, no alarm" : $"an alarm on a quiet stream: {incidents[0].Summary}";
        });
        return said;
    }

    /// <summary>The incident that is open; null when none came within a short wait: what comes after a full window comes within a second or two.</summary>
    protected Task<Incident?> OpenIncident(CancellationToken stop)
        => Soon(async () => (await Maria.Server.Get<List<Incident>>($"{Api}/incidents", stop)).Find(one => one.ClosedAt is null), stop);

    /// <summary>Tells what happened as comics; their titles and pages.</summary>
    protected async Task<List<ToldStory>> Comics(CancellationToken stop, params (string Kind, string Subject)[] about)
    {
        var told = new List<ToldStory>();
        await Story.Step("It tells what happened", async _ =>
        {
            foreach (var (kind, subject) in about)
            {
                var made = await Maria.Server.Post<Edition>($"{Api}/stories", new { kind, subject }, stop);
                var view = await Maria.Server.Get<Comic>($"{Api}/stories/{kind}/{Uri.EscapeDataString(subject)}", stop);
                told.Add(new(view.Title, made.Episode, view.Seconds, made.PublishedAt is not null, $"{Url}/projects/{project}/stories/{kind}/{Uri.EscapeDataString(subject)}"));
            }

            return string.Join(", ", told.Select(one => $"episode {one.Episode}: {one.Title}"));
        });
        return told;
    }

    protected async Task<IReadOnlyList<string>> Deeds(int incident, CancellationToken stop)
        => [.. (await Maria.Server.Get<IncidentPage>($"{Api}/incidents/{incident}", stop)).Timeline.Select(line => line.Text)];

    protected static async Task<T> Until<T>(Func<Task<T?>> look, string what, CancellationToken stop) where T : class
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

    protected static async Task<T?> Soon<T>(Func<Task<T?>> look, CancellationToken stop) where T : class
    {
        for (var left = 30; left > 0; left--)
        {
            if (await look() is { } found)
                return found;
            await Task.Delay(BetweenLooks, stop);
        }

        return null;
    }

    /// <summary>Nothing serves before the people agreed: the attempt is kept with the exit code it gives.</summary>
    private async Task Refuse(int version, CancellationToken stop)
    {
        try
        {
            await Maria.Server.Post<Named>($"{Api}/models/{project}/aliases/production/promote", new { version, reason = "could it serve already?" }, stop);
        }
        catch (ProblemException refused)
        {
            Refusals.Add(new($"promote {project}@{version} before the signature", refused.Code, refused.Kind.ExitCode(), refused.Message));
        }
    }

    private async Task<Version?> Find(int version, CancellationToken stop)
        => (await Maria.Server.Get<List<Version>>($"{Api}/models/{project}/versions", stop)).Find(one => one.Number == version);

    protected async Task<int?> Live(CancellationToken stop)
        => (await Maria.Server.Get<List<EndpointNow>>($"{Api}/endpoints", stop)).FirstOrDefault()?.LiveVersion;

    protected sealed record Named;

    /// <param name="Guess">The best guess, also when the endpoint abstained.</param>
    protected sealed record Reply(string Id, string Guess, double Confidence, IReadOnlyDictionary<string, double> Probabilities);

    protected sealed record Incident(int Number, string Summary, string State, DateTimeOffset? ClosedAt);

    private sealed record Edition(int? Episode, DateTimeOffset? PublishedAt);

    private sealed record Comic(string Title, double Seconds);

    protected sealed record Linked(string Link);

    /// <param name="Spread">The interval around what was measured.</param>
    protected sealed record Gate(bool Passed, string Title, string Measured, string? Spread);

    protected sealed record Version([property: JsonPropertyName("version")] int Number, string Run, string Data, Dictionary<string, double> Metrics, List<Gate> Gates, DateTimeOffset? CheckedAt)
    {
        /// <summary>On how many items it was tested.</summary>
        public int N => (int)Metrics["test.n"];
    }

    private sealed record Model(Promoted? Serving);

    private sealed record Promoted(int Version);

    private sealed record Voter(DemoPerson Person, string Party);

    private sealed record SignOff(int Number, string Words);

    private sealed record EndpointNow(int? LiveVersion);

    private sealed record Monitor(List<Window> Windows);

    private sealed record Window(int Version);

    private sealed record IncidentPage(List<Entry> Timeline);

    private sealed record Entry(string Kind, string Text);
}
