using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.AspNetCore.Components.Endpoints;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using Steward.Browser.Tests;
using Steward.Testing;

[assembly: AssemblyFixture(typeof(Survey))]

namespace Steward.Browser.Tests;

/// <summary>Every page of the running server, found from its list of routes, looked at wide and narrow, in light and dark; a picture of each is kept.</summary>
public sealed class Survey : IAsyncLifetime
{
    public static readonly string Artifacts = Path.Combine(Root(), "artifacts");

    private static readonly string Pictures = Directory.CreateDirectory(Path.Combine(Artifacts, "pictures")).FullName;

    public Shop Shop { get; } = new();

    public Chromium Chromium { get; private set; } = null!;

    /// <summary>Addresses with what to look at there.</summary>
    public IReadOnlyList<string> Pages { get; private set; } = [];

    public IReadOnlyList<Sight> Sights { get; private set; } = [];

    public async ValueTask InitializeAsync()
    {
        await Shop.InitializeAsync();
        Chromium = new(Shop);
        await Chromium.InitializeAsync();
        Pages = [.. PagesOf(Shop), .. Shop.Also];
        // Two windows side by side: one page does not wait for the picture of another.
        var half = (Pages.Count + 1) / 2;
        Sights = [.. (await Task.WhenAll(Pages.Chunk(half).Select(Walk))).SelectMany(sights => sights)];
    }

    public async ValueTask DisposeAsync()
    {
        if (Chromium is not null)
            await Chromium.DisposeAsync();
        await Shop.DisposeAsync();
    }

    /// <summary>The addresses of all pages of a server.</summary>
    public static List<string> PagesOf(Shop shop) => [.. shop.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
        .Where(route => route.Metadata.GetMetadata<ComponentTypeMetadata>() is not null)
        .Select(route => Address(shop, route)).Distinct().Order(StringComparer.Ordinal)];

    /// <summary>The address of a page with something in each of its holes.</summary>
    private static string Address(Shop shop, RouteEndpoint route)
    {
        var (address, pattern) = ("", "");
        foreach (var segment in route.RoutePattern.RawText!.Trim('/').Split('/'))
        {
            pattern += "/" + segment.ToLowerInvariant();
            address += "/" + (segment.StartsWith('{') ? shop.Holes.GetValueOrDefault(segment.Trim('{', '}')) ?? shop.Holes.GetValueOrDefault(pattern) ?? throw new InvalidOperationException($"The shop has nothing for {pattern}.") : segment);
        }

        return shop.Holes.GetValueOrDefault(address) ?? address;
    }

    private async Task<List<Sight>> Walk(string[] addresses)
    {
        await using var window = await Chromium.Window(Shop.Ana, Variant.All[0]);
        var sights = new List<Sight>();
        foreach (var address in addresses)
            sights.AddRange(await Look(await window.NewPageAsync(), address));
        return sights;
    }

    /// <summary>The page is loaded once; the window's width and the person's wish for dark change under it.</summary>
    private static async Task<List<Sight>> Look(IPage page, string address)
    {
        var trouble = new List<string>();
        page.Console += (_, said) => { if (said.Type is "error" or "warning") trouble.Add(said.Text); };
        page.PageError += (_, error) => trouble.Add(error);
        page.RequestFailed += (_, request) => trouble.Add($"{request.Url} failed: {request.Failure}");
        page.Response += (_, reply) => { if (reply.Status >= 400) trouble.Add($"{reply.Url} answered {reply.Status}"); };
        var pictures = new Awaited(page);
        await page.GotoAsync(address, new() { WaitUntil = WaitUntilState.Load });
        var sights = new List<Sight>();
        foreach (var variant in Variant.All)
        {
            // A drawing has a form for each width and light: a change would cut off one that is still on its way.
            await page.EmulateMediaAsync(new() { ColorScheme = variant.Dark ? ColorScheme.Dark : ColorScheme.Light });
            await pictures.AreThere();
            await page.SetViewportSizeAsync(variant.Width, 900);
            await pictures.AreThere();
            var seen = JsonSerializer.Deserialize<Seen>((await page.EvaluateAsync(Script))!.Value.GetRawText(), JsonSerializerOptions.Web)!;
            await Picture(page, variant, Path.Combine(Pictures, $"{Name(address)}-{variant}.png"), pictures);
            sights.Add(new(address, variant, seen, variant == Variant.All[0] ? await Keyboard.Missed(page) : [], trouble));
            // Looking and going through with the keyboard scroll, and what is scrolled to is asked for.
            await pictures.AreThere();
        }

        await page.CloseAsync();
        return sights;
    }

