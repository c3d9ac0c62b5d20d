namespace Steward.Kubernetes.Tests;

/// <summary>Differences are differences of meaning.</summary>
public class DiffTests
{
    private const string Wanted = """
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: fruit, labels: {app: fruit}}
        spec:
          replicas: 2
          template:
            spec:
              containers:
                - name: fruit
                  image: a/b@sha256:1
                  args: [serve, /model]
                  resources: {limits: {cpu: 500m, memory: 1Gi}}
                  env: [{name: A, value: "1"}, {name: B, value: "2"}]
        """;

    [Fact]
    public void The_same_in_another_spelling_is_no_difference() => Assert.Empty(Between("""
        kind: Deployment
        apiVersion: apps/v1
        spec:
          template:
            spec:
              containers:
                - image: "a/b@sha256:1"
                  name: fruit
                  env: [{value: '2', name: B}, {name: A, value: '1'}]
                  args:
                    - serve
                    - /model
                  resources:
                    limits: {memory: 1024Mi, cpu: 0.5}
          replicas: 0x2
        metadata:
          labels: {app: fruit}
          name: fruit
        """));

    [Theory]
    [InlineData("replicas: 2", "replicas: 3", "Deployment fruit: spec.replicas is 3 and would be 2.")]
    [InlineData("  replicas: 2\n", "", "Deployment fruit: spec.replicas is not there and would be 2.")]
    [InlineData("cpu: 500m", "cpu: 600m", "Deployment fruit: spec.template.spec.containers[0].resources.limits.cpu is 600m and would be 500m.")]
    [InlineData("value: \"1\"", "value: \"3\"", "Deployment fruit: spec.template.spec.containers[0].env[0].value is \"3\" and would be \"1\".")]
    [InlineData("{name: A, value: \"1\"}, ", "", "Deployment fruit: spec.template.spec.containers[0].env[0] is not there and would be {name: A, value: \"1\"}.")]
    [InlineData("name: B,", "name: C,", "Deployment fruit: spec.template.spec.containers[0].env[1].name is C and would be B.")]
    [InlineData("replicas: 2", "replicas: 2\n  paused: true", "Deployment fruit: spec.paused was added: true.")]
    [InlineData("/model]", "/model, --port]", "Deployment fruit: spec.template.spec.containers[0].args is [serve, /model, \"--port\"] and would be [serve, /model].")]
    [InlineData("app: fruit}", "app: fruit, team: shop}", "Deployment fruit: metadata.labels.team was added: shop.")]
    public void Each_difference_is_one_plain_sentence(string from, string to, string sentence)
        => Assert.Equal(sentence, Assert.Single(Between(Wanted.Replace(from, to, StringComparison.Ordinal))).Sentence);

    [Fact]
    public void A_number_is_not_the_text_of_that_number()
        => Assert.Equal(DifferenceKind.Changed, Assert.Single(Between(Wanted.Replace("value: \"1\"", "value: 1", StringComparison.Ordinal))).Kind);

    [Fact]
    public void Objects_that_lack_and_objects_of_somebody_are_told_apart()
    {
        var told = Between("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: own}\n");
        Assert.Equal([(DifferenceKind.MissingObject, "Deployment fruit is not there."), (DifferenceKind.OwnObject, "ConfigMap own is somebody's own.")], told.Select(one => (one.Kind, one.Sentence)));
    }

    private static IReadOnlyList<Difference> Between(string found)
    {
        var (differences, unread) = ManifestDiff.Between([new("wanted", Wanted)], [new("found", found)]);
        Assert.Empty(unread);
        return differences;
    }
}
