using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Steward.Audit;
using Steward.Data;
using Steward.Events;
using Steward.Identity;
using Steward.Models;
using Steward.Outside;
using Steward.Pipelines;
using Steward.Projects;
using Steward.Storage;
using Steward.Tracking;
using Steward.Training;
using Steward.Work;

namespace Steward.Bench;

/// <summary>How many windows a second go through their whole life, and how quickly a backfill of ten thousand is made and cancelled.</summary>
internal static class Windows
{
    private const int Count = 10_000;

    public static async Task<string> Run(string folder)
    {
        var rows = new List<string[]>();
        foreach (var (workers, slots) in new[] { (2, 2), (8, 16), (32, 50) })
        {
            var settings = new Settings { Data = Path.Combine(folder, $"{workers}"), Workers = workers };
            Directory.CreateDirectory(settings.Data);
            IRoom[] rooms = [new DataRoom(), new TrackingRoom(), new ModelsRoom(), new TrainingRoom(), new PipelinesRoom()];
            var services = new ServiceCollection().AddLogging().AddSingleton(settings).AddSingleton(TimeProvider.System).AddStorage(settings).AddAudit().AddEvents().AddWork().AddOutside(settings).AddProjects([.. rooms.SelectMany(room => room.Sections)]);
            foreach (var room in rooms)
                room.Furnish(services);
            await using var server = services.BuildServiceProvider();
            await server.GetRequiredService<Db>().Migrate([typeof(IRoom).Assembly, .. rooms.Select(room => room.GetType().Assembly)]);
            var hosted = server.GetServices<IHostedService>().ToList();
            await server.GetRequiredService<IProjects>().Put($"steward: 1\nproject: bench\npipelines: {{sales: {{trigger: {{tumbling: {{every: 5m, start: \"{DateTimeOffset.UtcNow.AddMinutes(-5 * Count):yyyy-MM-ddTHH:mmZ}\", max_concurrency: {slots}}}}}}}}}", Who.Steward);
            var began = Stopwatch.GetTimestamp();
            foreach (var one in hosted)
                await one.StartAsync(CancellationToken.None);
            var pipelines = server.GetRequiredService<IPipelines>();
            while ((await pipelines.Get("bench", "sales")).Counts.GetValueOrDefault("succeeded") < Count - 1)
                await Task.Delay(50);
            var took = Stopwatch.GetElapsedTime(began);
            var asked = await pipelines.Ask(Who.Open, "bench", "sales", new(Origin.Rerun, null, null));
            await Task.Delay(100);
            began = Stopwatch.GetTimestamp();
            await pipelines.Cancel(Who.Open, "bench", "sales", null, null, asked.Request);
            var cancel = Stopwatch.GetElapsedTime(began);
            foreach (var one in hosted.AsEnumerable().Reverse())
                await one.StopAsync(CancellationToken.None);
            rows.Add([$"{workers} / {slots}", Report.Number(Count / took.TotalSeconds), Report.Number(cancel.TotalMilliseconds)]);
        }

        return $"{Count:N0} past windows of 5 minutes without steps, from the project file to the last that succeeded: rows made as they are due, slots, a task of the ledger each, its end with the window, the run and the event. SQLite, `synchronous=FULL`. "
            + "Then all are asked for again, and that is cancelled while they run.\n\n" + Report.Table(["workers / slots", "windows/s", "ms to cancel"], rows);
    }
}
