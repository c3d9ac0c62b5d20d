using System.Net;
using System.Net.Http.Headers;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;

namespace Steward.Oci;

/// <summary>
/// One registry, spoken to by the OCI distribution specification: signs in when asked, tries again what failed for now, and
/// follows redirections without taking the credentials along.
/// </summary>
public sealed class Registry : IDisposable
{
    private const int MostRedirects = 5, MostToken = 1 << 20;
    private readonly RegistryOptions _options;
    private readonly HttpClient _http;
    private readonly Uri _base;
    private readonly Dictionary<string, AuthenticationHeaderValue> _tokens = new(StringComparer.Ordinal);

    public Registry(string host, RegistryOptions? options = null, HttpMessageHandler? handler = null)
    {
        _options = options ?? new();
        Host = host;
        var plain = _options.Plain ?? IsThisMachine(host);
        _base = new Uri($"{(plain ? "http" : "https")}://{(host == "docker.io" ? "registry-1.docker.io" : host)}/v2/");
        _http = new HttpClient(handler ?? Sockets(_options)) { Timeout = Timeout.InfiniteTimeSpan };
        _http.DefaultRequestHeaders.UserAgent.Add(new("steward-oci", "1"));
    }

    public string Host { get; }

    internal RegistryOptions Options => _options;

    /// <summary>A repository of it.</summary>
    public RegistryImages Images(string name) => ImageReference.IsName(name) ? new(this, name) : throw OciException.Invalid($"'{Shown.Short(name)}' is not the name of a repository.", "Use lower-case letters, digits and - _ . /");

    public void Dispose() => _http.Dispose();

    internal Uri Address(string path) => new(_base, path);

    /// <summary>Sends until there is a reply that another try would not change.</summary>
    /// <param name="make">Makes the request anew for every try.</param>
    /// <param name="scope">What a token must allow: <c>repository:ml/fruit:pull</c>.</param>
    internal async Task<HttpResponseMessage> Send(Func<HttpRequestMessage> make, string scope, CancellationToken stop)
    {
        for (var tried = 1; ; tried++)
        {
            TimeSpan? asked = null;
            try
            {
                var reply = await Once(make, scope, stop);
                if (!IsForNow(reply.StatusCode) || tried == _options.Tries)
                    return reply;
                asked = reply.Headers.RetryAfter?.Delta;
                reply.Dispose();
            }
            catch (Exception error) when (IsCut(error, stop))
            {
                if (tried == _options.Tries)
                    throw Silent(error);
            }

            await Wait(tried, asked, stop);
        }
    }

