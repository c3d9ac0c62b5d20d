using Microsoft.Extensions.DependencyInjection;
using Steward.Blobs;
using Steward.Identity;
using Steward.Models;
using Steward.Projects;
using Steward.Testing;

namespace Steward.Serving.Tests;

/// <summary>The whole platform with a project whose model is registered and promoted through the real rooms.</summary>
public class Served(string serve = Served.Plain, Func<Settings, Settings>? change = null, Action<IServiceCollection>? furnish = null) : TestHost(change, furnish)
{
    public const string Plain = "endpoint: colours, limits: {body: 1MiB}";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        await Says(serve);
    }

    /// <summary>Puts the project file with this section, and more lines.</summary>
    public Task Says(string section, string more = "") => Services.GetRequiredService<IProjects>().Put($"steward: 1\nproject: shop\ntitle: Colours of the shop\nserve: {{{section}}}\n{more}", Who.Steward, Stop);

    /// <summary>Registers a model's bytes as the next version.</summary>
    public async Task<int> Register(byte[] onnx)
    {
        var blob = await Services.GetRequiredService<IBlobs>().Put(onnx, Stop);
        var version = await Services.GetRequiredService<IModels>().Register(Who.Steward, new("shop", "colours", Names.NewId(), "pictures@1", blob.Digest), Stop);
        return version.Version;
    }

    /// <summary>Puts models into this server's own blobs, as a shared store would.</summary>
    public async Task Keep(params byte[][] models)
    {
        foreach (var onnx in models)
            await Services.GetRequiredService<IBlobs>().Put(onnx, Stop);
    }

    /// <summary>Points production at a version, and waits until the endpoint has followed.</summary>
    public async Task Promote(int version)
    {
        await Point(version);
        await Follows(version);
    }

    public Task Point(int version) => Services.GetRequiredService<IPromotions>().Promote(Who.Steward, "shop", "colours", version, stop: Stop);

    public Task Follows(int version)
    {
        var (fleet, endpoints) = (Services.GetRequiredService<Fleet>(), Services.GetRequiredService<IEndpoints>());
        return Eventually.True($"the endpoint serves version {version}", async () =>
            fleet.Find("colours")?.CurrentVersion == version && (await endpoints.Find("colours", Stop))?.LiveVersion == version, Stop);
    }

    /// <summary>Registers and promotes two versions: one that sees red everywhere, then an honest one.</summary>
    public async Task ServeTwo()
    {
        await Promote(await Register(SmallModels.Colours(redBias: 50, side: 8)));
        await Promote(await Register(SmallModels.Colours(side: 8)));
    }
}

/// <summary>The same for the tests of a class together: a fixture takes no arguments.</summary>
public sealed class PlainServed() : Served();
