using System.Data.Common;
using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Steward.Outside;
using Steward.Testing;

namespace Steward.Pipelines.Tests;

/// <summary>Steps of one run: in the order of the graph, several at once, each within its limits.</summary>
public sealed class StepTests : IAsyncDisposable
{
    private World? _world;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Steps_run_in_the_order_of_the_graph_and_branches_at_once()
    {
        var (both, here) = (new TaskCompletionSource(), 0);
        var order = new List<string>();
        var step = new Appending
        {
            Before = async context =>
            {
                lock (order)
                    order.Add(context.Id);
                if (context.Id is "left" or "right" && Interlocked.Increment(ref here) == 2)
                    both.SetResult();
                if (context.Id is "left" or "right")
                    await both.Task.WaitAsync(TimeSpan.FromSeconds(30), Stop);
            },
        };
        var view = await Run(step, "{command: {id: first, run: [x]}}, {command: {id: left, run: [x], needs: [first]}}, {command: {id: right, run: [x], needs: [first]}}, {command: {id: last, run: [x], needs: [left, right]}}");
        Assert.Equal(WindowState.Succeeded, view.Window.State);
        Assert.Equal(("first", "last", 4L), (order[0], order[3], view.Window.RowsMade));
    }

    [Fact]
    public async Task A_step_for_the_failure_runs_when_another_failed_and_the_run_has_failed_all_the_same()
    {
        var step = new Appending { Before = context => context.Id == "broken" ? throw ProblemException.Invalid("no", "it is broken") : Task.CompletedTask };
        var view = await Run(step, "{command: {id: broken, run: [x]}}, {command: {id: after, run: [x]}}, {command: {id: mourn, run: [x], needs: [broken], when: failure}}, {command: {id: anyhow, run: [x], needs: [after], when: always}}");
        Assert.Equal((WindowState.Failed, "broken: it is broken"), (view.Window.State, view.Window.Why));
        Assert.Equal(["after Skipped", "anyhow Succeeded", "broken Failed", "mourn Succeeded"], view.Steps.Select(one => $"{one.Step} {one.State}").Order(StringComparer.Ordinal));
        // Nothing of a run that failed is kept.
        Assert.Empty(await Appending.Rows(_world!.Db));
    }

    [Theory]
    [InlineData("records_away", "The records could not be reached; it is made again. command: The records could not be reached (the pool is empty).")]
    [InlineData("child_lost", "A part of the program was ended from outside; it is made again. command: it is so")]
    [InlineData("table_conflict", null)] // at once
    public async Task What_passes_is_made_again_and_takes_no_try(string code, string? words)
    {
        var times = 0;
        var step = new Appending
        {
            Before = _ => times++ > 0 ? Task.CompletedTask : throw (code == "records_away" ? new EmptyPool() : ProblemException.Invalid(code, "it is so")),
        };
        Assert.Equal(words, (await Run(step, "{command: {run: [x]}}")).Window.Why);
        _world!.Clock.Advance(TimeSpan.FromSeconds(5));
        await _world.Work();
        var window = Assert.Single(await _world.Windows());
        Assert.Equal((WindowState.Succeeded, 2, 0), (window.State, window.Runs, window.Attempt));
        Assert.Single(await Appending.Rows(_world.Db));
    }

    [Fact]
    public async Task A_step_runs_once_for_each_value()
    {
        var seen = new List<string>();
        var step = new Appending
        {
            Before = context =>
            {
                lock (seen)
                    seen.Add($"{context.Id} {string.Join(' ', context.As<CommandPlan>().Run)}");
                return Task.CompletedTask;
            },
        };
        var view = await Run(step, "{command: {id: load, run: [load, '${each}'], for_each: [north, 'so;uth $(id)']}}");
        Assert.Equal(["load.1 load north", "load.2 load so;uth $(id)"], seen.Order(StringComparer.Ordinal));
        Assert.Equal(2, view.Steps.Count);
    }

