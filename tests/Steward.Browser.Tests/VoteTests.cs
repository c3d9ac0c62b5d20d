using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using Steward.Models;

namespace Steward.Browser.Tests;

/// <summary>Decisions made in the browser, with a key that never leaves it.</summary>
public class VoteTests(Survey survey)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Without_script_the_command_is_shown_and_with_it_a_person_approves_on_a_phone_and_the_version_serves()
    {
        await using (var without = await survey.Chromium.Window(Shop.Ana, new(1280, false), script: false))
        {
            var plain = await without.NewPageAsync();
            await plain.GotoAsync($"/projects/{Shop.Project}/models/colours/2");
            await Assertions.Expect(plain.GetByRole(AriaRole.Button, new() { Name = "Reject" })).ToBeHiddenAsync();
            await Assertions.Expect(plain.GetByText("steward signoff vote 1")).ToBeVisibleAsync();
        }

        await using var window = await survey.Chromium.Window(Shop.Dev, new(360, false));
        var page = await window.NewPageAsync();
        await page.GotoAsync($"/projects/{Shop.Project}/signoffs/1");
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync("Should colours@2 serve?");
        await page.GetByLabel("Why?").FillAsync("seen from a phone");
        await page.GetByRole(AriaRole.Button, new() { Name = "Approve" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync("colours@2 was approved");
        var vote = (await survey.Shop.Services.GetRequiredService<ISignOffs>().Find(Shop.Project, 1, Stop))!.Votes[^1];
        Assert.Equal((Shop.Dev, "ops", Decision.Approve, "seen from a phone"), (vote.Voter, vote.Party, vote.Decision, vote.Reason));
    }

    [Fact]
    public async Task An_editor_has_a_version_checked_and_asks_for_votes()
    {
        await using var window = await survey.Chromium.Window(Shop.Ana, new(1280, false));
        var page = await window.NewPageAsync();
        await page.GotoAsync($"/projects/{Shop.Project}/models/colours/1");
        await page.GetByRole(AriaRole.Button, new() { Name = "Run the gates" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Ask for votes" }).ClickAsync();
        await Assertions.Expect(page.GetByText("Sign-off 2, asked by ana")).ToBeVisibleAsync();
        await Assertions.Expect(page.GetByText("You asked, so somebody else decides.")).ToBeVisibleAsync();
    }
}
