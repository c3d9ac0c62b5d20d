using System.Globalization;
using System.Text;
using System.Xml;

namespace Steward.Drawing;

/// <summary>Writes one SVG drawing. Every text goes through <see cref="XmlWriter"/>, so no name can become markup; what XML or a
/// reader's eye cannot take (control characters, half surrogates, marks that turn the writing direction) becomes U+FFFD.</summary>
internal sealed class Svg : IDisposable
{
    private readonly StringBuilder _text = new();
    private readonly XmlWriter _xml;

    /// <summary>Opens a drawing whose text alternative is <paramref name="title"/> and <paramref name="told"/>. It fills the width it is given.</summary>
    internal Svg(int width, int height, string title, string told)
    {
        _xml = XmlWriter.Create(_text, new XmlWriterSettings { OmitXmlDeclaration = true, ConformanceLevel = ConformanceLevel.Fragment });
        _xml.WriteStartElement("svg", "http://www.w3.org/2000/svg");
        Attributes([("class", "chart"), ("viewBox", $"0 0 {width} {height}"), ("width", "100%"), ("role", "img"), ("aria-label", $"{title}. {told}"), ("font-family", "system-ui"), ("font-size", "12")]);
        Leaf("title", title);
    }

    internal void Shape(string name, params ReadOnlySpan<(string Name, string Value)> attributes) => Shape(name, null, attributes);

    /// <summary>A shape with words that appear while the pointer rests on it.</summary>
    internal void Shape(string name, string? hint, params ReadOnlySpan<(string Name, string Value)> attributes)
    {
        _xml.WriteStartElement(name);
        Attributes(attributes);
        if (hint is not null)
            Leaf("title", hint);
        _xml.WriteEndElement();
    }

    /// <summary>Words on the drawing. The colour sits on a tspan because a page's rule for svg text would win over the text's own.</summary>
    internal void Text(double x, double y, string words, string anchor = "start", string ink = "var(--soft)", bool halo = false, string? hint = null, bool strong = false)
    {
        _xml.WriteStartElement("text");
        Attributes([("x", At(x)), ("y", At(y)), ("text-anchor", anchor)]);
        if (halo)
            Attributes([("stroke", "var(--card)"), ("stroke-width", "4"), ("stroke-linejoin", "round"), ("paint-order", "stroke")]);
        if (hint is not null)
            Leaf("title", hint);
        _xml.WriteStartElement("tspan");
        Attributes([("fill", ink)]);
        if (strong)
            Attributes([("font-weight", "600")]);
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

    /// <summary>A tenth of a pixel is finer than the eye and keeps drawings small.</summary>
    internal static string At(double value) => value.ToString("0.#", CultureInfo.InvariantCulture);

    /// <summary>Guessed width in pixels at 12 px: 7 is the mean of the wider system fonts; wide scripts count double.</summary>
    internal static double WidthOf(string words) => words.EnumerateRunes().Sum(rune => rune.Value >= 0x1100 ? 13 : 7);

    /// <summary>The words, shortened with an ellipsis to a width in pixels.</summary>
    internal static string Fit(string words, double width)
    {
        if (WidthOf(words) <= width)
            return words;
        var kept = new StringBuilder();
        var left = width - 10;
        foreach (var rune in words.EnumerateRunes())
        {
            left -= WidthOf(rune.ToString());
            if (left < 0)
                break;
            kept.Append(rune);
        }
        return kept.Append('…').ToString();
    }

    private void Leaf(string name, string words)
    {
        _xml.WriteStartElement(name);
        _xml.WriteString(Clean(words));
        _xml.WriteEndElement();
    }

    private void Attributes(ReadOnlySpan<(string Name, string Value)> attributes)
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
