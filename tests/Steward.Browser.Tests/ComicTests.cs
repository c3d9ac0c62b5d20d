using System.Text;
using Steward.Drawing;
using Steward.Drawing.Tests.Comics;

namespace Steward.Browser.Tests;

/// <summary>What the drawing library measured is what a browser draws.</summary>
public class ComicTests(Survey survey)
{
    // Widths of all letters as drawn: where they begin, how far they reach, with which look.
    private const string Measure = """
        async () => {
          await document.fonts.ready;
          return [...document.querySelectorAll('svg text')].map(text => ({
            words: text.textContent, size: +text.firstElementChild.getAttribute('font-size'), bold: getComputedStyle(text.firstElementChild).fontWeight === '700',
            length: text.getComputedTextLength(), x: +text.getAttribute('x'), left: text.getStartPositionOfChar(0).x, right: text.getEndPositionOfChar(text.getNumberOfChars() - 1).x,
            box: text.getBBox().width,
            shown: parseFloat(getComputedStyle(text.firstElementChild).fontSize), ink: getComputedStyle(text.firstElementChild).fill }));
        }
        """;

    /// <summary>The comic with two hundred strings as its sources; half a pixel is what nobody sees.</summary>
    private static readonly DrawnComic Comic = ComicPress.Draw(LampComic.German with { Sources = [.. Measured.Strings().Select((words, i) => new SourceLine($"{(char)('a' + (i % 26))}", words))] }, PageForm.Page, Palette.Day);

    [Fact]
    public async Task A_browser_draws_letters_where_and_as_wide_as_we_measured_them()
    {
        var texts = await Texts(SvgWriter.Write(Comic, embedFonts: true));
        Assert.True(texts.Count > 400, $"{texts.Count} texts");
        Assert.All(texts, text =>
        {
            Assert.Equal(Lettering.Measure(text.Words, text.Size, text.Bold ? Weight.Bold : Weight.Regular), text.Length, 0.5);
            Assert.Equal(text.X, text.Left, 0.5);
            Assert.Equal(text.X + text.Length, text.Right, 0.5);
            // A box also holds the ink that hangs over: a j's tail, the end of an f. It is never wider by more than that.
            Assert.InRange(text.Box - text.Length, -0.5, text.Size * 0.3);
        });
    }

    [Fact]
    public async Task A_drawing_within_a_page_keeps_its_letters_whatever_the_page_says_of_text()
    {
        var texts = await Texts("<style>svg text { font: 12px system-ui; fill: rgb(1, 2, 3); font-kerning: normal }</style>" + SvgWriter.Write(Comic, embedFonts: false));
        Assert.All(texts, text => Assert.Equal(text.Size, text.Shown, 0.01));
        Assert.DoesNotContain(texts, text => text.Ink == "rgb(1, 2, 3)");
    }

    [Fact]
    public async Task As_a_picture_in_a_page_it_looks_like_the_printed_one_with_its_own_letters()
    {
        var comic = ComicPress.Draw(LampComic.English, PageForm.Phone, Palette.Evening);
        var address = "data:image/svg+xml;base64," + Convert.ToBase64String(Encoding.UTF8.GetBytes(SvgWriter.Write(comic, embedFonts: true)));
        await using var window = await survey.Chromium.Empty((int)comic.Width, 800);
        var page = await window.NewPageAsync();
        await page.SetContentAsync($"<body style='margin:0'><img style='display:block' src='{address}'>");
        await page.WaitForFunctionAsync("() => document.images[0].complete && document.images[0].naturalWidth > 0");
        var shown = Picture.Decode(await page.Locator("img").ScreenshotAsync(), 20_000_000);
        var printed = Picture.Decode(SkiaPress.Png(comic, 1), 20_000_000);
        Assert.Equal((printed.Width, printed.Height), (shown.Width, shown.Height));
        // Of 255: edges are rounded differently; letters in another font would differ by more than 5.
        Assert.InRange(printed.Rgb.Zip(shown.Rgb, (one, other) => Math.Abs(one - other)).Average(), 0, 2.5);
    }

    private async Task<IReadOnlyList<Text>> Texts(string body)
    {
        await using var window = await survey.Chromium.Empty(840, 1000);
        var page = await window.NewPageAsync();
        await page.SetContentAsync($"<!doctype html><body>{body}");
        return (await page.EvaluateAsync<Text[]>(Measure))!;
    }

    private sealed record Text
    {
        public string Words { get; init; } = "";

        public double Size { get; init; }

        public bool Bold { get; init; }

        public double Length { get; init; }

        public double X { get; init; }

        public double Left { get; init; }

        public double Right { get; init; }

        public double Box { get; init; }

        public double Shown { get; init; }

        public string Ink { get; init; } = "";
    }
}
