using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;

namespace Steward.Pipelines;

/// <summary>
/// One POST. The name is resolved once, every address is checked, and the connection goes to a checked one: a name that
/// means another machine a moment later reaches nothing. Nothing is followed.
/// </summary>
internal sealed class WebhookStep(Secrets secrets, Allowed allowed) : IStep
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);
    private static readonly IPNetwork[] Private =
    [
        .. new[]
        {
            "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/3",
            "::/127", "64:ff9b::/96", "64:ff9b:1::/48", "100::/64", "2001::/23", "2001:db8::/32", "2002::/16", "fc00::/7", "fe80::/10", "ff00::/8",
        }.Select(text => IPNetwork.Parse(text)),
    ];

    public string Kind => "webhook";

    public async Task<StepMade> Do(StepContext context, CancellationToken stop)
    {
        var plan = context.As<WebhookPlan>();
        using var handler = new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false, UseCookies = false, ConnectTimeout = Longest, ConnectCallback = Connect };
        using var http = new HttpClient(handler) { Timeout = plan.Timeout < Longest ? plan.Timeout : Longest };
        using var request = new HttpRequestMessage(HttpMethod.Post, plan.Url) { Content = new StringContent(Json.Write(Body(context, plan)), Encoding.UTF8, new MediaTypeHeaderValue("application/json")) };
        // The same for every try of this window: who receives it twice knows.
        request.Headers.TryAddWithoutValidation("Idempotency-Key", $"{context.Project.Name}/{context.Window.Pipeline}/{context.Window.StartAt.UtcDateTime:yyyyMMdd'T'HHmmss'Z'}/{context.Window.Round}/{context.Id}");
        foreach (var (name, value) in plan.Headers)
            request.Headers.TryAddWithoutValidation(name, secrets.Resolve(value));
        try
        {
            using var reply = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, stop);
            return reply.IsSuccessStatusCode
                ? new([], 0, $"{request.RequestUri!.Host} answered {(int)reply.StatusCode}.")
                : throw ProblemException.Invalid("webhook_refused", $"{request.RequestUri!.Host} answered {(int)reply.StatusCode} {reply.ReasonPhrase}.");
        }
        catch (HttpRequestException error)
        {
            throw error.InnerException as ProblemException ?? ProblemException.Invalid("webhook_unreachable", $"{request.RequestUri!.Host} cannot be reached: {error.Message}");
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            throw ProblemException.Invalid("webhook_unreachable", $"{request.RequestUri!.Host} did not answer within {Say.Span(http.Timeout)}.");
        }
    }

    internal static bool IsPrivate(IPAddress address)
    {
        var plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        return Private.Any(network => network.Contains(plain));
    }

    private async ValueTask<Stream> Connect(SocketsHttpConnectionContext context, CancellationToken stop)
    {
        var host = context.DnsEndPoint.Host;
        var addresses = await Dns.GetHostAddressesAsync(host, stop);
        if (!allowed.PrivateAddresses && Array.Find(addresses, IsPrivate) is { } inside)
            throw ProblemException.Denied($"{host} is {inside}, an address of this machine or its network.", "Who runs the server may allow it: STEWARD_ALLOW=private-addresses.");
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(addresses, context.DnsEndPoint.Port, stop);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static Dictionary<string, string> Body(StepContext context, WebhookPlan plan) => new(plan.Body)
    {
        ["project"] = context.Project.Name,
        ["pipeline"] = context.Window.Pipeline,
        ["run"] = context.Run,
        ["step"] = context.Id,
        ["windowStart"] = context.Window.StartAt.UtcDateTime.ToString("O"),
        ["windowEnd"] = context.Window.EndAt.UtcDateTime.ToString("O"),
    };
}
