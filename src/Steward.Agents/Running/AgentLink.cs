using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.Security;
using System.Reflection;
using System.Security.Cryptography.X509Certificates;
using Steward.Cli;

namespace Steward.Agents.Running;

/// <summary>The agent's only way out: calls to one server, through a proxy when there is one.</summary>
internal sealed class AgentLink : IDisposable
{
    /// <summary>A line that was cut says nothing: whoever waits longer would find its lease over.</summary>
    private static readonly TimeSpan LongestCall = AgentWork.LongestWait + TimeSpan.FromSeconds(8);

    /// <summary>So long nothing may move of a file on its way.</summary>
    private static readonly TimeSpan Stall = TimeSpan.FromSeconds(20);
    private readonly HttpClient _http;
    private readonly HttpClient _files;
    private readonly string _session = Names.NewId();
    private string? _project;

    public AgentLink(AgentSettings settings)
    {
        var handler = new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, ConnectTimeout = TimeSpan.FromSeconds(15), PooledConnectionLifetime = TimeSpan.FromMinutes(5) };
        if (settings.Proxy is { } proxy)
            handler.Proxy = new WebProxy(proxy);
        if (settings.Authority is { } authority)
            handler.SslOptions = new SslClientAuthenticationOptions { CertificateChainPolicy = Trusting(authority) };
        _http = new HttpClient(handler) { BaseAddress = new Uri(settings.Server!), Timeout = LongestCall };
        _files = new HttpClient(handler, disposeHandler: false) { BaseAddress = _http.BaseAddress, Timeout = Timeout.InfiniteTimeSpan };
        _files.DefaultRequestHeaders.Authorization = _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", settings.Token);
        _http.DefaultRequestHeaders.Accept.Add(new("application/json"));
    }

    public async Task<Agent> Begin(int atOnce, CancellationToken stop)
    {
        _project ??= await ProjectOfToken(stop);
        return await Post<Agent>("begin", new Beginning(_session, Environment.MachineName, Assembly.GetExecutingAssembly().GetName().Version?.ToString(3), atOnce), stop);
    }

    public Task<Orders> Take(int free, IReadOnlyList<TaskKey> holding, CancellationToken stop) => Post<Orders>("take", new Asking(_session, free, holding), stop);

    public Task<List<Heard>> Tell(IReadOnlyList<Report> reports, CancellationToken stop) => Post<List<Heard>>("tell", new Telling(_session, reports), stop);

    public async Task End(CancellationToken stop)
    {
        using var reply = await Send("end", new { session = _session }, stop);
    }

    /// <summary>Fetches the rest of a file into <paramref name="part"/>, which keeps what came when the line is cut.</summary>
    public async Task Fetch(TaskKey key, TaskFile file, string part, CancellationToken stop)
    {
        using var stall = CancellationTokenSource.CreateLinkedTokenSource(stop);
        await using var to = new FileStream(part, FileMode.OpenOrCreate, FileAccess.Write);
        if (to.Length > file.Size)
            to.SetLength(0);
        to.Position = to.Length;
        stall.CancelAfter(Stall);
        using var reply = await _files.GetAsync($"{Of(key, file)}&from={to.Position}", HttpCompletionOption.ResponseHeadersRead, stall.Token);
        await Server.Check(reply, stall.Token);
        await using var bytes = await reply.Content.ReadAsStreamAsync(stall.Token);
        await Flow(bytes, to, file.Size - to.Position, stall);
    }

    public async Task Bring(TaskKey key, TaskFile file, string path, CancellationToken stop)
    {
        using var stall = CancellationTokenSource.CreateLinkedTokenSource(stop);
        stall.CancelAfter(Stall);
        using var content = new Flowing(path, file.Size, stall);
        using var reply = await _files.PutAsync(Of(key, file), content, stall.Token);
        await Server.Check(reply, stall.Token);
    }

    public void Dispose()
    {
        _files.Dispose();
        _http.Dispose();
    }

    private string Of(TaskKey key, TaskFile file) => string.Create(CultureInfo.InvariantCulture, $"/api/projects/{_project}/agent-work/jobs/{key.Job}/{key.Number}/{key.Fence}/files/{file.Digest.Hex}?session={_session}");

    /// <summary>No more than was said, and each piece puts the stall off.</summary>
    private static async Task Flow(Stream from, Stream to, long most, CancellationTokenSource stall)
    {
        var some = new byte[1 << 16];
        for (int read; (read = await from.ReadAsync(some, stall.Token)) > 0; most -= read)
        {
            if (read > most)
                throw ProblemException.Conflict("digest_differs", "More came than was said.");
            await to.WriteAsync(some.AsMemory(0, read), stall.Token);
            stall.CancelAfter(Stall);
        }
    }

    private sealed class Flowing(string path, long size, CancellationTokenSource stall) : HttpContent
    {
        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            await using var file = File.OpenRead(path);
            await Flow(file, stream, size, stall);
            // The server reads to the end, keeps and answers; that takes longer than a piece.
            stall.CancelAfter(Stall * 6);
        }

        protected override bool TryComputeLength(out long length)
        {
            length = size;
            return true;
        }
    }

    private static X509ChainPolicy Trusting(FileInfo authority)
    {
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        try
        {
            policy.CustomTrustStore.ImportFromPemFile(authority.FullName);
        }
        catch (Exception error) when (error is System.Security.Cryptography.CryptographicException or IOException or UnauthorizedAccessException)
        {
            throw ProblemException.Invalid("certificate_invalid", $"{authority} holds no certificate that can be read.", "Give a file in PEM: -----BEGIN CERTIFICATE-----");
        }

        return policy.CustomTrustStore.Count > 0 ? policy : throw ProblemException.Invalid("certificate_invalid", $"{authority} holds no certificate.", "Give a file in PEM: -----BEGIN CERTIFICATE-----");
    }

    private async Task<string> ProjectOfToken(CancellationToken stop)
    {
        using var reply = await _http.GetAsync(new Uri("/api/me", UriKind.Relative), stop);
        await Server.Check(reply, stop);
        var me = await reply.Content.ReadFromJsonAsync<Me>(Json.Options, stop);
        return me?.Roles.Keys.FirstOrDefault(project => project != "*")
            ?? throw ProblemException.Denied("This token is not, or no longer, an agent's.", "Get one: steward agent token NAME");
    }

    private async Task<T> Post<T>(string deed, object body, CancellationToken stop)
    {
        using var reply = await Send(deed, body, stop);
        return (await reply.Content.ReadFromJsonAsync<T>(Json.Options, stop))!;
    }

    private async Task<HttpResponseMessage> Send(string deed, object body, CancellationToken stop)
    {
        var reply = await _http.PostAsJsonAsync($"/api/projects/{_project}/agent-work/{deed}", body, Json.Options, stop);
        await Server.Check(reply, stop);
        return reply;
    }

    private sealed record Me(Dictionary<string, List<string>> Roles);
}
