using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using Steward.Blobs;
using Steward.Events;
using Steward.Host.Templates.Fruit;
using Steward.Labeling;
using Steward.Monitoring;
using Steward.Storage;
using Steward.Testing;

namespace Steward.Browser.Tests;

/// <summary>Naming pictures with the keyboard alone.</summary>
public partial class LabelTests(Survey survey)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

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

    [Fact]
    public async Task Twenty_pictures_are_named_with_keys_alone_and_every_answer_is_the_key_that_was_pressed()
    {
        var queue = await Ask(24, 1);
        await using var window = await survey.Chromium.Window(Shop.Ana, new(1280, false));
        var page = await window.NewPageAsync();
        await page.GotoAsync($"/projects/{Shop.Project}/labels/{queue}");
        var seen = new List<(string Picture, string Name)>();
        var names = await page.Locator("[name=label]").EvaluateAllAsync<string[]>("all => all.map(one => one.value)");
        for (var i = 0; i < 20; i++)
        {
            seen.Add(((await page.GetByAltText("The picture to name").GetAttributeAsync("src"))!, names[i % names.Length]));
            await page.Keyboard.PressAsync($"{(i % names.Length) + 1}");
            await Assertions.Expect(page.GetByAltText("The picture to name")).Not.ToHaveAttributeAsync("src", seen[^1].Picture);
        }

        // What came a second time is no picture of its own.
        var named = seen.Select(one => (Number: int.Parse(one.Picture.Split('/')[^2], CultureInfo.InvariantCulture), one.Name)).Where(one => one.Number <= 24).Order().ToList();
        await Assertions.Expect(page.GetByRole(AriaRole.Status)).ToHaveTextAsync($"{named.Count} of 24 named");
        await Assertions.Expect(page.Locator(".pace")).ToContainTextAsync($"{24 - named.Count} pictures left.");
        var kept = (await survey.Shop.Services.GetRequiredService<IQueues>().Items(Shop.Project, queue, stop: Stop)).Where(item => item.Label is not null);
        Assert.Equal(named, kept.Select(item => (item.Number, item.Label!)).Order());
        Assert.InRange(seen.Count - named.Count, 1, 2);
        await page.ReloadAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Complementary, new() { Name = "How sure are your own names?" })).ToContainTextAsync(OfSoMany());
        await page.ScreenshotAsync(new() { Path = Path.Combine(Survey.Artifacts, "pictures", "own-names-1280-light.png"), FullPage = true });
        await using var other = await survey.Chromium.Window(Shop.Dev, new(360, true));
        var theirs = await other.NewPageAsync();
        await theirs.GotoAsync($"/projects/{Shop.Project}/labels");
        await Assertions.Expect(theirs.GetByText("How sure are your own names?")).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task What_cannot_be_sent_is_said_kept_and_sent_again()
    {
        var queue = await Ask(12, 2);
        await using var window = await survey.Chromium.Window(Shop.Ana, new(360, false));
        var page = await window.NewPageAsync();
        await page.GotoAsync($"/projects/{Shop.Project}/labels/{queue}");
        // All are loaded ahead; then the line is cut.
        await page.WaitForFunctionAsync("() => document.querySelector('name-pictures').ahead.length >= 10");
        await page.RouteAsync("**/answer", route => route.AbortAsync());
        foreach (var key in (string[])["1", "2", "Enter"])
            await page.Keyboard.PressAsync(key);
        await Assertions.Expect(page.Locator(".said")).ToContainTextAsync("not sent yet");
        await Assertions.Expect(page.GetByRole(AriaRole.Status)).ToHaveTextAsync("0 of 12 named");
        await page.UnrouteAsync("**/answer");
        await Assertions.Expect(page.GetByRole(AriaRole.Status)).ToHaveTextAsync("3 of 12 named", new() { Timeout = 20_000 });
    }

    /// <summary>Leaves the figures in artifacts/label-page.md; nothing is promised of them.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(80)]
    public async Task From_the_key_to_the_next_picture(int delay)
    {
        var queue = await Ask(40, 3 + delay);
        await using var window = await survey.Chromium.Window(Shop.Ana, new(1280, false));
        var page = await window.NewPageAsync();
        await page.RouteAsync("**/api/**", async route =>
        {
            await Task.Delay(delay, Stop);
            await route.ContinueAsync();
        });
        await page.GotoAsync($"/projects/{Shop.Project}/labels/{queue}");
        await page.WaitForFunctionAsync("() => document.querySelector('name-pictures').ahead.length >= 10");
        await page.EvaluateAsync("""
            () => {
              window.took = [];
              addEventListener('keydown', () => {
                const began = performance.now(), before = document.querySelector('.look').src;
                const look = () => { const now = document.querySelector('.look'); if (now.src !== before && now.complete && now.naturalWidth) requestAnimationFrame(() => window.took.push(performance.now() - began)); else requestAnimationFrame(look); };
                requestAnimationFrame(look);
              }, true);
            }
            """);
        for (var i = 0; i < 38; i++)
        {
            await page.Keyboard.PressAsync($"{(i % 2) + 1}");
            // As fast as a person who knows what comes.
            await page.WaitForTimeoutAsync(150);
        }

        await page.WaitForFunctionAsync("() => window.took.length === 38");
        var took = JsonSerializer.Deserialize<double[]>((await page.EvaluateAsync("() => window.took"))!.Value.GetRawText())!.Order().ToArray();
        await File.AppendAllTextAsync(Path.Combine(Survey.Artifacts, "label-page.md"), string.Create(CultureInfo.InvariantCulture, $"| {delay} ms | {took[19]:0.0} | {took[36]:0.0} |\n"), Stop);
    }

    /// <summary>A queue of drawn pictures, as an incident would ask; its number.</summary>
    private async Task<int> Ask(int pictures, int seed)
    {
        var services = survey.Shop.Services;
        var wanted = new List<WantedLabel>();
        foreach (var fruit in FruitPictures.Many(100 + seed, FruitPictures.KnownStyles, 0, pictures))
            wanted.Add(new($"{seed} {wanted.Count}", (await services.GetRequiredService<IBlobs>().Put(fruit.Png, Stop)).Digest, "pear", 0.41));
        var wish = new LabelsWanted(Shop.Project, 1, "colours", "colours", 1, "pictures@1", wanted);
        await services.GetRequiredService<Db>().Write(tx => services.GetRequiredService<IEvents>().Publish(tx, wish), Stop);
        LabelQueue? queue = null;
        await Eventually.True("the queue is there", async () => (queue = (await services.GetRequiredService<IQueues>().All(Shop.Project, stop: Stop)).Find(one => one.Items == pictures && one.Answered == 0 && one.State is QueueState.Open)) is not null, Stop);
        return queue!.Number;
    }

    /// <summary>Also those of Ana's other queues are counted.</summary>
    [GeneratedRegex(@"of [1-9]\d* pictures? that came twice")]
    private static partial Regex OfSoMany();
}
