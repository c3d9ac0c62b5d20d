using System.Net;
using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using Steward.Drawing;

namespace Steward.Stories;

/// <summary>A story as slides: one HTML file that needs nothing else, driven by the keyboard, with notes for who presents.</summary>
internal static class Deck
{
    private const double Width = 1240, Height = 698;

    private static readonly string Script = Resource("deck.js"), Style = Resource("deck.css");

    /// <summary>What a server sends with the file: its own script by digest, its own styles and fonts, nothing from elsewhere.</summary>
    public static string ContentPolicy { get; } = $"default-src 'none'; script-src 'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(Script)))}'; style-src 'unsafe-inline'; font-src data:; img-src data:";

    /// <summary>The panels as slides of 16 by 9.</summary>
    public static IReadOnlyList<DrawnComic> Slides(Story story) => [.. story.Panels.Select(panel => ComicPress.DrawPanel(story.Comic, panel.Number - 1, Width, Height, Palette.Day))];

    public static string Html(Story story)
    {
        var text = new StringBuilder();
        text.Append("<!doctype html><html lang=\"").Append(E(story.Catalogue.Code)).Append("\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\"><title>").Append(E(story.Title)).Append("</title><style>").Append(Style).Append("</style></head><body>");
        text.Append("<main aria-label=\"").Append(E(story.Title)).Append("\">");
        Slide(text, $"<h1>{E(story.Title)}</h1><p>{E(story.Comic.Subtitle)}</p>{(story.Comic.Banner is { } banner ? $"<p class=\"banner\">{E(banner)}</p>" : "")}", story.Title, "words");
        foreach (var (panel, drawn) in story.Panels.Zip(Slides(story)))
            Slide(text, SvgWriter.Write(drawn, embedFonts: true), Notes(story, panel), "picture");
        Slide(text, $"<h1>{E(story.Moral)}</h1><p>{E(story.Limits)}</p>", $"{story.Moral} {story.Limits}", "words dark");
        Slide(text, $"<h2>{E(story.Catalogue.Text("words.sources"))}</h2><ol class=\"sources\">{string.Concat(story.Sources.Select(line => $"<li><b>{E(line.Mark)}</b> {E(line.Text)}</li>"))}</ol>", story.Catalogue.Text("words.sources"), "words");
        text.Append("</main><aside id=\"notes\" hidden aria-live=\"polite\"></aside><footer><span id=\"where\"></span><span>← → · F · N · R</span></footer><script>").Append(Script).Append("</script></body></html>");
        return text.ToString();
    }

    /// <summary>What to say, and what stands behind the numbers.</summary>
    private static string Notes(Story story, StoryPanel panel)
    {
        var behind = story.Cites.Where(cite => cite.Panel == panel.Number && cite.Mark.Length > 0).Select(cite => cite.Mark).Distinct().Select(mark => story.Sources.First(line => line.Mark == mark)).Select(line => $"{line.Mark}: {line.Text}");
        return string.Join('\n', (string[])[panel.Alt, .. panel.Words.Where(words => words.Length > 0), .. behind]);
    }

    private static void Slide(StringBuilder text, string html, string notes, string kind)
        => text.Append("<section class=\"").Append(kind).Append("\" data-notes=\"").Append(E(notes)).Append("\">").Append(html).Append("</section>");

    private static string E(string words) => WebUtility.HtmlEncode(words);

    private static string Resource(string name)
    {
        using var stream = new StreamReader(Assembly.GetExecutingAssembly().GetManifestResourceStream($"deck/{name}")!);
        return stream.ReadToEnd();
    }
}
