using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using Steward.Stories;

namespace Steward.Browser.Tests;

/// <summary>A quiz is taken in the browser, question by question, with the keyboard and on a phone.</summary>
public class QuizTests(Survey survey)
{
    private const string Quiz = $"/projects/{Shop.Project}/stories/release/colours@3/quiz";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private IQuizzes Quizzes => survey.Shop.Services.GetRequiredService<IQuizzes>();

    [Fact]
    public async Task A_reader_answers_with_the_keyboard_on_a_phone_and_sees_why_at_once()
    {
        await using var window = await survey.Chromium.Window(Shop.Dev, new(360, true));
        var page = await window.NewPageAsync();
        await page.GotoAsync(Quiz);
        await page.GetByRole(AriaRole.Button, new() { Name = "Start" }).ClickAsync();
        for (var question = 1; question <= 6; question++)
        {
            await Assertions.Expect(page.GetByText($"Question {question} of 6")).ToBeVisibleAsync();
            if (question > 1)
                await Assertions.Expect(page.GetByLabel("The answer before")).ToContainTextAsync("right");
            var open = (await Open())!;
            var option = page.Locator(".options .btn").Nth(open.Next!.Options.ToList().FindIndex(one => one.Right));
            await option.FocusAsync();
            await page.Keyboard.PressAsync("Enter");
        }

        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "You know what it tells." })).ToBeVisibleAsync();
        Assert.NotNull(await Quizzes.Pass(Shop.Project, "release", "colours@3", Shop.Dev, Stop));
        await Assertions.Expect(page.GetByText("1 of 1 passed at the first try.")).ToBeVisibleAsync();
        await page.GetByLabel("4", new() { Exact = true }).CheckAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Say so" }).ClickAsync();
        await Assertions.Expect(page.GetByText("4.0 of 5 from 1 rating")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task Not_to_understand_is_an_answer_that_the_owner_reads_without_script_too()
    {
        await using var window = await survey.Chromium.Window(Shop.Ana, new(1280, false), script: false);
        var page = await window.NewPageAsync();
        await page.GotoAsync(Quiz);
        await page.GetByRole(AriaRole.Button, new() { Name = "Start" }).ClickAsync();
        await page.GetByLabel("A word to the owner").FillAsync("which test is meant");
        await page.GetByRole(AriaRole.Button, new() { Name = "I do not understand" }).ClickAsync();
        await Assertions.Expect(page.GetByLabel("The answer before")).ToContainTextAsync("you did not understand");
        await Assertions.Expect(page.GetByText("“which test is meant”")).ToBeVisibleAsync();
    }

    /// <summary>On the board of a sign-off: first the story and the quiz are offered, after it the yes counts; wide and narrow, in light and dark.</summary>
    [Theory]
    [InlineData(1280, false)]
    [InlineData(1280, true)]
    [InlineData(360, false)]
    [InlineData(360, true)]
    public async Task Where_a_party_asks_for_the_quiz_the_board_offers_it_before_a_yes(int width, bool dark)
    {
        await using var window = await survey.Chromium.Window(Shop.Ana, new(width, dark));
        var page = await window.NewPageAsync();
        await page.GotoAsync($"/projects/{Shop.Bakery}/signoffs/1");
        var card = page.GetByRole(AriaRole.Region, new() { Name = "Do you know what you decide?" });
        await Assertions.Expect(card).ToContainTextAsync("A yes for quality comes after six questions");
        await Assertions.Expect(card).ToContainTextAsync("quiz asked");
        await page.ScreenshotAsync(new() { Path = Path.Combine(Survey.Artifacts, "pictures", $"quiz-card-{new Variant(width, dark)}.png"), FullPage = true });
        await card.GetByRole(AriaRole.Link, new() { Name = "Read the story and take the quiz" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Button, new() { Name = "Start" })).ToBeVisibleAsync();
    }

    private async Task<QuizTry?> Open() => (await survey.Shop.Services.GetRequiredService<IQuizzes>().Standing(new(Shop.Dev, Shop.Dev, new Dictionary<string, IReadOnlySet<Identity.Role>>()), Shop.Project, "release", "colours@3", Stop)).Open;
}
