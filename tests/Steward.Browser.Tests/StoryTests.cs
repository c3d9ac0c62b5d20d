using Microsoft.Playwright;

namespace Steward.Browser.Tests;

/// <summary>A story is read, switched, shown as slides, and traced to its records.</summary>
public class StoryTests(Survey survey)
{
    private const string Story = $"/projects/{Shop.Project}/stories/deployment/fruit";

    [Fact]
    public async Task Reader_and_language_are_switched_and_the_facts_stay_the_same()
    {
        await using var window = await survey.Chromium.Window(Shop.Dev, new(1280, false));
        var page = await window.NewPageAsync();
        await page.GotoAsync(Story);
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Terrace Keeps the Lights On" })).ToBeVisibleAsync();
        var facts = await page.Locator("section[aria-labelledby=sources] code").TextContentAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "To decide" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "How fruit stays up" })).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Deutsch" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Wie fruit verfügbar bleibt" })).ToBeVisibleAsync();
        await Assertions.Expect(page.Locator("section[aria-labelledby=sources] code")).ToHaveTextAsync(facts!);
    }

    [Fact]
    public async Task The_drawing_is_there_and_its_words_are_below_it()
    {
        await using var window = await survey.Chromium.Window(Shop.Dev, new(360, true));
        var page = await window.NewPageAsync();
        await page.GotoAsync(Story);
        Assert.True(await page.Locator(".comic img").EvaluateAsync<bool>("async image => { await image.decode(); return image.naturalWidth > 300 && image.currentSrc.includes('phone') && image.currentSrc.includes('evening'); }"));
        await Assertions.Expect(page.GetByText("Our note says: keep")).ToBeVisibleAsync();
        await Assertions.Expect(page.Locator("a.fact").First).ToHaveAttributeAsync("href", new System.Text.RegularExpressions.Regex("^/|^#"));
    }

    [Fact]
    public async Task In_the_drawing_itself_numbers_are_links_and_no_word_leaves_its_room()
    {
        await using var window = await survey.Chromium.Window(Shop.Dev, new(1280, false));
        var page = await window.NewPageAsync();
        await page.GotoAsync($"/api/projects/{Shop.Project}/stories/deployment/fruit/comic.svg");
        Assert.True(await page.Locator("svg a").CountAsync() > 3);
        Assert.Equal("", await page.EvaluateAsync<string>("""
            () => [...document.querySelectorAll('text')].filter(text => {
              const box = text.getBBox(), panel = text.closest('[role=group]')?.getBBox();
              return panel && (box.x < panel.x - 1 || box.x + box.width > panel.x + panel.width + 1);
            }).map(text => text.textContent).join('|')
            """));
    }

    [Fact]
    public async Task Slides_go_by_the_keyboard_with_notes_and_ask_for_nothing_from_elsewhere()
    {
        await using var window = await survey.Chromium.Window(Shop.Dev, new(1280, false));
        var page = await window.NewPageAsync();
        var html = await (await page.APIRequest.GetAsync($"{survey.Shop.Url}/api/projects/{Shop.Project}/stories/deployment/fruit/deck.html")).TextAsync();
        var file = Path.Combine(Path.GetTempPath(), $"deck-{Guid.NewGuid():N}.html");
        await File.WriteAllTextAsync(file, html, TestContext.Current.CancellationToken);
        try
        {
            var asked = new List<string>();
            page.Request += (_, request) => { if (!request.Url.StartsWith("file:", StringComparison.Ordinal) && !request.Url.StartsWith("data:", StringComparison.Ordinal)) asked.Add(request.Url); };
            await page.Context.SetOfflineAsync(true);
            await page.GotoAsync("file://" + file);
            await page.Keyboard.PressAsync("ArrowRight");
            await Assertions.Expect(page.Locator("#where")).ToHaveTextAsync("2 / 9");
            await page.Keyboard.PressAsync("n");
            await Assertions.Expect(page.Locator("#notes")).ToContainTextAsync("Pom and the tools go into Tuck");
            await page.Keyboard.PressAsync("End");
            await Assertions.Expect(page.Locator("#where")).ToHaveTextAsync("9 / 9");
            Assert.Equal(1, await page.Locator("section:not([hidden])").CountAsync());
            Assert.Empty(asked);
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public async Task Somebody_who_may_edit_makes_a_story_on_the_page()
    {
        await using var window = await survey.Chromium.Window(Shop.Ana, new(1280, false));
        var page = await window.NewPageAsync();
        await page.GotoAsync($"/projects/{Shop.Project}/stories");
        await page.GetByLabel("Tell about").SelectOptionAsync("data");
        await page.GetByRole(AriaRole.Button, new() { Name = "Make it" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Where Do the Pictures Go?" })).ToBeVisibleAsync();
    }
}
