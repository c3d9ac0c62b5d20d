using System.Text;
using System.Text.Json;

namespace Steward.Oci;

/// <summary>
/// What <c>docker login</c>, <c>podman login</c> and <c>skopeo login</c> kept: <c>REGISTRY_AUTH_FILE</c>, the containers folder below <c>XDG_RUNTIME_DIR</c>,
/// then <c>~/.docker/config.json</c>. Programs that keep secrets (credential helpers) are not started.
/// </summary>
public static class DockerSignIns
{
    public static RegistrySignIn? Find(string host) => Files().Select(file => In(file, host)).FirstOrDefault(found => found is not null);

    internal static RegistrySignIn? In(string file, string host)
    {
        if (!File.Exists(file))
            return null;
        try
        {
            using var json = JsonDocument.Parse(File.ReadAllBytes(file));
            if (!json.RootElement.TryGetProperty("auths", out var auths))
                return null;
            foreach (var name in Names(host))
                if (auths.TryGetProperty(name, out var entry) && entry.TryGetProperty("auth", out var auth) && auth.GetString() is { Length: > 0 } base64)
                {
                    var text = Encoding.UTF8.GetString(Convert.FromBase64String(base64));
                    var colon = text.IndexOf(':', StringComparison.Ordinal);
                    if (colon >= 0)
                        return new(text[..colon], text[(colon + 1)..].TrimEnd('\0'));
                }

            return null;
        }
        catch (Exception error) when (error is JsonException or FormatException or InvalidOperationException)
        {
            throw new OciException(OciTrouble.Invalid, $"The sign-ins in '{file}' cannot be read.", "Sign in again: skopeo login HOST", error);
        }
    }

    private static IEnumerable<string> Files()
    {
        if (Environment.GetEnvironmentVariable("REGISTRY_AUTH_FILE") is { Length: > 0 } named)
            yield return named;
        if (Environment.GetEnvironmentVariable("XDG_RUNTIME_DIR") is { Length: > 0 } session)
            yield return Path.Combine(session, "containers", "auth.json");
        var docker = Environment.GetEnvironmentVariable("DOCKER_CONFIG") is { Length: > 0 } said ? said : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".docker");
        yield return Path.Combine(docker, "config.json");
    }

    private static IEnumerable<string> Names(string host) => host is "docker.io" or "registry-1.docker.io" ? ["https://index.docker.io/v1/", "docker.io"] : [host, "https://" + host, $"https://{host}/v1/", $"https://{host}/v2/"];
}
