using Microsoft.Extensions.DependencyInjection;
using Steward.Data.Connections;
using Steward.Data.Copying;
using Steward.Outside;
using Steward.Testing;

namespace Steward.Data.Tests.Connections;

/// <summary>A shop whose project file names connections; its server knows the secrets of the test servers and may reach this machine.</summary>
public class Connected(string? db = null, Action<IServiceCollection>? furnish = null) : Shop(db, services =>
{
    services.AddSingleton(new Secrets(name => Secret.GetValueOrDefault(name)));
    services.AddSingleton(new Allowed { PrivateAddresses = true, Folders = null });
    services.AddSingleton(all => new Reach(all.GetRequiredService<Allowed>()));
    furnish?.Invoke(services);
})
{
    /// <summary>The account key that azurite and its documentation publish.</summary>
    public const string AzureKey = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";

    public static Dictionary<string, string> Secret { get; } = new()
    {
        ["STEWARD_SECRET_BUCKET"] = "S3RVER",
        ["STEWARD_SECRET_CONTAINER"] = AzureKey,
        ["STEWARD_SECRET_WRONG"] = "d3JvbmctYnV0LXdlbGwtZm9ybWVk",
        ["STEWARD_SECRET_COSMOS"] = "C2y6yDjf5/R+ob0N8A7Cgv30VRDJIWEHLM+4QDU5DE2nQ9nDuVTqobD4b8mGGyPMbIZnqyMsEcaGQy67XIw/Jw==",
    };

    protected static CancellationToken Stop => TestContext.Current.CancellationToken;

    public IConnections Connections => Services.GetRequiredService<IConnections>();

    public ICopies Copies => Services.GetRequiredService<ICopies>();

    /// <summary>Makes these the connections of the project, each its name and the rest of the line.</summary>
    public Task Connect(params (string Name, string Plan)[] all)
        => Project("shop", "connections:\n" + string.Concat(all.Select(one => $"  {one.Name}: {{ {one.Plan} }}\n")));

    public static string Folder(string path) => $"kind: folder, path: \"{path}\"";

    public static string S3(NodeServer server, string bucket = "sales") => $"kind: s3, url: \"{server.Url}\", bucket: {bucket}, access_key: S3RVER, secret_key: \"secret://bucket\", checksums: false";

    public static string Azure(NodeServer server, string container = "sales") => $"kind: blob, url: \"{server.Url}/devstoreaccount1\", account: devstoreaccount1, account_key: \"secret://container\", container: {container}";

    /// <summary>An azurite with a container.</summary>
    public static async Task<NodeServer> AzureWith(string container = "sales")
    {
        var server = NodeServer.Azure();
        await new Azure.Storage.Blobs.BlobContainerClient(new Uri($"{server.Url}/devstoreaccount1/{container}"), new Azure.Storage.StorageSharedKeyCredential("devstoreaccount1", AzureKey)).CreateIfNotExistsAsync(cancellationToken: Stop);
        return server;
    }

    /// <summary>PostgreSQL of the tests as a connection.</summary>
    public static string Postgres(string address)
    {
        var parts = address.Split(';').Select(part => part.Split('=')).ToDictionary(part => part[0], part => part[1]);
        return $"kind: postgres, host: {parts["Host"]}, port: {parts["Port"]}, user: {parts["Username"]}, database: {parts["Database"]}, tls: off";
    }

    public static byte[] Bytes(int length, int seed = 1)
    {
        var bytes = new byte[length];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }

    public static async Task<byte[]> Read(IFileStore store, string name, long from = 0, long? length = null)
    {
        await using var reading = await store.Open(await store.Get(name, Stop), from, length, Stop);
        using var all = new MemoryStream();
        await reading.Bytes.CopyToAsync(all, Stop);
        return all.ToArray();
    }

    public static async Task<List<string>> Names(IFileStore store, string prefix = "", string? after = null)
    {
        var found = new List<string>();
        await foreach (var file in store.List(prefix, after, Stop))
            found.Add(file.Name);
        return found;
    }

    public static async Task<string> Refused(Func<Task> work) => (await Assert.ThrowsAsync<ProblemException>(work)).Code;
}
