using System.Net;
using System.Net.Sockets;

namespace Steward.Outside;

/// <summary>
/// Connects to addresses that come from a project file. A name is resolved once, every address it has is checked, and the
/// connection goes to a checked one: a name that means another machine a moment later reaches nothing.
/// </summary>
/// <param name="allowed">What may be reached beyond public addresses.</param>
/// <param name="resolve">The addresses of a name; the system's resolver when null.</param>
public sealed class Reach(Allowed allowed, Func<string, CancellationToken, Task<IPAddress[]>>? resolve = null)
{
    private static readonly TimeSpan LongestConnect = TimeSpan.FromSeconds(20);

    /// <summary>Where clouds answer questions about themselves.</summary>
    private static readonly IPNetwork[] LinkLocal = [IPNetwork.Parse("169.254.0.0/16"), IPNetwork.Parse("fe80::/10")];

    /// <summary>Not of the public internet (IANA's special-purpose registries), or a way to write such an address in IPv6.</summary>
    private static readonly IPNetwork[] Private =
    [
        .. LinkLocal,
        .. new[]
        {
            "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/3",
            "::/96", "64:ff9b::/96", "64:ff9b:1::/48", "100::/64", "2001::/23", "2001:db8::/32", "2002::/16", "fc00::/7", "fec0::/10", "ff00::/8",
        }.Select(text => IPNetwork.Parse(text)),
    ];

    /// <summary>The addresses of a name, every one of them allowed; <c>address_refused</c> when one is not.</summary>
    public async Task<IReadOnlyList<IPAddress>> Addresses(string host, CancellationToken stop)
    {
        var found = IPAddress.TryParse(host.Trim('[', ']'), out var itself) ? [itself] : await (resolve ?? Dns.GetHostAddressesAsync)(host, stop);
        if (found.Length == 0)
            throw new SocketException((int)SocketError.HostNotFound);
        foreach (var address in found)
            if (!May(address))
                throw new ProblemException(ProblemKind.Denied, "address_refused", $"{Names.Shorten(host)} is {(ReferenceEquals(address, itself) ? "" : $"{address}, ")}an address of this machine or its network.", "Who runs the server may allow it: STEWARD_ALLOW=private-addresses, or the network it is in.");
        return found;
    }

    /// <summary>For clients of HTTP: pinned, no proxy, no cookies, and no redirect followed.</summary>
    public SocketsHttpHandler Handler() => new()
    {
        AllowAutoRedirect = false,
        UseProxy = false,
        UseCookies = false,
        ConnectTimeout = LongestConnect,
        MaxResponseHeadersLength = 64,
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        ConnectCallback = async (context, stop) => await Connect(context.DnsEndPoint, stop),
    };

    private bool May(IPAddress address)
    {
        var plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        return allowed.Networks.Any(network => network.Contains(plain))
            || !Private.Any(network => network.Contains(plain))
            || (allowed.PrivateAddresses && !LinkLocal.Any(network => network.Contains(plain)));
    }

    private async Task<Stream> Connect(DnsEndPoint to, CancellationToken stop)
    {
        var addresses = await Addresses(to.Host, stop);
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync([.. addresses], to.Port, stop);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
