using System.Security.Cryptography;
using System.Text;

namespace Steward.Data.Documents;

/// <summary>How a request to Cosmos DB is signed by the key of the account.</summary>
public static class CosmosSignature
{
    /// <summary>The header <c>Authorization</c>: HMAC-SHA256 over verb, kind of resource, its link and the date, each on a line.</summary>
    public static string Of(byte[] key, string verb, string kind, string link, string date)
    {
        var signed = $"{verb.ToLowerInvariant()}\n{kind.ToLowerInvariant()}\n{link}\n{date.ToLowerInvariant()}\n\n";
        return Uri.EscapeDataString($"type=master&ver=1.0&sig={Convert.ToBase64String(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(signed)))}");
    }
}
