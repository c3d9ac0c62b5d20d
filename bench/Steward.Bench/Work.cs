using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Steward.Audit;
using Steward.Identity;
using Steward.Storage;
using Steward.Work;

namespace Steward.Bench;

/// <summary>What the ledger and the process engine cost: tasks through their whole life, and commands against starting them bare.</summary>
internal static class Work
{
    private static readonly string[] Kinds = ["bench"];

    public static async Task<string> Run(string folder)
    {
        var settings = new Settings { Data = folder };
        await using var services = new ServiceCollection().AddLogging().AddSingleton(settings).AddStorage(settings).AddAudit().AddWork().BuildServiceProvider();
        await services.GetRequiredService<Db>().Migrate([typeof(IRoom).Assembly]);
        return "A task's life is three durable writes: added, claimed, done with its effect. SQLite, `synchronous=FULL`.\n\n"
            + Report.Table(["workers", "tasks/s", "p50 ms", "p99 ms"], await Tasks(services.GetRequiredService<ILedger>()))
            + "\nA command is started in a session of its own with a clean environment and a private folder, its output is read, and when it is over all processes are looked at for descendants. "
            + "Bare is `Process.Start` with its output read to the end.\n\n"
            + Report.Table(["1,000 x /bin/true", "bare, per second", "ours, per second", "ours, ms more for each", "ours / bare"], await Commands(services.GetRequiredService<IExecutor>()));
    }

    private static async Task<List<string[]>> Tasks(ILedger ledger)
    {
        var rows = new List<string[]>();
        var number = 0;
        foreach (var workers in new[] { 1, 16, 64 })
        {
            var rate = await Measure.LoopAsync(async () =>
            {
                await ledger.Add(new NewTask("bench", "bench", $"{workers}/{Interlocked.Increment(ref number)}", 1), Who.Steward);
                if (await ledger.Claim(Kinds, "bench", TimeSpan.FromMinutes(1)) is { } claim)
                    await ledger.Complete(claim, _ => Task.FromResult<object?>(1));
            }, workers);
            rows.Add([workers.ToString(CultureInfo.InvariantCulture), Report.Number(rate.PerSecond), Report.Number(rate.P50 / 1000), Report.Number(rate.P99 / 1000)]);
        }

        return rows;
    }

    private static async Task<List<string[]>> Commands(IExecutor executor)
    {
        var rows = new List<string[]>();
        foreach (var atOnce in new[] { 1, 4 })
        {
            var bare = await Best(() => Parallel.ForEachAsync(Enumerable.Range(0, 1000), new ParallelOptions { MaxDegreeOfParallelism = atOnce }, async (_, stop) =>
            {
                using var process = Process.Start(new ProcessStartInfo("/bin/true") { RedirectStandardOutput = true })!;
                await process.StandardOutput.ReadToEndAsync(stop);
                await process.WaitForExitAsync(stop);
            }));
            var ours = await Best(async () => await executor.Wait(await executor.Submit(new JobSpec("bench", ["/bin/true"]) { Tasks = 1000, AtOnce = atOnce })));
            rows.Add([$"{atOnce} at once", Report.Number(1000 / bare.TotalSeconds), Report.Number(1000 / ours.TotalSeconds), Report.Number((ours - bare).TotalMilliseconds / 1000 * atOnce), Report.Ratio(bare / ours)]);
        }

        return rows;
    }

    private static async Task<TimeSpan> Best(Func<Task> once)
    {
        var best = TimeSpan.MaxValue;
        for (var round = 0; round < 3; round++)
        {
            var began = Stopwatch.GetTimestamp();
            await once();
            var took = Stopwatch.GetElapsedTime(began);
            best = took < best ? took : best;
        }

        return best;
    }
}
