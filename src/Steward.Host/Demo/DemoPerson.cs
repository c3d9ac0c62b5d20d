using System.Net.Http.Headers;
using System.Security.Cryptography;
using Steward.Cli;
using Steward.Identity;
using Steward.Models;

namespace Steward.Host.Demo;

/// <summary>Somebody who takes part in the demo through the public API alone, as any client would.</summary>
internal sealed class DemoPerson : IDisposable
{
    private readonly HttpClient _http;

    private DemoPerson(string name, string password, HttpClient http) => (Name, Password, _http, Server) = (name, password, http, new Server(_ => Task.FromResult(http)));

    public string Name { get; }

    /// <summary>So that the person at the keyboard can sign in and look.</summary>
    public string Password { get; }

    public Server Server { get; }

    public HttpClient Http => _http;

    /// <summary>Uses a one-use link, chooses a password, signs in.</summary>
    public static async Task<DemoPerson> Arrive(string url, string link, string name, CancellationToken stop)
    {
        var password = Words();
        var http = new HttpClient { BaseAddress = new(url), Timeout = TimeSpan.FromMinutes(5) };
        var person = new DemoPerson(name, password, http);
        await person.Server.Post<Named>("/api/welcome", new { link = link[(link.IndexOf('=', StringComparison.Ordinal) + 1)..], user = name, name, password }, stop);
        await person.SignIn(stop);
        return person;
    }

    /// <summary>Gets a token; also again, after new roles ended the one before.</summary>
    public async Task SignIn(CancellationToken stop)
    {
        _http.DefaultRequestHeaders.Authorization = null;
        var token = await Server.Post<Made>("/api/sign-in", new { user = Name, password = Password, name = "demo" }, stop);
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token.Secret);
    }

    /// <summary>Makes a key, registers its public half, and signs a vote with the private half, which never leaves this process.</summary>
    public async Task Approve(string project, int signOff, string party, string reason, CancellationToken stop)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        await Server.Post<PersonKey>("/api/me/keys", new { name = $"sign-off-{signOff}", pem = PersonKey.PemOf(key) }, stop);
        var at = $"/api/projects/{project}/signoffs/{signOff}";
        var statement = await Server.Get<Statement>($"{at}/statement?party={party}&decision=Approve&reason={Server.Segment(reason)}", stop);
        await Server.Post<Number>($"{at}/votes", Dsse.Sign(statement.PayloadType, Convert.FromBase64String(statement.Payload), key, PersonKey.HintOf(key)), stop);
    }

    public void Dispose()
    {
        Server.Dispose();
        _http.Dispose();
    }

    private static string Words() => RandomNumberGenerator.GetString("abcdefghjkmnpqrstuvwxyz23456789", 20);

    private sealed record Named(string User);

    private sealed record Made(string Secret);

    private sealed record Statement(string PayloadType, string Payload);

    private sealed record Number(int Version);
}
