namespace Steward.Drawing;

/// <summary>A phrase broken into lines and measured.</summary>
internal sealed record TextBlock(IReadOnlyList<TextBlock.Line> Lines, double Size, string Plain)
{
    /// <summary>Distance of baselines as a part of the size.</summary>
    private const double Lead = 1.2;

    public double Width => Lines.Count == 0 ? 0 : Lines.Max(line => line.Width);

    public double LineHeight => Size * Lead;

    public double Height => Lines.Count * LineHeight;

    internal sealed record Line(IReadOnlyList<(Piece Piece, double X)> Pieces, double Width);

    /// <summary>Draws the lines from the top left of a column; answers with the box of each line's letters.</summary>
    public IReadOnlyList<Box> Draw(Sketch sketch, double left, double top, double width, Align align)
    {
        var boxes = new List<Box>();
        var face = Lettering.Comic(Weight.Bold);
        var baseline = top + ((LineHeight - ((face.Ascent + face.Descent) * Size)) / 2) + (face.Ascent * Size);
        foreach (var line in Lines)
        {
            var x = left + ((width - line.Width) * align switch { Align.Middle => 0.5, Align.End => 1, _ => 0 });
            foreach (var (piece, at) in line.Pieces)
                Draw(sketch, piece, new(x + at, baseline - piece.Rise));
            boxes.Add(new(x, baseline - (Size * 0.78), line.Width, Size));
            baseline += LineHeight;
        }
        return boxes;
    }

    private static void Draw(Sketch sketch, Piece piece, Point at)
    {
        var text = new TextNode(at, piece.Text, piece.Face, piece.Size, piece.Ink, piece.Width, piece.Role);
        sketch.Add(piece.Link is null ? text : new GroupNode([text]) { Link = piece.Link });
    }
}
