using Microsoft.Playwright;

namespace Steward.Browser.Tests;

/// <summary>The Chromium of the system, headless and without anything that would call home.</summary>
public sealed class Chromium(Shop shop) : IAsyncLifetime
{
    private IPlaywright? _playwright;
    private IBrowser? _browser;
    private readonly Dictionary<string, string> _sessions = [];

    public async ValueTask InitializeAsync()
    {
        Environment.SetEnvironmentVariable("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1");
        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(new()
        {
            ExecutablePath = "/usr/bin/chromium",
            Args = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
        });
        foreach (var person in (string[])[Shop.Ana, Shop.Dev])
            _sessions[person] = await SignIn(person);
    }

    /// <summary>A window of its own, in which this person signed in.</summary>
    public Task<IBrowserContext> Window(string person, Variant variant, bool script = true) => _browser!.NewContextAsync(new()
    {
        BaseURL = shop.Url,
        StorageState = _sessions[person],
        ViewportSize = new() { Width = variant.Width, Height = 900 },
        ColorScheme = variant.Dark ? ColorScheme.Dark : ColorScheme.Light,
        JavaScriptEnabled = script,
        ReducedMotion = ReducedMotion.Reduce,
    });

    /// <summary>A window of nobody, to look at what is set into it.</summary>
    public Task<IBrowserContext> Empty(int width, int height) => _browser!.NewContextAsync(new() { ViewportSize = new() { Width = width, Height = height } });

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null)
            await _browser.DisposeAsync();
        _playwright?.Dispose();
    }

    /// <summary>Through the page, as people do; gives the session to windows opened later.</summary>
    private async Task<string> SignIn(string person)
    {
        await using var window = await _browser!.NewContextAsync(new() { BaseURL = shop.Url });
        var page = await window.NewPageAsync();
        await page.GotoAsync("/sign-in?to=/people");
        await page.GetByLabel("Name").FillAsync(person);
        await page.GetByLabel("Password").FillAsync(Shop.Password);
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync("People and tokens");
        return await window.StorageStateAsync();
    }
}

/// <summary>How a page is looked at.</summary>
public sealed record Variant(int Width, bool Dark)
{
    public static IReadOnlyList<Variant> All { get; } = [new(1280, false), new(1280, true), new(360, false), new(360, true)];

    public override string ToString() => $"{Width}-{(Dark ? "dark" : "light")}";
}
