using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Steward.Audit;
using Steward.Identity;
using Steward.Storage;
using Steward.Testing;
using Steward.Work;

namespace Steward.Agents.Tests;

public sealed class AgentWorkOnSqliteTests() : AgentWorkTests(Databases.Sqlite());

public sealed class AgentWorkOnPostgresTests() : AgentWorkTests(Databases.Postgres());

/// <summary>Who holds which task: leases, fences, answers that were lost on the way.</summary>
public abstract class AgentWorkTests : IAsyncLifetime
{
    private const string Home = "plant";
    private readonly FakeClock _clock = new();
    private readonly ServiceProvider _services;

    protected AgentWorkTests(Db db)
    {
        var settings = new Settings { Data = TestFolder.New() };
        var services = new ServiceCollection().AddLogging().AddSingleton<TimeProvider>(_clock).AddSingleton(settings).AddStorage(settings).AddSingleton(_ => db).AddSingleton<IHostApplicationLifetime, Lifetime>()
            .AddAudit().AddIdentity(settings);
        new AgentsRoom().Furnish(services);
        _services = services.BuildServiceProvider();
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private AgentStore Agents => _services.GetRequiredService<AgentStore>();

    private AgentWork Work => _services.GetRequiredService<AgentWork>();

    [Fact]
    public async Task Work_goes_to_an_agent_that_has_all_the_labels_it_asks_for()
    {
        var (plain, strong) = (await Admit("plain", "onprem"), await Admit("strong", "onprem", "gpu"));
        await Engine("onprem", "gpu").Submit(new("job", ["true"]), Stop);
        Assert.Empty((await Ask(plain)).Tasks);
        Assert.Single((await Ask(strong)).Tasks);
    }

    [Fact]
    public async Task A_task_is_held_by_one_agent_and_an_array_by_no_more_at_once_than_it_says()
    {
        var (one, two) = (await Admit("one"), await Admit("two"));
        await Engine().Submit(new("job", ["true"]) { Tasks = 10, AtOnce = 3 }, Stop);
        var (first, second) = (await Ask(one, free: 2), await Ask(two, free: 8));
        Assert.Equal([0, 1], first.Tasks.Select(task => task.Key.Number));
        Assert.Equal([2], second.Tasks.Select(task => task.Key.Number));
    }

    [Fact]
    public async Task An_answer_that_never_arrived_is_given_again()
    {
        var one = await Admit("one");
        await Engine().Submit(new("job", ["true"]), Stop);
        var lost = Assert.Single((await Ask(one)).Tasks).Key;
        Assert.Equal(lost, Assert.Single((await Ask(one)).Tasks).Key);
        Assert.Empty((await Ask(one, holding: [lost])).Tasks);
    }

    [Fact]
    public async Task An_agent_that_was_gone_too_long_is_not_heard_and_its_task_goes_to_another()
    {
        var (one, two) = (await Admit("one"), await Admit("two"));
        var job = await Engine().Submit(new("job", ["true"]) { Requeue = 1 }, Stop);
        var zombie = Assert.Single((await Ask(one)).Tasks).Key;
        _clock.Advance(Agent.Lease - TimeSpan.FromSeconds(1));
        Assert.Empty((await Ask(two)).Tasks);
        _clock.Advance(TimeSpan.FromSeconds(2));
        var taken = Assert.Single((await Ask(two)).Tasks).Key;
        Assert.Equal(zombie with { Fence = 2 }, taken);

        Assert.False(await Tell(one, zombie, ["from the grave"], Over(zombie)));
        Assert.Equal([zombie], (await Ask(one, holding: [zombie])).Stop);
        Assert.True(await Tell(two, taken, ["alive"], Over(taken)));
        Assert.Equal((JobState.Succeeded, 2), ((await Engine().Observe(job, Stop))!.Tasks[0].State, (await Engine().Observe(job, Stop))!.Tasks[0].Begun));
        Assert.Equal(["alive"], await Lines(job));
    }

    [Fact]
    public async Task What_may_not_be_begun_again_is_lost_with_its_agent()
    {
        var one = await Admit("one");
        var job = await Engine().Submit(new("job", ["true"]), Stop);
        await Ask(one);
        _clock.Advance(Agent.Lease);
        var task = Assert.Single((await Engine().Observe(job, Stop))!.Tasks);
        Assert.Equal((JobState.Lost, "The agent one was gone before it ended."), (task.State, task.Reason));
    }

    [Fact]
    public async Task Asking_keeps_what_is_held()
    {
        var one = await Admit("one");
        var job = await Engine().Submit(new("job", ["true"]), Stop);
        var held = Assert.Single((await Ask(one)).Tasks).Key;
        for (var i = 0; i < 10; i++)
        {
            _clock.Advance(Agent.Lease - TimeSpan.FromSeconds(1));
            await Ask(one, holding: [held]);
        }

        Assert.Equal(JobState.Running, (await Engine().Observe(job, Stop))!.Tasks[0].State);
    }

    [Fact]
    public async Task What_is_told_twice_is_kept_once()
    {
        var one = await Admit("one");
        var job = await Engine().Submit(new("job", ["true"]), Stop);
        var key = Assert.Single((await Ask(one)).Tasks).Key;
        await Tell(one, key, ["a", "b"]);
        await Tell(one, key, ["a", "b", "c"]);
        await Tell(one, key, ["a", "b", "c", "d"], Over(key));
        Assert.Equal(["a", "b", "c", "d"], await Lines(job));
    }

    [Fact]
    public async Task A_cancel_ends_what_waits_and_tells_the_agent_of_what_runs()
    {
        var one = await Admit("one");
        var job = await Engine().Submit(new("job", ["true"]) { Tasks = 2, AtOnce = 1 }, Stop);
        var key = Assert.Single((await Ask(one)).Tasks).Key;
        await Work.Cancel(job.Id, Stop);
        Assert.Equal([JobState.Running, JobState.Cancelled], (await Engine().Observe(job, Stop))!.Tasks.Select(task => task.State));
        Assert.Equal([key], (await Ask(one, holding: [key])).Stop);
        // And should the agent be gone, the cancel is over with its lease.
        _clock.Advance(Agent.Lease);
        Assert.All((await Engine().Observe(job, Stop))!.Tasks, task => Assert.Equal(JobState.Cancelled, task.State));
    }

    [Fact]
    public async Task An_agent_that_was_revoked_is_refused_and_what_it_held_goes_to_another_at_once()
    {
        var (one, two) = (await Admit("one"), await Admit("two"));
        await Engine().Submit(new("job", ["true"]) { Requeue = 1 }, Stop);
        await Ask(one);
        await Agents.Revoke(Who.Steward, Home, "one", Stop);
        Assert.Equal("denied", (await Assert.ThrowsAsync<ProblemException>(() => Ask(one))).Code);
        Assert.Single((await Ask(two)).Tasks);
    }

    [Fact]
    public async Task A_second_process_of_one_agent_takes_its_place()
    {
        var one = await Admit("one");
        await Engine().Submit(new("job", ["true"]) { Requeue = 1 }, Stop);
        await Ask(one);
        await Agents.Begin(one.Who, Home, new("second", null, null, 2), Stop);
        Assert.Equal("agent_elsewhere", (await Assert.ThrowsAsync<ProblemException>(() => Ask(one))).Code);
        Assert.Equal(2, Assert.Single((await Ask(one with { Session = "second" })).Tasks).Key.Fence);
    }

    [Fact]
    public async Task Only_who_holds_a_task_is_given_its_files_and_no_others()
    {
        var (one, two) = (await Admit("one"), await Admit("two"));
        await Carrying(tasks: 2, ("all.json", "for all"), ("in-0.csv", "first"), ("in-1.csv", "second"));
        var mine = Assert.Single((await Ask(one, free: 1)).Tasks);
        var other = Assert.Single((await Ask(two, free: 1)).Tasks);
        Assert.Equal(["all.json", "in-0.csv"], mine.Files!.Select(file => file.Name));
        Assert.Equal("first", await Fetched(one, mine.Key, "first"));
        Assert.Equal("for all", await Fetched(one, mine.Key, "for all"));
        Assert.Equal("file_of_this_task_not_found", await Refused(one, mine.Key, "second"));
        Assert.Equal("task_not_held", await Refused(one, other.Key, "second"));
        Assert.Equal("task_not_held", await Refused(one, mine.Key with { Fence = 2 }, "first"));
        Assert.Equal("task_not_held", await Refused(two, mine.Key, "first"));
        Assert.Equal("task_not_held", await Refused(two with { Session = one.Session }, mine.Key, "first"));
        await Agents.Revoke(Who.Steward, Home, "one", Stop);
        Assert.Equal("task_not_held", await Refused(one, mine.Key, "first"));
        Assert.Equal("second", await Fetched(two, other.Key, "second"));
    }

    [Fact]
    public async Task What_a_task_brought_is_in_the_folder_with_its_end_and_not_before()
    {
        var one = await Admit("one");
        var (engine, job, folder) = await Carrying(tasks: 1, ("in-0.csv", "in"));
        var key = Assert.Single((await Ask(one)).Tasks).Key;
        var made = await Brought(one, key, "out-0.csv", "out");
        await engine.Observe(job, Stop);
        Assert.Equal(["in-0.csv"], Names(folder));
        Assert.True(await Tell(one, key, [], Over(key), made));
        Assert.Equal(JobState.Succeeded, (await engine.Observe(job, Stop))!.Tasks[0].State);
        Assert.Equal(["in-0.csv", "out-0.csv"], Names(folder));
        Assert.Equal("out", await File.ReadAllTextAsync(Path.Combine(folder, "out-0.csv"), Stop));
    }

    [Fact]
    public async Task Who_was_gone_too_long_brings_nothing()
    {
        var (one, two) = (await Admit("one"), await Admit("two"));
        var (engine, job, folder) = await Carrying(tasks: 1, ("in-0.csv", "in"));
        var zombie = Assert.Single((await Ask(one)).Tasks).Key;
        var late = await Brought(one, zombie, "out-0.csv", "from the grave");
        _clock.Advance(Agent.Lease);
        Assert.Equal("task_not_held", (await Assert.ThrowsAsync<ProblemException>(() => Brought(one, zombie, "out-0.csv", "more"))).Code);
        var taken = Assert.Single((await Ask(two)).Tasks).Key;
        Assert.False(await Tell(one, zombie, [], Over(zombie), late));
        // Nor does what it brought count for who has the task now.
        Assert.True(await Tell(two, taken, [], Over(taken), late));
        var task = (await engine.Observe(job, Stop))!.Tasks[0];
        Assert.Equal((JobState.Failed, "It named 'out-0.csv' and did not bring it."), (task.State, task.Reason));
        Assert.Equal(["in-0.csv"], Names(folder));
    }

    [Theory]
    [InlineData("out-1.csv")]
    [InlineData("in-0.csv")]
    [InlineData("all.json")]
    public async Task A_task_brings_files_of_its_own_alone(string name)
    {
        var one = await Admit("one");
        var (engine, job, folder) = await Carrying(tasks: 2, ("in-0.csv", "in"), ("all.json", "for all"));
        var key = (await Ask(one)).Tasks[0].Key;
        await Tell(one, key, [], Over(key), await Brought(one, key, name, "mine now"));
        var task = (await engine.Observe(job, Stop))!.Tasks[0];
        Assert.Equal((JobState.Failed, $"It brought '{name}', which is not a file of its own."), (task.State, task.Reason));
        Assert.Equal(["all.json", "in-0.csv"], Names(folder));
    }

    [Theory]
    [InlineData("../out-0.csv")]
    [InlineData("a/out-0.csv")]
    [InlineData("out-0..\\csv")]
    [InlineData("out-0.c v")]
    [InlineData("..")]
    [InlineData(".out-0.csv")]
    [InlineData("")]
    public void A_name_that_is_not_plain_is_no_name(string name) => Assert.False(AgentFiles.IsPlain(new(name, Digest.Of("x"), 1)));

    [Fact]
    public async Task A_task_brings_no_more_than_it_may_and_nothing_under_a_wrong_name()
    {
        var one = await Admit("one");
        await Carrying(tasks: 1, ("in-0.csv", "in"));
        var key = Assert.Single((await Ask(one)).Tasks).Key;
        Assert.Equal("digest_differs", (await Assert.ThrowsAsync<ProblemException>(() => Files.Take(one.Who, Home, new(one.Session, key.Job, key.Number, key.Fence), Digest.Of("this"), new MemoryStream("that"u8.ToArray()), Stop))).Code);
        await _services.GetRequiredService<Db>().Run("INSERT INTO agent_upload (project, job, number, fence, digest, size) VALUES (@Home, @Job, 0, 1, 'x', @size)", new { Home, key.Job, size = AgentFiles.MostBytes - 3 }, Stop);
        Assert.Equal("too_large", (await Assert.ThrowsAsync<ProblemException>(() => Brought(one, key, "out-0.csv", "four"))).Code);
        await Brought(one, key, "out-0.csv", "let");
    }

    [Fact]
    public async Task Only_so_many_labels_hands_and_days()
    {
        Assert.Equal("labels_invalid", (await Assert.ThrowsAsync<ProblemException>(() => Agents.Add(Who.Steward, Home, "one", [.. Enumerable.Range(0, 21).Select(i => $"l{i}")], null, Stop))).Code);
        Assert.Equal("name_invalid", (await Assert.ThrowsAsync<ProblemException>(() => Agents.Add(Who.Steward, Home, "one", ["$(id)"], null, Stop))).Code);
        Assert.Equal("days_invalid", (await Assert.ThrowsAsync<ProblemException>(() => Agents.Add(Who.Steward, Home, "one", [], 366, Stop))).Code);
        var one = await Admit("one");
        Assert.Equal("at_once_invalid", (await Assert.ThrowsAsync<ProblemException>(() => Agents.Begin(one.Who, Home, new("x", null, null, 65), Stop))).Code);
    }

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    private static JobTask Over(TaskKey key) => new(key.Number, JobState.Succeeded, 0);

    private IExecutor Engine(params string[] labels) => _services.GetServices<IEngineSource>().Single().Find("agents:" + string.Join('+', labels.DefaultIfEmpty("site")), Home)!;

    private async Task<Caller> Admit(string name, params string[] labels)
    {
        await Agents.Add(Who.Steward, Home, name, [.. labels, "site"], null, Stop);
        var who = (await _services.GetRequiredService<IPeople>().Find($"{Home}/agent-{name}", Stop))!.AsWho();
        await Agents.Begin(who, Home, new(name, null, null, 2), Stop);
        return new(who, name);
    }

    private Task<Orders> Ask(Caller agent, int free = 2, params TaskKey[] holding) => Work.Look(agent.Who, Home, new(agent.Session, free, holding), Stop);

    private AgentFiles Files => _services.GetRequiredService<AgentFiles>();

    /// <summary>A job with a folder of its engine.</summary>
    private async Task<(IExecutor Engine, Job Job, string Folder)> Carrying(int tasks, params (string Name, string Text)[] files)
    {
        var engine = Engine();
        var folder = engine.Folder("given").Path;
        foreach (var (name, text) in files)
            await File.WriteAllTextAsync(Path.Combine(folder, name), text, Stop);
        return (engine, await engine.Submit(new("job", ["true"]) { Tasks = tasks, Requeue = 1, Folder = folder }, Stop), folder);
    }

    private static IEnumerable<string> Names(string folder) => Directory.GetFileSystemEntries(folder).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal);

