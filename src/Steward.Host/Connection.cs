using System.CommandLine;
using System.Net.Http.Headers;
using Steward.Identity;

namespace Steward.Host;

/// <summary>
/// Finds the server a verb talks to: the one named, the one that runs on this data folder, or one started in this
/// process for the time of the verb.
/// </summary>
internal sealed class Connection(Func<ParseResult> line) : IAsyncDisposable
{
    private WebApplication? _own;

    public async Task<HttpClient> Http(CancellationToken stop)
    {
        var named = line().GetValue(Commands.Url) ?? Environment.GetEnvironmentVariable("STEWARD_URL");
        var settings = SettingsFrom.Line(line());
        if (named is not null)
            return Client(named);
        if (Running.On(settings.Data) is { } running)
            return Client(running.Url);
        // It serves one verb, whose own words are all that is to be read.
        _own = await Platform.Build(settings with { Port = 0, Open = true }, services => services.Configure<LoggerFilterOptions>(log => log.MinLevel = LogLevel.Warning), stop);
        await _own.StartAsync(stop);
        return Client(_own.Urls.First());
    }

    public async ValueTask DisposeAsync()
    {
        if (_own is null)
            return;
        await _own.StopAsync();
        await _own.DisposeAsync();
    }

    private HttpClient Client(string url)
    {
        if (!Uri.TryCreate(url, UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https"))
            throw ProblemException.Invalid("url_invalid", $"'{Names.Shorten(url)}' is not the address of a server.", "Write it like http://127.0.0.1:7070");
        var http = new HttpClient { BaseAddress = address, Timeout = TimeSpan.FromMinutes(10) };
        http.DefaultRequestHeaders.Accept.Add(new("application/json"));
        if ((line().GetValue(Commands.Token) ?? Environment.GetEnvironmentVariable("STEWARD_TOKEN") ?? StoredSignIns.Find(address)) is { Length: > 0 } token)
            http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return http;
    }
}
