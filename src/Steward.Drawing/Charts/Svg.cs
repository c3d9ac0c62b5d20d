using System.Globalization;
using System.Text;
using System.Xml;

namespace Steward.Drawing;

/// <summary>Writes a chart for a web page as one SVG. Every text goes through <see cref="XmlWriter"/>, so no name can become markup; what XML or a
/// reader's eye cannot take (control characters, half surrogates, marks that turn the writing direction) becomes U+FFFD.</summary>
internal sealed class Svg : Sheet, IDisposable
{
    private readonly StringBuilder _text = new();
    private readonly XmlWriter _xml;

    /// <summary>Opens a drawing whose text alternative is <paramref name="title"/> and <paramref name="told"/>. It fills the width it is given.</summary>
    internal Svg(int width, int height, string title, string told)
    {
        _xml = XmlWriter.Create(_text, new XmlWriterSettings { OmitXmlDeclaration = true, ConformanceLevel = ConformanceLevel.Fragment });
        _xml.WriteStartElement("svg", "http://www.w3.org/2000/svg");
        Attributes(("class", "chart"), ("viewBox", $"0 0 {width} {height}"), ("width", "100%"), ("role", "img"), ("aria-label", $"{title}. {told}"), ("font-family", "system-ui"), ("font-size", "12"));
        Leaf("title", title);
    }

    internal override void Line(Point from, Point to, Tone tone, double thickness = 1, string? dash = null)
    {
        _xml.WriteStartElement("line");
        Attributes(("x1", At(from.X)), ("x2", At(to.X)), ("y1", At(from.Y)), ("y2", At(to.Y)), ("stroke", tone.Css()));
        if (thickness != 1)
            Attributes(("stroke-width", Exact(thickness)));
        if (dash is not null)
            Attributes(("stroke-dasharray", dash));
        _xml.WriteEndElement();
    }

    internal override void Rect(Box box, Tone fill, double radius = 0, double opacity = 1, string? hint = null)
    {
        _xml.WriteStartElement("rect");
        Attributes(("x", At(box.X)), ("y", At(box.Y)), ("width", At(box.Width)), ("height", At(box.Height)));
        if (radius > 0)
            Attributes(("rx", At(radius)));
        Attributes(("fill", fill.Css()));
        if (opacity < 1)
            Attributes(("fill-opacity", Exact(opacity)));
        CloseWith(hint);
    }

    internal override void Path(string data, Tone tone, double thickness, double opacity = 1, string? hint = null)
    {
        _xml.WriteStartElement("path");
        Attributes(("d", data), ("fill", "none"), ("stroke", tone.Css()), ("stroke-width", Exact(thickness)), ("stroke-linejoin", "round"), ("stroke-linecap", "round"));
        if (opacity < 1)
            Attributes(("stroke-opacity", Exact(opacity)));
        CloseWith(hint);
    }

    internal override void Dot(Point at, double radius, Tone fill, string? hint = null)
    {
        _xml.WriteStartElement("circle");
        Attributes(("cx", At(at.X)), ("cy", At(at.Y)), ("r", At(radius)), ("fill", fill.Css()), ("stroke", Tone.Ground.Css()), ("stroke-width", "2"));
        CloseWith(hint);
    }

    internal override void Frame(Box box)
    {
        _xml.WriteStartElement("rect");
        Attributes(("x", At(box.X)), ("y", At(box.Y)), ("width", At(box.Width)), ("height", At(box.Height)), ("rx", "10"), ("fill", "none"), ("stroke", Tone.Grid.Css()), ("stroke-dasharray", "4 5"));
        _xml.WriteEndElement();
    }

    /// <summary>The colour sits on a tspan because a page's rule for svg text would win over the text's own. A page shows sources elsewhere, so facts stay plain.</summary>
    internal override void Text(double x, double y, string words, Align align = Align.Start, Tone? tone = null, bool halo = false, string? hint = null, bool strong = false, Phrase? facts = null)
    {
        _xml.WriteStartElement("text");
        Attributes(("x", At(x)), ("y", At(y)), ("text-anchor", align switch { Align.Middle => "middle", Align.End => "end", _ => "start" }));
        if (halo)
            Attributes(("stroke", Tone.Ground.Css()), ("stroke-width", "4"), ("stroke-linejoin", "round"), ("paint-order", "stroke"));
        if (hint is not null)
            Leaf("title", hint);
        _xml.WriteStartElement("tspan");
        Attributes(("fill", (tone ?? Tone.Quiet).Css()));
        if (strong)
            Attributes(("font-weight", "600"));
        _xml.WriteString(Clean(words));
        _xml.WriteEndElement();
        _xml.WriteEndElement();
    }

    internal string Close()
    {
        _xml.WriteEndElement();
        _xml.Flush();
        return _text.ToString();
    }

    public void Dispose() => _xml.Dispose();

    /// <summary>Guessed width in pixels at 12 px: 7 is the mean of the wider system fonts; wide scripts count double.</summary>
    internal override double WidthOf(string words) => words.EnumerateRunes().Sum(rune => rune.Value >= 0x1100 ? 13 : 7);

    private static string Exact(double value) => value.ToString("0.##", CultureInfo.InvariantCulture);

    private void CloseWith(string? hint)
    {
        if (hint is not null)
            Leaf("title", hint);
        _xml.WriteEndElement();
    }

    private void Leaf(string name, string words)
    {
        _xml.WriteStartElement(name);
        _xml.WriteString(Clean(words));
        _xml.WriteEndElement();
    }

    private void Attributes(params ReadOnlySpan<(string Name, string Value)> attributes)
    {
        foreach (var (name, value) in attributes)
            _xml.WriteAttributeString(name, Clean(value));
    }

    internal static string Clean(string words)
    {
        var clean = new StringBuilder(words.Length);
        foreach (var rune in words.EnumerateRunes())
            clean.Append(Fine(rune) ? rune : Rune.ReplacementChar);
        return clean.ToString();
    }

    private static bool Fine(Rune rune) => rune.Value switch
    {
        '\t' or '\n' => true,
        < ' ' or 0xFFFE or 0xFFFF or (>= 0x7F and < 0xA0) => false,
        0x200E or 0x200F or 0x061C or (>= 0x202A and <= 0x202E) or (>= 0x2066 and <= 0x2069) => false,
        _ => true,
    };
}
