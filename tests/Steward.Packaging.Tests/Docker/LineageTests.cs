using Microsoft.Extensions.DependencyInjection;
using Steward.Blobs;
using Steward.Identity;
using Steward.Models;
using Steward.Projects;
using Steward.Testing;

namespace Steward.Packaging.Tests.Docker;

/// <summary>Labels that lead from an image to where its model comes from.</summary>
public class LineageTests(LineageTests.Running host) : IClassFixture<LineageTests.Running>
{
    public sealed class Running() : TestHost;

    [Fact]
    public async Task The_labels_say_which_version_run_and_data_a_model_comes_from()
    {
        var editor = new Who("erin", "erin", new Dictionary<string, IReadOnlySet<Role>> { ["fruit"] = new HashSet<Role> { Role.Editor } });
        await host.Services.GetRequiredService<IProjects>().Put("steward: 1\nproject: fruit\n", editor, TestContext.Current.CancellationToken);
        var onnx = await host.Services.GetRequiredService<IBlobs>().Put(SmallModels.Colours(), TestContext.Current.CancellationToken);
        await host.Services.GetRequiredService<IModels>().Register(editor, new("fruit", "colours", "run-7", "pictures@3", onnx.Digest) { Code = "4f2a" }, TestContext.Current.CancellationToken);
        var here = new Here(Samples.Pip("3.11"));
        await here.Steward("env", "lock");
        var (exit, said, wrong) = await here.Steward("env", "docker", "--model", "colours@1", "--url", host.Url);
        Assert.True(exit == 0, said + wrong);
        var text = here.Read("Dockerfile");
        Assert.All((string[])["org.opencontainers.image.title=\"fruit\"", "org.opencontainers.image.version=\"colours@1\"", "org.opencontainers.image.revision=\"4f2a\"", "steward.model.run=\"run-7\"", "steward.model.data=\"pictures@3\"", $"steward.model.onnx=\"{onnx.Digest}\""],
            label => Assert.Contains(label, text, StringComparison.Ordinal));
    }
}