    [Fact]
    public async Task A_step_that_takes_too_long_is_given_up()
    {
        var view = await Run(null, "{command: {run: [sleep, '600'], timeout: 1s}}");
        Assert.Equal(WindowState.Failed, view.Window.State);
        Assert.StartsWith("command: It was given up after 1 s.", view.Window.Why, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_command_gets_its_arguments_as_they_are_and_no_shell_reads_them()
    {
        var view = await Run(null, "{command: {run: [printf, '%s|', '$(id)', '; rm -rf ~', '`ls`', \"it's ${window.start:HH:mm}\"]}}");
        Assert.Equal((WindowState.Succeeded, "$(id)|; rm -rf ~|`ls`|it's 23:00|"), (view.Window.State, view.Steps[0].Words));
    }

    [Fact]
    public async Task A_secret_is_never_shown()
    {
        Environment.SetEnvironmentVariable("STEWARD_SECRET_SHOP_KEY", "hunter2-hunter2");
        var view = await Run(null, "{command: {run: [sh, -c, 'echo \"key $KEY\"; exit 3'], env: {KEY: 'secret://shop-key'}}}");
        Assert.Equal("command: sh ended with 3. It said: key •••", view.Window.Why);
        Assert.DoesNotContain("hunter2", Json.Write(view), StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", string.Join(' ', (await _world!.Ledger.Newest("shop", 50, Stop)).Select(task => task.Payload + task.Error + task.Result)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http://127.0.0.1:1/", "127.0.0.1")]
    [InlineData("http://localhost:1/", "an address of this machine or its network")]
    [InlineData("http://169.254.169.254/latest/meta-data", "an address of this machine or its network")]
    [InlineData("http://[::ffff:10.0.0.1]/", "an address of this machine or its network")]
    [InlineData("http://2130706433/", "an address of this machine or its network")]
    public async Task A_webhook_reaches_nothing_of_this_network(string url, string said)
    {
        var view = await Run(null, $"{{webhook: {{url: '{url}'}}}}");
        Assert.Equal(WindowState.Failed, view.Window.State);
        Assert.Contains(said, view.Window.Why, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_webhook_tells_the_window_with_a_key_that_is_the_same_for_every_try()
    {
        using var listener = new HttpListener();
        var port = FreePort();
        listener.Prefixes.Add($"http://127.0.0.1:{port}/");
        listener.Start();
        var heard = Task.Run(async () =>
        {
            List<(string Key, string Body)> all = [];
            foreach (var status in new[] { 503, 200 })
            {
                var call = await listener.GetContextAsync();
                using var body = new StreamReader(call.Request.InputStream);
                all.Add((call.Request.Headers["Idempotency-Key"]!, await body.ReadToEndAsync(Stop)));
                call.Response.StatusCode = status;
                call.Response.Close();
            }

            return all;
        }, Stop);
        var view = await Run(null, $"{{webhook: {{url: 'http://127.0.0.1:{port}/hook', body: {{text: 'sales of ${{window.start:HH:mm}} are there'}}}}}}", retry: ", retry: {count: 1, every: 0s}", allow: new Allowed { Commands = true, PrivateAddresses = true });
        Assert.Equal(WindowState.Succeeded, view.Window.State);
        var calls = await heard;
        Assert.Equal(calls[0].Key, calls[1].Key);
        Assert.Contains("\"text\":\"sales of 23:00 are there\"", calls[1].Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Files_that_arrived_and_are_finished_make_one_window_together()
    {
        _world = new(Appending.In(Databases.Sqlite()), new Appending());
        await _world.Says("drops: {trigger: {event: {path: sales/, created: '*.csv', settle: 30s}}, steps: [{command: {run: [append]}}]}");
        await _world.Look();
        var folder = Directory.CreateDirectory(Path.Combine(_world.Get<Settings>().Data, "inbox", "shop", "sales")).FullName;
        async Task Arrive(string name, TimeSpan ago)
        {
            await File.WriteAllTextAsync(Path.Combine(folder, name), "a,b", Stop);
            File.SetLastWriteTimeUtc(Path.Combine(folder, name), (_world!.Clock.GetUtcNow() - ago).UtcDateTime);
        }

        await Arrive("one.csv", TimeSpan.FromMinutes(1));
        await Arrive("two; rm -rf ~.csv", TimeSpan.FromMinutes(1));
        await Arrive("still.csv", TimeSpan.FromSeconds(29));
        await Arrive("note.txt", TimeSpan.FromMinutes(1));
        File.CreateSymbolicLink(Path.Combine(folder, "secret.csv"), "/etc/passwd");
        _world.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(1, await _world.Work());
        var first = Assert.Single(await _world.Windows("drops"));
        Assert.Equal(["sales/one.csv", "sales/still.csv", "sales/two; rm -rf ~.csv"], (await _world.Pipelines.Window("shop", "drops", first.StartAt, Stop))!.Files);
        _world.Clock.Advance(TimeSpan.FromMinutes(10));
        Assert.Equal(0, await _world.Work());
        await Arrive("one.csv", TimeSpan.FromMinutes(2));
        _world.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(1, await _world.Work());
    }

    public async ValueTask DisposeAsync()
    {
        if (_world is not null)
            await _world.DisposeAsync();
    }

    private static int FreePort()
    {
        using var probe = new System.Net.Sockets.TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }

    /// <summary>Runs one window with these steps; with no step of the test's own, the real ones.</summary>
    private async Task<WindowView> Run(IStep? step, string steps, string retry = "", Allowed? allow = null)
    {
        _world = step is null ? new(Databases.Sqlite(), TimeProvider.System, allow) : new(Appending.In(Databases.Sqlite()), step);
        var start = _world.Time.GetUtcNow().AddDays(-1);
        await _world.Says($"sales: {{trigger: {{tumbling: {{every: 1h, start: \"{start:yyyy-MM-dd}T23:00Z\", end: \"{start.AddDays(1):yyyy-MM-dd}T00:00Z\"{retry}}}}}, steps: [{steps}]}}");
        await _world.Work();
        await _world.Work();
        var window = Assert.Single(await _world.Windows());
        return (await _world.Pipelines.Window("shop", "sales", window.StartAt, Stop))!;
    }

    private sealed class EmptyPool() : DbException("the pool is empty")
    {
        public override bool IsTransient => true;
    }
}
