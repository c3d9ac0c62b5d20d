using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Steward.Host;

namespace Steward.Testing;

/// <summary>The whole platform on a free port with a data folder of its own; loopback callers are the built-in editor unless told otherwise.</summary>
public class TestHost(Func<Settings, Settings>? change = null, Action<IServiceCollection>? furnish = null) : IAsyncLifetime
{
    private WebApplication? _app;

    public Settings Settings { get; private set; } = new();

    public string Url => _app!.Urls.First();

    public IServiceProvider Services => _app!.Services;

    /// <summary>A client without credentials.</summary>
    public HttpClient Http { get; private set; } = null!;

    public virtual async ValueTask InitializeAsync()
    {
        var plain = new Settings { Data = TestFolder.New(), Port = 0, Open = true };
        Settings = change?.Invoke(plain) ?? plain;
        await Start();
    }

    /// <summary>Stops the server and starts another on the same data folder.</summary>
    public async Task Restart()
    {
        await Stop();
        await Start();
    }

    public virtual async ValueTask DisposeAsync()
    {
        await Stop();
        GC.SuppressFinalize(this);
    }

    private async Task Start()
    {
        _app = await Platform.Build(Settings, furnish);
        await _app.StartAsync();
        Http = new HttpClient { BaseAddress = new Uri(Url) };
    }

    private async Task Stop()
    {
        Http.Dispose();
        await _app!.StopAsync();
        await _app.DisposeAsync();
    }
}
