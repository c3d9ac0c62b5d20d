using System.Text.Json;
using Steward.Testing;

namespace Steward.Journey.Tests;

/// <summary><c>steward new offers</c> and <c>steward new forecast</c>: projects on tables, from an empty folder.</summary>
public sealed class TableTemplateTests
{
    private readonly string _here = TestFolder.New(), _home = TestFolder.New();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_new_forecast_is_trained_by_the_commands_it_prints_and_beats_last_week()
    {
        var made = await Json(_here, "new", "forecast", "--json");
        string[] next = [.. made.GetProperty("next").EnumerateArray().Select(command => command.GetString()!)];
        Assert.Equal(["cd forecast", "steward project send", "steward table import data/ridership.csv --as silver.ridership", "steward run", "steward up"], next);
        var project = Path.Combine(_here, "forecast");
        await Good(project, "lint");
        foreach (var command in next[1..^1])
            await Good(project, [.. command.Split(' ').Skip(1), "--json"]);
        var version = await Json(project, "model", "show", "forecast@1", "--json");
        Assert.All(version.GetProperty("gates").EnumerateArray(), gate => Assert.True(gate.GetProperty("passed").GetBoolean(), gate.ToString()));
        var metrics = version.GetProperty("metrics");
        Assert.True(metrics.GetProperty("test.mase.high").GetDouble() < metrics.GetProperty("seasonal_naive.mase").GetDouble(), metrics.ToString());
    }

    [Fact]
    public async Task The_demo_of_a_forecast_ends_with_one_that_three_parties_signed_and_an_endpoint_that_tells_it()
    {
        var told = await Json(_here, "demo", "forecast", "--exit", "--json", "--data", Path.Combine(_here, "data"), "--port", "0");
        Assert.Equal("forecast@1", told.GetProperty("version").GetProperty("version").GetString());
        Assert.True(told.GetProperty("high").GetDouble() < told.GetProperty("seasonalNaive").GetDouble(), told.ToString());
        Assert.Equal("waiting_for_people", told.GetProperty("refusals")[0].GetProperty("code").GetString());
        var ahead = told.GetProperty("ahead").EnumerateArray().ToList();
        Assert.Equal(14, ahead.Count);
        Assert.All(ahead, day => Assert.Equal(day.GetProperty("written").GetDouble(), day.GetProperty("value").GetDouble(), 1e-9));
    }

    [Fact]
    public async Task The_same_seed_makes_up_the_same_shop_and_another_seed_another()
    {
        foreach (var (folder, seed) in ((string, string)[])[("one", "5"), ("same", "5"), ("other", "6")])
            await Good(_here, "new", "offers", folder, "--seed", seed);
        Assert.Equal(Files("one"), Files("same"));
        Assert.NotEqual(Files("one"), Files("other"));
        await Good(Path.Combine(_here, "one"), "lint");
        Assert.True(File.Exists(Path.Combine(_here, "one", "SOURCE.md")) && File.Exists(Path.Combine(_here, "one", "corrections", "orders-14.csv")));
    }

    [Fact]
    public async Task Real_orders_stay_as_they_are_but_for_the_hour()
    {
        await Good(_here, "new", "offers");
        var real = Directory.EnumerateFiles(Path.Combine(_here, "offers", ".steward", "inbox", "offers"), "orders.csv", SearchOption.AllDirectories)
            .SelectMany(File.ReadLines).Where(line => line.StartsWith("CA-", StringComparison.Ordinal) || line.StartsWith("US-", StringComparison.Ordinal)).Select(line => line.Split(',')).ToList();
        Assert.Equal((9994, 793), (real.Count, real.Select(fields => fields[3]).Distinct().Count()));
        Assert.Equal(("2014-01-03", "2017-12-30"), (real.Min(fields => fields[2][..10]), real.Max(fields => fields[2][..10])));
        Assert.Equal(2_297_200.86m, Math.Round(real.Sum(fields => decimal.Parse(fields[8], System.Globalization.CultureInfo.InvariantCulture)), 2));
    }

    [Theory]
    [InlineData("template_not_found", "new", "cars")]
    [InlineData("template_not_found", "demo", "cars")]
    [InlineData("images_not_wanted", "new", "offers", "--images", ".")]
    [InlineData("images_not_wanted", "demo", "forecast", "--images", ".")]
    public async Task A_template_that_is_not_there_or_wants_no_pictures_says_so(string code, params string[] arguments)
    {
        Assert.Contains(code, (await Program.Run(_here, _home, Stop, arguments)).Error, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFileSystemEntries(_here));
    }

    private string Files(string folder) => string.Join('\n', Directory.EnumerateFiles(Path.Combine(_here, folder, ".steward"), "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal).Select(file => $"{Path.GetFileName(file)} {Digest.Of(File.ReadAllBytes(file)).Hex}"));

    private async Task<JsonElement> Json(string folder, params string[] arguments) => JsonDocument.Parse((await Good(folder, arguments)).Out).RootElement;

    private async Task<Said> Good(string folder, params string[] arguments)
    {
        var said = await Program.Run(folder, _home, Stop, arguments);
        Assert.True(said.ExitCode == 0, $"steward {string.Join(' ', arguments)}: {said}");
        return said;
    }
}
