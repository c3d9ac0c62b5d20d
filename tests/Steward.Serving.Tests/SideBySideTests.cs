using Microsoft.Extensions.DependencyInjection;
using Steward.Blobs;
using Steward.Identity;
using Steward.Models;
using Steward.Projects;
using Steward.Testing;

namespace Steward.Serving.Tests;

/// <summary>Several models answer on one server, each under its own name.</summary>
public sealed class SideBySideTests : IAsyncLifetime
{
    private readonly Served _host = new("endpoints: {colours: colours, shades: shades}");
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Two_projects_and_two_models_of_one_project_answer_at_once_and_never_for_each_other()
    {
        await _host.Services.GetRequiredService<IProjects>().Put("steward: 1\nproject: other\nserve: {endpoint: tints}\n", Who.Steward, Stop);
        await Promote("shop", "colours", 1);
        await Promote("shop", "shades", 2);
        await Promote("other", "colours", 3);
        string[] names = ["colours", "shades", "tints"];
        await Eventually.True("all three serve", () => names.All(name => _host.Services.GetRequiredService<Fleet>().Find(name)?.IsReady == true), Stop);
        // Twelve clients at once: a few hundred would fill the waiting room, which is another promise.
        await Parallel.ForAsync(0, 300, new ParallelOptions { MaxDegreeOfParallelism = 12, CancellationToken = Stop }, async (i, stop) =>
            Assert.Equal((i % 3) + 1, await Callers.Ask(_host.Http, $"{i}", stop, names[i % 3])));
        Assert.Equal(["colours", "shades"], (await _host.Services.GetRequiredService<IEndpoints>().All("shop", Stop)).Select(one => one.Name));
    }

    public ValueTask InitializeAsync() => _host.InitializeAsync();

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    /// <summary>So many versions, the last of which serves: its number tells the models apart.</summary>
    private async Task Promote(string project, string model, int versions)
    {
        var blob = await _host.Services.GetRequiredService<IBlobs>().Put(SmallModels.Colours(side: 8), Stop);
        for (var i = 0; i < versions; i++)
            await _host.Services.GetRequiredService<IModels>().Register(Who.Steward, new(project, model, Names.NewId(), "pictures@1", blob.Digest), Stop);
        await _host.Services.GetRequiredService<IPromotions>().Promote(Who.Steward, project, model, versions, stop: Stop);
    }
}
