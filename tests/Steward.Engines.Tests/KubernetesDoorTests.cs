using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Steward.Engines.Tests.Doubles;
using Steward.Testing;

namespace Steward.Engines.Tests;

/// <summary>How this server comes in: only to a cluster that its kubeconfig vouches for, with the token that holds now.</summary>
public sealed class KubernetesDoorTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_cluster_is_trusted_by_the_authority_of_its_kubeconfig_and_no_other()
    {
        using var authority = Authority();
        using var stranger = Authority();
        await using var cluster = await DoubleCluster.Start(Server(authority));
        Assert.Equal("1.36.2", (await Through(cluster, authority.ExportCertificatePem()).Look(Stop)).Version);
        foreach (var other in new[] { stranger.ExportCertificatePem(), null })
            Assert.Equal("engine_unreachable", (await Assert.ThrowsAsync<ProblemException>(() => Through(cluster, other).Look(Stop))).Code);
    }

    [Fact]
    public async Task A_token_of_a_file_is_read_anew_when_it_was_replaced()
    {
        await using var cluster = await DoubleCluster.Start();
        var token = Path.Combine(Path.GetDirectoryName(cluster.Kubeconfig)!, "token");
        await File.WriteAllTextAsync(cluster.Kubeconfig, (await File.ReadAllTextAsync(cluster.Kubeconfig, Stop)).Replace($"token: {DoubleCluster.Token}", "tokenFile: token", StringComparison.Ordinal), Stop);
        await File.WriteAllTextAsync(token, "worn out", Stop);
        var engine = TestEngines.Named("gpu", $"gpu: {{kubernetes: {{kubeconfig: {cluster.Kubeconfig}, namespace: ml, image: any}}}}");
        Assert.Equal("engine_refused", (await Assert.ThrowsAsync<ProblemException>(() => engine.Look(Stop))).Code);
        await File.WriteAllTextAsync(token, DoubleCluster.Token + "\n", Stop);
        Assert.Equal("1.36.2", (await engine.Look(Stop)).Version);
    }

    private static Work.IExecutor Through(DoubleCluster cluster, string? authority)
    {
        var file = Path.Combine(TestFolder.New(), "kubeconfig");
        File.WriteAllText(file, File.ReadAllText(cluster.Kubeconfig).Replace("cluster: {server:", authority is null ? "cluster: {server:" : $"cluster: {{certificate-authority-data: {Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes(authority))}, server:", StringComparison.Ordinal));
        return TestEngines.Named("gpu", $"gpu: {{kubernetes: {{kubeconfig: {file}, namespace: ml, image: any}}}}");
    }

    private static X509Certificate2 Authority()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=an authority", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        return request.CreateSelfSigned(DateTimeOffset.UtcNow.AddHours(-1), DateTimeOffset.UtcNow.AddDays(1));
    }

    private static X509Certificate2 Server(X509Certificate2 authority)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=kubernetes", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(System.Net.IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        using var signed = request.Create(authority, DateTimeOffset.UtcNow.AddMinutes(-30), DateTimeOffset.UtcNow.AddHours(12), RandomNumberGenerator.GetBytes(8));
        using var whole = signed.CopyWithPrivateKey(key);
        return X509CertificateLoader.LoadPkcs12(whole.Export(X509ContentType.Pkcs12), null);
    }
}
