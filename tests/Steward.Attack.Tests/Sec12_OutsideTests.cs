using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Json;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Steward.Data.Connections;
using Steward.Identity;
using Steward.Outside;
using Steward.Projects;
using Steward.Testing;

namespace Steward.Attack.Tests;

/// <summary>SEC-12: addresses and folders that a project file names lead where the server may go, and nowhere else.</summary>
public sealed class Sec12_OutsideTests() : Testing.TestHost(furnish: services => services.AddSingleton(new Secrets(name => name switch { "STEWARD_SECRET_TOKEN" => Canary, "STEWARD_SECRET_KEY" => "a2V5", _ => null })))
{
    private const string Canary = "canary-7f3a-very-secret";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("http://127.0.0.1:9/")]
    [InlineData("http://127.1:9/")]
    [InlineData("http://2130706433:9/")]
    [InlineData("http://0x7f000001:9/")]
    [InlineData("http://017700000001:9/")]
    [InlineData("http://[::1]:9/")]
    [InlineData("http://[::ffff:127.0.0.1]:9/")]
    [InlineData("http://[::ffff:169.254.169.254]/")]
    [InlineData("http://169.254.169.254/latest/meta-data")]
    [InlineData("http://10.0.0.1/")]
    [InlineData("http://192.168.1.1/")]
    [InlineData("http://100.64.0.1/")]
    [InlineData("http://[fd00::1]/")]
    [InlineData("http://[64:ff9b::7f00:1]/")]
    [InlineData("http://[2002:7f00:1::]/")]
    [InlineData("http://localhost:9/")]
    [InlineData("http://0.0.0.0:9/")]
    public async Task An_address_within_is_refused_however_it_is_written(string url)
    {
        var result = await Tested($"kind: http, url: \"{url}\"");
        Assert.False(result.Ok);
        Assert.Equal("address_refused", result.Code);
    }

    [Theory]
    [InlineData("kind: s3, bucket: x, url: \"http://127.0.0.1:9\"")]
    [InlineData("kind: blob, container: x, url: \"http://169.254.169.254/x\"")]
    [InlineData("kind: postgres, host: 127.0.0.1, database: x, user: x, tls: off")]
    [InlineData("kind: cosmos, url: \"http://10.0.0.1/\", database: x, container: x, account_key: \"secret://key\"")]
    public async Task Every_kind_of_connection_looks_at_its_addresses(string plan)
        => Assert.Equal("address_refused", (await Tested(plan)).Code);

    [Fact]
    public async Task A_name_that_means_another_machine_a_moment_later_reaches_nothing()
    {
        var asked = 0;
        using var canary = new System.Net.Sockets.TcpListener(IPAddress.Loopback, 0);
        canary.Start();
        // Allowed when it is looked at, this machine's own a moment later: what was looked at is what is connected to.
        var reach = new Reach(new Allowed { Networks = [IPNetwork.Parse("127.0.0.2/32")] }, (_, _) => Task.FromResult<IPAddress[]>([Interlocked.Increment(ref asked) == 1 ? IPAddress.Parse("127.0.0.2") : IPAddress.Loopback]));
        using var http = new HttpClient(reach.Handler());
        await Assert.ThrowsAsync<HttpRequestException>(() => http.GetAsync(new Uri($"http://flips.example:{((IPEndPoint)canary.LocalEndpoint).Port}/"), Stop));
        Assert.Equal(1, asked);
        Assert.False(canary.Pending());
    }

    [Fact]
    public async Task Link_local_addresses_are_opened_by_their_own_network_alone()
    {
        await Assert.ThrowsAsync<ProblemException>(() => new Reach(new Allowed { PrivateAddresses = true }).Addresses("169.254.169.254", Stop));
        Assert.Single(await new Reach(new Allowed { Networks = [IPNetwork.Parse("169.254.169.254/32")] }).Addresses("169.254.169.254", Stop));
        Assert.Single(await new Reach(new Allowed { Networks = [IPNetwork.Parse("10.1.0.0/16")] }).Addresses("::ffff:10.1.2.3", Stop));
        await Assert.ThrowsAsync<ProblemException>(() => new Reach(new Allowed { Networks = [IPNetwork.Parse("10.1.0.0/16")] }).Addresses("10.2.0.1", Stop));
    }

    [Fact]
    public async Task A_redirect_is_looked_at_again_and_takes_no_credentials_along()
    {
        await using var strict = await Strict.Start("127.0.0.3/32");
        await using var door = await Door.Open(Stop);
        await using var other = await Door.Open(Stop);
        var plan = $"kind: http, url: \"{door.Url}\", headers: {{ Authorization: \"secret://token\" }}";
        door.To = "http://127.0.0.2:9/";
        Assert.Equal("address_refused", (await strict.Tested(plan)).Code);
        door.To = "file:///etc/passwd";
        Assert.Equal("redirect_refused", (await strict.Tested(plan)).Code);
        door.To = $"{door.Url}/again";
        Assert.Equal("redirect_refused", (await strict.Tested(plan)).Code);
        door.To = other.Url;
        Assert.True((await strict.Tested(plan)).Ok);
        Assert.Contains(Canary, door.Seen);
        Assert.Equal([""], other.Seen.Distinct());
    }

    [Fact]
    public async Task A_folder_that_was_not_allowed_is_refused()
    {
        var allowed = TestFolder.New();
        await using var strict = await Strict.Start("10.0.0.0/8", allowed);
        foreach (var folder in (string[])["/etc", "/", "/proc/self", TestFolder.New(), allowed + "er"])
        {
            Assert.Contains((await strict.Tested($"kind: folder, path: \"{folder}\"")).Code, (string[])["folder_refused", "folder_not_found"]);
            Assert.Contains((await strict.Tested($"kind: sqlite, path: \"{folder.TrimEnd('/')}/x.db\"")).Code, (string[])["folder_refused", "folder_not_found"]);
        }

        Directory.CreateSymbolicLink(Path.Combine(allowed, "out"), "/etc");
        Assert.Equal("folder_refused", (await strict.Tested($"kind: folder, path: \"{allowed}/out\"")).Code);
        Assert.True((await strict.Tested($"kind: folder, path: \"{allowed}\"")).Ok);
        Assert.True((await strict.Tested("kind: folder, path: drop")).Ok);
    }

    [Fact]
    public async Task The_servers_own_data_is_no_folder_of_a_project()
    {
        foreach (var path in (string[])[Settings.Data, Path.Combine(Settings.Data, "keys"), Path.GetDirectoryName(Settings.Data)!])
            Assert.Equal("folder_refused", (await Tested($"kind: folder, path: \"{path}\"")).Code);
        Assert.Equal("folder_refused", (await Tested($"kind: sqlite, path: \"{Settings.Data}/steward.db\"")).Code);
    }

    [Fact]
    public async Task A_link_out_of_a_folder_is_neither_listed_nor_followed()
    {
        var folder = TestFolder.New();
        File.CreateSymbolicLink(Path.Combine(folder, "file.txt"), "/etc/passwd");
        Directory.CreateSymbolicLink(Path.Combine(folder, "deep"), "/etc");
        await Put($"kind: folder, path: \"{folder}\"");
        await using var store = await Services.GetRequiredService<IConnections>().Files("shop", "one", Stop);
        await foreach (var file in store.List(stop: Stop))
            Assert.Fail(file.Name);
        foreach (var name in (string[])["file.txt", "deep/passwd"])
        {
            Assert.Equal("file_is_link", (await Assert.ThrowsAsync<ProblemException>(() => store.Stat(name, Stop))).Code);
            Assert.Equal("file_is_link", (await Assert.ThrowsAsync<ProblemException>(() => store.Open(new StoredFile(name, 1, null, null), stop: Stop))).Code);
            Assert.Equal("file_is_link", (await Assert.ThrowsAsync<ProblemException>(() => store.Put(name, new byte[1], Stop))).Code);
        }
    }

    [Fact]
    public async Task A_secret_is_in_no_reply_no_error_and_no_page()
    {
        await Put("kind: http, url: \"http://127.0.0.1:9/\", headers: { Authorization: \"secret://token\" }");
        var said = new StringBuilder();
        foreach (var path in (string[])["/api/projects/shop/connections", "/api/projects/shop/file", "/projects/shop/connections", "/projects/shop/settings"])
            said.Append(await Http.GetStringAsync(new Uri(path, UriKind.Relative), Stop));
        using var tested = await Http.PostAsJsonAsync("/api/projects/shop/connections/one/test", new { }, Stop);
        said.Append(await tested.Content.ReadAsStringAsync(Stop));
        Assert.Contains("STEWARD_SECRET_TOKEN", said.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain(Canary, said.ToString(), StringComparison.Ordinal);
        Assert.Equal("no ••• and no ••• here", new Secrets(_ => "a b+c").Redact("no a b+c and no a%20b%2Bc here", ["secret://token"]));
    }

    [Theory]
    [InlineData("kind: s3, bucket: x, access_key: AKIA, secret_key: wJalrXUtnFEMI")]
    [InlineData("kind: postgres, host: x, database: x, user: x, password: hunter2")]
    [InlineData("kind: blob, container: x, account: x, sas: \"sv=2020&sig=abc\"")]
    [InlineData("kind: http, url: \"https://ana:hunter2@example.com/\"")]
    [InlineData("kind: http, url: \"https://example.com/?sig=abc\"")]
    [InlineData("kind: http, url: \"https://example.com/\", headers: { Authorization: \"Bearer abc\" }")]
    [InlineData("kind: http, url: \"file:///etc/passwd\"")]
    [InlineData("kind: folder, path: \"../../etc\"")]
    public async Task A_secret_that_is_written_out_is_refused_with_the_file(string plan)
        => Assert.Equal("project_file_invalid", (await Assert.ThrowsAsync<ProblemException>(() => Put(plan))).Code);

    private async Task<ConnectionResult> Tested(string plan)
    {
        await Put(plan);
        return await Services.GetRequiredService<IConnections>().Test(Who.Steward, "shop", "one", Stop);
    }

    private Task Put(string plan) => Services.GetRequiredService<IProjects>().Put($"steward: 1\nproject: shop\nconnections:\n  one: {{ {plan} }}\n", Who.Steward, Stop);

    /// <summary>The same platform, allowed one network and perhaps a folder.</summary>
    private sealed class Strict(string network, string[] folders) : Testing.TestHost(furnish: services => services
        .AddSingleton(new Secrets(_ => Canary))
        .AddSingleton(new Allowed { Networks = [IPNetwork.Parse(network)], Folders = folders }))
    {
        public static async Task<Strict> Start(string network, params string[] folders)
        {
            var host = new Strict(network, folders);
            await host.InitializeAsync();
            return host;
        }

        public async Task<ConnectionResult> Tested(string plan)
        {
            await Services.GetRequiredService<IProjects>().Put($"steward: 1\nproject: shop\nconnections:\n  one: {{ {plan} }}\n", Who.Steward, Stop);
            return await Services.GetRequiredService<IConnections>().Test(Who.Steward, "shop", "one", Stop);
        }
    }

    /// <summary>A web server that sends on, and remembers who came with what.</summary>
    private sealed class Door(WebApplication app) : IAsyncDisposable
    {
        public string? To { get; set; }

        public ConcurrentQueue<string> Seen { get; } = new();

        public string Url => app.Urls.First();

        public static async Task<Door> Open(CancellationToken stop)
        {
            var builder = WebApplication.CreateSlimBuilder();
            builder.Logging.ClearProviders();
            var app = builder.Build();
            app.Urls.Add("http://127.0.0.3:0");
            var door = new Door(app);
            app.Run(context =>
            {
                door.Seen.Enqueue(context.Request.Headers.Authorization.ToString());
                if (door.To is { } to)
                    (context.Response.StatusCode, context.Response.Headers.Location) = (302, to);
                return Task.CompletedTask;
            });
            await app.StartAsync(stop);
            return door;
        }

        public ValueTask DisposeAsync() => app.DisposeAsync();
    }
}
