using Microsoft.Playwright;

namespace Steward.Browser.Tests;

/// <summary>What people must be able to do also where no script runs.</summary>
public class WithoutScriptTests(Survey survey)
{
    [Fact]
    public async Task A_picture_is_named_and_the_next_one_comes()
    {
        var page = await Open($"/projects/{Shop.Project}/labels/1");
        var first = await page.GetByAltText("The picture to name").GetAttributeAsync("src");
        await page.Locator("button[name=label]").First.ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync("What is this?");
        await Assertions.Expect(page.GetByAltText("The picture to name")).Not.ToHaveAttributeAsync("src", first!);
        await page.GetByRole(AriaRole.Button, new() { Name = "Undo" }).ClickAsync();
        await Assertions.Expect(page.GetByAltText("The picture to name")).ToHaveAttributeAsync("src", first!);
    }

    [Fact]
    public async Task An_incident_is_closed_with_its_cause()
    {
        var page = await Open($"/projects/{Shop.Project}/incidents/1");
        await page.GetByLabel("What it was: the cause, not who").FillAsync("a new lamp");
        await page.GetByRole(AriaRole.Button, new() { Name = "Close incident 1" }).ClickAsync();
        await Assertions.Expect(page.GetByText("a new lamp").First).ToBeVisibleAsync();
    }

    [Fact]
    public async Task A_picture_is_answered()
    {
        var page = await Open($"/projects/{Shop.Project}/endpoints/colours");
        await page.GetByLabel("Drop a picture here, or choose one").SetInputFilesAsync(TryItTests.Apple);
        await page.GetByRole(AriaRole.Button, new() { Name = "What is it?" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { NameRegex = new("^Yes, ") }).ClickAsync();
        await Assertions.Expect(page.Locator(".said")).ToContainTextAsync("Thank you: kept as right");
    }

    private async Task<IPage> Open(string address)
    {
        var window = await survey.Chromium.Window(Shop.Ana, new(1280, false), script: false);
        var page = await window.NewPageAsync();
        await page.GotoAsync(address);
        return page;
    }
}
