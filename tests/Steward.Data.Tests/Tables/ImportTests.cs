using System.Net.Http.Json;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Steward.Blobs;
using Steward.Data.Tables;
using Steward.Storage;
using Steward.Work;

namespace Steward.Data.Tests.Tables;

/// <summary>An import is a task: on a server without workers of its own, the test is the worker.</summary>
public sealed class ImportTests() : Shop(furnish: services => services.Remove(services.Single(one => one.ImplementationType?.Name == "WorkLoop")))
{
    private const string Orders = "id,customer\n1,ana\n2,bo\n";
    private static readonly string[] Imports = ["import"];

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private ILedger Ledger => Services.GetRequiredService<ILedger>();

    [Fact]
    public async Task A_file_that_came_is_read_after_a_restart_and_once_though_two_workers_had_it()
    {
        var task = await Send(Orders);
        var lost = (await Claim(TimeSpan.Zero))!;
        var late = await Do(lost);
        await Restart();
        var claim = (await Claim())!;
        Assert.Equal((task.Id, 2), (claim.Task.Id, claim.Task.Attempt));
        await Ledger.Complete(claim, await Do(claim), Stop);
        Assert.Equal("lease_lost", (await Assert.ThrowsAsync<ProblemException>(() => Ledger.Complete(lost, late, Stop))).Code);
        var snapshot = (await Newest())!;
        Assert.Equal((1, 2L, "open", task.Id), (snapshot.Version, snapshot.Rows, snapshot.By, snapshot.Task));
    }

    [Fact]
    public async Task An_import_says_how_far_it_is()
    {
        await Send("id,note\n" + string.Concat(Enumerable.Range(0, 60_000).Select(i => $"{i},{new string('x', 60)}\n")));
        List<(double Share, string Words)> told = [];
        var claim = (await Claim())!;
        await Ledger.Complete(claim, await Do(claim, told), Stop);
        Assert.Equal(["looks at orders.csv", "checks orders.csv", "writes orders.csv"], told.Select(one => one.Words).Distinct());
        Assert.Equal(told.Select(one => one.Share).Order(), told.Select(one => one.Share));
        Assert.True(told.Count > 4, "more than once while a file of several megabytes is checked");
        Assert.Equal(60_000, Json.Read<ImportView>((await Ledger.Find(claim.Task.Id, Stop))!.Result!).Written);
    }

    [Fact]
    public async Task A_cancelled_import_keeps_nothing_whether_it_waits_or_runs()
    {
        using var server = Server;
        var waits = await Send(Orders);
        await server.Post<TaskView>($"/api/projects/shop/tasks/{waits.Id}/cancel", null, Stop);
        Assert.Null(await Claim());
        await Send(Orders);
        var runs = (await Claim())!;
        var effect = await Do(runs);
        await server.Post<TaskView>($"/api/projects/shop/tasks/{runs.Task.Id}/cancel", null, Stop);
        Assert.Equal("task_cancelled", (await Assert.ThrowsAsync<ProblemException>(() => Ledger.Complete(runs, effect, Stop))).Code);
        using var stopped = new CancellationTokenSource();
        await stopped.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Do(runs, stop: stopped.Token));
        Assert.Null(await Newest());
    }

    [Fact]
    public async Task The_bytes_go_when_the_last_import_of_them_has_ended()
    {
        await Send(Orders);
        await Send(Orders);
        foreach (var left in (bool[])[true, false])
        {
            var claim = (await Claim())!;
            await Ledger.Complete(claim, await Do(claim), Stop);
            await Services.GetRequiredService<Expiry>().CleanUp(Stop);
            Assert.Equal(left, await Services.GetRequiredService<IShelf>().Size(Digest.Of(Orders), Stop) is not null);
        }

        Assert.Equal((2, 4L), ((await Newest())!.Version, (await Newest())!.Rows));
    }

    [Fact]
    public async Task An_import_that_fails_says_why_and_keeps_neither_rows_nor_bytes()
    {
        await Send("id\n1\nx\ny\n", "columns: [{name: id, type: BIGINT}]\nstop_if_bad: '> 10%'");
        var claim = (await Claim())!;
        await Ledger.Complete(claim, await Do(claim), Stop);
        var task = (await Ledger.Find(claim.Task.Id, Stop))!;
        Assert.Equal((WorkState.Failed, "too_many_bad_rows"), (task.State, task.ErrorCode));
        Assert.Contains("'orders.csv', line 3", task.Error, StringComparison.Ordinal);
        await Services.GetRequiredService<Expiry>().CleanUp(Stop);
        Assert.Null(await Services.GetRequiredService<IShelf>().Size(Digest.Of("id\n1\nx\ny\n"), Stop));
        Assert.Null(await Newest());
    }

    private async Task<TaskView> Send(string csv, string? schema = null)
    {
        using var body = new MultipartFormDataContent { { new StringContent(Json.Write(new { name = "orders.csv", schema }), Encoding.UTF8, "application/json"), "order" }, { new StringContent(csv), "file", "file" } };
        using var reply = await Http.PostAsync("/api/projects/shop/tables/silver.orders/import", body, Stop);
        Assert.Equal("", reply.IsSuccessStatusCode ? "" : await reply.Content.ReadAsStringAsync(Stop));
        return (await reply.Content.ReadFromJsonAsync<TaskView>(Json.Options, Stop))!;
    }

    private Task<Claim?> Claim(TimeSpan? lease = null) => Ledger.Claim(Imports, "w", lease ?? TimeSpan.FromMinutes(10), Stop);

    private Task<Func<Tx, Task<object?>>> Do(Claim claim, List<(double, string)>? told = null, CancellationToken? stop = null)
        => Services.GetRequiredService<Data.Tables.Imports>().Do(new(claim, (share, words) =>
        {
            told?.Add((share ?? 0, words ?? ""));
            return Task.CompletedTask;
        }), stop ?? Stop);

    private Task<TableSnapshot?> Newest() => Services.GetRequiredService<ITables>().Find("shop", TableReference.Parse("silver.orders"), Stop);
}
