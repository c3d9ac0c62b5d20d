using System.Net.Http.Json;

namespace Steward.Attack.Tests;

/// <summary>SEC-17: names with markup are shown, not run.</summary>
public class Sec17_MarkupTests(Town town)
{
    private const string Markup = "<img src=x onerror=alert(1)>";

    [Fact]
    public async Task Markup_in_a_name_is_text_on_every_page()
    {
        using var root = town.As("server admin");
        using var added = await root.PostAsJsonAsync("/api/users", new { user = "mark", name = Markup }, TestContext.Current.CancellationToken);
        added.EnsureSuccessStatusCode();
        using var browser = new Browser(town.Url);
        await browser.SignIn("root");
        var people = await browser.Page("/people");
        Assert.DoesNotContain(Markup, people, StringComparison.Ordinal);
        Assert.Contains("&lt;img src=x", people, StringComparison.Ordinal);
        Assert.DoesNotContain(Markup, await browser.Page("/audit?by=" + Uri.EscapeDataString(Markup)), StringComparison.Ordinal);
    }
}
