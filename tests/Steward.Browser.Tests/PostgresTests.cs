using Steward.Testing;

namespace Steward.Browser.Tests;

/// <summary>The same pages over records that are a network away, where every read makes the page wait.</summary>
public class PostgresTests
{
    [Fact]
    public async Task Every_page_is_whole_on_PostgreSQL()
    {
        var stop = TestContext.Current.CancellationToken;
        await using var shop = new Shop(TestPostgres.NewDatabase());
        await shop.InitializeAsync();
        using var ana = await shop.As(Shop.Ana);
        ana.DefaultRequestHeaders.Accept.Add(new("text/html"));
        var broken = new List<string>();
        foreach (var page in Survey.PagesOf(shop))
        {
            using var reply = await ana.GetAsync(page, stop);
            var html = await reply.Content.ReadAsStringAsync(stop);
            if (!reply.IsSuccessStatusCode && (int)reply.StatusCode != 401)
                broken.Add($"{page}: {(int)reply.StatusCode}");
            else if (!html.Contains("<h1", StringComparison.Ordinal))
                broken.Add($"{page}: no heading");
        }

        Assert.True(broken.Count == 0, string.Join('\n', broken));
    }
}
