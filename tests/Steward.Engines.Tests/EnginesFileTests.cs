using Steward.Testing;

namespace Steward.Engines.Tests;

/// <summary>What an operator may write into <c>engines.yaml</c>, and what is said when it cannot be used.</summary>
public sealed class EnginesFileTests
{
    [Theory]
    [InlineData("hpc: {slurm: {folder: relative}}", "the engine 'hpc': 'relative' cannot be its folder.")]
    [InlineData("hpc: {slurm: {folder: /a%b}}", "cannot be its folder")]
    [InlineData("hpc: {slurm: {}}", "'' cannot be its folder")]
    [InlineData("hpc: {slurm: {folder: /shared, partition: '--uid=0'}}", "'--uid=0' cannot be its partition.")]
    [InlineData("hpc: {slurm: {folder: /shared, partitoin: x}}", "Did you mean 'partition'?")]
    [InlineData("hpc: {slrum: {folder: /shared}}", "Did you mean 'slurm'?")]
    [InlineData("process: {slurm: {folder: /shared}}", "the name of the server's own machine")]
    [InlineData("HPC: {slurm: {folder: /shared}}", "'HPC' cannot be the name of an engine")]
    [InlineData("hpc: {}", "it is one of slurm, kubernetes and databricks")]
    [InlineData("hpc: {slurm: {folder: /shared}, kubernetes: {image: x}}", "it is one of slurm, kubernetes and databricks")]
    [InlineData("gpu: {kubernetes: {image: ''}}", "cannot be its image")]
    [InlineData("gpu: {kubernetes: {image: x, namespace: ML}}", "'ML' cannot be its namespace")]
    [InlineData("gpu: {kubernetes: {image: x, user: 0}}", "'0' cannot be its user")]
    [InlineData("gpu: {kubernetes: {image: x, claim: work}}", "cannot be its folder")]
    [InlineData("gpu: {kubernetes: {image: x, kubeconfig: /nowhere/config}}", "there is no file '/nowhere/config'")]
    [InlineData("gpu: {kubernetes: {image: x}}", "this server does not run in a cluster")]
    [InlineData("lake: {databricks: {workspace: 'http://example.com', token: 'secret://lake', volume: /Volumes/main/ml/work}}", "'http://example.com' cannot be its workspace")]
    [InlineData("lake: {databricks: {workspace: 'https://example.com/?o=1', token: 'secret://lake', volume: /Volumes/main/ml/work}}", "cannot be its workspace")]
    [InlineData("lake: {databricks: {workspace: 'https://example.com', token: dapi0123, volume: /Volumes/main/ml/work}}", "its token is not given by reference")]
    [InlineData("lake: {databricks: {workspace: 'https://example.com', token: 'secret://lake', volume: /Volumes/main/../x}}", "cannot be its volume")]
    [InlineData("lake: {databricks: {workspace: 'https://example.com', token: 'secret://lake', volume: /Volumes/main/ml}}", "'/Volumes/main/ml' cannot be its volume")]
    [InlineData("lake: {databricks: {workspace: 'https://example.com', token: 'secret://lake', volume: /Volumes/main/ml/work, cluster: a, runtime: b}}", "'a' cannot be its cluster")]
    [InlineData("lake: {databricks: {workspace: 'https://example.com', token: 'secret://lake', volume: /Volumes/main/ml/work, node: b}}", "cannot be its runtime")]
    [InlineData("- hpc", "holds names")]
    [InlineData("hpc: [", "cannot be read")]
    public void What_cannot_be_used_is_refused_with_the_reason(string yaml, string why)
    {
        var refused = Assert.Throws<ProblemException>(() => TestEngines.All(yaml));
        Assert.Equal("engines_invalid", refused.Code);
        Assert.Contains(why, refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("server: 'http://example.com'", "token: x", "is not https")]
    [InlineData("server: 'ftp://127.0.0.1'", "token: x", "names no server")]
    [InlineData("server: 'https://127.0.0.1'", "exec: {command: aws}", "signs in with a program (exec)")]
    [InlineData("server: 'https://127.0.0.1', certificate-authority: missing.pem", "token: x", "its certificate-authority cannot be read")]
    [InlineData("server: 'https://127.0.0.1'", "client-certificate-data: '!!'", "its client-certificate cannot be read")]
    public void A_kubeconfig_that_cannot_be_used_is_refused_with_the_reason(string cluster, string user, string why)
    {
        var file = Path.Combine(TestFolder.New(), "kubeconfig");
        File.WriteAllText(file, $"current-context: a\ncontexts: [{{name: a, context: {{cluster: a, user: a}}}}]\nclusters: [{{name: a, cluster: {{{cluster}}}}}]\nusers: [{{name: a, user: {{{user}}}}}]\n");
        Assert.Contains(why, Assert.Throws<ProblemException>(() => TestEngines.All($"gpu: {{kubernetes: {{image: x, kubeconfig: {file}}}}}")).Message, StringComparison.Ordinal);
        Assert.Contains("has no context 'b'", Assert.Throws<ProblemException>(() => TestEngines.All($"gpu: {{kubernetes: {{image: x, kubeconfig: {file}, context: b}}}}")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_a_file_there_is_this_machine() => Assert.Equal(["process"], TestEngines.All("{}").All.Select(one => one.Name));
}
