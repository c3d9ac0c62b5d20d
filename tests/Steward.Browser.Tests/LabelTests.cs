using Microsoft.Playwright;

namespace Steward.Browser.Tests;

/// <summary>Naming pictures with the keyboard alone.</summary>
public class LabelTests(Survey survey)
{
    [Fact]
    public async Task One_key_names_a_picture_shows_the_next_and_another_takes_it_back()
    {
        await using var window = await survey.Chromium.Window(Shop.Ana, new(360, true));
        var page = await window.NewPageAsync();
        var trouble = new List<string>();
        page.PageError += (_, error) => trouble.Add(error);
        await page.GotoAsync($"/projects/{Shop.Project}/labels/1");
        var (count, picture) = (page.GetByRole(AriaRole.Status), page.GetByAltText("The picture to name"));
        await Assertions.Expect(count).ToHaveTextAsync("0 of 8 named");
        var first = (await picture.GetAttributeAsync("src"))!;
        await page.Keyboard.PressAsync("1");
        await Assertions.Expect(count).ToHaveTextAsync("1 of 8 named");
        await Assertions.Expect(picture).Not.ToHaveAttributeAsync("src", first);
        await page.Keyboard.PressAsync("s");
        await page.Keyboard.PressAsync("2");
        await Assertions.Expect(count).ToHaveTextAsync("2 of 8 named");
        await page.Keyboard.PressAsync("u");
        await Assertions.Expect(count).ToHaveTextAsync("1 of 8 named");
        await page.Keyboard.PressAsync("u");
        await page.Keyboard.PressAsync("u");
        await Assertions.Expect(count).ToHaveTextAsync("0 of 8 named");
        await Assertions.Expect(picture).ToHaveAttributeAsync("src", first);
        Assert.Empty(trouble);
    }
}
