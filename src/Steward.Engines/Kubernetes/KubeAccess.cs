using System.Net.Http.Headers;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Steward.Projects;
using YamlDotNet.RepresentationModel;

namespace Steward.Engines.Kubernetes;

/// <summary>Where an API server is and how to come in: from a kubeconfig, or from the pod that this server runs in. Tokens of files are read anew for every request, as they are replaced while we run.</summary>
internal sealed class KubeAccess
{
    private const string Account = "/var/run/secrets/kubernetes.io/serviceaccount";
    private const long LargestFile = 1 << 20;
    private readonly X509Certificate2Collection? _authorities;
    private readonly X509Certificate2? _certificate;
    private readonly bool _trusting;
    private readonly Func<string?> _token = () => null;

    private KubeAccess(Uri server, string? authorities, bool trusting, X509Certificate2? certificate, Func<string?> token)
    {
        (Server, _trusting, _certificate, _token) = (server, trusting, certificate, token);
        if (authorities is not null)
            (_authorities = []).ImportFromPem(authorities);
    }

    public Uri Server { get; }

    public static KubeAccess Of(KubernetesSettings settings)
    {
        if (settings.Kubeconfig is { } file)
            return File.Exists(file) ? Read(file, settings.Context) : throw Wrong($"there is no file '{file}'", "Name the kubeconfig with its whole path.");
        var host = Environment.GetEnvironmentVariable("KUBERNETES_SERVICE_HOST");
        if (string.IsNullOrEmpty(host) || !File.Exists(Account + "/token"))
            throw Wrong("no kubeconfig is named, and this server does not run in a cluster", "Add kubeconfig: /etc/steward/kubeconfig");
        var port = Environment.GetEnvironmentVariable("KUBERNETES_SERVICE_PORT") is { Length: > 0 } said ? said : "443";
        return new(new Uri($"https://{(host.Contains(':', StringComparison.Ordinal) ? $"[{host}]" : host)}:{port}"), File.ReadAllText(Account + "/ca.crt"), false, null, () => File.ReadAllText(Account + "/token").Trim());
    }

    public HttpClient Client()
    {
        var handler = new SocketsHttpHandler
        {
            ConnectTimeout = TimeSpan.FromSeconds(10),
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
            AllowAutoRedirect = false,
            UseCookies = false,
        };
        handler.SslOptions.RemoteCertificateValidationCallback = Trusts;
        if (_certificate is not null)
            handler.SslOptions.ClientCertificates = [_certificate];
        return new HttpClient(handler) { BaseAddress = Server, Timeout = Timeout.InfiniteTimeSpan, MaxResponseContentBufferSize = 64 << 20 };
    }

    public void Enter(HttpRequestMessage request)
    {
        if (_token() is { } token)
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
    }

    private bool Trusts(object sender, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        if (_trusting || errors == SslPolicyErrors.None)
            return true;
        if (_authorities is null || certificate is null || errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch))
            return false;
        using var own = new X509Chain();
        own.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        own.ChainPolicy.CustomTrustStore.AddRange(_authorities);
        if (chain is not null)
            own.ChainPolicy.ExtraStore.AddRange(chain.ChainPolicy.ExtraStore);
        own.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        return own.Build(new X509Certificate2(certificate));
    }

    private static KubeAccess Read(string file, string? context)
    {
        if (new FileInfo(file).Length > LargestFile)
            throw Wrong($"{file} is too large", "Name the kubeconfig itself.");
        var root = Yaml(file);
        var name = context ?? Text(root, "current-context") ?? throw Wrong($"{file} has no current context", "Add context: NAME");
        var chosen = Named(root, "contexts", name, "context", file);
        var cluster = Named(root, "clusters", Text(chosen, "cluster"), "cluster", file);
        var user = Text(chosen, "user") is { } who ? Named(root, "users", who, "user", file) : new YamlMappingNode();
        foreach (var (key, why) in new[] { ("exec", "a program"), ("auth-provider", "a provider"), ("username", "a password") })
            if (user.Children.ContainsKey(key))
                throw Wrong($"{file} signs in with {why} ({key}), which Steward does not do", "Give the server a service account and its token: kubectl create token steward --duration 8760h, or tokenFile in the kubeconfig.");
        var folder = Path.GetDirectoryName(Path.GetFullPath(file))!;
        var server = Uri.TryCreate(Text(cluster, "server"), UriKind.Absolute, out var address) && address.Scheme is "https" or "http" ? address : throw Wrong($"{file} names no server", "Look at its clusters.");
        if (server.Scheme == "http" && !server.IsLoopback)
            throw Wrong($"{server} is not https", "Only https leaves this machine.");
        var certificate = Material(user, "client-certificate", folder);
        var privateKey = Material(user, "client-key", folder);
        var token = Text(user, "token");
        var tokenFile = Text(user, "tokenFile") is { } path ? Path.Combine(folder, path) : null;
        return new(server, Material(cluster, "certificate-authority", folder), Text(cluster, "insecure-skip-tls-verify") == "true",
            certificate is not null && privateKey is not null ? Usable(X509Certificate2.CreateFromPem(certificate, privateKey)) : null,
            () => tokenFile is null ? token : File.ReadAllText(tokenFile).Trim());
    }

    /// <summary>A key that lives in memory only is not taken by every platform's TLS.</summary>
    private static X509Certificate2 Usable(X509Certificate2 made) => X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pkcs12), null);

    private static YamlMappingNode Yaml(string file)
    {
        try
        {
            return PlainYaml.Read(File.ReadAllText(file)) as YamlMappingNode ?? throw Wrong($"{file} is no kubeconfig", "Look at the file.");
        }
        catch (YamlDotNet.Core.YamlException error)
        {
            throw Wrong($"{file} is not YAML: {error.Message}", "Look at the file.");
        }
    }

    private static YamlMappingNode Named(YamlMappingNode root, string list, string? name, string inside, string file)
        => (root.Children.TryGetValue(list, out var all) ? all as YamlSequenceNode : null)?.OfType<YamlMappingNode>().FirstOrDefault(one => Text(one, "name") == name)?.Children.TryGetValue(inside, out var found) == true && found is YamlMappingNode map
            ? map
            : throw Wrong($"{file} has no {inside} '{Names.Shorten(name)}'", $"Look at its {list}.");

    private static string? Material(YamlMappingNode node, string key, string folder)
    {
        try
        {
            return Text(node, key + "-data") is { } data ? System.Text.Encoding.UTF8.GetString(Convert.FromBase64String(data)) : Text(node, key) is { } path ? File.ReadAllText(Path.Combine(folder, path)) : null;
        }
        catch (Exception error) when (error is IOException or FormatException or UnauthorizedAccessException)
        {
            throw Wrong($"its {key} cannot be read ({error.Message})", "Look at the kubeconfig.");
        }
    }

    private static string? Text(YamlMappingNode node, string key) => node.Children.TryGetValue(key, out var value) && value is YamlScalarNode { Value: { Length: > 0 } text } ? text : null;

    private static ProblemException Wrong(string why, string tryThis) => ProblemException.Invalid("kubeconfig_invalid", $"The cluster cannot be reached: {why}.", tryThis);
}
