using System.Net;
using System.Net.Http.Json;
using System.Net.ServerSentEvents;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Steward.Identity;
using Steward.Storage;
using Steward.Testing;
using Steward.Work;

namespace Steward.Core.Tests;

/// <summary>Tasks as callers of the HTTP interface meet them.</summary>
public sealed class TaskRoutesTests() : TestHost(furnish: services => services.AddSingleton<IWorkHandler, Patient>())
{
    private static readonly TaskCompletionSource Go = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_task_is_listed_shown_watched_to_its_end_and_cancelled_over_http()
    {
        var waiting = await Add("later", DateTimeOffset.UtcNow.AddDays(1));
        var running = await Add("now");
        await Eventually.True("it runs", async () => (await Get<TaskView>($"/{running.Id}")).Message is not null, Stop);
        Assert.Equal(["now", "later"], (await Get<List<TaskView>>("?limit=5")).Select(task => task.Key));
        Assert.Single(await Get<List<TaskView>>("?limit=1"));
        Assert.Equal(7, (await Get<TaskView>($"/{running.Id}")).Payload.GetInt32());

        using var live = await Http.GetAsync($"/api/projects/home/tasks/{running.Id}/live", HttpCompletionOption.ResponseHeadersRead, Stop);
        Assert.Equal("text/event-stream", live.Content.Headers.ContentType?.MediaType);
        var seen = new List<TaskView>();
        await foreach (var item in SseParser.Create(await live.Content.ReadAsStreamAsync(Stop), (_, data) => JsonSerializer.Deserialize<TaskView>(data, Json.Options)!).EnumerateAsync(Stop))
        {
            Assert.Equal("task", item.EventType);
            seen.Add(item.Data);
            Go.TrySetResult();
        }

        Assert.Equal((WorkState.Running, 0.25, "a quarter"), (seen[0].State, seen[0].Progress, seen[0].Message));
        Assert.Equal((WorkState.Done, "well done"), (seen[^1].State, seen[^1].Result?.GetString()));

        using var cancelled = await Http.PostAsync($"/api/projects/home/tasks/{waiting.Id}/cancel", null, Stop);
        Assert.Equal(WorkState.Cancelled, (await cancelled.Content.ReadFromJsonAsync<TaskView>(Json.Options, Stop))!.State);
        using var late = await Http.PostAsync($"/api/projects/home/tasks/{running.Id}/cancel", null, Stop);
        Assert.Equal(HttpStatusCode.Conflict, late.StatusCode);
        Assert.Equal(1, await Services.GetRequiredService<Db>().One<long>("SELECT count(*) FROM audit_entry WHERE action = 'task.cancelled' AND project = 'home'", stop: Stop));
    }

    [Theory]
    [InlineData("")]
    [InlineData("/live")]
    public async Task The_task_of_another_project_is_not_there(string more)
    {
        var task = await Add("mine", DateTimeOffset.UtcNow.AddDays(1));
        using var reply = await Http.GetAsync($"/api/projects/abroad/tasks/{task.Id}{more}", Stop);
        Assert.Equal(HttpStatusCode.NotFound, reply.StatusCode);
        Assert.Contains("task_not_found", await reply.Content.ReadAsStringAsync(Stop), StringComparison.Ordinal);
    }

    private Task<WorkTask> Add(string key, DateTimeOffset? notBefore = null)
        => Services.GetRequiredService<ILedger>().Add(new NewTask("home", "patience", key, 7, NotBefore: notBefore), Who.Steward, Stop);

    private async Task<T> Get<T>(string path) => (await Http.GetFromJsonAsync<T>("/api/projects/home/tasks" + path, Json.Options, Stop))!;

    private sealed class Patient : IWorkHandler
    {
        public string Kind => "patience";

        public async Task<Func<Tx, Task<object?>>> Do(WorkContext context, CancellationToken stop)
        {
            await context.Report(0.25, "a quarter");
            await Go.Task.WaitAsync(stop);
            return _ => Task.FromResult<object?>("well done");
        }
    }
}
