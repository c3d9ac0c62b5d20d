using Steward.Drawing;

namespace Steward.Stories.Tests;

/// <summary>
/// Every kind of story as a page, looked at and approved, at half its size: the colours, the figures and where things stand
/// are compared, not the last pixel of a letter. One that differs is written beside the tests as *.received.png, and large
/// as *.large.png to look at; if it is better, the received one takes the place of the approved one.
/// </summary>
public class ApprovedTests
{
    private const double Half = 0.5;

    // Of 255, on average over all pixels: other rounding of edges is below, a figure that moved or a word that changed is above.
    private const double Most = 0.6;

    // The same over any square of so many pixels: a change in one small place is not lost in the page.
    private const int Square = 40;
    private const double MostInASquare = 12;

    public static TheoryData<string> Pictures => [.. Books.All.Select(kind => $"{kind}-en-child"), "release-en-executive", "incident-en-executive", "release-de-child", "incident-de-child"];

    [Theory, MemberData(nameof(Pictures))]
    public void It_looks_as_it_was_approved(string name)
    {
        var now = Picture.Decode(Draw(name, Half), 20_000_000);
        var file = Path.Combine(AppContext.BaseDirectory, "Approved", name + ".png");
        var (all, worst) = File.Exists(file) && Picture.Decode(File.ReadAllBytes(file), 20_000_000) is var approved && (approved.Width, approved.Height) == (now.Width, now.Height) ? Differences(approved, now) : (255, 255);
        if (all > Most || worst > MostInASquare)
        {
            File.WriteAllBytes(Path.Combine(AppContext.BaseDirectory, name + ".received.png"), Draw(name, Half));
            File.WriteAllBytes(Path.Combine(AppContext.BaseDirectory, name + ".large.png"), Draw(name, 1));
        }

        Assert.True(all <= Most && worst <= MostInASquare, $"{name} differs by {all:0.00} of 255 on average, by {worst:0.0} in one place; look at {name}.large.png in {AppContext.BaseDirectory}");
    }

    /// <summary>The comparison itself sees what it is there for.</summary>
    [Fact]
    public void A_moved_figure_and_a_changed_number_are_seen()
    {
        var was = Picture.Decode(Draw("release-en-child", Half), 20_000_000);
        var other = Picture.Decode(SkiaPress.Png(ComicPress.Draw(TellingTests.Tell(Books.Release().Share("new.right", 0.8, 645, Books.From("version"), default, "test:pictures@2").Close()).Comic, PageForm.Page, Palette.Day), Half), 20_000_000);
        Assert.True((was.Width, was.Height) != (other.Width, other.Height) || Differences(was, other).Worst > MostInASquare);
        Assert.Equal((0, 0), Differences(was, was));
    }

    private static (double All, double Worst) Differences(Picture one, Picture other)
    {
        var apart = one.Rgb.Zip(other.Rgb, (a, b) => Math.Abs(a - b)).ToArray();
        var squares = apart.Select((value, i) => (Value: value, Square: (i / 3 / one.Width / Square, i / 3 % one.Width / Square))).GroupBy(pixel => pixel.Square, (_, pixels) => pixels.Average(pixel => pixel.Value));
        return (apart.Average(), squares.Max());
    }

    private static byte[] Draw(string name, double scale)
    {
        var (kind, language, level) = name.Split('-') is [var k, var l, var who] ? (k, l, Levels.Read(who)) : throw new ArgumentException(name);
        return SkiaPress.Png(ComicPress.Draw(TellingTests.Tell(kind, language, level).Comic, PageForm.Page, Palette.Day), scale);
    }
}
