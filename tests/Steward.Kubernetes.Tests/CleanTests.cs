namespace Steward.Kubernetes.Tests;

/// <summary>Manifests that run in the world: the shop of microservices-demo, examples of Kubernetes and of KServe.</summary>
public class CleanTests
{
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "Clean");

    public static TheoryData<string> Sets => [.. Directory.EnumerateDirectories(Folder).Select(Path.GetFileName).Order(StringComparer.Ordinal).Select(name => name!)];

    [Theory]
    [MemberData(nameof(Sets))]
    public void Nothing_is_wrong_with_what_runs_elsewhere(string set)
    {
        var files = Directory.EnumerateFiles(Path.Combine(Folder, set)).Order(StringComparer.Ordinal).Select(file => new ManifestFile(Path.GetFileName(file), File.ReadAllText(file))).ToList();
        var told = ManifestCheck.Run(files);
        Assert.Empty(told.Wrong);
        Assert.InRange(told.Objects, files.Count, 100);
    }

    [Fact]
    public void What_could_be_better_is_advice_with_its_place()
    {
        var told = ManifestCheck.Run([new("frontend.yaml", File.ReadAllText(Path.Combine(Folder, "guestbook", "frontend-deployment.yaml")))]);
        Assert.All((string[])["image_moves", "no_limit", "may_be_root", "may_gain_rights", "no_readiness", "no_liveness"], code =>
            Assert.StartsWith("spec.template.spec.containers[0]", Assert.Single(told.Advice, finding => finding.Code == code).Path, StringComparison.Ordinal));
    }
}
