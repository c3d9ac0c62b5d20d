using System.Security.Cryptography;

namespace Steward.Data.Connections;

/// <summary>The sum by which S3 and Azure check what arrives: a guard against accidents, not against people.</summary>
internal static class Md5Sum
{
#pragma warning disable CA5351 // the stores compare by no other
    public static byte[] Of(ReadOnlySpan<byte> bytes) => MD5.HashData(bytes);
#pragma warning restore CA5351
}
