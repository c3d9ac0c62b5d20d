using System.Text.Json;
using Steward.Testing;

namespace Steward.Journey.Tests;

/// <summary>A folder of pictures that nobody named, on the command line: heaps of them, or a queue of the most telling ones.</summary>
public sealed class UnnamedTests : IAsyncLifetime
{
    private readonly string _here = TestFolder.New(), _home = TestFolder.New();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_folder_is_brought_and_sorted_in_one_command()
    {
        var made = await Good("heaps", "make", "found", "--folder", OwnFolder.New(each: 10), "--count", "6");
        Assert.Contains("30 pictures to name: http", made.Out, StringComparison.Ordinal);
        Assert.Contains("/projects/loose/heaps/1", made.Out, StringComparison.Ordinal);
        var sorting = Json(await Good("heaps", "list", "--json"))[0];
        Assert.Equal((1, 30, "found", "open"), (sorting.GetProperty("number").GetInt32(), sorting.GetProperty("pictures").GetInt32(), sorting.GetProperty("dataSet").GetString(), sorting.GetProperty("state").GetString()));
        var heaps = Json(await Good("heaps", "show", "1", "--json")).EnumerateArray().ToList();
        Assert.InRange(heaps.Count, 2, 6);
        Assert.Equal(30, heaps.Sum(heap => heap.GetProperty("pictures").GetInt32()));
        // Folders name nothing here: people do.
        Assert.All(heaps, heap => Assert.False(heap.TryGetProperty("name", out _)));
        // The same folder once more brings nothing new, and what is there is sorted again.
        await Good("heaps", "make", "found", "--folder", OwnFolder.New(each: 10));
        Assert.Equal([30, 30], Json(await Good("heaps", "list", "--json")).EnumerateArray().Select(one => one.GetProperty("pictures").GetInt32()));
    }

    [Fact]
    public async Task A_folder_that_cannot_be_sorted_is_said_and_nothing_is_kept()
    {
        var broken = TestFolder.New();
        OwnFolder.Write(broken, "1.png", "no picture"u8.ToArray());
        foreach (var (folder, why) in new[] { (Path.Combine(_here, "nowhere"), "nowhere"), (TestFolder.New(), "picture"), (broken, "1.png") })
        {
            var refused = await Run("heaps", "make", "found", "--folder", folder);
            Assert.True(refused.ExitCode != 0, refused.ToString());
            Assert.Contains(why, refused.Error, StringComparison.Ordinal);
        }

        Assert.Equal(0, Json(await Good("heaps", "list", "--json")).GetArrayLength());
        Assert.Equal(0, Json(await Good("data", "list", "--json")).GetArrayLength());
    }

    [Fact]
    public async Task People_are_asked_about_typical_ones_and_told_why()
    {
        await Good("heaps", "make", "found", "--folder", OwnFolder.New(each: 10), "--detach");
        var asked = await Good("labels", "start", "found", "--names", "apple,banana,cherries", "--count", "5");
        Assert.Contains("5 pictures to name, the most typical ones, because no model was made from found yet: http", asked.Out, StringComparison.Ordinal);
        var queue = Json(await Good("labels", "queue", "--json"))[0];
        Assert.Equal(("typical", 5), (queue.GetProperty("chosen").GetString(), queue.GetProperty("items").GetInt32()));
    }

    public async ValueTask InitializeAsync()
    {
        await File.WriteAllTextAsync(Path.Combine(_here, "steward.yaml"), "steward: 1\nproject: loose\n", Stop);
        await Good("project", "send");
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private static JsonElement Json(Said said) => JsonDocument.Parse(said.Out).RootElement;

    private async Task<Said> Good(params string[] arguments)
    {
        var said = await Run(arguments);
        Assert.True(said.ExitCode == 0, $"steward {string.Join(' ', arguments)}: {said}");
        return said;
    }

    private Task<Said> Run(params string[] arguments) => Program.Run(_here, _home, Stop, arguments);
}
