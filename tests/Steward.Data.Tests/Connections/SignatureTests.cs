using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Steward.Data.Tests.Connections;

/// <summary>Requests to buckets are signed (AWS Signature Version 4) as a server that keeps to the letter of it expects.</summary>
public sealed class SignatureTests : Connected
{
    private const string Nothing = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    /// <summary>“Example: GET Object” of the documentation of S3.</summary>
    [Fact]
    public void The_published_example_is_signed_as_published() => Assert.Equal(
        "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41",
        Signature("wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", "20130524T000000Z", "us-east-1",
            $"GET\n/test.txt\n\nhost:examplebucket.s3.amazonaws.com\nrange:bytes=0-9\nx-amz-content-sha256:{Nothing}\nx-amz-date:20130524T000000Z\n\nhost;range;x-amz-content-sha256;x-amz-date\n{Nothing}"));

    [Fact]
    public async Task Every_request_of_a_connection_carries_a_signature_that_holds()
    {
        var seen = new ConcurrentQueue<(string Said, string Right)>();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        await using var bucket = builder.Build();
        bucket.Urls.Add("http://127.0.0.1:0");
        bucket.Run(context =>
        {
            seen.Enqueue((Said(context.Request), Right(context.Request, "S3RVER")));
            context.Response.StatusCode = 404;
            return Task.CompletedTask;
        });
        await bucket.StartAsync(Stop);
        await Connect(("one", $"kind: s3, url: \"{bucket.Urls.First()}\", bucket: sales, access_key: AKIA, secret_key: \"secret://bucket\", region: eu-central-1, checksums: false"));
        await using var store = await Connections.Files("shop", "one", Stop);
        Assert.Null(await store.Stat("a/b c+d.csv", Stop));
        await Assert.ThrowsAsync<ProblemException>(() => store.Put("käse.csv", Bytes(1000), Stop));
        await Assert.ThrowsAsync<ProblemException>(() => Names(store, "a/"));
        Assert.True(seen.Count >= 3);
        Assert.All(seen, one => Assert.Equal(one.Right, one.Said));
    }

    private static string Said(HttpRequest request) => request.Headers.Authorization.ToString().Split("Signature=")[1];

    private static string Right(HttpRequest request, string secret)
    {
        var signed = request.Headers.Authorization.ToString().Split("SignedHeaders=")[1].Split(',')[0];
        var region = request.Headers.Authorization.ToString().Split("Credential=")[1].Split('/')[2];
        var path = string.Join('/', request.Path.Value!.Split('/').Select(Uri.EscapeDataString));
        var query = string.Join('&', request.Query.Select(pair => $"{Uri.EscapeDataString(pair.Key)}={Uri.EscapeDataString(pair.Value.ToString())}").Order(StringComparer.Ordinal));
        var headers = string.Concat(signed.Split(';').Select(name => $"{name}:{request.Headers[name].ToString().Trim()}\n"));
        return Signature(secret, request.Headers["x-amz-date"].ToString(), region, $"{request.Method}\n{path}\n{query}\n{headers}\n{signed}\n{request.Headers["x-amz-content-sha256"]}");
    }

    private static string Signature(string secret, string time, string region, string canonical)
    {
        var scope = $"{time[..8]}/{region}/s3/aws4_request";
        var key = new[] { time[..8], region, "s3", "aws4_request" }.Aggregate(Encoding.UTF8.GetBytes("AWS4" + secret), (from, part) => HMACSHA256.HashData(from, Encoding.UTF8.GetBytes(part)));
        return Convert.ToHexStringLower(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes($"AWS4-HMAC-SHA256\n{time}\n{scope}\n{Digest.Of(canonical).Hex}")));
    }
}
