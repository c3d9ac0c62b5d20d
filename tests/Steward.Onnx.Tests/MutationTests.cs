namespace Steward.Onnx.Tests;

public class MutationTests
{
    private static readonly byte[] Sound = new Pictures().Model();

    [Fact]
    public void A_model_cut_anywhere_inside_its_graph_is_refused()
    {
        // After the graph come 20-odd bytes of operator set and metadata; a cut between those leaves a whole graph.
        foreach (var length in Enumerable.Range(0, Sound.Length - 80))
            Assert.Throws<OnnxRefusedException>(() => OnnxCheck.Require(Sound.AsSpan(0, length)));
    }

    [Fact]
    public void Damaged_models_are_refused_or_load_and_nothing_else()
    {
        var (refused, loaded) = (0, 0);
        for (var seed = 0; seed < 2_500; seed++)
        {
            var damaged = Damage(new Random(seed));
            // A clean walk and a refusing keep, or the other way round, would be two opinions on one file.
            var findings = OnnxCheck.Walk(damaged);
            try
            {
                using var file = OnnxFile.Keep(damaged);
                Assert.Empty(findings);
                using var session = OnnxSession.Open(file);
                loaded++;
            }
            catch (OnnxRefusedException error)
            {
                Assert.All(error.Findings, finding => Assert.False(string.IsNullOrWhiteSpace(finding.Sentence)));
                refused++;
            }
        }
        Assert.Equal(2_500, refused + loaded);
        Assert.True(refused > 1_000, $"{refused} of 2,500 damaged models were refused.");
    }

    private static byte[] Damage(Random random)
    {
        var bytes = Sound.ToArray();
        for (var flips = random.Next(1, 12); flips > 0; flips--) bytes[random.Next(bytes.Length)] ^= (byte)(1 << random.Next(8));
        return bytes;
    }
}