    /// <summary>
    /// All of the page. The window grows to hold it: a browser that captures beyond its window passes through other widths
    /// on the way, and begins and cuts off the drawings that are meant for those.
    /// </summary>
    private static async Task Picture(IPage page, Variant variant, string path, Awaited pictures)
    {
        var height = await page.EvaluateAsync<int>("() => document.documentElement.scrollHeight");
        await page.SetViewportSizeAsync(variant.Width, height);
        await pictures.AreThere();
        await page.ScreenshotAsync(new() { Path = path });
        await page.SetViewportSizeAsync(variant.Width, 900);
    }

    private static string Name(string address) => address.Split('?')[0].Trim('/') is { Length: > 0 } path ? path.Replace('/', '-') : "home";

    private static string Root()
    {
        var at = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(at.FullName, "Steward.slnx")))
            at = at.Parent ?? throw new DirectoryNotFoundException("The tests do not lie inside the repository.");
        return at.FullName;
    }

    /// <summary>The pictures that a page has asked for and not got yet.</summary>
    private sealed class Awaited
    {
        private readonly IPage _page;
        private readonly ConcurrentDictionary<IRequest, bool> _awaited = new();

        public Awaited(IPage page)
        {
            _page = page;
            page.Request += (_, request) => { if (request.ResourceType is "image") _awaited[request] = true; };
            page.RequestFinished += (_, request) => _awaited.TryRemove(request, out var _);
            page.RequestFailed += (_, request) => _awaited.TryRemove(request, out var _);
        }

        /// <summary>Two frames let the page choose its pictures anew; then each that it asked for is awaited and drawn.</summary>
        public async Task AreThere()
        {
            await _page.EvaluateAsync("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))");
            // A picture that has forms for several widths and lights takes another one some time after the change: only then is it the one to wait for.
            await _page.WaitForFunctionAsync("""
                () => [...document.querySelectorAll('picture')].every(picture => {
                  const shown = picture.querySelector('img'), form = [...picture.querySelectorAll('source')].find(one => matchMedia(one.media).matches);
                  return shown.loading === 'lazy' || shown.complete && shown.currentSrc === new URL(form ? form.srcset : shown.src, location).href;
                })
                """);
            await Eventually.True("the pictures of a page", () => _awaited.IsEmpty, TestContext.Current.CancellationToken);
            await _page.EvaluateAsync("() => Promise.all([...document.images].filter(picture => picture.complete).map(picture => picture.decode().catch(() => {})))");
        }
    }

    private static readonly string Script = new StreamReader(typeof(Survey).Assembly.GetManifestResourceStream("look.js")!).ReadToEnd();
}

/// <param name="Missed">What the Tab key did not reach, or reached without showing it.</param>
/// <param name="Trouble">Console errors and failed requests.</param>
public sealed record Sight(string Address, Variant Variant, Seen Seen, IReadOnlyList<string> Missed, IReadOnlyList<string> Trouble)
{
    public override string ToString() => $"{Address} ({Variant})";
}

/// <summary>What <c>look.js</c> found.</summary>
public sealed record Seen(string Title, int H1, int Main, string Lang, string[] TooWide, string[] Unlabelled, string[] Faint, string[] Links, JsonElement[][] Bytes);
