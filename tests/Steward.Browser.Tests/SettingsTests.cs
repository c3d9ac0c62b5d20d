using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Steward.Browser.Tests;

/// <summary>The project file in the browser: checked in words, kept as a revision, brought back.</summary>
public class SettingsTests(Survey survey)
{
    [Fact]
    public async Task A_slip_is_named_with_its_line_and_what_was_typed_stays()
    {
        await using var window = await survey.Chromium.Window(Shop.Ana, Variant.All[0]);
        var page = await Open(window);
        var file = page.GetByRole(AriaRole.Textbox, new() { Name = "Project file" });
        var before = await file.InputValueAsync();
        await file.FillAsync(before.Replace("monitor:", "montior:", StringComparison.Ordinal));
        await page.GetByRole(AriaRole.Button, new() { Name = "Keep" }).ClickAsync();
        await Expect(page.GetByText("Did you mean 'monitor'?")).ToBeVisibleAsync();
        Assert.Contains("montior:", await file.InputValueAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_change_becomes_a_revision_and_the_one_before_can_be_brought_back()
    {
        await using var window = await survey.Chromium.Window(Shop.Ana, Variant.All[0]);
        var page = await Open(window);
        var file = page.GetByRole(AriaRole.Textbox, new() { Name = "Project file" });
        var before = await file.InputValueAsync();
        await file.FillAsync(before + "# looked at\n");
        await page.GetByRole(AriaRole.Button, new() { Name = "Keep" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Status)).ToContainTextAsync("Kept as revision");
        await page.GetByRole(AriaRole.Table).GetByRole(AriaRole.Link).Nth(1).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Bring it back" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Status)).ToContainTextAsync("Kept as revision");
        Assert.Equal(before, await file.InputValueAsync());
    }

    private static async Task<IPage> Open(IBrowserContext window)
    {
        var page = await window.NewPageAsync();
        await page.GotoAsync($"/projects/{Shop.Project}/settings");
        return page;
    }
}
