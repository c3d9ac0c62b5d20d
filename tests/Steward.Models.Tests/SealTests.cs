using CsCheck;

namespace Steward.Models.Tests;

public class SealTests
{
    private static readonly Digest Model = Digest.Of("model"), Rules = Digest.Of("rules");

    private static Evidence Facts(double f1, string data = "pictures@1", string run = "r1", bool passed = true) => new(
        new Dictionary<string, double> { ["test.f1_macro"] = f1, ["test.n"] = 240 }, data, run,
        new Dictionary<string, string> { ["card.json"] = Digest.Of("card").Hex }, [new("metric", "f1", passed, "0.9", "0.85", "because")]);

    [Fact]
    public void Any_change_of_model_evidence_or_policy_gives_another_seal()
    {
        var seals = new[]
        {
            Seal.Of(Model, Facts(0.9), Rules), Seal.Of(Digest.Of("modem"), Facts(0.9), Rules), Seal.Of(Model, Facts(0.9), Digest.Of("other")),
            Seal.Of(Model, Facts(0.9000000000000001), Rules), Seal.Of(Model, Facts(0.9, data: "pictures@2"), Rules),
            Seal.Of(Model, Facts(0.9, run: "r2"), Rules), Seal.Of(Model, Facts(0.9, passed: false), Rules),
        };
        Assert.Equal(seals.Length, seals.Select(seal => seal.Digest).Distinct().Count());
    }

    [Fact]
    public void What_a_version_was_made_from_is_sealed_and_seals_from_before_it_was_kept_are_what_they_were()
    {
        var before = $$$"""{"evidence":{"artifacts":{"card.json":"{{{Digest.Of("card").Hex}}}"},"data":"pictures@1","gates":[],"metrics":{"test.n":240},"run":"r1"},"model":"{{{Model.Hex}}}","policy":"{{{Rules.Hex}}}"}""";
        var facts = Evidence.Of(new Dictionary<string, double> { ["test.n"] = 240 }, "pictures@1", "r1", new Dictionary<string, Digest> { ["card.json"] = Digest.Of("card") }, [], null);
        Assert.Equal(Digest.Of(before), Seal.Of(Model, facts, Rules).Digest);
        var made = new Tracking.Lineage { Commit = new('a', 40), Dirty = true, Changes = Digest.Of("diff"), Data = Digest.Of("data"), Environment = Digest.Of("lock"), ProjectFile = 1 };
        Tracking.Lineage[] others = [made, made with { Commit = new('b', 40) }, made with { Dirty = false }, made with { Changes = Digest.Of("other") }, made with { Data = Digest.Of("other") }, made with { Environment = null }, made with { ProjectFile = 2 }];
        Assert.Equal(others.Length, others.Select(one => Seal.Of(Model, facts with { Lineage = one }, Rules).Digest).Distinct().Count());
    }

    [Fact]
    public void The_order_of_metrics_does_not_matter() => Gen.Shuffle((string[])["a", "b", "c", "d"]).Sample(keys =>
        Assert.Equal("""{"a":1,"b":1,"c":1,"d":1}""", System.Text.Encoding.UTF8.GetString(Canonical.Bytes(keys.ToDictionary(key => key, _ => 1)))));

    [Fact]
    public void People_see_five_words_of_a_list_of_1024()
    {
        Assert.Equal(1024, Fingerprint.All.Distinct().Count());
        Assert.All(Fingerprint.All, word => Assert.Matches("^[a-z]{3,7}$", word));
        var first = Fingerprint.All[0];
        var zero = Digest.FromHash(new byte[32]);
        Assert.Equal(string.Join('-', Enumerable.Repeat(first, 5)), Fingerprint.Of(zero));
    }

    [Fact]
    public void One_changed_bit_of_the_first_fifty_changes_exactly_one_word() => Gen.Int[0, 49].Sample(bit =>
    {
        var hash = new byte[32];
        var before = Fingerprint.Of(Digest.FromHash(hash)).Split('-');
        hash[bit / 8] ^= (byte)(0x80 >> (bit % 8));
        var after = Fingerprint.Of(Digest.FromHash(hash)).Split('-');
        Assert.Equal(bit / 10, Assert.Single(Enumerable.Range(0, 5), i => before[i] != after[i]));
    });
}
