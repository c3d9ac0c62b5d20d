using CsCheck;

namespace Steward.Drawing.Tests.Comics;

public class AnyWordsTests
{
    private static readonly string[] Dictionary = ["a", "it", "model", "fruit", "new", "lamp", "no", "everything", "Früchte", "Qualitätsprüfung", "o’clock", "sure!", "Why?", "Yes.", "11", "looks", "at", "responsibilities", "über", "Çağla", "мир"];

    private static readonly Gen<Phrase> Words = Gen.Select(Any(Dictionary).Array[1, 14], Gen.Int[0, 13], Any("7 out of 20", "92 %", "3", "No"), Gen.Bool)
        .Select((words, at, fact, has) => has && at < words.Length
            ? Phrase.Of(new(string.Join(' ', words[..at]) + " "), new(fact, "b", "/runs/1"), new(" " + string.Join(' ', words[at..])))
            : (Phrase)string.Join(' ', words));

    private static Gen<T> Any<T>(params T[] ones) => Gen.Int[0, ones.Length - 1].Select(i => ones[i]);

    [Fact]
    public void Whatever_is_said_the_comic_is_clean_or_there_is_no_room_for_it()
    {
        var (clean, refused) = (0, 0);
        Gen.Select(Words, Words, Words, Any(PageForm.Page, PageForm.Phone, PageForm.Slide)).Sample((caption, first, second, form) =>
        {
            var comic = LampComic.English with { Panels = [panel => Draw(panel, caption, first, second)] };
            try
            {
                Assert.Empty(ComicChecks.Of(ComicPress.Draw(comic, form, Palette.Day)));
                Interlocked.Increment(ref clean);
            }
            catch (NoRoomException)
            {
                Interlocked.Increment(ref refused);
            }
        }, iter: 400, threads: 1);
        Assert.True(clean > 200, $"{clean} clean, {refused} without room");
    }

    [Fact]
    public void Lines_are_never_wider_than_asked_nor_more_than_needed() => Gen.Select(Words, Gen.Double[90, 420]).Sample((words, width) =>
    {
        TextBlock block;
        try
        {
            block = LineBreaker.Break(words, new(16, Weight.Bold, Hues.Ink, Hues.Fact), width);
        }
        catch (NoRoomException)
        {
            return;
        }
        Assert.All(block.Lines, line => Assert.InRange(line.Width, 0, width + 0.01));
        Assert.Equal(words.Plain.Split(' ', StringSplitOptions.RemoveEmptyEntries), Letters(block).Replace('\u00A0', ' ').Split(' ', StringSplitOptions.RemoveEmptyEntries));
        Assert.True(block.Lines.Count == 1 || block.Lines.Sum(line => line.Width) > (block.Lines.Count - 1) * (width - Widest(words)) - 1, $"{block.Lines.Count} lines for {words.Plain}");
    }, iter: 2000);

    private static string Letters(TextBlock block) => string.Join(' ', block.Lines.Select(line => string.Concat(line.Pieces.Where(piece => piece.Piece.Role == TextRole.Words)
        .Select((piece, i) => (i > 0 && Gap(line, piece) ? " " : "") + piece.Piece.Text))));

    /// <summary>Pieces of different looks may still be words of their own: there is a space between them.</summary>
    private static bool Gap(TextBlock.Line line, (Piece Piece, double X) piece)
        => line.Pieces.TakeWhile(other => other != piece).Last() is var before && piece.X - before.X - before.Piece.Width > 1;

    private static double Widest(Phrase words) => words.Spans.SelectMany(span => span.Mark is null ? span.Text.Split(' ') : [span.Text + "mm"]).Max(word => Lettering.Measure(word, 16)) + 30;

    private static void Draw(Panel panel, Phrase caption, Phrase first, Phrase second)
    {
        panel.Caption(caption);
        Sets.Sky(panel);
        panel.Alt = "Pom and Nell talk under the sky.";
        Cast.Pom(panel, 2, new(80, panel.Ground), 1, Poses.Point);
        Cast.Nell(panel, 0.4, new(panel.Width - 80, panel.Ground), 1, Poses.Stand);
        panel.Say(("Pom 2", first), ("Nell", second));
    }
}
