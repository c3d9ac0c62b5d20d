using System.Globalization;
using System.Xml.Linq;
using CsCheck;

namespace Steward.Drawing.Tests;

public class ChartTests
{
    private static readonly XNamespace Space = "http://www.w3.org/2000/svg";

    private static readonly LineChart Loss = new()
    {
        Title = "Loss by epoch",
        XLabel = "epoch",
        Series = [new("train", [(0, 2.1), (1, 1.2), (2, 0.7)]), new("valid", [(0, 2.0), (1, 1.3), (2, 0.9)], Ink.Pom)],
        Limits = [new(0.8, "at most 0.8")],
        Shades = [new(1, 2, "changed light")],
    };

    [Fact]
    public void Any_name_leaves_a_well_formed_drawing_without_foreign_markup()
        => Gen.Select(Gen.String, Gen.OneOf(Gen.Const("<script>alert(1)</script>"), Gen.Const("\"onload=x <img src=q onerror=y>"), Gen.Const("]]>&\0\u202E\uD800"))).Sample((random, hostile) =>
        {
            var name = random + hostile;
            foreach (var svg in Drawn(name))
            {
                Assert.DoesNotContain(Read(svg).Descendants(), element => element.Name.LocalName is "script" or "img");
                Assert.DoesNotContain(Read(svg).DescendantsAndSelf().Attributes(), attribute => attribute.Name.LocalName.StartsWith("on", StringComparison.Ordinal));
                Assert.DoesNotContain("\u202E", svg, StringComparison.Ordinal);
            }
        }, iter: 300);

    [Fact]
    public void Any_numbers_leave_a_drawing_with_finite_places()
        => Gen.Select(Gen.Double.Array[1, 30], Gen.Double).Sample((values, limit) =>
        {
            var line = new LineChart { Title = "t", Series = [new("s", [.. values.Select((value, i) => ((double)i, value))])], Limits = [new(limit, "limit")] };
            var bars = new BarChart { Title = "t", Bars = [.. values.Select(value => new Bar("b", value, value - 1, limit))] };
            foreach (var svg in (string[])[line.Draw(), bars.Draw()])
            {
                Assert.DoesNotContain(Read(svg).Descendants().Attributes(), attribute => attribute.Value.Contains("NaN", StringComparison.Ordinal) || attribute.Value.Contains('∞', StringComparison.Ordinal));
                Assert.InRange(svg.Length, 100, 60_000);
            }
        }, iter: 500);

    [Fact]
    public void A_line_meets_each_axis_where_its_value_is_and_pauses_where_it_has_none()
    {
        var svg = Read(new ParallelChart
        {
            Title = "runs",
            Axes = [new("k", ["1", "2", "3"]), new("rate", ["0.001", "1", null]), new("light", ["day", "any", "day"])],
            Lines = [new("a"), new("b", Ink.Good, Strong: true), new("c")],
        }.Draw());
        var paths = svg.Descendants().Where(element => element.Name.LocalName == "path").ToDictionary(path => path.Value, path => path.Attribute("d")!.Value);
        Assert.Equal("M58 206L280 206L502 30", paths["a"]);
        Assert.Equal("M58 118L280 30L502 206", paths["b"]);
        Assert.Equal("M58 30M502 30", paths["c"]);
        Assert.Equal("b", svg.Descendants().Last(element => element.Name.LocalName == "path").Value);
        Assert.Contains("b: k 2, rate 1, light any", svg.Attribute("aria-label")!.Value, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, 1, 5), InlineData(0.913, 0.948, 4), InlineData(-3, 17, 6), InlineData(0, 123_456, 5), InlineData(1e-7, 3e-7, 4)]
    public void Ticks_are_round_and_cover_the_values(double low, double high, int wanted)
    {
        var scale = Scale.Over(low, high, 0, 100, wanted, AxisReading.Number, round: true);
        var mantissa = scale.Step / Math.Pow(10, Math.Floor(Math.Log10(scale.Step) + 1e-9));
        Assert.Contains(Math.Round(mantissa, 6), (double[])[1, 2, 5]);
        Assert.InRange(scale.Ticks().Count(), 2, wanted + 2);
        Assert.True(scale.Ticks().First() <= low + 1e-12 && scale.Ticks().Last() >= high - 1e-12);
        Assert.Equal(scale.Ticks().Count(), scale.Ticks().Select(scale.Say).Distinct().Count());
    }

