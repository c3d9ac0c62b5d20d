namespace Steward.Drawing;

/// <summary>A comic in words.</summary>
internal static class Transcript
{
    public static string Of(Comic comic, IEnumerable<DrawnPanel> panels)
        => string.Join(' ', [.. panels.Select(Of), comic.Moral.Plain, comic.Limits.Plain]).Trim();

    private static string Of(DrawnPanel panel) => string.Join(' ', ((string[])[
        $"Panel {panel.Number}.", panel.Alt, panel.Caption,
        .. panel.Said.Select(said => said.Speaker is "sign" or "chart" ? $"{(said.Text[^1] is '.' or '!' or '?' ? said.Text : said.Text + ".")}" : $"{said.Speaker}: “{said.Text}”")]).Where(words => words.Length > 0));
}
