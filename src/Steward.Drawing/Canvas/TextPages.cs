namespace Steward.Drawing;

/// <summary>Paragraphs on pages of paper.</summary>
internal static class TextPages
{
    private const double Margin = 56, TitleSize = 20, Size = 11.5, Between = 6;

    public static IEnumerable<Node> Of(string title, string words, double width, double height)
    {
        if (words.Trim().Length == 0)
            yield break;
        var (page, y) = (new Sketch(), Margin);
        foreach (var (paragraph, size, weight) in words.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(line => (line, Size, Weight.Regular)).Prepend((title, TitleSize, Weight.Bold)))
        {
            var block = LineBreaker.Break(paragraph, new(size, weight, Hues.Ink, Hues.Fact), width - (2 * Margin));
            foreach (var line in block.Lines)
            {
                if (y + block.LineHeight > height - Margin)
                {
                    yield return page.Group();
                    (page, y) = (new(), Margin);
                }
                (block with { Lines = [line] }).Draw(page, Margin, y, width, Align.Start);
                y += block.LineHeight;
            }
            y += Between;
        }
        yield return page.Group();
    }
}
