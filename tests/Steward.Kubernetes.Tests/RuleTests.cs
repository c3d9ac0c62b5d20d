using CsCheck;

namespace Steward.Kubernetes.Tests;

/// <summary>Amounts, schedules, names, and what a check may take for granted.</summary>
public class RuleTests
{
    [Theory]
    [InlineData("500m", "0.5")]
    [InlineData("1", "1000m")]
    [InlineData("1Ki", "1024")]
    [InlineData("1.5Gi", "1536Mi")]
    [InlineData("1e3", "1k")]
    [InlineData("1E", "1e18")]
    [InlineData(".5", "500m")]
    [InlineData("2.", "2")]
    [InlineData("+1", "1")]
    [InlineData("0.0000000001", "1n")]
    public void Equal_amounts_are_equal_however_they_are_written(string one, string other) => Assert.Equal(Quantity.Parse(one), Quantity.Parse(other));

    [Theory]
    [InlineData("250q")]
    [InlineData("512Mb")]
    [InlineData("1 Gi")]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("Mi")]
    [InlineData("1e999")]
    [InlineData("0x10")]
    [InlineData("1e")]
    public void What_is_no_amount_is_none(string text) => Assert.Null(Quantity.Parse(text));

    [Fact]
    public void Amounts_are_ordered_as_their_numbers_are() => Gen.Select(Gen.Int[0, 1_000_000], Gen.Int[0, 1_000_000])
        .Sample((a, b) => (Quantity.Parse($"{a}m")!.Value < Quantity.Parse($"{b}m")!.Value) == (a < b) && Quantity.Parse($"{a}Mi")!.Value > Quantity.Parse($"{a}M")!.Value == (a > 0));

    [Theory]
    [InlineData("*/5 * * * *", true)]
    [InlineData("0 9-17 * jan-mar mon,wed", true)]
    [InlineData("0 0 ? * *", true)]
    [InlineData("@daily", true)]
    [InlineData("5 4 * *", false)]
    [InlineData("5 4 * * * *", false)]
    [InlineData("60 * * * *", false)]
    [InlineData("* * 0 * *", false)]
    [InlineData("5-1 * * * *", false)]
    [InlineData("*/0 * * * *", false)]
    [InlineData("@sometimes", false)]
    [InlineData("TZ=UTC 0 * * * *", false)]
    public void A_schedule_is_known_when_it_is_one(string schedule, bool isOne) => Assert.Equal(isOne, Cron.Wrong(schedule) is null);

    [Fact]
    public void What_the_cluster_has_already_need_not_lie_beside()
    {
        ManifestFile[] files = [Pod("serviceAccountName: theirs"), Other];
        Assert.Equal("reference_missing", Assert.Single(ManifestCheck.Run(files).Wrong).Code);
        Assert.Empty(ManifestCheck.Run(files, new() { Elsewhere = ["serviceaccount/theirs"] }).Wrong);
    }

    [Fact]
    public void An_object_alone_cannot_know_what_lies_beside_it()
        => Assert.Contains(ManifestCheck.Run([Pod("serviceAccountName: theirs")]).Advice, found => found.Code == "reference_missing");

    [Fact]
    public void Custom_resources_pass_when_their_definition_is_beside_or_somebody_says_so()
    {
        ManifestFile rule = new("rule.yaml", "apiVersion: monitoring.coreos.com/v1\nkind: PrometheusRule\nmetadata: {name: a}\nspec: {x: 1}\n");
        var refused = Assert.Single(ManifestCheck.Run([rule]).Wrong);
        Assert.Contains("--custom monitoring.coreos.com", refused.Try, StringComparison.Ordinal);
        Assert.Equal("not_looked_into", Assert.Single(ManifestCheck.Run([rule], new() { Custom = ["monitoring.coreos.com"] }).Findings).Code);
    }

    [Fact]
    public void A_patch_of_Kustomize_says_only_what_it_changes_and_still_may_not_be_misspelt()
    {
        ManifestFile kustomization = new("over/kustomization.yaml", "kind: Kustomization\nresources: [../base]\npatches: [{path: more.yaml}]\n");
        Assert.Empty(ManifestCheck.Run([kustomization, Patch("replicas: 5")]).Findings);
        Assert.Equal("spec.replicaz", Assert.Single(ManifestCheck.Run([kustomization, Patch("replicaz: 5")]).Findings).Path);

        static ManifestFile Patch(string line) => new("over/more.yaml", $"apiVersion: apps/v1\nkind: Deployment\nmetadata: {{name: fruit}}\nspec: {{{line}}}\n");
    }

    [Fact]
    public void Text_of_a_file_cannot_write_on_a_terminal()
    {
        var told = ManifestCheck.Run([new("a.yaml", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: \"\\e[2Jgone\\u0007\"}\n\"\\e]0;x\": 1\n")]);
        Assert.All(told.Findings, found => Assert.DoesNotContain($"{found.Subject}{found.Path}{found.Why}{found.Try}", char.IsControl));
        Assert.Equal(2, told.Findings.Count);
    }

    private static ManifestFile Other => new("other.yaml", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: other}\n");

    private static ManifestFile Pod(string line) => new("pod.yaml", $"apiVersion: v1\nkind: Pod\nmetadata: {{name: a}}\nspec:\n  {line}\n  containers:\n  - name: a\n    image: a/b@sha256:{new string('1', 64)}\n");
}
