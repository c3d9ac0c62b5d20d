using CsCheck;
using Steward.Kubernetes;
using Steward.Packaging.Kubernetes;

namespace Steward.Packaging.Tests.Kubernetes;

/// <summary>Manifests as they are written; the approved ones lie in Golden, and a person has looked at them.</summary>
public class PlanTests
{
    public static TheoryData<string> Approved => ["deployment", "canary", "kserve", "model-volume", "settings"];

    [Theory]
    [MemberData(nameof(Approved))]
    public void Each_form_is_as_it_was_approved(string name)
    {
        var plan = Plans.Plan(name);
        var files = plan.Files();
        files["RUNBOOK.md"] = new Runbook(plan, Plans.Version(3), Plans.SignOff(), Plans.Now).Text();
        var written = string.Concat(files.Select(file => $"=== {file.Key}\n{file.Value}"));
        if (Environment.GetEnvironmentVariable("STEWARD_APPROVE") is { } folder)
            File.WriteAllText(Path.Combine(folder, $"k8s-{name}.txt"), written);
        Assert.Equal(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Golden", $"k8s-{name}.txt")), written);
    }

    [Theory]
    [MemberData(nameof(Approved))]
    public void A_strict_check_finds_nothing_wrong_with_what_is_written_and_has_no_advice(string name) => Assert.Empty(Check(Plans.Plan(name)));

    [Theory]
    [MemberData(nameof(Approved))]
    public void Every_pod_is_nobody_on_a_root_it_cannot_write_with_limits_and_probes(string name)
    {
        var text = string.Concat(Plans.Plan(name).Files().Values);
        Assert.All((string[])["runAsNonRoot: true", "runAsUser: 10001", "type: RuntimeDefault", "readOnlyRootFilesystem: true", "allowPrivilegeEscalation: false", "privileged: false", "- ALL", "automountServiceAccountToken: false",
            "startupProbe:", "readinessProbe:", "livenessProbe:", "limits:", "requests:", "topologySpreadConstraints:", "maxUnavailable: 0", "@sha256:", "steward/seal: ", "steward/data: pictures@3", "egress: []"],
            line => Assert.Contains(line, text, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("$(touch /tmp/x)")]
    [InlineData("`id`; rm -rf /")]
    [InlineData("a: b\n---\nkind: Secret")]
    [InlineData("x\"} #")]
    [InlineData("| pipe | [link](http://x) <b>")]
    [InlineData("*alias &anchor !tag")]
    [InlineData("-")]
    public void No_word_of_a_person_breaks_out_of_what_is_written(string trick)
    {
        var plan = Plans.Of(ManifestForm.Deployment, trick) with { Version = Plans.Deployed(4, version: Plans.Version(4, trick, trick, trick)) };
        Assert.Empty(Check(plan));
        var deployment = plan.Files()["deployment.yaml"];
        Assert.Equal(1, deployment.Split('\n').Count(line => line.StartsWith("kind:", StringComparison.Ordinal)));
        Assert.Contains("steward/run: " + ManifestWriter.Word(trick), deployment, StringComparison.Ordinal);
        var runbook = new Runbook(plan with { Project = "shop" }, null, Plans.SignOff(trick, trick), Plans.Now).Text();
        var plain = new Runbook(Plans.Of(ManifestForm.Deployment), null, Plans.SignOff(), Plans.Now).Text();
        Assert.Equal(plain.Split('\n').Length, runbook.Split('\n').Length);
        Assert.DoesNotMatch(@"(?<!\\)\]\(|(?<!\\)<b", runbook);
        Assert.All(runbook.Split('\n').Where(line => line.StartsWith("    ", StringComparison.Ordinal)), command => Assert.DoesNotMatch(@"[$`;|<>]", command));
    }

    [Fact]
    public void Two_names_never_become_one_name_of_objects()
        => Assert.Equal(6, new[] { "fruit", "fruit-", new string('a', 60), new string('a', 61), "Fruit", "1fruit" }.Select(name => NameRules.ToLabel(name, 52)).Distinct().Count(name => NameRules.IsLabel(name) && name.Length <= 52));

    [Theory]
    [InlineData(10, 2, 10, 9, 1)]
    [InlineData(20, 2, 10, 4, 1)]
    [InlineData(50, 2, 10, 1, 1)]
    [InlineData(5, 2, 4, 3, 1)]
    [InlineData(90, 2, 10, 1, 9)]
    [InlineData(10, 1, 1, 1, 1)]
    public void A_share_becomes_the_fewest_pods_that_come_nearest(int percent, int least, int most, int stable, int canary)
        => Assert.Equal(new CanarySplit(stable, canary), CanarySplit.Of(percent, least, most));

    [Fact]
    public void No_other_number_of_pods_within_the_bounds_comes_nearer() => Gen.Select(Gen.Int[1, 99], Gen.Int[1, 8], Gen.Int[0, 20]).Sample((percent, least, more) =>
    {
        var split = CanarySplit.Of(percent, least, least + more);
        Assert.InRange(split.All, Math.Max(2, least), Math.Max(2, least + more));
        for (var all = Math.Max(2, least); all <= least + more; all++)
            for (var canary = 1; canary < all; canary++)
                Assert.True(Math.Abs(split.Percent - percent) <= Math.Abs(100.0 * canary / all - percent) + 1e-6);
    });

    [Fact]
    public void A_canary_stands_behind_the_same_service_as_the_version_that_serves()
    {
        var files = Plans.Plan("canary").Files();
        Assert.Contains("replicas: 4\n", files["deployment.yaml"], StringComparison.Ordinal);
        Assert.Contains("replicas: 1\n", files["deployment-canary.yaml"], StringComparison.Ordinal);
        Assert.Contains(Plans.Deployed(3).Image, files["deployment.yaml"], StringComparison.Ordinal);
        Assert.Contains(Plans.Deployed(4).Image, files["deployment-canary.yaml"], StringComparison.Ordinal);
        Assert.DoesNotContain("steward/track", files["service.yaml"], StringComparison.Ordinal);
        Assert.False(files.ContainsKey("horizontalpodautoscaler.yaml"));
    }

    [Fact]
    public void Where_a_scaler_decides_no_number_of_pods_is_written()
    {
        Assert.DoesNotContain("\n  replicas:", Plans.Plan("deployment").Files()["deployment.yaml"], StringComparison.Ordinal);
        Assert.Contains("minReplicas: 2\n  maxReplicas: 10\n", Plans.Plan("deployment").Files()["horizontalpodautoscaler.yaml"], StringComparison.Ordinal);
        Assert.Contains("\n  replicas: 3\n", Plans.Plan("settings").Files()["deployment.yaml"], StringComparison.Ordinal);
    }

    private static IReadOnlyList<Finding> Check(ManifestPlan plan) => ManifestCheck.Run([.. plan.Files().Select(file => new ManifestFile(file.Key, file.Value))]).Findings;
}
