using Steward.Testing;
using Steward.Onnx;

namespace Steward.Serving.Tests;

public sealed class LiveTests : IDisposable
{
    private readonly Live _live = new(new Endpoint("fruit", "p", "fruit", null, 0, null, default), TimeProvider.System);

    [Fact]
    public void Nothing_answers_before_the_first_version() => Assert.Null(_live.Enter());

    [Fact]
    public async Task A_swap_under_load_fails_no_run_and_every_answer_knows_its_version()
    {
        _live.Swap(1, () => Version(1), 1);
        using var over = new CancellationTokenSource();
        var callers = Enumerable.Range(0, 4).Select(_ => Task.Run(() =>
        {
            var runs = 0;
            do
            {
                var model = _live.Enter()!;
                Assert.Equal(model.Version % 2 == 1 ? 0 : 1, Answer(model));
                model.Leave();
                runs++;
            }
            while (!over.IsCancellationRequested);

            return runs;
        })).ToList();
        for (var epoch = 2; epoch <= 60; epoch++)
            _live.Swap(epoch, () => Version(epoch), epoch);
        await over.CancelAsync();
        Assert.All(await Task.WhenAll(callers), runs => Assert.True(runs > 0));
        Assert.Equal(60, _live.CurrentVersion);
    }

    [Theory]
    [InlineData(null, 90, 30)]
    [InlineData("letterbox", 90, 90)]
    [InlineData("crop", 30, 30)]
    public void Who_asks_makes_pictures_square_as_the_model_learned_them(string? square, int width, int height)
    {
        using var model = LoadedVersion.Load(1, SmallModels.Colours(square: square));
        // Red ends and a blue middle.
        var wide = Drawing.Picture.FromRgb(90, 30, [.. Enumerable.Range(0, 90 * 30).SelectMany(i => i % 90 is >= 30 and < 60 ? new byte[] { 0, 0, 255 } : [255, 0, 0])]);
        var read = model.Picture!.Read(wide.EncodePng(), 100_000);
        Assert.Equal((width, height), (read.Width, read.Height));
        Assert.Equal(square == "crop", read.Rgb.Chunk(3).All(pixel => pixel is [0, 0, 255]));
    }

    [Fact]
    public void The_version_before_stays_warm_so_that_the_way_back_loads_nothing()
    {
        _live.Swap(1, () => Version(1), 1);
        _live.Swap(2, () => Version(2), 2);
        _live.Swap(1, () => throw new InvalidOperationException("loaded again"), 3);
        Assert.Equal(1, _live.CurrentVersion);
        Assert.Equal(2, _live.PreviousVersion);
    }

    [Fact]
    public void A_promotion_that_comes_late_changes_nothing()
    {
        _live.Swap(2, () => Version(2), 5);
        _live.Swap(1, () => Version(1), 4);
        Assert.Equal(2, _live.CurrentVersion);
    }

    [Fact]
    public void A_version_in_use_is_let_go_when_its_last_user_leaves()
    {
        _live.Swap(1, () => Version(1), 1);
        var held = _live.Enter()!;
        _live.Swap(2, () => Version(2), 2);
        _live.Swap(3, () => Version(3), 3);
        Assert.Null(_live.Enter(1));
        Assert.Equal(0, Answer(held));
        held.Leave();
        Assert.False(held.TryEnter());
    }

    [Fact]
    public void A_model_that_others_made_is_not_served_in_this_process()
    {
        var refused = Assert.Throws<ProblemException>(() => LoadedVersion.Load(1, SmallModels.Colours(producer: "pytorch")));
        Assert.Equal("model_foreign", refused.Code);
    }

    public void Dispose() => _live.Dispose();

    /// <summary>Odd versions see red in everything, even ones green.</summary>
    private static LoadedVersion Version(int version) => LoadedVersion.Load(version, SmallModels.Colours(version % 2 == 1 ? 50 : -50));

    private static int Answer(LoadedVersion model)
    {
        using var picture = OnnxValue.Of<byte>(new byte[] { 10, 200, 10 }, 1, 1, 1, 3);
        var outputs = model.Run(new Dictionary<string, OnnxValue> { ["image"] = picture }, ["probabilities"], CancellationToken.None);
        var guess = Classifier.Read(outputs[0].Data<float>());
        outputs[0].Dispose();
        return guess.Label;
    }
}
