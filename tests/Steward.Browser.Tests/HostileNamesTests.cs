using Microsoft.Extensions.DependencyInjection;
using Steward.Identity;
using Steward.Projects;
using Steward.Tracking;

namespace Steward.Browser.Tests;

/// <summary>SEC-17 in a real browser: whatever somebody calls a run, a parameter or a project, it is shown and never run.</summary>
public class HostileNamesTests(Survey survey)
{
    private const string Markup = "<img src=x onerror=alert(1)><script>alert(2)</script>\"'><svg/onload=alert(3)>{{7*7}}";

    private static readonly Who Mallory = new("mallory", Markup, new Dictionary<string, IReadOnlySet<Role>> { ["*"] = new HashSet<Role> { Role.Editor } });

    [Fact]
    public async Task Markup_in_every_name_opens_no_dialog_and_adds_no_element()
    {
        var run = await MakeRun();
        await using var window = await survey.Chromium.Window(Shop.Ana, Variant.All[0]);
        var page = await window.NewPageAsync();
        var trouble = new List<string>();
        page.Dialog += (_, dialog) => { trouble.Add("a dialog: " + dialog.Message); _ = dialog.DismissAsync(); };
        page.PageError += (_, error) => trouble.Add(error);
        foreach (var address in (string[])["/", "/projects/hostile", "/projects/hostile/runs", $"/projects/hostile/runs/{run}", "/projects/hostile/runs/compare?all=true", "/projects/hostile/settings", "/audit"])
        {
            await page.GotoAsync(address);
            Assert.Equal(0, await page.Locator("img[src=x], script:not([src]), svg[onload]").CountAsync());
        }

        Assert.Empty(trouble);
        await page.GotoAsync($"/projects/hostile/runs/{run}");
        Assert.Contains("<img src=x", await page.InnerTextAsync("main"), StringComparison.Ordinal);
    }

    private async Task<string> MakeRun()
    {
        await survey.Shop.Services.GetRequiredService<IProjects>().Put($"steward: 1\nproject: hostile\ntitle: '{Markup.Replace("'", "''", StringComparison.Ordinal)}'\n", Mallory);
        var runs = survey.Shop.Services.GetRequiredService<IRuns>();
        var last = "";
        foreach (var value in (double[])[0.4, 0.6])
        {
            var hostile = new Dictionary<string, string> { [Markup] = Markup + value, ["primary"] = Markup, ["why"] = Markup };
            var run = await runs.Start(Mallory, new("hostile", "kinds", Markup) { Data = Markup, Code = Markup, Environment = Markup, Params = hostile, Tags = hostile });
            await runs.Metrics(Mallory, run.Id, [new(Markup, value, 1), new(Markup, value, 2)]);
            last = (await runs.End(Mallory, run.Id, RunStatus.Finished)).Id;
        }

        return last;
    }
}
