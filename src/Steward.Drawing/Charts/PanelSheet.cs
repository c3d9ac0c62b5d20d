namespace Steward.Drawing;

/// <summary>Charts in a comic's hand: its palette, its lettering measured exactly, every word kept for the checks.</summary>
internal sealed class PanelSheet(Panel panel, Point at, string paper) : Sheet
{
    public const double TextSize = 12.5;

    // The page's inks at full strength; on evening paper, which is light too, they keep their contrast.
    private static readonly Dictionary<Ink, string> Lines = new()
    {
        [Ink.Rill] = "#22659F", [Ink.Pom] = "#B93E22", [Ink.Good] = "#1F7044", [Ink.Warn] = "#855000", [Ink.Bad] = "#B3202C", [Ink.Violet] = "#6A4FB0", [Ink.Soft] = "#5A5D6E",
    };

    private readonly List<(Box Box, string Colour)> _areas = [];

    private Sketch Sketch { get; } = panel.Middle;

    internal override double WidthOf(string words) => Lettering.Measure(words, TextSize);

    internal override void Line(Point from, Point to, Tone tone, double thickness = 1, string? dash = null)
    {
        Meant(tone);
        Sketch.Line(at.X + from.X, at.Y + from.Y, at.X + to.X, at.Y + to.Y, Colours(tone), tone.Of == Tone.Part.Line ? thickness * 1.5 : 1.3, dash);
    }

    internal override void Rect(Box box, Tone fill, double radius = 0, double opacity = 1, string? hint = null)
    {
        Meant(fill);
        if (fill.Of == Tone.Part.Area)
            _areas.Add((box.Move(at.X, at.Y), Colours(fill)));
        Sketch.Rounded(box.Move(at.X, at.Y), radius, Colour.Mix(paper, Colours(fill), opacity), fill.Of == Tone.Part.Line && box.Height > 6 ? Hues.Ink : null, 1.6);
    }

    internal override void Path(string data, Tone tone, double thickness, double opacity = 1, string? hint = null)
    {
        Meant(tone);
        Sketch.Add(new Sketch().Path(data, null, Colour.Mix(paper, Colours(tone), opacity), thickness * 1.35).Group(at));
    }

    internal override void Dot(Point point, double radius, Tone fill, string? hint = null)
        => Sketch.Circle(at.X + point.X, at.Y + point.Y, radius * 1.05, Colours(fill), Hues.Ink, 1.8);

    internal override void Frame(Box box) => Sketch.Path(PathBuilder.Rounded(box.Move(at.X, at.Y), 10), null, Colours(Tone.Grid), 1.4, dash: "4 5");

    internal override void Text(double x, double y, string words, Align align = Align.Start, Tone? tone = null, bool halo = false, string? hint = null, bool strong = false, Phrase? facts = null)
    {
        var width = Lettering.Measure(words, TextSize);
        var left = at.X + x - (width * align switch { Align.Middle => 0.5, Align.End => 1, _ => 0 });
        var top = at.Y + y - (TextSize * 0.95);
        var ground = halo ? paper : _areas.LastOrDefault(area => area.Box.Contains(new Point(left + (width / 2), at.Y + y - 4))).Colour ?? paper;
        var ink = Colours(tone ?? Tone.Words) is var wanted && Colour.Contrast(wanted, ground) >= 4.5 ? wanted : Hues.Ink;
        var block = LineBreaker.Break(facts ?? words, new(TextSize, Weight.Bold, ink, panel.Palette.FactOn(ground)), double.MaxValue);
        if (block.Lines.Count == 0)
            return;
        if (halo)
            Sketch.Rounded(new(left - 2, top + 1, block.Width + 4, block.Height - 2), 3, paper, opacity: 0.85);
        var lines = block.Draw(Sketch, left, top, block.Width, Align.Start);
        panel.Keep(new(ItemKind.Label, panel.Number, block.Plain, Box.Around(lines))
        {
            Lines = lines,
            Inner = panel.Frame,
            Inks = facts is null ? [ink] : [ink, panel.Palette.FactOn(ground)],
            Paper = ground,
        });
    }

    private string Colours(Tone tone) => tone.Of switch
    {
        Tone.Part.Line => Lines[tone.Ink],
        Tone.Part.Area => Colour.Mix(paper, tone.Ink == Ink.Bad ? "#FFB25C" : Lines[tone.Ink], tone.Ink == Ink.Bad ? 0.6 : 0.22),
        Tone.Part.Grid => Colour.Mix(paper, Hues.Ink, 0.26),
        Tone.Part.Ground => paper,
        Tone.Part.Quiet => Lines[Ink.Soft],
        _ => Hues.Ink,
    };

    private void Meant(Tone tone)
    {
        if (tone.Of == Tone.Part.Line)
            panel.Means($"chart {tone.Ink}", Colours(tone), paper);
    }
}
