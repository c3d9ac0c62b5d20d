using System.Net.Http.Json;
using Microsoft.Playwright;
using Steward.Stories;

namespace Steward.Browser.Tests;

/// <summary>A round of naming, played by a person who looks.</summary>
public class NamingTests(Survey survey)
{
    private const string Naming = $"/projects/{Shop.Project}/naming";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Ten_pictures_are_named_with_the_keyboard_and_one_s_own_last_round_is_there_to_beat(bool script)
    {
        var who = script ? Shop.Dev : Shop.Ana;
        await using var window = await survey.Chromium.Window(who, new(script ? 360 : 1280, script), script);
        var page = await window.NewPageAsync();
        await page.GotoAsync(Naming);
        await page.GetByRole(AriaRole.Button, new() { Name = "Start" }).ClickAsync();
        for (var place = 1; place <= 10; place++)
        {
            await Assertions.Expect(page.GetByText($"Picture {place} of 10")).ToBeVisibleAsync();
            // What it is stands nowhere before it was named.
            Assert.DoesNotContain("you said", await page.Locator("section[aria-labelledby=question]").TextContentAsync() ?? "", StringComparison.Ordinal);
            if (place == 2)
            {
                await Assertions.Expect(page.GetByLabel("The picture before")).ToContainTextAsync("you said");
                await page.ScreenshotAsync(new() { Path = Path.Combine(Survey.Artifacts, "pictures", $"naming-turned-{(script ? "360-dark" : "1280-light")}.png"), FullPage = true });
            }

            var name = page.Locator(".options .btn").Nth(place % 2);
            await name.FocusAsync();
            await page.Keyboard.PressAsync("Enter");
        }

        var heading = page.GetByRole(AriaRole.Heading, new() { Name = "You named" });
        await Assertions.Expect(heading).ToBeVisibleAsync();
        using var http = await survey.Shop.As(who);
        var right = (await http.GetFromJsonAsync<NamingView>($"/api/projects/{Shop.Project}/naming", Json.Options, Stop))!.Last!.Right;
        await Assertions.Expect(heading).ToHaveTextAsync($"You named {right} of 10");
        await page.ScreenshotAsync(new() { Path = Path.Combine(Survey.Artifacts, "pictures", $"naming-ended-{(script ? "360-dark" : "1280-light")}.png"), FullPage = true });
        await page.GetByRole(AriaRole.Button, new() { Name = right < 10 ? $"Beat your {right}" : "Once more" }).ClickAsync();
        await Assertions.Expect(page.GetByText($"Picture 1 of 10 · your last round: {right} of 10")).ToBeVisibleAsync();
    }
}
