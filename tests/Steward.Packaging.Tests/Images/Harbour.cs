using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Steward.Blobs;
using Steward.Identity;
using Steward.Models;
using Steward.Packaging.Images;
using Steward.Projects;
using Steward.Testing;
using Steward.Work;

namespace Steward.Packaging.Tests.Images;

/// <summary>A whole server with two projects; in one of them a model that names colours.</summary>
public sealed class Harbour : TestHost
{
    public const string Project = "paint", Other = "secret";

    public Harbour() { }

    internal Harbour(Func<Settings, Settings> change) : base(change) { }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        foreach (var project in new[] { Project, Other })
            await Services.GetRequiredService<IProjects>().Put($"steward: 1\nproject: {project}\npackage:\n  image: {{name: colours}}\n", Who.Steward);
    }

    /// <summary>Registers a version whose answers lean by <paramref name="bias"/>; the same arguments are the same version on every server.</summary>
    public async Task<ModelVersion> Version(float bias, string project = Project, string model = "colours")
    {
        var blobs = Services.GetRequiredService<IBlobs>();
        var onnx = await blobs.Put(SmallModels.Colours(bias));
        var card = await blobs.Put(Encoding.UTF8.GetBytes("{\"labels\":[\"red\",\"green\",\"blue\"]}"));
        return await Services.GetRequiredService<IModels>().Register(Who.Steward, new(project, model, $"run-{bias}", "pictures@1", onnx.Digest)
        {
            Metrics = new Dictionary<string, double> { ["test.f1_macro"] = 0.9, ["test.n"] = 240 },
            Artifacts = new Dictionary<string, Digest> { ["card.json"] = card.Digest },
        });
    }

    public async Task<ImageBuild> Build(string model, object? ground = null, string project = Project)
    {
        using var asked = await Http.PostAsJsonAsync($"/api/projects/{project}/images", new { model, @base = ground }, Json.Options, Stop);
        Assert.True(asked.IsSuccessStatusCode, await asked.Content.ReadAsStringAsync(Stop));
        var task = (await asked.Content.ReadFromJsonAsync<TaskView>(Json.Options, Stop))!;
        // The task tells how it goes until it is over; then the stream ends.
        await using (var live = await Http.GetStreamAsync($"/api/projects/{project}/tasks/{task.Id}/live", Stop))
            await live.CopyToAsync(Stream.Null, Stop);
        task = (await Http.GetFromJsonAsync<TaskView>($"/api/projects/{project}/tasks/{task.Id}", Json.Options, Stop))!;

        if (task.State is not WorkState.Done)
            throw ProblemException.Invalid(task.ErrorCode!, task.Error!);
        var version = task.Payload.GetProperty("version").GetInt32();
        return (await Show(task.Payload.GetProperty("model").GetString()!, version, project)).Newest;
    }

    public async Task<ImageView> Show(string model, int version, string project = Project)
        => (await Http.GetFromJsonAsync<ImageView>($"/api/projects/{project}/images/{model}/{version}", Json.Options, Stop))!;

    /// <summary>Becomes the admin, and gives a token.</summary>
    public async Task<string> Token()
    {
        var link = await Services.GetRequiredService<FirstStart>().Link(Stop) ?? throw new InvalidOperationException("There are people already.");
        using var welcome = await Http.PostAsJsonAsync("/api/welcome", new { link = link[(link.IndexOf('=', StringComparison.Ordinal) + 1)..], user = "root", password = "four odd words together" }, Stop);
        Assert.True(welcome.IsSuccessStatusCode, await welcome.Content.ReadAsStringAsync(Stop));
        using var signedIn = await Http.PostAsJsonAsync("/api/sign-in", new { user = "root", password = "four odd words together" }, Stop);
        using var json = JsonDocument.Parse(await signedIn.Content.ReadAsStringAsync(Stop));
        return json.RootElement.GetProperty("secret").GetString()!;
    }
}
