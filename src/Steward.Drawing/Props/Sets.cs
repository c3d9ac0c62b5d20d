namespace Steward.Drawing;

/// <summary>Places. Their colours follow the beat, so that the turn of a story shows without reading. Draw the caption first.</summary>
public static class Sets
{
    /// <summary>A room with a striped wall.</summary>
    public static void Room(Panel panel, Beat beat)
    {
        var tones = panel.Palette[beat];
        panel.Back.Rounded(panel.Frame, 0, tones.Wall);
        for (var x = 20.0; x < panel.Width; x += 46)
            panel.Back.Rounded(new(x, 0, 18, panel.Height), 0, Colour.Mix(tones.Wall, tones.Light, 0.28));
        Floor(panel, tones.Floor, 12);
    }

    /// <summary>Outside: clouds by day, moon and stars in the evening, hills below.</summary>
    public static void Sky(Panel panel, Beat beat = Beat.Try)
    {
        var tones = panel.Palette[beat];
        panel.Back.Rounded(panel.Frame, 0, tones.Wall);
        var top = panel.CaptionBottom;
        if (panel.Palette.IsDark)
            Night(panel, tones.Light);
        else
            foreach (var (x, y, wide) in ((double, double, double)[])[(60, 110, 60), (100, 96, 42), (panel.Width - 20, 92, 58), (panel.Width * 0.55, 60, 40)])
                panel.Back.Ellipse(x, top + y, wide, wide * 0.42, tones.Light, opacity: 0.65);
        var hill = Colour.Mix(tones.Floor, tones.Light, 0.2);
        panel.Back.Path(new PathBuilder().Move(0, panel.Ground - 24).Curve(panel.Width * 0.3, panel.Ground - 60, panel.Width * 0.62, panel.Ground - 26).Curve(panel.Width * 0.85, panel.Ground - 50, panel.Width, panel.Ground - 34)
            .Line(panel.Width, panel.Height).Line(0, panel.Height).Close(), hill);
        Floor(panel, tones.Floor, 10);
    }

    /// <summary>Where things are made: bricks and a pegboard with tools.</summary>
    public static void Workshop(Panel panel, Beat beat)
    {
        var tones = panel.Palette[beat];
        var line = Colour.Mix(tones.Wall, Hues.Ink, 0.14);
        panel.Back.Rounded(panel.Frame, 0, tones.Wall);
        for (var (y, row) = (panel.CaptionBottom + 22, 0); y < panel.Ground; y += 26, row++)
        {
            panel.Back.Line(0, y, panel.Width, y, line, 1.6);
            for (var x = row % 2 == 0 ? 30.0 : 64; x < panel.Width; x += 68)
                panel.Back.Line(x, y, x, y + 26, line, 1.6);
        }
        Floor(panel, tones.Floor, 12);
    }

    /// <summary>A room at the end of the day: a window with the sun low.</summary>
    public static void EveningWindow(Panel panel, Beat beat, double? windowX = null)
    {
        Room(panel, beat);
        var (width, height) = (92.0, Math.Min(104, panel.Ground - panel.CaptionBottom - 96));
        var window = new Box((windowX ?? (panel.Width * 0.5)) - (width / 2), panel.CaptionBottom + 18, width, height);
        panel.Back.Rounded(window.Grow(6), 8, Hues.WoodLight, Hues.Ink, Hues.Outline);
        panel.Back.Rounded(window, 4, panel.Palette.IsDark ? "#2A2F55" : "#F7B27A").Rounded(window with { Height = height * 0.45 }, 4, panel.Palette.IsDark ? "#1E2244" : "#B98BC0", opacity: 0.8);
        panel.Back.Circle(window.Center.X + 14, window.Bottom - 26, 15, panel.Palette.IsDark ? "#F4EBC8" : "#FFE08A");
        panel.Back.Path(new PathBuilder().Move(window.X, window.Bottom).Line(window.X, window.Bottom - 16).Curve(window.Center.X - 14, window.Bottom - 34, window.Center.X + 6, window.Bottom - 12).Curve(window.Right - 16, window.Bottom - 26, window.Right, window.Bottom - 12)
            .Line(window.Right, window.Bottom).Close(), panel.Palette.IsDark ? "#23443F" : "#6F9C74");
        panel.Back.Rounded(window, 4, null, Hues.Ink, 2.4).Line(window.Center.X, window.Y, window.Center.X, window.Bottom, Hues.Ink, 3).Line(window.X, window.Center.Y, window.Right, window.Center.Y, Hues.Ink, 3);
        panel.Back.Rounded(new(window.X - 12, window.Bottom + 4, width + 24, 9), 3, Hues.WoodLight, Hues.Ink, 2.4);
    }

    /// <summary>Rays behind whoever stands in the light, for a result.</summary>
    public static void Rays(Panel panel, Point from, Beat beat = Beat.Result)
    {
        const int count = 16;
        for (var i = 0; i < count; i++)
        {
            Point At(double turn)
            {
                var (sin, cos) = Math.SinCos((i * 2 * Math.PI / count) + turn);
                return new(from.X + (cos * panel.Width), from.Y + (sin * panel.Width));
            }
            panel.Back.Path(PathBuilder.Polygon(from, At(-0.09), At(0.09)), panel.Palette[beat].Light, opacity: panel.Palette.IsDark ? 0.28 : 0.6);
        }
        Floor(panel, panel.Palette[beat].Floor, 12);
    }

    private static void Floor(Panel panel, string colour, double above)
        => panel.Back.Rounded(new(0, panel.Ground - above, panel.Width, panel.Height), 0, colour)
            .Line(0, panel.Ground - above, panel.Width, panel.Ground - above, Colour.Mix(colour, Hues.Ink, 0.5), 2.2);

    private static void Night(Panel panel, string light)
    {
        var top = panel.CaptionBottom;
        // Low enough that bubbles do not hide it.
        var (x, y) = (panel.Width * 0.47, top + ((panel.Ground - top) * 0.47));
        panel.Back.Path(new PathBuilder().Move(x - 2, y - 17).Curve(x - 22, y - 14, x - 22, y + 14, x, y + 17).Curve(x + 9, y + 18, x + 15, y + 11).Curve(x - 3, y + 12, x - 9, y - 8, x - 2, y - 17).Close(), "#F4EBC8");
        for (var i = 0; i < 18; i++)
            panel.Back.Circle((i * 0.618034 % 1) * panel.Width, top + 10 + ((i * 0.754877 % 1) * (panel.Ground - top - 90)), i % 3 == 0 ? 1.9 : 1.2, light);
    }
}