    /// <summary>Sends a body that comes from a stream and so can be sent once; the caller makes the next try.</summary>
    internal async Task<HttpResponseMessage> Stream(HttpRequestMessage request, string scope, CancellationToken stop)
    {
        request.Headers.Authorization = IsOwn(request.RequestUri!) ? Known(scope) : null;
        return await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, stop);
    }

    internal Task Wait(int tried, TimeSpan? asked, CancellationToken stop)
    {
        var pause = _options.Pause * Math.Pow(2, tried - 1) * (1 + _options.Chance.NextDouble());
        var wanted = asked is { } said && said > pause ? said : pause;
        return Task.Delay(wanted < TimeSpan.FromMinutes(1) ? wanted : TimeSpan.FromMinutes(1), _options.Clock, stop);
    }

    internal static bool IsCut(Exception error, CancellationToken stop)
        => error is HttpRequestException or IOException || (error is OperationCanceledException && !stop.IsCancellationRequested);

    internal static bool IsForNow(HttpStatusCode status) => status is HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests or HttpStatusCode.InternalServerError or HttpStatusCode.BadGateway or HttpStatusCode.ServiceUnavailable or HttpStatusCode.GatewayTimeout;

    internal OciException Silent(Exception error)
    {
        var tls = error.InnerException is System.Security.Authentication.AuthenticationException;
        return new(OciTrouble.Unavailable, tls ? $"The registry {Host} has a certificate that is not trusted, or does not speak TLS." : $"The registry {Host} cannot be reached, or the connection breaks again and again: {Shown.Short(error.InnerException?.Message ?? error.Message, 160)}",
            tls ? "Name its authority's certificate, or say that it speaks plain HTTP." : "Check the name, the port and the network.", error);
    }

    /// <summary>A reply that is not what was wanted, in words.</summary>
    internal async Task<OciException> Refusal(HttpResponseMessage reply, string what, CancellationToken stop)
    {
        var said = await Said(reply, stop);
        return (int)reply.StatusCode switch
        {
            401 or 403 => new(OciTrouble.Denied, $"The registry {Host} does not let us {what}{said}.", $"Sign in with somebody who may: skopeo login {Host}"),
            404 => new(OciTrouble.NotFound, $"The registry {Host} has nothing there: it could not {what}{said}.", "Check name and tag."),
            413 => new(OciTrouble.TooLarge, $"The registry {Host} finds it too large: it could not {what}{said}."),
            var status => new(status < 500 && status != 429 ? OciTrouble.Invalid : OciTrouble.Unavailable, $"The registry {Host} answered {status} when asked to {what}{said}."),
        };
    }

    private async Task<HttpResponseMessage> Once(Func<HttpRequestMessage> make, string scope, CancellationToken stop)
    {
        var reply = await Follow(make, Known(scope), stop);
        if (reply.StatusCode != HttpStatusCode.Unauthorized)
            return reply;
        var challenges = reply.Headers.NonValidated.TryGetValues("WWW-Authenticate", out var lines) ? lines.SelectMany(Challenge.Read).ToList() : [];
        if (await SignIn(challenges, scope, stop) is not { } header)
            return reply;
        reply.Dispose();
        lock (_tokens)
            _tokens[scope] = header;
        return await Follow(make, header, stop);
    }

    private AuthenticationHeaderValue? Known(string scope)
    {
        lock (_tokens)
            return _tokens.GetValueOrDefault(scope);
    }

    private async Task<HttpResponseMessage> Follow(Func<HttpRequestMessage> make, AuthenticationHeaderValue? header, CancellationToken stop)
    {
        Uri? elsewhere = null;
        for (var hop = 0; ; hop++)
        {
            var request = make();
            if (elsewhere is not null)
                request.RequestUri = elsewhere;
            // Only ever to where they belong: a registry that sends us on does not get others our password.
            request.Headers.Authorization = IsOwn(request.RequestUri!) ? header : null;
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(stop);
            if (request.Content is null)
                patience.CancelAfter(_options.Patience);
            var reply = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, patience.Token);
            if ((int)reply.StatusCode is not (301 or 302 or 303 or 307 or 308) || reply.Headers.Location is not { } to)
                return reply;
            reply.Dispose();
            if (hop == MostRedirects)
                throw new OciException(OciTrouble.Unavailable, $"The registry {Host} sends us around in circles.");
            elsewhere = Demanded(new Uri(request.RequestUri!, to));
        }
    }

    private bool IsOwn(Uri address) => address.Scheme == _base.Scheme && address.Host == _base.Host && address.Port == _base.Port;

    /// <summary>Never from TLS to plain, and never to addresses that only machines in a data center know.</summary>
    internal Uri Demanded(Uri address)
    {
        var plain = address.Scheme == Uri.UriSchemeHttp && _base.Scheme == Uri.UriSchemeHttp;
        if (address.Scheme != Uri.UriSchemeHttps && !plain)
            throw OciException.Invalid($"The registry {Host} sends us to '{Shown.Short(address.GetLeftPart(UriPartial.Path))}', which is not protected.", "Do not use it: a registry does not leave TLS.");
        if (IPAddress.TryParse(address.Host.Trim('[', ']'), out var ip) && (ip.IsIPv6LinkLocal || (ip.IsIPv4MappedToIPv6 ? ip.MapToIPv4() : ip).GetAddressBytes() is [169, 254, ..]))
            throw OciException.Invalid($"The registry {Host} sends us to '{address.Host}', an address of a machine's own network.", "Do not use it.");
        return address;
    }

    private async Task<AuthenticationHeaderValue?> SignIn(List<Challenge> challenges, string scope, CancellationToken stop)
    {
        var credentials = _options.SignIn(Host);
        foreach (var challenge in challenges)
        {
            if (challenge.Scheme == "basic" && credentials is { Bearer: false })
                return new("Basic", credentials.Basic);
            if (challenge.Scheme != "bearer")
                continue;
            if (credentials is { Bearer: true })
                return new("Bearer", credentials.Password);
            if (Uri.TryCreate(challenge["realm"], UriKind.Absolute, out var realm))
                return new("Bearer", await Token(Demanded(realm), challenge["service"], scope, credentials, stop));
        }

        return null;
    }

    /// <summary>Asks whoever gives out the registry's tokens.</summary>
    private async Task<string> Token(Uri realm, string? service, string scope, RegistrySignIn? credentials, CancellationToken stop)
    {
        var scopes = string.Join('&', scope.Split(' ').Select(one => "scope=" + Uri.EscapeDataString(one)));
        var query = (service is null ? "" : $"service={Uri.EscapeDataString(service)}&") + scopes;
        using var request = new HttpRequestMessage(HttpMethod.Get, new UriBuilder(realm) { Query = realm.Query.Length > 1 ? realm.Query[1..] + "&" + query : query }.Uri);
        if (credentials is not null)
            request.Headers.Authorization = new("Basic", credentials.Basic);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(stop);
        patience.CancelAfter(_options.Patience);
        using var reply = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, patience.Token);
        if (!reply.IsSuccessStatusCode)
            throw new OciException(IsForNow(reply.StatusCode) ? OciTrouble.Unavailable : OciTrouble.Denied, $"{realm.Host} gives no token for the registry {Host}: it answered {(int)reply.StatusCode}.", $"Sign in: skopeo login {Host}");
        var body = await Small(reply, MostToken, patience.Token);
        try
        {
            using var json = JsonDocument.Parse(body);
            foreach (var name in (string[])["token", "access_token"])
                if (json.RootElement.TryGetProperty(name, out var token) && token.GetString() is { Length: > 0 } value && value.All(c => c is > ' ' and < (char)127))
                    return value;
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            // said below: whatever it is, it is no token
        }

        throw new OciException(OciTrouble.Unavailable, $"{realm.Host} gives no token for the registry {Host}: its answer holds none.");
    }

    /// <summary>A small body as a whole; more than <paramref name="most"/> bytes are refused before they are kept.</summary>
    internal async Task<byte[]> Small(HttpResponseMessage reply, int most, CancellationToken stop)
    {
        await using var stream = await reply.Content.ReadAsStreamAsync(stop);
        var bytes = new byte[most + 1];
        var read = await stream.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, stop);
        return read <= most ? bytes[..read] : throw OciException.TooLarge($"The registry {Host} sends more than {most:N0} bytes where a document is expected.");
    }

    private async Task<string> Said(HttpResponseMessage reply, CancellationToken stop)
    {
        try
        {
            using var json = JsonDocument.Parse(await Small(reply, 64 << 10, stop));
            return json.RootElement.TryGetProperty("errors", out var errors) && errors.GetArrayLength() > 0 && errors[0].TryGetProperty("message", out var message) ? $" ({Shown.Short(message.GetString())})" : "";
        }
        catch (Exception error) when (error is JsonException or OciException or InvalidOperationException || IsCut(error, stop))
        {
            return "";
        }
    }

    /// <summary>Loopback needs no TLS: nobody else hears it.</summary>
    private static bool IsThisMachine(string host)
    {
        var name = host.StartsWith('[') ? host[1..host.IndexOf(']', StringComparison.Ordinal)] : host.Split(':')[0];
        return name == "localhost" || (IPAddress.TryParse(name, out var ip) && IPAddress.IsLoopback(ip));
    }

    private static SocketsHttpHandler Sockets(RegistryOptions options)
    {
        var handler = new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, ConnectTimeout = TimeSpan.FromSeconds(20), MaxResponseHeadersLength = 64, AutomaticDecompression = DecompressionMethods.None };
        if (options.Authorities is { Count: > 0 } authorities)
            handler.SslOptions.RemoteCertificateValidationCallback = (_, certificate, chain, errors) => errors == SslPolicyErrors.None || (errors == SslPolicyErrors.RemoteCertificateChainErrors && certificate is X509Certificate2 leaf && Trusts(authorities, leaf, chain));
        return handler;
    }

    private static bool Trusts(X509Certificate2Collection authorities, X509Certificate2 leaf, X509Chain? sent)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(authorities);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        foreach (var element in sent?.ChainElements ?? Enumerable.Empty<X509ChainElement>())
            chain.ChainPolicy.ExtraStore.Add(element.Certificate);
        return chain.Build(leaf);
    }
}
