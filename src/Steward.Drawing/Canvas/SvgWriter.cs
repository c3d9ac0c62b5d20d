using System.Security.Cryptography;
using System.Text;
using System.Xml;

namespace Steward.Drawing;

/// <summary>Writes a drawn comic as one SVG. The same comic gives the same bytes; no script, no style attribute, every word through
/// <see cref="XmlWriter"/>.</summary>
public sealed class SvgWriter
{
    /// <summary>What a server should send with the file: nothing but its own style sheet and fonts.</summary>
    public const string ContentPolicy = "default-src 'none'; style-src 'unsafe-inline'; font-src data:";

    private readonly StringBuilder _text = new();
    private readonly XmlWriter _xml;
    private readonly string _id;
    private readonly bool _embeds;
    private int _clips;

    private SvgWriter(string id, bool embeds)
    {
        (_id, _embeds) = (id, embeds);
        _xml = XmlWriter.Create(_text, new XmlWriterSettings { OmitXmlDeclaration = true, ConformanceLevel = ConformanceLevel.Fragment });
    }

    /// <param name="embedFonts">Carry the fonts along: for a file of its own and for <c>img</c>. Without them the drawing goes into a
    /// page that has Comic Neue, and needs no style sheet of its own.</param>
    public static string Write(DrawnComic comic, bool embedFonts)
    {
        // Several drawings may stand in one page: their ids must differ.
        var id = "c" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{comic.Comic.Title}|{comic.Width}|{comic.Palette.Name}|{comic.Transcript}")))[..8];
        return new SvgWriter(id, embedFonts).Write(comic);
    }

    private string Write(DrawnComic comic)
    {
        _xml.WriteStartElement("svg", "http://www.w3.org/2000/svg");
        Attributes(("id", _id), ("viewBox", $"0 0 {N(comic.Width)} {N(comic.Height)}"), ("width", N(comic.Width)), ("height", N(comic.Height)),
            ("role", "graphics-document document"), ("aria-labelledby", $"{_id}t {_id}d"), ("lang", comic.Comic.Language));
        // In browsers this too turns kerning and ligatures off, where a page's policy lets no style sheet in.
        Attributes(("text-rendering", "optimizeSpeed"));
        Words("title", "t", comic.Comic.Title);
        Words("desc", "d", comic.Transcript);
        if (_embeds)
            _xml.WriteElementString("style", SvgFonts.Sheet(_id, Used(comic.Root)));
        Write(comic.Root);
        _xml.WriteEndElement();
        _xml.Flush();
        return _text.ToString();
    }

    private static List<(Typeface Face, IReadOnlySet<Rune> Letters)> Used(Node root)
        => [.. Texts(root).GroupBy(text => text.Face).Select(face => (face.Key, (IReadOnlySet<Rune>)face.SelectMany(text => text.Words.EnumerateRunes()).ToHashSet()))];

    internal static IEnumerable<TextNode> Texts(Node node) => node switch
    {
        TextNode text => [text],
        GroupNode group => group.Nodes.SelectMany(Texts),
        _ => [],
    };

    private void Write(Node node)
    {
        switch (node)
        {
            case PathNode path:
                _xml.WriteStartElement("path");
                Attributes(("d", path.Data));
                Paint(path.Style);
                _xml.WriteEndElement();
                break;
            case EllipseNode ellipse:
                _xml.WriteStartElement("ellipse");
                Attributes(("cx", N(ellipse.Center.X)), ("cy", N(ellipse.Center.Y)), ("rx", N(ellipse.RadiusX)), ("ry", N(ellipse.RadiusY)));
                Paint(ellipse.Style);
                _xml.WriteEndElement();
                break;
            case TextNode text:
                Write(text);
                break;
            case GroupNode group:
                Write(group);
                break;
        }
    }

    /// <summary>The look sits on a tspan: a page's rule for svg text would win over the text's own attributes.</summary>
    private void Write(TextNode text)
    {
        _xml.WriteStartElement("text");
        Attributes(("x", N(text.At.X)), ("y", N(text.At.Y)));
        if (text.Role != TextRole.Words)
            Attributes(("aria-hidden", "true"));
        _xml.WriteStartElement("tspan");
        if (_embeds)
            Attributes(("class", SvgFonts.Class(text.Face)));
        else
            Attributes(("font-family", SvgFonts.Family(text.Face)), ("font-weight", SvgFonts.Number(text.Face.Weight).ToString(System.Globalization.CultureInfo.InvariantCulture)));
        Attributes(("font-size", N(text.Size)), ("fill", text.Fill));
        _xml.WriteString(text.Words);
        _xml.WriteEndElement();
        _xml.WriteEndElement();
    }

    private void Write(GroupNode group)
    {
        var link = Safe(group.Link);
        _xml.WriteStartElement(link is null ? "g" : "a");
        if (link is not null)
            Attributes(("href", link));
        if (Transform(group) is { Length: > 0 } transform)
            Attributes(("transform", transform));
        if (group.Role is not null)
            Attributes(("role", group.Role));
        if (group.Label is not null)
            Attributes(("aria-label", group.Label));
        if (group.Clip is { } clip)
            Clip(PathBuilder.Rounded(clip, group.ClipRadius));
        foreach (var node in group.Nodes)
            Write(node);
        _xml.WriteEndElement();
    }

    private void Clip(string path)
    {
        var id = $"{_id}p{++_clips}";
        Attributes(("clip-path", $"url(#{id})"));
        _xml.WriteStartElement("clipPath");
        Attributes(("id", id));
        _xml.WriteStartElement("path");
        Attributes(("d", path));
        _xml.WriteEndElement();
        _xml.WriteEndElement();
    }

    private static string Transform(GroupNode group)
    {
        var moves = group.At == default ? "" : $"translate({N(group.At.X)} {N(group.At.Y)})";
        var turns = group.Turn == 0 ? "" : $"rotate({N(group.Turn)})";
        return moves + turns + (group.ScaleX == 1 && group.ScaleY == 1 ? "" : $"scale({N(group.ScaleX)} {N(group.ScaleY)})");
    }

    private void Paint(Style style)
    {
        Attributes(("fill", style.Fill ?? "none"));
        if (style.Stroke is not null)
            Attributes(("stroke", style.Stroke), ("stroke-width", N(style.Thickness)), ("stroke-linejoin", "round"), ("stroke-linecap", "round"));
        if (style.Dash is not null)
            Attributes(("stroke-dasharray", style.Dash));
        if (style.Opacity < 1)
            Attributes(("opacity", N(style.Opacity)));
    }

    /// <summary>An address that cannot run anything: within the site, or http and https.</summary>
    private static string? Safe(string? link)
        => link is not null && ((link.StartsWith('/') && !link.StartsWith("//", StringComparison.Ordinal)) || link.StartsWith('#')
            || (Uri.TryCreate(link, UriKind.Absolute, out var address) && address.Scheme is "http" or "https")) ? link : null;

    private void Words(string element, string suffix, string words)
    {
        _xml.WriteStartElement(element);
        Attributes(("id", _id + suffix));
        _xml.WriteString(Svg.Clean(words));
        _xml.WriteEndElement();
    }

    private void Attributes(params ReadOnlySpan<(string Name, string Value)> attributes)
    {
        foreach (var (name, value) in attributes)
            _xml.WriteAttributeString(name, Svg.Clean(value));
    }

    private static string N(double value) => PathBuilder.Number(value);
}
