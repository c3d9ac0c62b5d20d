namespace Steward.Drawing;

/// <summary>A piece of a sentence. One with a mark is a fact: it has its own ink, its words never break apart, and its raised letter leads to the source.</summary>
/// <param name="Mark">The letter of its source; null for plain words.</param>
/// <param name="Link">Where the source is.</param>
public sealed record Span(string Text, string? Mark = null, string? Link = null);

/// <summary>Words to be drawn, with the facts among them.</summary>
public sealed record Phrase(IReadOnlyList<Span> Spans)
{
    /// <summary>The words alone, without marks.</summary>
    public string Plain => string.Concat(Spans.Select(span => span.Text));

    public static Phrase Of(params Span[] spans) => new(spans);

    public static implicit operator Phrase(string words) => new([new Span(words)]);

    public override string ToString() => Plain;
}
