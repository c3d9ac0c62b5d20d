using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using Steward.Blobs;
using Steward.Data;
using Steward.Identity;

namespace Steward.Browser.Tests;

/// <summary>A picture that is in two splits, or has two names, is seen beside its twin.</summary>
public class TwinsTests(Survey survey)
{
    [Fact]
    public async Task The_page_of_a_data_set_shows_twins_side_by_side_and_leads_to_all_of_them()
    {
        var set = await AddTwins();
        await using var window = await survey.Chromium.Window(Shop.Dev, new(360, true));
        var page = await window.NewPageAsync();
        await page.GotoAsync($"/projects/{Shop.Project}/data/{set}");
        await Assertions.Expect(page.GetByText("8 pictures are copies of others")).ToBeVisibleAsync();
        var worst = page.Locator(".twins li").First;
        await Assertions.Expect(worst.Locator("img")).ToHaveCountAsync(2);
        await Assertions.Expect(worst).ToContainTextAsync("leak");
        await Assertions.Expect(worst).ToContainTextAsync("two labels");
        await page.GetByRole(AriaRole.Link, new() { Name = "All 8 of them" }).ClickAsync();
        await Assertions.Expect(page.Locator(".twins li")).ToHaveCountAsync(8);
        Assert.Equal(360, await page.EvaluateAsync<int>("document.documentElement.scrollWidth"));
        await page.GetByLabel("The same by").SelectOptionAsync("their bytes");
        await page.GetByRole(AriaRole.Button, new() { Name = "Show" }).ClickAsync();
        await Assertions.Expect(page.GetByText("8 pictures are copies of others")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task Without_script_the_twins_are_a_link_away()
    {
        await using var window = await survey.Chromium.Window(Shop.Dev, new(1280, false), script: false);
        var page = await window.NewPageAsync();
        await page.GotoAsync($"/projects/{Shop.Project}/data/{await AddTwins()}");
        await page.GetByRole(AriaRole.Link, new() { Name = "Look for pictures that are there twice" }).ClickAsync();
        await Assertions.Expect(page.Locator(".twins li")).ToHaveCountAsync(8);
    }

    /// <summary>Eight drawings, each twice; one of them under two names and in two splits.</summary>
    private async Task<string> AddTwins()
    {
        var (blobs, set) = (survey.Shop.Services.GetRequiredService<IBlobs>(), "twins-" + Names.NewId());
        var items = new List<Item>();
        var drawings = typeof(Host.Platform).Assembly;
        foreach (var (name, i) in drawings.GetManifestResourceNames().Where(name => name.StartsWith("fruit/noto/", StringComparison.Ordinal)).Order(StringComparer.Ordinal).Take(8).Select((name, i) => (name, i)))
        {
            await using var png = drawings.GetManifestResourceStream(name)!;
            var blob = (await blobs.Put(png, 1 << 20)).Digest;
            items.Add(new($"first/{i}.png", blob, "first", Split.Train, "import"));
            items.Add(new($"second/{i}.png", blob, i == 3 ? "second" : "first", i == 3 ? Split.Test : Split.Train, "import"));
        }

        await survey.Shop.Services.GetRequiredService<IDataSets>().Add(Who.Steward, Shop.Project, set, new(Reason.Import, items));
        return set;
    }
}
