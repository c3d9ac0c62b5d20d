using Microsoft.Extensions.DependencyInjection;
using Steward.Blobs;
using Steward.Identity;
using Steward.Models;
using Steward.Onnx;
using Steward.Testing;

namespace Steward.Serving.Tests;

/// <summary>How long an answer takes is measured when a version is checked, and asked against a limit.</summary>
public class LatencyGateTests(PlainServed served) : IClassFixture<PlainServed>
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private IModels Models => served.Services.GetRequiredService<IModels>();

    [Fact]
    public async Task A_picture_model_is_asked_with_pictures_and_the_figure_has_its_count()
    {
        var told = await Check("<= 60000", SmallModels.Colours(side: 8));
        Assert.True(told.Passed, told.Why);
        Assert.Equal("95 of 100 answers within 60000 ms", told.Title);
        Assert.Matches(@"^[\d.]+ ms$", told.Measured);
        Assert.Equal("n 60", told.Spread);
        Assert.Matches("with (a made picture|[0-9]+ pictures? that w)", told.Why);
    }

    [Fact]
    public async Task A_limit_that_nothing_keeps_fails_with_the_figure_and_what_would_help()
    {
        var told = await Check("<= 0.0001", SmallModels.Colours(side: 8));
        Assert.False(told.Passed);
        Assert.Contains("the quietest of 3 rounds", told.Why, StringComparison.Ordinal);
        Assert.Contains("steward model check colours@", told.Try!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_model_of_numbers_is_asked_with_zeros()
        => Assert.Contains("with rows of zeros", (await Check("<= 60000", SmallModels.Echo(ElementType.Float))).Why, StringComparison.Ordinal);

    [Fact]
    public async Task A_model_that_this_server_would_not_load_does_not_pass()
    {
        var told = await Check("<= 60000", SmallModels.Colours(producer: "somebody else"));
        Assert.False(told.Passed);
        Assert.Contains("made by 'somebody else'", told.Why, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Measuring_again_gives_another_figure_and_the_same_seal()
    {
        await Put("<= 60000");
        // Large enough that its time is never the same for long.
        var first = await Register(SmallModels.Colours(side: 128));
        for (var again = 0; again < 40; again++)
        {
            var next = await Models.Check(Who.Steward, "shop", "colours", first.Version, Stop);
            Assert.Equal(first.Seal.Digest, next.Seal.Digest);
            if (next.Gates[0].Measured != first.Gates[0].Measured)
                return;
        }

        Assert.Fail("Forty measurements gave the same figure.");
    }

    private async Task<GateResult> Check(string limit, byte[] onnx)
    {
        await Put(limit);
        return Assert.Single((await Register(onnx)).Gates);
    }

    private Task Put(string limit) => served.Says(Served.Plain, $"gates:\n  - {{latency_p95_ms: \"{limit}\"}}\n");

    private async Task<ModelVersion> Register(byte[] onnx)
    {
        var blob = await served.Services.GetRequiredService<IBlobs>().Put(onnx, Stop);
        return await Models.Register(Who.Steward, new("shop", "colours", Names.NewId(), "pictures@1", blob.Digest), Stop);
    }
}
