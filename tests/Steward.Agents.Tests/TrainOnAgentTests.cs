using System.Net.Http.Json;
using Microsoft.Extensions.DependencyInjection;
using Steward.Blobs;
using Steward.Data;
using Steward.Host.Templates.Fruit;
using Steward.Identity;
using Steward.Projects;
using Steward.Testing;
using Steward.Tracking;
using Steward.Work;

namespace Steward.Agents.Tests;

/// <summary>A study whose tunes are tasks of agents ends as one that the server trains.</summary>
public sealed class TrainOnAgentTests(Plant plant) : IClassFixture<Plant>
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private IRuns Runs => plant.Services.GetRequiredService<IRuns>();

    [Fact]
    public async Task A_study_on_agents_gives_the_same_models_to_the_bit_and_names_a_broken_picture()
    {
        await plant.Services.GetRequiredService<IProjects>().Put($"steward: 1\nproject: {Plant.Project}\ntrain: {{filters: 8, run_on: 'agents:gpu', tunes: [{{name: one, l2: 0.1, epochs: 2}}, {{name: two, l2: 1, epochs: 2}}]}}\n", Who.Steward, Stop);
        await plant.Agent("trainer", ["gpu"]);
        await Pictures();
        var (here, there) = (await Trained("process"), await Trained(null));
        Assert.Equal(("process", "agents:gpu"), (here.Tags["on"], there.Tags["on"]));
        foreach (var (ours, theirs) in (await Runs.Children(here.Id, Stop)).Zip(await Runs.Children(there.Id, Stop)))
        {
            Assert.Equal(ours.Metrics, theirs.Metrics);
            Assert.Equal((await Runs.ArtifactsOf(ours.Id, Stop)).Select(file => (file.Name, file.Blob)), (await Runs.ArtifactsOf(theirs.Id, Stop)).Select(file => (file.Name, file.Blob)));
        }

        await Pictures(odd: "no picture"u8.ToArray());
        var failed = await Train(null);
        Assert.Equal(WorkState.Failed, failed.State);
        Assert.Contains("'odd/one.png' cannot be learned from", failed.Error, StringComparison.Ordinal);
    }

    private async Task Pictures(byte[]? odd = null)
    {
        var pictures = FruitPictures.Many(5, FruitPictures.KnownStyles, 0, 80);
        var blobs = plant.Services.GetRequiredService<IBlobs>();
        var kept = await blobs.PutMany([.. pictures.Select(picture => (ReadOnlyMemory<byte>)picture.Png)], Stop);
        List<Item> items = [.. pictures.Select((picture, i) => new Item($"{picture.Label}/{i:0000}.png", kept[i].Digest, picture.Label, (i / FruitPictures.Kinds.Count % 10) switch { < 6 => Split.Train, < 8 => Split.Valid, _ => Split.Test }, picture.Style))];
        if (odd is not null)
            items.Add(new("odd/one.png", (await blobs.Put(odd, Stop)).Digest, items[0].Label, Split.Train, "import"));
        await plant.Services.GetRequiredService<IDataSets>().Add(Who.Steward, Plant.Project, "pictures", new(Reason.Import, items), Stop);
    }

    private async Task<TaskView> Train(string? on)
    {
        using var reply = await plant.Http.PostAsJsonAsync($"/api/projects/{Plant.Project}/train", new { on }, Stop);
        var task = (await reply.Content.ReadFromJsonAsync<TaskView>(Json.Options, Stop))!;
        await Eventually.True("the training is over", async () => (task = (await plant.Http.GetFromJsonAsync<TaskView>($"/api/projects/{Plant.Project}/tasks/{task.Id}", Json.Options, Stop))!).IsOver, Stop);
        return task;
    }

    private async Task<Run> Trained(string? on)
    {
        var task = await Train(on);
        Assert.True(task.State is WorkState.Done, task.Error);
        return (await Runs.Newest(Plant.Project, stop: Stop)).First(run => run.Tags.GetValueOrDefault("task") == task.Id);
    }
}
