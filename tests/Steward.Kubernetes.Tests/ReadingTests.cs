using CsCheck;

namespace Steward.Kubernetes.Tests;

/// <summary>What comes in is bounded, and is read as Kubernetes reads it.</summary>
public class ReadingTests
{
    [Fact]
    public void Aliases_that_stand_for_a_billion_values_are_refused_at_once()
    {
        var bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n" + string.Concat(Enumerable.Range(1, 9).Select(i => $"a{i}: &a{i} [{string.Join(", ", Enumerable.Repeat($"*a{i - 1}", 10))}]\n"));
        var found = Assert.Single(ManifestCheck.Run([new("bomb.yaml", bomb)]).Findings);
        Assert.Equal(("not_read", 6), (found.Code, found.Line));
        Assert.Contains("200000 values", found.Why, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(10_000)]
    [InlineData(65)]
    public void What_is_nested_too_deep_is_refused(int depth)
        => Assert.Contains("nested", Assert.Single(ManifestCheck.Run([new("deep.yaml", "a: " + new string('[', depth) + new string(']', depth))]).Findings).Why, StringComparison.Ordinal);

    [Fact]
    public void A_file_of_more_than_four_mebibytes_is_refused()
        => Assert.Equal("not_read", Assert.Single(ManifestCheck.Run([new("long.yaml", "a: " + new string('x', 5 << 20))]).Findings).Code);

    [Fact]
    public void A_file_of_more_than_a_thousand_documents_is_refused()
        => Assert.Contains(ManifestCheck.Run([new("many.yaml", string.Concat(Enumerable.Repeat("---\nkind: X\napiVersion: y.z/v1\n", 1_001)))]).Findings, found => found.Code == "not_read");

    [Theory]
    [InlineData("a: *nobody", "names nothing above it")]
    [InlineData("a: &a [*a]", "names nothing above it")]
    [InlineData("a: !ruby/object:X {}\nb: !x y", "means nothing to Kubernetes")]
    [InlineData("? [a, b]\n: c", "A key is one word")]
    [InlineData("a: \"open", "not YAML")]
    [InlineData("<<: 3\na: 1", "is a mapping")]
    public void Tricks_are_told_and_do_nothing(string text, string why)
        => Assert.Contains(ManifestCheck.Run([new("odd.yaml", text)]).Findings, found => found.Why.Contains(why, StringComparison.Ordinal));

    [Fact]
    public void Whatever_a_file_holds_it_is_told_and_never_thrown() => Gen.OneOf(
        Gen.String[Gen.Char["{}[]:,-&*!|>'\"%@` \n\t#?<abkind0"], 0, 60], Gen.String[0, 40], Gen.String[Gen.Char["apiVersion: v1\nkind: Pod\nmetadata:\n  name: x\nspec: "], 0, 120])
        .Sample(text => ManifestCheck.Run([new("any.yaml", text)]).Findings is not null, iter: 3_000);

    [Fact]
    public void Aliases_and_merged_keys_are_written_out()
    {
        const string Text = """
            apiVersion: v1
            kind: ConfigMap
            metadata:
              name: a
              labels: &labels {app: x, tier: web}
              annotations:
                <<: *labels
                tier: own
            data: *labels
            """;
        Assert.Empty(ManifestCheck.Run([new("merged.yaml", Text)]).Findings);
    }

    [Fact]
    public void A_list_of_objects_is_looked_into_one_by_one()
        => Assert.Equal("items[0].items", Assert.Single(ManifestCheck.Run([new("list.yaml", "apiVersion: v1\nkind: List\nitems:\n- apiVersion: v1\n  kind: ConfigMap\n  metadata: {name: a}\n  items: []\n")]).Findings).Path);

    [Fact]
    public void JSON_is_read_as_well() => Assert.Equal("unknown_field", Assert.Single(ManifestCheck.Run([new("a.json", "{\"apiVersion\": \"v1\", \"kind\": \"ConfigMap\",\n \"metadata\": {\"name\": \"a\"},\n \"dat\": {}}")]).Findings).Code);

    [Theory]
    [InlineData("yes", true)]
    [InlineData("On", true)]
    [InlineData("n", true)]
    [InlineData("0644", true)]
    [InlineData("1_000", true)]
    [InlineData(".5", true)]
    [InlineData("~", true)]
    [InlineData("", true)]
    [InlineData("1.2.3", false)]
    [InlineData("0x", false)]
    [InlineData("2026-03-10", false)]
    [InlineData("12:30", false)]
    public void Words_without_quotes_are_what_Kubernetes_takes_them_for(string word, bool isNoText) => Assert.Equal(isNoText, Scalars.KindOf(word) is not ScalarKind.Text);

    [Fact]
    public void A_file_without_a_manifest_is_passed_over_in_a_folder_and_told_when_it_is_named()
    {
        ManifestFile values = new("values.yaml", "replicas: 3\n");
        Assert.Equal(["values.yaml"], ManifestCheck.Run([values], new() { PassOver = true }).PassedOver);
        Assert.Equal(["apiVersion", "kind"], ManifestCheck.Run([values]).Wrong.Select(found => found.Path));
    }
}
