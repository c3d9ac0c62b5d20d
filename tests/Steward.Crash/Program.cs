using Microsoft.Extensions.DependencyInjection;
using Steward;
using Steward.Blobs;
using Steward.Storage;
using Steward.Work;

// Processes for tests that watch them, starve them or kill them.
return args switch
{
    ["child", .. var words] => await ChildMain.Run(() => CrashChildren.All, words),
    ["jobs", var folder] => await Jobs(folder),
    ["work", var folder, var address] => await StepWorker.Run(folder, address),
    ["windows", var folder, var address, var shelf, var workers] => await WindowWorker.Run(folder, address, shelf, int.Parse(workers)),
    [var mode, var folder] => await Write(mode, folder),
    _ => 2,
};

// A writer that says "ack N" after each write was acknowledged.
static async Task<int> Write(string mode, string folder)
{
    var services = new ServiceCollection().AddStorage(new Settings { Data = folder }).BuildServiceProvider();
    await using var db = services.GetRequiredService<Db>();
    var blobs = services.GetRequiredService<IBlobs>();
    await db.Run("CREATE TABLE IF NOT EXISTS note (id bigint PRIMARY KEY, body text NOT NULL)");
    var body = new string('x', 2000);
    for (var i = 0L; mode != "once" || i < 5; i++)
    {
        try
        {
            if (mode == "blobs")
                await blobs.Put(new byte[40_000].Select((_, at) => (byte)(at * i)).ToArray());
            else
                await db.Run("INSERT INTO note (id, body) VALUES (@i, @body)", new { i, body });
        }
        catch (ProblemException problem)
        {
            Console.WriteLine($"refused {problem.Code}");
            await db.One<long>("SELECT count(*) FROM note");
            Console.WriteLine("alive");
            return 0;
        }

        Console.WriteLine($"ack {i}");
    }

    return 0;
}

// A server whose jobs sleep, each with a grandchild in a session of its own; says their ids and waits to be killed.
static async Task<int> Jobs(string folder)
{
    await using var services = new ServiceCollection().AddLogging().AddSingleton(new Settings { Data = folder }).AddWork().BuildServiceProvider();
    var executor = services.GetRequiredService<IExecutor>();
    var job = await executor.Submit(new JobSpec("sleep", ["sh", "-c", "setsid sleep 1000 & echo $! $$; wait"]) { Tasks = 3, AtOnce = 3 });
    for (var task = 0; task < 3; task++)
        await foreach (var line in executor.Logs(job, task, follow: true))
        {
            Console.WriteLine(line.Text);
            break;
        }

    Console.WriteLine("ready");
    await Task.Delay(Timeout.InfiniteTimeSpan);
    return 0;
}
