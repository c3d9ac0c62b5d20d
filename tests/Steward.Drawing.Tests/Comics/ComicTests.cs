using System.Text;
using System.Xml.Linq;

namespace Steward.Drawing.Tests.Comics;

public class ComicTests
{
    private static readonly XNamespace Svg = "http://www.w3.org/2000/svg";

    private static readonly PageForm[] Forms = [PageForm.Page, PageForm.Phone, PageForm.Slide, PageForm.Print];

    public static TheoryData<string, string, string> Tellings => [.. from comic in (string[])["en", "de"] from form in Forms from palette in (string[])["day", "evening", "paper"] select (comic, form.Name, palette)];

    [Theory, MemberData(nameof(Tellings))]
    public void A_comic_reads_well_at_every_size_in_every_light_and_language(string language, string form, string palette)
        => Assert.Empty(ComicChecks.Of(ComicPress.Draw(Of(language), Forms.First(one => one.Name == form), Light(palette))));

    [Fact]
    public void One_panel_alone_reads_well_in_a_deck_and_as_a_social_picture()
    {
        foreach (var (width, height) in ((double, double)[])[(1240, 698), (1200, 630)])
            for (var i = 0; i < 6; i++)
            {
                var panel = ComicPress.DrawPanel(LampComic.German, i, width, height, Palette.Day);
                Assert.Empty(ComicChecks.Of(panel));
                Assert.Equal((width, height), (panel.Width, panel.Height));
                // Read from the back row: a letter is at least a thirtieth of the picture's height.
                Assert.True(panel.Enlarged * 18 >= height / 30, $"panel {i + 1} is enlarged {panel.Enlarged:0.0} times");
            }
    }

    [Fact]
    public void The_same_comic_gives_the_same_bytes()
    {
        string Once(bool fonts) => SvgWriter.Write(ComicPress.Draw(LampComic.English, PageForm.Page, Palette.Evening), fonts);
        Assert.Equal(Once(true), Once(true));
        Assert.Equal(Once(false), Once(false));
        byte[] Picture() => SkiaPress.Png(ComicPress.Draw(LampComic.English, PageForm.Phone, Palette.Day), 1);
        Assert.Equal(Picture(), Picture());
    }

    [Fact]
    public void Panels_of_one_row_are_equally_high_and_the_rows_follow_the_order_of_the_story()
    {
        var panels = ComicPress.Draw(LampComic.English, PageForm.Slide, Palette.Day).Panels;
        Assert.Equal([1, 2, 3, 4, 5, 6], panels.Select(panel => panel.Number));
        foreach (var row in panels.Chunk(3))
            Assert.Single(row.Select(panel => (panel.Box.Y, panel.Box.Height)).Distinct());
        Assert.True(panels[3].Box.Y >= panels[0].Box.Bottom);
    }

    [Fact]
    public void More_to_say_makes_the_row_taller_until_nothing_helps()
    {
        double Height(string words) => ComicPress.Draw(Saying(words), PageForm.Page, Palette.Day).Panels[0].Box.Height;
        var brief = Height("Hello.");
        Assert.Equal(PageForm.Page.LeastHeight, brief);
        Assert.True(Height(string.Join(' ', Enumerable.Repeat("many more words", 18))) > brief);
        Assert.Throws<NoRoomException>(() => Height(string.Join(' ', Enumerable.Repeat("many more words", 120))));
    }

    [Fact]
    public void Who_cannot_see_the_comic_gets_every_word_and_every_picture()
    {
        var comic = ComicPress.Draw(LampComic.English, PageForm.Page, Palette.Day);
        Assert.Equal(["Pom 2", "Terrace"], comic.Panels[3].Said.Where(said => said.Speaker != "sign").Select(said => said.Speaker));
        Assert.Contains("Pom 3: “I guess each fruit by its colour.”", comic.Transcript, StringComparison.Ordinal);
        Assert.Contains("Not checked yet: blue light.", comic.Transcript, StringComparison.Ordinal);
        Assert.Contains("Limit limit 16: 16", comic.Transcript, StringComparison.Ordinal);
        var svg = XElement.Parse(SvgWriter.Write(comic, embedFonts: false));
        Assert.Equal(comic.Transcript, svg.Element(Svg + "desc")!.Value);
        var groups = svg.Descendants(Svg + "g").Where(group => (string?)group.Attribute("role") == "group").Select(group => group.Attribute("aria-label")!.Value).ToList();
        Assert.Equal(6, groups.Count);
        Assert.StartsWith("Panel 1. Pom 3 stands at a fruit belt", groups[0], StringComparison.Ordinal);
        Assert.Contains(svg.Descendants(Svg + "g"), group => (string?)group.Attribute("role") == "img" && (string?)group.Attribute("aria-label") == "Nell");
        Assert.All(Marks(svg), mark => Assert.Equal("true", mark.Attribute("aria-hidden")?.Value));
    }

    [Fact]
    public void A_fact_leads_to_its_source_and_its_words_stay_together()
    {
        var comic = ComicPress.Draw(LampComic.English, PageForm.Page, Palette.Day);
        var svg = XElement.Parse(SvgWriter.Write(comic, embedFonts: false));
        var links = svg.Descendants(Svg + "a").Select(link => (link.Attribute("href")!.Value, link.Value)).ToList();
        Assert.Contains(("/runs/r3", "19\u00A0out\u00A0of\u00A020"), links);
        Assert.Contains(("/runs/r3", "b"), links);
        Assert.Contains(links, link => link.Item2.Contains("fruits Pom 3 learned from", StringComparison.Ordinal));
    }