    [Fact]
    public void Shares_are_said_in_percent_counts_stay_whole_and_times_follow_the_clock()
    {
        Assert.Equal(["0 %", "50 %", "100 %"], Said(0, 1, 2, AxisReading.Share));
        Assert.Equal(["0", "1", "2"], Said(0, 2, 10, AxisReading.Whole));
        var noon = new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero).ToUnixTimeSeconds();
        Assert.Equal(["12:00", "12:15", "12:30", "12:45", "13:00"], Said(noon, noon + 3600, 4, AxisReading.Time));
        Assert.Equal(["2 Mar", "3 Mar", "4 Mar"], Said(noon, noon + (3 * 86400), 3, AxisReading.Time));
    }

    [Fact]
    public void A_drawing_tells_its_figures_to_who_cannot_see_it()
    {
        var svg = Read(Loss.Draw());
        Assert.Equal("img", svg.Attribute("role")!.Value);
        Assert.Equal("Loss by epoch", svg.Element(Space + "title")!.Value);
        Assert.Equal("Loss by epoch. Lines over epoch 0 to 2: train goes from 2.1 to 0.7; valid goes from 2 to 0.9. Limit at most 0.8: 0.8. Marked: changed light.", svg.Attribute("aria-label")!.Value);
    }

    [Fact]
    public void Limits_are_dashed_and_shades_lie_where_they_were_put()
    {
        var svg = Read(Loss.Draw());
        var path = Points(svg.Descendants(Space + "path").First());
        var shade = svg.Descendants(Space + "rect").Single(rect => rect.Attribute("fill")!.Value == "var(--bad-bg)");
        Assert.Equal(path[1].X, Number(shade, "x"), 0.11);
        Assert.Equal(path[2].X, Number(shade, "x") + Number(shade, "width"), 0.21);
        var limit = svg.Descendants(Space + "line").Single(line => line.Attribute("stroke-dasharray") is not null);
        Assert.Equal("var(--bad)", limit.Attribute("stroke")!.Value);
        Assert.InRange(Number(limit, "y1"), path[1].Y, path[2].Y);
    }

    [Fact]
    public void Without_data_a_sentence_is_drawn() => Assert.All(
        [
            new LineChart { Title = "t", Empty = "No run yet.", Series = [] }.Draw(),
            new LineChart { Title = "t", Empty = "No run yet.", Series = [new("s", [(0, double.NaN)])] }.Draw(),
            new BarChart { Title = "t", Empty = "No run yet.", Bars = [] }.Draw(),
            new Histogram { Title = "t", Empty = "No run yet.", Edges = [0, 1], Current = [0] }.Draw(),
        ],
        svg => Assert.Equal("No run yet.", Read(svg).Descendants(Space + "tspan").Single().Value));

    [Fact]
    public void A_gap_in_the_values_is_a_gap_in_the_line()
        => Assert.Equal(2, Read(new LineChart { Title = "t", Series = [new("s", [(0, 1), (1, 2), (2, double.NaN), (3, 1), (4, 2)])] }.Draw())
            .Descendants(Space + "path").Single().Attribute("d")!.Value.Count(letter => letter == 'M'));

    [Fact]
    public void A_long_line_stays_small_and_keeps_its_peak()
    {
        var points = Enumerable.Range(0, 100_000).Select(i => ((double)i, i == 54_321 ? 10.0 : Math.Sin(i / 900.0))).ToList();
        var path = Read(new LineChart { Title = "t", Series = [new("s", points)] }.Draw()).Descendants(Space + "path").Single();
        Assert.InRange(path.Attribute("d")!.Value.Length, 100, 20_000);
        Assert.Equal(14, Points(path).Min(point => point.Y), 0.1);
    }

    [Fact]
    public void A_histogram_compares_shares_so_that_windows_of_any_size_match()
    {
        var svg = Read(new Histogram { Title = "t", Edges = [0, 1, 2], Current = [1, 3], Reference = [100, 300] }.Draw());
        var bars = svg.Descendants(Space + "rect").Where(rect => rect.Attribute("fill-opacity") is not null).ToList();
        var outline = svg.Descendants(Space + "path").Single().Attribute("d")!.Value;
        Assert.Equal(3, Number(bars[1], "height") / Number(bars[0], "height"), 0.02);
        Assert.All(bars, bar => Assert.Contains($"V{bar.Attribute("y")!.Value}H", outline, StringComparison.Ordinal));
    }

    [Fact]
    public void A_histogram_refuses_bins_that_do_not_fit()
    {
        Assert.Throws<ArgumentException>(() => new Histogram { Title = "t", Edges = [0, 1], Current = [1, 1] }.Draw());
        Assert.Throws<ArgumentException>(() => new Histogram { Title = "t", Edges = [0, 1, 1], Current = [1, 1] }.Draw());
    }

    [Fact]
    public void Bars_are_as_long_as_their_values_and_carry_their_interval()
    {
        var svg = Read(new BarChart { Title = "F1", Reading = AxisReading.Share, Bars = [new("apple", 0.4, 0.3, 0.5), new("pear", 0.8)] }.Draw());
        var bars = svg.Descendants(Space + "rect").ToList();
        Assert.Equal(2, Number(bars[1], "width") / Number(bars[0], "width"), 0.02);
        Assert.Equal(2, svg.Descendants(Space + "path").Count());
        Assert.Contains("apple 40 % (30 % to 50 %); pear 80 %", svg.Attribute("aria-label")!.Value, StringComparison.Ordinal);
    }

    private static string[] Drawn(string name) =>
    [
        new LineChart { Title = name, Series = [new(name, [(0, 1), (1, 2)]), new(name, [(0, 2)])], Limits = [new(1, name)], Shades = [new(0, 1, name)], XLabel = name }.Draw(),
        new BarChart { Title = name, Bars = [new(name, 1, 0, 2)], Limits = [new(1, name)] }.Draw(),
        new Histogram { Title = name, Edges = [0, 1], Current = [1], Reference = [1], Limits = [new(0.5, name)], CurrentName = name, ReferenceName = name, XLabel = name }.Draw(),
        new BarChart { Title = name, Bars = [], Empty = name }.Draw(),
    ];

    private static IEnumerable<string> Said(double low, double high, int ticks, AxisReading reading)
    {
        var scale = Scale.Over(low, high, 0, 100, ticks, reading, round: false);
        return scale.Ticks().Select(scale.Say);
    }

    private static XElement Read(string svg) => XElement.Parse(svg);

    private static double Number(XElement element, string name) => double.Parse(element.Attribute(name)!.Value, CultureInfo.InvariantCulture);

    private static List<(double X, double Y)> Points(XElement path) => [.. path.Attribute("d")!.Value.Split(['M', 'L'], StringSplitOptions.RemoveEmptyEntries)
        .Select(point => point.Split(' ')).Select(pair => (double.Parse(pair[0], CultureInfo.InvariantCulture), double.Parse(pair[1], CultureInfo.InvariantCulture)))];
}
