using System.Xml;

namespace Steward.Drawing;

/// <summary>Looks for everything that would make a drawn comic hard to read. A comic without flaws may be published.</summary>
public static class ComicChecks
{
    private const int LargestSvg = 250 * 1024;
    private const double Tolerance = 0.5, ReadingPixels = 12, MarkPixels = 10.4, BadgePixels = 8, WordsContrast = 4.5, LineContrast = 3, StatesApart = 1.6, LeastAlt = 12;

    public static IReadOnlyList<Flaw> Of(DrawnComic comic) =>
    [
        .. Geometry.Flaws(comic), .. Letters(comic), .. Colours(comic), .. Told(comic), .. File(comic),
    ];

    /// <summary>Every drawn letter is known to the checks and large enough.</summary>
    private static IEnumerable<Flaw> Letters(DrawnComic comic)
    {
        foreach (var (text, scale, panel, at) in DrawnTexts.Of(comic))
        {
            var size = text.Size * scale / comic.Enlarged;
            var least = text.Role switch { TextRole.Words => ReadingPixels, TextRole.Mark => MarkPixels, _ => BadgePixels };
            if (size < least)
                yield return new("too-small", Where(panel), $"\"{text.Words}\" is {size:0.#} pixels high; at least {least:0.#} can be read");
            if (text.Role != TextRole.Badge && !comic.Items.Any(item => item.Panel == panel && item.IsText && (item.Box.Grow(2).Overlap(at) >= at.Area * 0.8 || item.Lines.Any(line => line.Grow(3).Overlap(at) >= at.Area * 0.6))))
                yield return new("unknown-text", Where(panel), $"\"{text.Words}\" was drawn but is no item, so nobody looks after it");
        }
    }

    private static IEnumerable<Flaw> Colours(DrawnComic comic)
    {
        foreach (var item in comic.Items.Where(item => item.Paper is not null))
            foreach (var ink in item.Inks)
                if (Colour.Contrast(ink, item.Paper!) is var ratio && ratio < WordsContrast)
                    yield return new("contrast", Where(item.Panel), $"\"{item.Name}\" is {ink} on {item.Paper}: {ratio:0.0}, at least {WordsContrast} can be read");
        foreach (var meaning in comic.Meanings.Distinct())
            if (Colour.Contrast(meaning.Ink, meaning.Paper) is var ratio && ratio < LineContrast)
                yield return new("line-contrast", Where(meaning.Panel), $"{meaning.Name} is {meaning.Ink} on {meaning.Paper}: {ratio:0.0}, at least {LineContrast} can be seen");
        foreach (var state in comic.States.Distinct())
            if (!state.ByShape && Colour.Contrast(state.One, state.Other) is var ratio && ratio < StatesApart)
                yield return new("hue-alone", Where(state.Panel), $"the states of {state.Name} differ by hue alone: {state.One} and {state.Other} look alike in grey");
    }

    /// <summary>Who cannot see it gets all of it.</summary>
    private static IEnumerable<Flaw> Told(DrawnComic comic)
    {
        foreach (var panel in comic.Panels)
        {
            if (panel.Alt.Trim().Length < LeastAlt)
                yield return new("alt-missing", Where(panel.Number), "nothing says what the picture shows");
            foreach (var said in panel.Said.Select(said => said.Text).Append(panel.Caption))
                if (!comic.Transcript.Contains(said, StringComparison.Ordinal))
                    yield return new("transcript", Where(panel.Number), $"the transcript lacks \"{said}\"");
        }
        foreach (var item in comic.Items.Where(item => item.Kind is ItemKind.Caption or ItemKind.Bubble or ItemKind.Moral))
            if (!comic.Transcript.Contains(item.Name, StringComparison.Ordinal))
                yield return new("transcript", Where(item.Panel), $"the transcript lacks \"{item.Name}\"");
    }

    private static IEnumerable<Flaw> File(DrawnComic comic)
    {
        var svg = SvgWriter.Write(comic, embedFonts: true);
        if (System.Text.Encoding.UTF8.GetByteCount(svg) is var bytes && bytes > LargestSvg)
            yield return new("too-large", "page", $"the SVG has {bytes / 1024} KiB; at most {LargestSvg / 1024} load quickly");
        if (Broken(svg) is { } broken)
            yield return new("broken", "page", broken);
    }

    internal static string? Broken(string svg)
    {
        try
        {
            using var reader = XmlReader.Create(new StringReader(svg), new() { DtdProcessing = DtdProcessing.Prohibit });
            while (reader.Read())
                if (reader.NodeType == XmlNodeType.Element && reader.LocalName is "script" or "foreignObject" or "image" or "iframe")
                    return $"it holds a {reader.LocalName} element";
            return null;
        }
        catch (XmlException error)
        {
            return $"it is not well-formed: {error.Message}";
        }
    }

    internal static string Where(int panel) => panel == 0 ? "page" : $"panel {panel}";

    internal static double Slack => Tolerance;
}