    [Fact]
    public void No_name_and_no_link_can_run_anything()
    {
        const string hostile = "<script>alert(1)</script>\" onload=\"x ]]> & \u0007";
        var comic = Saying(Lettering.Name(hostile)) with
        {
            Title = Lettering.Name(hostile),
            Sources = [new("a", Lettering.Name(hostile), "javascript:alert(1)"), new("b", "two", "//evil.example/x"), new("c", "three", "data:text/html,x"), new("d", "four", "/runs/1")],
        };
        var text = SvgWriter.Write(ComicPress.Draw(comic, PageForm.Page, Palette.Day), embedFonts: true);
        var svg = XElement.Parse(text);
        Assert.DoesNotContain(svg.DescendantsAndSelf(), element => element.Name.LocalName is "script" or "foreignObject" or "image" or "use");
        Assert.DoesNotContain(svg.DescendantsAndSelf().Attributes(), attribute => attribute.Name.LocalName.StartsWith("on", StringComparison.Ordinal) || attribute.Name.LocalName == "style");
        Assert.Equal(["/runs/1"], svg.Descendants(Svg + "a").Select(link => link.Attribute("href")!.Value));
    }

    [Fact]
    public void Fonts_come_along_only_when_asked_and_whole_drawings_stay_small()
    {
        var comic = ComicPress.Draw(LampComic.English, PageForm.Page, Palette.Day);
        var (with, without) = (SvgWriter.Write(comic, true), SvgWriter.Write(comic, false));
        Assert.Contains("font/woff2;base64", with, StringComparison.Ordinal);
        Assert.DoesNotContain("<style", without, StringComparison.Ordinal);
        Assert.InRange(Encoding.UTF8.GetByteCount(with), 60_000, 190_000);
        Assert.InRange(Encoding.UTF8.GetByteCount(without), 20_000, 130_000);
    }

    [Fact]
    public void Another_script_brings_its_own_letters_in_a_few_kilobytes()
    {
        var comic = ComicPress.Draw(Saying("Привет, Çağla! Xin chào, Đặng."), PageForm.Page, Palette.Day);
        Assert.Empty(ComicChecks.Of(comic));
        var svg = SvgWriter.Write(comic, embedFonts: true);
        Assert.Contains("'Steward Reading'", svg, StringComparison.Ordinal);
        Assert.InRange(svg.Length, 40_000, 130_000);
    }

    [Fact]
    public void A_letter_that_no_typeface_has_is_named_and_not_drawn_as_an_empty_box()
        => Assert.Equal("No typeface has the letter '你' (U+4F60) of \"你\".", Assert.Throws<MissingGlyphException>(() => ComicPress.Draw(Saying("Hello 你"), PageForm.Page, Palette.Day)).Message);

    [Fact]
    public void A_speaker_who_is_not_there_is_a_mistake_and_not_a_lack_of_room()
        => Assert.Throws<ArgumentException>(() => ComicPress.Draw(LampComic.English with { Panels = [panel => panel.Say(("Nobody", "Hello?"))] }, PageForm.Page, Palette.Day));

    [Fact]
    public void A_made_up_story_says_so_across_its_title()
    {
        var comic = ComicPress.Draw(LampComic.English with { Banner = "Example" }, PageForm.Phone, Palette.Evening);
        Assert.Empty(ComicChecks.Of(comic));
        Assert.Contains("Example", comic.Texts);
    }

    [Fact]
    public void Paper_has_the_picture_first_and_the_words_after_it()
    {
        var print = ComicPress.Draw(LampComic.English, PageForm.Print, Palette.OnPaper);
        string Pdf(string words) => Encoding.Latin1.GetString(SkiaPress.Pdf([print], words));
        Assert.StartsWith("%PDF-", Pdf(""), StringComparison.Ordinal);
        Assert.Equal(1, Pages(Pdf("")));
        Assert.Equal(2, Pages(Pdf(print.Transcript)));
        Assert.InRange(Pages(Pdf(string.Join('\n', Enumerable.Repeat(print.Transcript, 12)))), 4, 8);
        Assert.Equal(7, Pages(Encoding.Latin1.GetString(SkiaPress.Pdf([print, .. Enumerable.Range(0, 6).Select(i => ComicPress.DrawPanel(LampComic.English, i, 1240, 698, Palette.Day))]))));
    }

    private static int Pages(string pdf) => pdf.Split("/Type /Page\n").Length - 1 + (pdf.Split("/Type /Page ").Length - 1);

    /// <summary>A comic of one panel in which Pom says something.</summary>
    internal static Comic Saying(Phrase words) => LampComic.English with
    {
        Panels =
        [
            panel =>
            {
                panel.Caption("Pom has something to say.");
                Sets.Room(panel, Beat.Setting);
                panel.Alt = "Pom 1 stands in a room.";
                Cast.Pom(panel, 1, new(panel.Width / 2, panel.Ground), 1, Poses.Wave);
                panel.Say(("Pom 1", words));
            },
        ],
    };

    private static IEnumerable<XElement> Marks(XElement svg) => svg.Descendants(Svg + "text").Where(text => text.Value.Length == 1 && double.Parse(text.Element(Svg + "tspan")!.Attribute("font-size")!.Value, System.Globalization.CultureInfo.InvariantCulture) < 12);

    private static Comic Of(string language) => language == "de" ? LampComic.German : LampComic.English;

    private static Palette Light(string name) => name switch { "day" => Palette.Day, "paper" => Palette.OnPaper, _ => Palette.Evening };
}
