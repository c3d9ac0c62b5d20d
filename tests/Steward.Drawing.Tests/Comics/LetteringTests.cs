using System.Text;
using SkiaSharp;

namespace Steward.Drawing.Tests.Comics;

public class LetteringTests
{
    private static readonly string[] Words = ["Pom and the Orange Lamp", "AVAVATa To Ty. WA!", "office fluffy fjord", "Früchte über 92,5 %", "Çağla ve İpek", "Привет, мир", "Xin chào, Đặng Thị", "1 o’clock – “so”", "≥ ½ × 20"];

    public static TheoryData<string> Faces => ["Comic Regular", "Comic Bold", "Reading Regular", "Reading Bold"];

    [Theory, MemberData(nameof(Faces))]
    public void Our_reader_finds_the_same_glyphs_and_widths_as_Skia(string name)
    {
        var weight = name.EndsWith("Bold", StringComparison.Ordinal) ? Weight.Bold : Weight.Regular;
        var face = name.StartsWith("Comic", StringComparison.Ordinal) ? Lettering.Comic(weight) : Lettering.Reading(weight);
        using var font = SkiaFonts.Of(face, 100);
        var has = 0;
        for (var letter = 0x20; letter < 0x2C00; letter++)
            if (Rune.IsValid(letter) && face.Has(new(letter)))
            {
                Assert.Equal(font.GetGlyph(letter), face.Glyph(new(letter)));
                Assert.Equal(font.MeasureText(new Rune(letter).ToString()), face.Measure(new Rune(letter).ToString(), 100), 0.05);
                has++;
            }
        Assert.True(has > 300, $"{has} letters");
    }

    /// <summary>Two hundred strings; half a pixel is what nobody sees.</summary>
    [Fact]
    public void Skia_draws_as_wide_as_we_measure()
    {
        foreach (var text in Measured.Strings())
            foreach (var (part, face) in Lettering.Parts(text, Weight.Bold))
            {
                using var font = SkiaFonts.Of(face, 16);
                Assert.Equal(font.MeasureText(part), face.Measure(part, 16), 0.5);
            }
    }

    [Fact]
    public void A_letter_of_another_typeface_is_measured_in_that_one()
    {
        var parts = Lettering.Parts("Çağla", Weight.Bold).ToList();
        Assert.Equal(["Ça", "ğ", "la"], parts.Select(part => part.Words));
        Assert.Equal(["Steward Comic", "Steward Reading", "Steward Comic"], parts.Select(part => part.Face.Family));
    }

    [Theory]
    [InlineData("fruit-sorter", "fruit-sorter")]
    [InlineData("a\u202Eb\u0000c\u200Bd\uE000", "abcd")]
    [InlineData("  \t ", "")]
    [InlineData("0123456789012345678901234567890123456789", "0123456789012345678901234567890123456789")]
    [InlineData("01234567890123456789012345678901234567890", "012345678901234567890123456789012345678…")]
    public void A_given_name_is_made_fit_to_be_drawn(string given, string drawn) => Assert.Equal(drawn, Lettering.Name(given));

    [Fact]
    public void A_cut_of_a_font_has_the_same_letters_at_the_same_widths_and_its_own_name()
    {
        var whole = Lettering.Reading(Weight.Bold);
        var letters = string.Concat(Words).EnumerateRunes().Where(whole.Has).Distinct().ToList();
        var bytes = FontCut.Of(whole, letters);
        Assert.InRange(bytes.Length, 4_000, 40_000);
        using var data = SKData.CreateCopy(bytes);
        using var cut = SKTypeface.FromData(data);
        Assert.Equal("Steward Reading", cut.FamilyName);
        using var font = new SKFont(cut, 100) { LinearMetrics = true, Hinting = SKFontHinting.None, Subpixel = true };
        using var full = SkiaFonts.Of(whole, 100);
        foreach (var letter in letters)
        {
            Assert.NotEqual(0, font.GetGlyph(letter.Value));
            using var path = font.GetGlyphPath(font.GetGlyph(letter.Value));
            using var other = full.GetGlyphPath(full.GetGlyph(letter.Value));
            Assert.Equal(other.ToSvgPathData(), path.ToSvgPathData());
            Assert.Equal(full.MeasureText(letter.ToString()), font.MeasureText(letter.ToString()), 0.01);
        }
        Assert.Equal(bytes, FontCut.Of(whole, letters));
    }

    [Fact]
    public void Lines_break_where_sentences_end_and_no_first_word_is_left_behind()
    {
        string[] Lines(string words, double width) => [.. LineBreaker.Break(words, new(16, Weight.Bold, Hues.Ink, Hues.Fact), width).Lines.Select(line => string.Concat(line.Pieces.Select(piece => piece.Piece.Text)))];
        Assert.Equal(["This is Pom 3, a model.", "It learned from fruits."], Lines("This is Pom 3, a model. It learned from fruits.", 300));
        Assert.Equal(["I guess", "each fruit by", "its colour."], Lines("I guess each fruit by its colour.", 120));
    }
}
