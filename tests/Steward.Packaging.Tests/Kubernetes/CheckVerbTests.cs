using System.Text.Json.Nodes;

namespace Steward.Packaging.Tests.Kubernetes;

/// <summary>What a person types to check manifests, in a folder without a server.</summary>
public class CheckVerbTests
{
    private const string Service = "apiVersion: v1\nkind: Service\nmetadata: {name: fruit}\nspec:\n  selector: {app: fruit}\n  ports: [{port: 80}]\n";
    private const string Map = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: fruit}\n";

    [Fact]
    public async Task A_wrong_manifest_is_told_with_file_line_path_and_reason_and_ends_with_3()
    {
        var here = new Here(("k8s/service.yaml", Service.Replace("ports", "prots", StringComparison.Ordinal)), ("k8s/sub/map.yaml", Map));
        var (exit, said, wrong) = await here.Steward("k8s", "check", "k8s");
        Assert.True(exit == 3, said + wrong);
        Assert.Contains("k8s/service.yaml:6: Service fruit, spec.prots: There is no field 'prots' in a ServiceSpec. Did you mean 'ports'?", said, StringComparison.Ordinal);
        Assert.Contains("2 objects: 3 things wrong.", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task With_json_there_is_one_document()
    {
        var here = new Here(("map.yaml", Map + "dat: {}\n"));
        var (exit, said, _) = await here.Steward("k8s", "check", "map.yaml", "--json");
        var told = JsonNode.Parse(said)!;
        Assert.Equal((3, false, 1), (exit, told["right"]!.GetValue<bool>(), told["objects"]!.GetValue<int>()));
        var found = Assert.Single(told["findings"]!.AsArray())!;
        Assert.Equal(("map.yaml", 4, "dat", "unknown_field", "wrong"), (found["file"]!.GetValue<string>(), found["line"]!.GetValue<int>(), found["path"]!.GetValue<string>(), found["code"]!.GetValue<string>(), found["level"]!.GetValue<string>()));
    }

    [Fact]
    public async Task What_is_right_ends_with_0_and_what_is_not_there_is_said()
    {
        var here = new Here(("map.yaml", Map), ("values.yaml", "a: 1\n"));
        var (exit, said, wrong) = await here.Steward("k8s", "check", ".");
        Assert.True(exit == 0, said + wrong);
        Assert.Contains("Without a manifest: values.yaml.", said, StringComparison.Ordinal);
        Assert.Contains("1 object: nothing wrong.", said, StringComparison.Ordinal);
        Assert.Equal(1, (await here.Steward("k8s", "check", "nowhere")).Exit);
    }
}
