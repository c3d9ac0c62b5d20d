namespace Steward.Browser.Tests;

/// <summary>What every page keeps, whoever made it: found from the server's own list of pages.</summary>
public class EveryPageTests(Survey survey)
{
    private const int MostBytes = 60_000;

    [Fact]
    public void There_are_pages_and_all_of_them_are_looked_at()
    {
        Assert.True(survey.Pages.Count >= 10);
        Assert.Equal(survey.Pages.Count * Variant.All.Count, survey.Sights.Count);
    }

    [Fact]
    public void Nothing_fails_and_the_console_stays_empty() => None(sight => sight.Trouble);

    [Fact]
    public void Nothing_scrolls_sideways_neither_wide_nor_at_360_pixels() => None(sight => sight.Seen.TooWide);

    [Fact]
    public void A_page_has_one_heading_one_main_part_a_title_and_a_language()
        => None(sight => sight.Seen is { H1: 1, Main: 1, Lang: "en", Title.Length: > 0 } ? [] : [$"{sight.Seen.H1} h1, {sight.Seen.Main} main, title '{sight.Seen.Title}', language '{sight.Seen.Lang}'"]);

    [Fact]
    public void Every_input_picture_and_button_says_what_it_is() => None(sight => sight.Seen.Unlabelled);

    [Fact]
    public void Text_stands_out_from_its_ground_in_light_and_dark() => None(sight => sight.Seen.Faint);

    [Fact]
    public void The_keyboard_reaches_everything_and_shows_where_it_is() => None(sight => sight.Missed);

    [Fact]
    public void Scripts_and_styles_stay_under_60_KB_as_they_are_sent() => None(sight =>
    {
        var files = sight.Seen.Bytes.Select(file => (Name: file[0].GetString(), Bytes: file[1].GetInt64())).Distinct().ToList();
        return files.Count > 0 && files.Sum(file => file.Bytes) is > 0 and <= MostBytes ? [] : [string.Join(", ", files)];
    });

    [Fact]
    public async Task Every_link_leads_somewhere()
    {
        await using var window = await survey.Chromium.Window(Shop.Ana, Variant.All[0]);
        var lost = new List<string>();
        foreach (var link in survey.Sights.SelectMany(sight => sight.Seen.Links).Select(link => link.Split('#')[0]).Distinct())
        {
            var reply = await window.APIRequest.GetAsync(link);
            if (!reply.Ok)
                lost.Add($"{link}: {reply.Status}, on {survey.Sights.First(sight => sight.Seen.Links.Any(one => one.StartsWith(link, StringComparison.Ordinal))).Address}");
        }

        Assert.True(lost.Count == 0, string.Join('\n', lost));
    }

    private void None(Func<Sight, IEnumerable<string>> complaints)
    {
        var all = survey.Sights.SelectMany(sight => complaints(sight).Select(complaint => $"{sight}: {complaint}")).ToList();
        Assert.True(all.Count == 0, string.Join('\n', all));
    }
}
