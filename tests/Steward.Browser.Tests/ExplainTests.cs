using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Playwright;

namespace Steward.Browser.Tests;

/// <summary>What is explained is shown by whom it was explained to.</summary>
public class ExplainTests(Survey survey)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_new_thing_is_named_by_a_person_and_by_the_endpoint_that_the_API_asks()
    {
        var page = await Open("supervised?task=2");
        var picture = await page.Locator("img.shown").GetAttributeAsync("src");
        await page.Locator("button.choice").First.ClickAsync();
        var says = await page.Locator(".model-says").TextContentAsync();

        using var http = await survey.Shop.As(Shop.Dev);
        using var body = new ByteArrayContent(await http.GetByteArrayAsync(picture, Stop)) { Headers = { ContentType = new("image/png") } };
        var answer = await (await http.PostAsync("/v2/models/colours/picture", body, Stop)).Content.ReadFromJsonAsync<JsonElement>(Stop);
        Assert.Equal($"colours@{answer.GetProperty("version")} says: {answer.GetProperty("guess").GetString()}", says!.Split(',')[0]);
    }

    [Fact]
    public async Task A_wrong_answer_shows_the_panel_again_and_two_right_ones_in_a_row_are_understood()
    {
        var page = await Open("drift?task=1");
        await page.GetByRole(AriaRole.Button, new() { Name = "The line stays level" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Status)).ToContainTextAsync("Look at this picture again");
        await page.Locator(".missed a").ClickAsync();
        await Assertions.Expect(page.Locator("#panel-4:target")).ToContainTextAsync("Nell looks at");
        await Ring(page);
        await Assertions.Expect(page.GetByRole(AriaRole.Status)).ToContainTextAsync("Yes, that is right.");
        await Ring(page);
        await Assertions.Expect(page.GetByRole(AriaRole.Status)).ToContainTextAsync("You understood it!");
    }

    [Fact]
    public async Task The_keyboard_alone_chooses()
    {
        var page = await Open("canary?task=3");
        await page.GetByRole(AriaRole.Button, new() { Name = "1 of 20", Exact = true }).FocusAsync();
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(page.GetByRole(AriaRole.Status)).ToContainTextAsync("Yes, that is right.");
    }

    [Fact]
    public async Task Nine_fruits_are_sorted_into_heaps_also_where_no_script_runs()
    {
        var page = await Open("unsupervised?task=4", script: false);
        foreach (var (heap, words) in ((string, string)[])[("C", "spiky"), ("A", "smooth"), ("B", "like a star")])
            foreach (var choice in await page.GetByLabel(words).AllAsync())
                if (await choice.EvaluateAsync<string>("one => one.tagName") == "SELECT")
                    await choice.SelectOptionAsync($"heap {heap}");
        await page.GetByRole(AriaRole.Button, new() { Name = "These are my heaps" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Status)).ToContainTextAsync("Yes, that is right.");
    }

    [Fact]
    public async Task How_often_it_was_sure_is_counted_from_the_log()
    {
        using var http = await survey.Shop.As(Shop.Dev);
        var told = await http.GetFromJsonAsync<JsonElement>($"/api/projects/{Shop.Project}/explain/confidence", Stop);
        var sure = told.GetProperty("sources").EnumerateArray().Single(source => source.GetProperty("id").GetString() == "sure");
        Assert.True(sure.GetProperty("n").GetInt64() >= 20);
        Assert.Equal("endpoint", sure.GetProperty("source").GetProperty("kind").GetString());
    }

    private static Task Ring(IPage page) => page.GetByRole(AriaRole.Button, new() { Name = "The line climbs above the limit" }).ClickAsync();

    private async Task<IPage> Open(string topic, bool script = true)
    {
        var window = await survey.Chromium.Window(Shop.Dev, new(360, true), script);
        var page = await window.NewPageAsync();
        await page.GotoAsync($"/projects/{Shop.Project}/explain/{topic}");
        return page;
    }
}
