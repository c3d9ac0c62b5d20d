using Microsoft.AspNetCore.Http;

namespace Steward.Web;

/// <summary>Headers of every reply. A route that serves foreign bytes sets a stricter policy of its own.</summary>
internal static class SafeHeaders
{
    // Style attributes are allowed (bars and columns have widths), style elements and foreign anything are not.
    private const string Policy = "default-src 'none'; script-src 'self'; style-src 'self'; style-src-attr 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'self'; frame-ancestors 'none'";

    public static void Put(HttpResponse reply)
    {
        var headers = reply.Headers;
        headers.XContentTypeOptions = "nosniff";
        headers.ContentSecurityPolicy = Policy;
        // Not no-referrer: browsers then send "Origin: null" with our own forms.
        headers["Referrer-Policy"] = "same-origin";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
    }
}
