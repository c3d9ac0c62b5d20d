using System.Text.RegularExpressions;
using Microsoft.Playwright;

namespace Steward.Browser.Tests;

/// <summary>A picture goes in and an answer comes out.</summary>
public class TryItTests(Survey survey)
{
    internal static readonly FilePayload Apple = new() { Name = "apple.png", MimeType = "image/png", Buffer = Drawing("fruit/noto/apple.png") };

    [Fact]
    public async Task A_chosen_picture_is_answered_in_place_and_a_person_may_correct_it()
    {
        await using var window = await survey.Chromium.Window(Shop.Dev, new(360, true));
        var page = await window.NewPageAsync();
        await page.GotoAsync($"/projects/{Shop.Project}/endpoints/colours");
        await page.GetByLabel("Drop a picture here, or choose one").SetInputFilesAsync(Apple);
        await Assertions.Expect(page.Locator(".said")).ToContainTextAsync(new Regex("red|green|blue"));
        await Assertions.Expect(page.GetByAltText("The picture that was sent")).ToBeVisibleAsync();
        await page.GetByLabel("No, it is").SelectOptionAsync("blue");
        await page.GetByRole(AriaRole.Button, new() { Name = "Say so" }).ClickAsync();
        await Assertions.Expect(page.Locator(".said")).ToHaveTextAsync("Thank you: kept as wrong, it is blue.");
        await Assertions.Expect(page.GetByText("wrong, blue").First).ToBeVisibleAsync();
    }

    [Theory]
    [InlineData("drop")]
    [InlineData("paste")]
    public async Task A_picture_that_is_dropped_or_pasted_is_answered_with_bars(string how)
    {
        await using var window = await survey.Chromium.Window(Shop.Dev, new(1280, false));
        var page = await window.NewPageAsync();
        await page.GotoAsync($"/projects/{Shop.Project}/endpoints/colours");
        await page.EvaluateAsync("""
            ([how, png]) => {
              const held = new DataTransfer();
              held.items.add(new File([Uint8Array.from(atob(png), c => c.charCodeAt(0))], 'apple.png', { type: 'image/png' }));
              if (how === 'drop') document.querySelector('.drop').dispatchEvent(new DragEvent('drop', { dataTransfer: held, bubbles: true, cancelable: true }));
              else document.dispatchEvent(new ClipboardEvent('paste', { clipboardData: held, bubbles: true }));
            }
            """, new[] { how, Convert.ToBase64String(Apple.Buffer) });
        await Assertions.Expect(page.Locator(".said")).ToContainTextAsync(new Regex("red|green|blue"));
        await Assertions.Expect(page.Locator(".answer .bars tr")).ToHaveCountAsync(3);
        await Assertions.Expect(page.GetByAltText("The picture that was sent")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task What_it_answered_has_a_page_where_a_person_says_what_it_is()
    {
        await using var window = await survey.Chromium.Window(Shop.Dev, new(360, false));
        var page = await window.NewPageAsync();
        await page.GotoAsync($"/projects/{Shop.Project}/endpoints/colours");
        await page.Locator("[aria-labelledby=recent] a").Last.ClickAsync();
        await page.GetByLabel("No, it is").FillAsync("violet");
        await page.GetByRole(AriaRole.Button, new() { Name = "Say so" }).ClickAsync();
        await Assertions.Expect(page.GetByText("a person said wrong")).ToBeVisibleAsync();
        await Assertions.Expect(page.GetByText("violet")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task Something_that_is_no_picture_is_refused_in_words()
    {
        await using var window = await survey.Chromium.Window(Shop.Dev, new(1280, false));
        var page = await window.NewPageAsync();
        await page.GotoAsync($"/projects/{Shop.Project}/endpoints/colours");
        await page.GetByLabel("Drop a picture here, or choose one").SetInputFilesAsync(new FilePayload { Name = "<img src=x onerror=alert(1)>.png", MimeType = "image/png", Buffer = [1, 2, 3] });
        await Assertions.Expect(page.Locator(".answer")).ToContainTextAsync("no answer");
    }

    private static byte[] Drawing(string name)
    {
        using var file = typeof(Host.Platform).Assembly.GetManifestResourceStream(name)!;
        using var bytes = new MemoryStream();
        file.CopyTo(bytes);
        return bytes.ToArray();
    }
}
