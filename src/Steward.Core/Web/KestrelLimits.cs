using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Steward.Web;

/// <summary>What one connection may take of the server.</summary>
public static class KestrelLimits
{
    /// <summary>Bodies up to <see cref="Settings.MaxBody"/> unless a route says otherwise, 32 kB of at most 64 headers, 8 kB of address, 15 s to say what is wanted.</summary>
    public static void Apply(KestrelServerOptions options, Settings settings)
    {
        options.AddServerHeader = false;
        var limits = options.Limits;
        limits.MaxRequestBodySize = settings.MaxBody;
        limits.MaxRequestHeaderCount = 64;
        limits.MaxRequestHeadersTotalSize = 32 << 10;
        limits.MaxRequestLineSize = 8 << 10;
        limits.RequestHeadersTimeout = TimeSpan.FromSeconds(15);
        limits.KeepAliveTimeout = TimeSpan.FromMinutes(2);
        limits.MinRequestBodyDataRate = new(bytesPerSecond: 240, gracePeriod: TimeSpan.FromSeconds(5));
    }
}