    private async Task<string> Fetched(Caller agent, TaskKey key, string text)
    {
        var (bytes, size) = await Files.Open(agent.Who, Home, new(agent.Session, key.Job, key.Number, key.Fence), Digest.Of(text), Stop);
        using var reader = new StreamReader(bytes);
        var read = await reader.ReadToEndAsync(Stop);
        Assert.Equal(size, read.Length);
        return read;
    }

    private async Task<string> Refused(Caller agent, TaskKey key, string text) => (await Assert.ThrowsAsync<ProblemException>(() => Fetched(agent, key, text))).Code;

    private async Task<TaskFile> Brought(Caller agent, TaskKey key, string name, string text)
    {
        await Files.Take(agent.Who, Home, new(agent.Session, key.Job, key.Number, key.Fence), Digest.Of(text), new MemoryStream(System.Text.Encoding.UTF8.GetBytes(text)), Stop);
        return new(name, Digest.Of(text), text.Length);
    }

    private async Task<bool> Tell(Caller agent, TaskKey key, string[] lines, JobTask? end = null, params TaskFile[] files)
        => Assert.Single(await Work.Tell(agent.Who, Home, new(agent.Session, [new(key, 0, [.. lines.Select(line => new LogLine(_clock.GetUtcNow(), false, line))], end, files)]), Stop)).Held;

    private async Task<List<string>> Lines(Job job)
    {
        var lines = new List<string>();
        await foreach (var line in Engine().Logs(job, 0, follow: false, Stop))
            lines.Add(line.Text);
        return lines;
    }

    private sealed record Caller(Who Who, string Session);

    private sealed class Lifetime : IHostApplicationLifetime
    {
        public CancellationToken ApplicationStarted => CancellationToken.None;
        public CancellationToken ApplicationStopping => CancellationToken.None;
        public CancellationToken ApplicationStopped => CancellationToken.None;
        public void StopApplication() { }
    }
}
