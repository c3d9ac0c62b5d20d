using Microsoft.Playwright;

namespace Steward.Browser.Tests;

/// <summary>Naming heaps with the keyboard, and without script.</summary>
public class HeapTests(Survey survey)
{
    private static readonly string Page = $"/projects/{Shop.Project}/heaps/1";

    [Fact]
    public async Task A_name_and_Enter_lead_to_the_next_heap_and_an_odd_picture_is_set_aside_by_key()
    {
        await using var window = await survey.Chromium.Window(Shop.Ana, new(360, true));
        var page = await window.NewPageAsync();
        var trouble = new List<string>();
        page.PageError += (_, error) => trouble.Add(error);
        await page.GotoAsync(Page);
        await page.GetByLabel("Name of heap 1", new() { Exact = true }).FocusAsync();
        await page.Keyboard.TypeAsync("grapes");
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(page.GetByLabel("Name of heap 2", new() { Exact = true })).ToBeFocusedAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Status)).Not.ToHaveTextAsync("0 of 96 pictures named");
        var odd = page.Locator("#heap-2 .thumb").Last;
        await odd.FocusAsync();
        await page.Keyboard.PressAsync("ArrowLeft");
        await page.Keyboard.PressAsync("ArrowRight");
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(odd).ToHaveAttributeAsync("aria-pressed", "true");
        await Assertions.Expect(page.Locator("#heap-2 .aside")).ToHaveTextAsync("1 set aside");
        await page.Keyboard.PressAsync("u");
        await Assertions.Expect(page.Locator("#heap-2 .aside")).ToBeHiddenAsync();
        // That was the page anew: its keys are heard when its script is there.
        await page.WaitForFunctionAsync("() => document.querySelector('name-heaps').sending");
        await page.Keyboard.PressAsync("u");
        await Assertions.Expect(page.GetByRole(AriaRole.Status)).ToHaveTextAsync("0 of 96 pictures named");
        Assert.Empty(trouble);
    }

    [Fact]
    public async Task An_answer_that_nobody_can_read_takes_one_name_back_and_stops_none_of_the_next()
    {
        await using var window = await survey.Chromium.Window(Shop.Ana, new(1280, false));
        var page = await window.NewPageAsync();
        await page.GotoAsync(Page);
        await page.RouteAsync("**/heaps/1/name", route => route.FulfillAsync(new() { Status = 400, Body = "a gateway's page" }));
        await Name("Name of heap 1");
        await Assertions.Expect(page.Locator(".said")).ToContainTextAsync("That was not kept");
        await Assertions.Expect(page.GetByLabel("Name of heap 1", new() { Exact = true })).ToHaveValueAsync("");
        await Name("Name of heap 2");
        await Assertions.Expect(page.GetByRole(AriaRole.Status)).Not.ToHaveTextAsync("0 of 96 pictures named");
        await page.GetByRole(AriaRole.Button, new() { Name = "Undo" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Status)).ToHaveTextAsync("0 of 96 pictures named");

        async Task Name(string field)
        {
            await page.GetByLabel(field, new() { Exact = true }).FillAsync("grapes");
            await page.Keyboard.PressAsync("Enter");
        }
    }

    [Fact]
    public async Task Without_script_all_names_are_kept_by_one_button()
    {
        await using var window = await survey.Chromium.Window(Shop.Ana, new(1280, false), script: false);
        var page = await window.NewPageAsync();
        await page.GotoAsync(Page);
        await page.GetByLabel("Name of heap 3", new() { Exact = true }).FillAsync("kiwi");
        await page.GetByLabel("Name of heap 4", new() { Exact = true }).FillAsync("kiwi");
        await page.Locator("#heap-5 .thumb").First.ClickAsync();
        await Assertions.Expect(page.GetByLabel("Name of heap 4", new() { Exact = true })).ToHaveValueAsync("kiwi");
        await Assertions.Expect(page.Locator("#heap-5 .aside")).ToHaveTextAsync("1 set aside");
        for (var i = 0; i < 3; i++)
            await page.GetByRole(AriaRole.Button, new() { Name = "Undo" }).ClickAsync();
        await Assertions.Expect(page.GetByLabel("Name of heap 3", new() { Exact = true })).ToHaveValueAsync("");
    }
}
