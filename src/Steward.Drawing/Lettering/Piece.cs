namespace Steward.Drawing;

/// <summary>Letters of one look within a word.</summary>
/// <param name="Rise">Pixels above the baseline.</param>
internal sealed record Piece(string Text, Typeface Face, string Ink, double Size, double Rise, TextRole Role, string? Link)
{
    public double Width => Face.Measure(Text, Size);

    public bool LooksLike(Piece other) => Face == other.Face && Ink == other.Ink && Size == other.Size && Rise == other.Rise && Role == other.Role && Link == other.Link;
}

/// <summary>Pieces that stay together on a line.</summary>
internal sealed record Unit(IReadOnlyList<Piece> Pieces)
{
    public double Width { get; } = Pieces.Sum(piece => piece.Width);

    /// <summary>A sentence ends here: a good place to break.</summary>
    public bool EndsSentence { get; } = Pieces.LastOrDefault(piece => piece.Role == TextRole.Words) is { } last && last.Text[^1] is '.' or '!' or '?' or ':';

    public override string ToString() => string.Concat(Pieces.Where(piece => piece.Role == TextRole.Words).Select(piece => piece.Text));
}
