using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Steward.Attack.Tests;
using Steward.Identity;
using Steward.Projects;
using Steward.Testing;

[assembly: AssemblyFixture(typeof(Town))]

namespace Steward.Attack.Tests;

/// <summary>
/// A real server with two projects and one person for every role, made over the public API: what an attacker meets.
/// </summary>
public sealed class Town() : TestHost()
{
    public const string Home = "home", Abroad = "abroad";
    public const string Password = "four odd words together";

    /// <summary>Who tries: name to token; nobody and open have none.</summary>
    public IReadOnlyDictionary<string, string> Tokens { get; private set; } = new Dictionary<string, string>();

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        var tokens = new Dictionary<string, string>();
        await Use(await Services.GetRequiredService<FirstStart>().Link() ?? throw new InvalidOperationException("There are people already."), "root");
        tokens["server admin"] = await SignIn("root");
        using var root = With(tokens["server admin"]);
        foreach (var project in (string[])[Home, Abroad])
            await Services.GetRequiredService<IProjects>().Put($"steward: 1\nproject: {project}\n", Who.Steward);
        foreach (var (who, project, role) in ((string, string, string)[])[("reader", Home, "reader"), ("editor", Home, "editor"), ("approver", Home, "approver"), ("admin", Home, "admin"), ("stranger", Abroad, "reader")])
        {
            await Add(root, who, project, role);
            tokens[who] = await SignIn(who);
        }

        using var made = await root.PostAsJsonAsync($"/api/projects/{Home}/agents", new { name = "plant-7" });
        tokens["agent"] = (await made.Content.ReadFromJsonAsync<Made>())!.Secret;

        Tokens = tokens;
    }

    /// <summary>A client that follows no redirects and shows this token, if any.</summary>
    public HttpClient With(string? token)
    {
        var http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = new Uri(Url) };
        if (token is not null)
            http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return http;
    }

    public HttpClient As(string who) => With(Tokens[who]);

    /// <summary>The same from another address of this machine: what guesses without end uses up its own attempts, not those of other tests.</summary>
    public HttpClient Afar(string who)
    {
        var http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, ConnectCallback = ConnectFromAfar }) { BaseAddress = new Uri(Url) };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Tokens[who]);
        return http;
    }

    public async Task<string> SignIn(string user, string password = Password)
    {
        using var http = With(null);
        using var reply = await http.PostAsJsonAsync("/api/sign-in", new { user, password });
        reply.EnsureSuccessStatusCode();
        return (await reply.Content.ReadFromJsonAsync<Made>())!.Secret;
    }

    /// <summary>Adds a person with a role, who chooses the password by the link.</summary>
    public async Task Add(HttpClient admin, string user, string project, string role)
    {
        using var added = await admin.PostAsJsonAsync("/api/users", new { user });
        added.EnsureSuccessStatusCode();
        await Use((await added.Content.ReadFromJsonAsync<Linked>())!.Link, user);
        using var set = await admin.PutAsJsonAsync($"/api/users/{user}/roles", new { project, roles = new[] { role } });
        set.EnsureSuccessStatusCode();
    }

    public async Task Use(string link, string user)
    {
        using var http = With(null);
        using var reply = await http.PostAsJsonAsync("/api/welcome", new { link = link.Split("link=")[1], user, password = Password });
        reply.EnsureSuccessStatusCode();
    }

    private static async ValueTask<Stream> ConnectFromAfar(SocketsHttpConnectionContext context, CancellationToken stop)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Parse("127.0.0.2").MapToIPv6(), 0));
        await socket.ConnectAsync(IPAddress.Loopback.MapToIPv6(), context.DnsEndPoint.Port, stop);
        return new NetworkStream(socket, ownsSocket: true);
    }

    private sealed record Made(string Secret);

    private sealed record Linked(string Link);
}
