using System.Net.Http.Json;
using Microsoft.Extensions.DependencyInjection;
using Steward.Blobs;
using Steward.Identity;
using Steward.Models;
using Steward.Packaging.Images;
using Steward.Packaging.Kubernetes;
using Steward.Projects;
using Steward.Testing;

namespace Steward.Stories.Tests;

/// <summary>The story of a deployment is of what was really written, once a project has written it.</summary>
public sealed class DeploymentTests : TestHost
{
    private const string Project = "paint";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private static WrittenManifests Written => new("1", Project, "colours", 2, ManifestForm.Deployment, "colours", $"registry.example.com/colours@sha256:{new string('a', 64)}",
        new(3, 8, 0, 512 << 20, 2, "/v2/health/ready", 5, "/v2/health/live", 30), new("colours@2"), Digest.Of("x"), "erin", new(2026, 3, 10, 9, 0, 0, TimeSpan.Zero));

    public static TheoryData<string, Level> Readers => [.. from language in Catalogue.All from level in Enum.GetValues<Level>() select (language.Code, level)];

    [Theory]
    [MemberData(nameof(Readers))]
    public void What_was_written_is_told_clean_as_a_true_story_to_everybody(string language, Level level)
    {
        var (kind, book) = (Books.Kinds.Of("deployment"), DeploymentFacts.Read(Written));
        Assert.Empty(StoryLint.Of(kind, book, Catalogue.Of(language), level));
        var story = Storyteller.Tell(kind, book, Catalogue.Of(language), level);
        Assert.Equal(["setting", "ordered", "knocks", "limits"], story.Panels.Select(panel => panel.Beat));
        Assert.Null(story.Comic.Banner);
    }

    [Fact]
    public async Task Until_manifests_are_written_it_is_an_example_and_then_it_is_of_them()
    {
        var stories = Services.GetRequiredService<IStories>();
        await Services.GetRequiredService<IProjects>().Put($"steward: 1\nproject: {Project}\npackage:\n  push: registry.example.com/colours\n  kubernetes: {{replicas: [3, 8], memory: 256Mi}}\n", Who.Steward, Stop);
        Assert.True((await stories.Make(Who.Steward, Project, "deployment", null, Stop)).Book.IsExample);
        await Register();
        using var asked = await Http.PostAsJsonAsync($"/api/projects/{Project}/manifests", new { model = "colours@1" }, Json.Options, Stop);
        Assert.True(asked.IsSuccessStatusCode, await asked.Content.ReadAsStringAsync(Stop));
        var book = (await stories.Make(Who.Steward, Project, "deployment", null, Stop)).Book;
        Assert.False(book.IsExample);
        Assert.Equal((3, 8, 256.0 * 1024 * 1024), (book.Facts["rooms"].Value, book.Facts["rooms.most"].Value, book.Facts["memory"].Value));
    }

    /// <summary>A version with its image, as manifests need it.</summary>
    private async Task Register()
    {
        var onnx = await Services.GetRequiredService<IBlobs>().Put(SmallModels.Colours());
        await Services.GetRequiredService<IModels>().Register(Who.Steward, new(Project, "colours", "run-1", "pictures@1", onnx.Digest), Stop);
        using var ordered = await Http.PostAsJsonAsync($"/api/projects/{Project}/images", new { model = "colours@1" }, Json.Options, Stop);
        var task = (await ordered.Content.ReadFromJsonAsync<Steward.Work.TaskView>(Json.Options, Stop))!;
        await using (var live = await Http.GetStreamAsync($"/api/projects/{Project}/tasks/{task.Id}/live", Stop))
            await live.CopyToAsync(Stream.Null, Stop);
        Assert.NotNull(await Http.GetFromJsonAsync<ImageView>($"/api/projects/{Project}/images/colours/1", Json.Options, Stop));
    }
}
