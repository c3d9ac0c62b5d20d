using Microsoft.Extensions.DependencyInjection;
using Steward;
using Steward.Blobs;
using Steward.Storage;

// A writer that says "ack N" after each write was acknowledged, for tests that watch it, starve it or kill it.
var (mode, folder) = (args[0], args[1]);
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
