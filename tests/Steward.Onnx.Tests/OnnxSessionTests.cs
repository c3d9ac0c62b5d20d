namespace Steward.Onnx.Tests;

public class OnnxSessionTests
{
    private static readonly Pictures Pictures = new();

    [Fact]
    public void A_written_model_computes_what_plain_code_computes()
    {
        using var file = OnnxFile.Keep(Pictures.Model());
        using var session = OnnxSession.Open(file);
        const int pictures = 5, bytes = Pictures.Size * Pictures.Size * 3;
        var pixels = new byte[pictures * bytes];
        new Random(7).NextBytes(pixels);
        using var image = OnnxValue.Of<byte>(pixels, pictures, Pictures.Size, Pictures.Size, 3);

        var results = session.Run(new Dictionary<string, OnnxValue> { ["image"] = image }, stop: TestContext.Current.CancellationToken);

        Assert.Equal([pictures, Pictures.Labels.Length], results[1].Shape);
        for (var index = 0; index < pictures; index++)
        {
            var (probabilities, embedding) = Pictures.ByHand(pixels.AsSpan(index * bytes, bytes));
            var best = probabilities.IndexOf(probabilities.Max());
            Assert.Equal(Pictures.Labels[best], results[0].Texts()[index]);
            for (var k = 0; k < probabilities.Length; k++)
                Assert.Equal(probabilities[k], results[1].Data<float>()[index * probabilities.Length + k], 1e-5);
            for (var f = 0; f < embedding.Length; f++)
                Assert.Equal(embedding[f], results[2].Data<float>()[index * embedding.Length + f], 1e-5);
        }
        foreach (var result in results) result.Dispose();
    }

    [Fact]
    public void Only_the_outputs_asked_for_come_back_in_that_order()
    {
        using var file = OnnxFile.Keep(Pictures.Model());
        using var session = OnnxSession.Open(file);
        using var image = OnnxValue.OfBytes(ElementType.UInt8, new byte[108], 1, 6, 6, 3);
        var results = session.Run(new Dictionary<string, OnnxValue> { ["image"] = image }, ["embedding", "label"], stop: TestContext.Current.CancellationToken);
        Assert.Equal([ElementType.Float, ElementType.String], results.Select(result => result.Type));
        foreach (var result in results) result.Dispose();
    }

    [Fact]
    public void An_input_of_the_wrong_shape_is_refused_by_name()
    {
        using var file = OnnxFile.Keep(Pictures.Model());
        using var session = OnnxSession.Open(file);
        using var image = OnnxValue.OfBytes(ElementType.UInt8, new byte[12], 1, 2, 2, 3);
        var error = Assert.Throws<OnnxRunException>(
            () => session.Run(new Dictionary<string, OnnxValue> { ["image"] = image }, stop: TestContext.Current.CancellationToken));
        Assert.Contains("image", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(3)]
    [InlineData(5)]
    [InlineData(-1)]
    [InlineData(long.MaxValue)]
    public void Memory_that_does_not_fill_its_shape_never_reaches_the_engine(long size) =>
        Assert.Throws<ArgumentException>(() => OnnxValue.Of<float>(new float[4], size));

    [Fact]
    public void An_endless_loop_ends_at_its_time_limit()
    {
        using var file = OnnxFile.Keep(Hostile.EndlessLoop());
        using var session = OnnxSession.Open(file);
        using var start = OnnxValue.Of<float>(new float[] { 1 }, 1);
        Assert.Throws<TimeoutException>(() => session.Run(
            new Dictionary<string, OnnxValue> { ["start"] = start }, timeout: TimeSpan.FromMilliseconds(200), stop: TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task An_endless_loop_ends_when_it_is_stopped()
    {
        using var file = OnnxFile.Keep(Hostile.EndlessLoop());
        using var session = OnnxSession.Open(file);
        using var start = OnnxValue.Of<float>(new float[] { 1 }, 1);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        var run = Task.Run(() => session.Run(new Dictionary<string, OnnxValue> { ["start"] = start }, stop: stop.Token), CancellationToken.None);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run);
    }
}
