namespace Steward.Drawing;

/// <summary>How words look: size, weight and the two inks.</summary>
internal sealed record TextStyle(double Size, Weight Weight, string Ink, string FactInk);

/// <summary>Breaks a phrase into lines by looking at every way to do it: the fewest lines, then even ones, breaks where sentences
/// end, and no sentence whose first word is left hanging at the end of a line.</summary>
internal static class LineBreaker
{
    // Costs are squares of sizes of text: 14 is what lines may be uneven by (3.7 letters' heights) to break between sentences.
    private const double SentenceEnds = -14, SentenceOpens = 30, LoneWord = 12;

    /// <summary>A mark is smaller than its word but never below what can be read.</summary>
    private const double MarkShare = 0.64, LeastMark = 10.5, MarkRise = 0.38;

    /// <exception cref="NoRoomException">A word alone is wider than the line.</exception>
    public static TextBlock Break(Phrase phrase, TextStyle style, double width)
    {
        var units = Units(phrase, style);
        var plain = phrase.Plain;
        if (units.Find(unit => unit.Width > width + 1e-6) is { } wide)
            throw new NoRoomException($"\"{wide}\" of \"{plain}\" is wider than {width:0} pixels.");
        var space = Lettering.Measure(" ", style.Size, style.Weight);
        return new([.. Best(units, style.Size, space, width).Select(line => Lay(line, space))], style.Size, plain);
    }

    private static List<Unit> Units(Phrase phrase, TextStyle style)
    {
        var (units, word) = (new List<Unit>(), new List<Piece>());
        void Close()
        {
            if (word.Count > 0)
                units.Add(new([.. word]));
            word.Clear();
        }
        foreach (var span in phrase.Spans)
        {
            var isFact = span.Mark is not null;
            var parts = isFact ? [span.Text.Replace(' ', '\u00A0')] : span.Text.Split(' ');
            for (var i = 0; i < parts.Length; i++)
            {
                if (i > 0)
                    Close();
                foreach (var (text, face) in Lettering.Parts(parts[i], style.Weight))
                    word.Add(new(text, face, isFact ? style.FactInk : style.Ink, style.Size, 0, TextRole.Words, isFact ? span.Link : null));
            }
            if (span.Mark is { } mark)
                foreach (var (text, face) in Lettering.Parts(mark, Weight.Bold))
                    word.Add(new(text, face, style.FactInk, Math.Max(LeastMark, style.Size * MarkShare), style.Size * MarkRise, TextRole.Mark, span.Link));
        }
        Close();
        return units;
    }

    private static List<List<Unit>> Best(List<Unit> units, double size, double space, double width)
    {
        var count = units.Count;
        var ends = new double[count + 1];
        for (var i = 0; i < count; i++)
            ends[i + 1] = ends[i] + units[i].Width + space;
        double WidthOf(int from, int to) => ends[to] - ends[from] - space;

        var lines = Fewest(count, WidthOf, width);
        var target = count == 0 ? 0 : WidthOf(0, count) / lines;
        var costs = new double[lines + 1, count + 1];
        var breaks = new int[lines + 1, count + 1];
        for (var line = 0; line <= lines; line++)
            for (var to = 0; to <= count; to++)
                costs[line, to] = line == 0 && to == 0 ? 0 : double.PositiveInfinity;
        for (var line = 1; line <= lines; line++)
            for (var to = 1; to <= count; to++)
                for (var from = to - 1; from >= 0 && WidthOf(from, to) <= width + 1e-6; from--)
                {
                    var cost = costs[line - 1, from] + Cost(units, from, to, (WidthOf(from, to) - target) / size, target);
                    if (cost < costs[line, to])
                        (costs[line, to], breaks[line, to]) = (cost, from);
                }

        var best = new List<List<Unit>>();
        for (int line = lines, to = count; line > 0; to = breaks[line, to], line--)
            best.Insert(0, units.GetRange(breaks[line, to], to - breaks[line, to]));
        return best;
    }

    private static int Fewest(int count, Func<int, int, double> widthOf, double width)
    {
        var lines = 0;
        for (int from = 0, to; from < count; from = to, lines++)
            for (to = from + 1; to < count && widthOf(from, to + 1) <= width + 1e-6;)
                to++;
        return lines;
    }

    private static double Cost(List<Unit> units, int from, int to, double uneven, double target)
    {
        var cost = uneven * uneven;
        if (to < units.Count && units[to - 1].EndsSentence)
            cost += SentenceEnds;
        if (to < units.Count && to - 2 >= from && units[to - 2].EndsSentence)
            cost += SentenceOpens;
        if (to - from == 1 && units[from].Width < target * 0.45)
            cost += LoneWord;
        return cost;
    }

    /// <summary>The gap between words is Comic Neue's everywhere; another typeface's own space would be wider or narrower.</summary>
    private static bool SpacesLike(Piece piece, double space) => Math.Abs(piece.Face.Measure(" ", piece.Size) - space) < 0.01;

    /// <summary>Puts the words beside each other; neighbours of one look become one piece, so that text stays selectable and in order.</summary>
    private static TextBlock.Line Lay(List<Unit> line, double space)
    {
        var laid = new List<(Piece Piece, double X)>();
        var x = 0.0;
        foreach (var unit in line)
        {
            var gap = laid.Count > 0 ? " " : "";
            x += laid.Count > 0 ? space : 0;
            foreach (var piece in unit.Pieces)
            {
                var at = x;
                x += piece.Width;
                if (laid.Count > 0 && laid[^1].Piece is var last && last.LooksLike(piece) && (gap.Length == 0 || SpacesLike(piece, space)))
                    laid[^1] = (last with { Text = last.Text + gap + piece.Text }, laid[^1].X);
                else
                    laid.Add((piece, at));
                gap = "";
            }
        }
        return new(laid, x);
    }
}
