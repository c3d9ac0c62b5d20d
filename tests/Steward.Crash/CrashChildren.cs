using System.Diagnostics;
using Steward;
using Steward.Work;

/// <summary>Children that do what children do: work, refuse, fall over, eat, sleep.</summary>
internal static class CrashChildren
{
    public static IEnumerable<IChild> All { get; } =
    [
        new Child("count", async (folder, tell, stop) =>
        {
            for (var i = 1; i <= 4; i++)
                tell(i / 4.0, $"{i} of 4");
            Console.WriteLine("a library says hello");
            await File.WriteAllTextAsync(Path.Combine(folder, "made"), await File.ReadAllTextAsync("given", stop) + " and counted", stop);
        }),
        new Child("refuse", (_, _, _) => throw ProblemException.Invalid("no_fruit", "There is no fruit in 'basket'.", "Add some.")),
        new Child("fall", (_, _, _) => throw new InvalidOperationException("a bug in the child")),
        new Child("crash", (_, _, _) =>
        {
            Environment.FailFast("deep inside");
            return Task.CompletedTask;
        }),
        new Child("eat", async (_, tell, stop) =>
        {
            var eaten = new List<byte[]>();
            while (true)
            {
                eaten.Add(GC.AllocateUninitializedArray<byte>(16 << 20, pinned: true));
                eaten[^1].AsSpan().Fill(1);
                tell(null, $"{eaten.Count * 16} MB");
                await Task.Delay(5, stop);
            }
        }),
        new Child("sleep", async (_, tell, stop) =>
        {
            using var grandchild = Process.Start("setsid", ["sleep", "1000"]);
            tell(0.1, $"{Environment.ProcessId} {grandchild.Id}");
            await Task.Delay(Timeout.InfiniteTimeSpan, stop);
        }),
        new Child("stubborn", async (_, tell, _) =>
        {
            tell(0.1, $"{Environment.ProcessId}");
            await Task.Delay(Timeout.InfiniteTimeSpan, CancellationToken.None);
        }),
    ];

    private sealed class Child(string name, Func<string, Action<double?, string?>, CancellationToken, Task> run) : IChild
    {
        public string Name => name;

        public Task Run(string folder, Action<double?, string?> tell, CancellationToken stop) => run(folder, tell, stop);
    }
}
