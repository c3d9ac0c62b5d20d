namespace Steward.Drawing;

/// <summary>Things that stand in panels. With a panel they are kept in mind; with a sketch they are only drawn.</summary>
public static class Props
{
    /// <summary>A fruit by its kind, or a card with a blank face for a project that is not about fruit. It stands on <paramref name="at"/>.</summary>
    public static void Item(Sketch sketch, string kind, Point at, double scale = 1, (string Light, double Share)? tint = null)
    {
        if (Fruit.Known.Contains(kind))
            Fruit.Draw(sketch, kind, at, scale, tint);
        else
            Card(sketch, at, scale, tint);
    }

    /// <summary>A picture card: what a project's pictures look like when they are nothing we can draw.</summary>
    public static void Card(Sketch sketch, Point at, double scale = 1, (string Light, double Share)? tint = null)
    {
        string Lit(string colour) => tint is var (light, share) ? Colour.Mix(colour, light, share) : colour;
        var card = new Sketch().Rounded(new(-19, -44, 38, 44), 4, Lit(Hues.Paper), Hues.Ink, 2.4).Rounded(new(-14, -39, 28, 28), 2, Lit("#BFD9F2"), Hues.Ink, 1.8)
            .Path(new PathBuilder().Move(-14, -16).Line(-5, -27).Line(2, -19).Line(6, -23).Line(14, -14).Line(14, -11).Line(-14, -11).Close(), Lit("#8CC28B"))
            .Circle(7, -33, 3.4, Lit("#F6C445")).Rounded(new(-14, -39, 28, 28), 2, null, Hues.Ink, 1.8).Line(-10, -5.5, 10, -5.5, Hues.Shade, 2.4);
        sketch.Add(card.Group(at, scale));
    }

    /// <summary>A moving belt from the left edge <paramref name="x"/>; its upper side is where things stand.</summary>
    public static double Conveyor(Panel panel, double x, double length)
    {
        var top = panel.Ground - 34;
        Belt.Carrier(panel.Middle, new(x, top), length);
        panel.Prop("conveyor", new(x, top - 4, Math.Min(length, panel.Width - x), 38));
        return top;
    }

    /// <summary>A lamp that hangs from <paramref name="at"/>.</summary>
    public static void Lamp(Sketch sketch, Point at, double scale, bool on = true, string shade = "#E8672C")
    {
        var lamp = new Sketch().Line(0, 0, 0, 22, Hues.Ink, 3).Path(new PathBuilder().Move(-10, 22).Line(10, 22).Line(30, 46).Curve(0, 53, -30, 46).Close(), shade, Hues.Ink, Hues.Outline)
            .Ellipse(0, 51, 11, 8.5, on ? "#FFE08A" : "#D9D9D9", Hues.Ink, 2.4);
        sketch.Add(lamp.Group(at, scale));
    }

    /// <summary>A lamp from the caption's edge with its cone of light on the scene.</summary>
    public static void LampLight(Panel panel, double x, double scale, string light = "#FFEDB0", string shade = "#E8672C")
    {
        var top = panel.CaptionBottom;
        panel.Back.Path(PathBuilder.Polygon(new(x - 14, top + 50), new(x - 175, panel.Height), new(x + 160, panel.Height), new(x + 14, top + 50)), light, opacity: 0.55);
        panel.Back.Ellipse(x, top + 52, 46, 30, Colour.Mix(light, Hues.White, 0.3), opacity: 0.7);
        Lamp(panel.Middle, new(x, top), scale, shade: shade);
        panel.Prop("lamp", new(x - (32 * scale), top, 64 * scale, 62 * scale));
    }

    /// <summary>A table from <paramref name="x"/>; answers with the height of its top.</summary>
    public static double Table(Panel panel, double x, double width)
    {
        var top = panel.Ground - 52;
        panel.Middle.Rounded(new(x + 7, top + 8, width - 14, 46), 3, Hues.WoodLight, Hues.Ink, Hues.Outline).Rounded(new(x, top, width, 11), 4, Hues.Wood, Hues.Ink, Hues.Outline);
        panel.Prop("table", new(x, top, width, 54));
        return top;
    }

    /// <summary>What a model needs, packed for a container: model, fixed versions, rules. Spread to the right from <paramref name="at"/>.</summary>
    public static void Lunch(Sketch sketch, Point at, double scale = 1)
    {
        var lunch = new Sketch();
        lunch.Rounded(new(-44, -20, 30, 20), 4, "#F2DDB8", Hues.Ink, 2.2).Path(new PathBuilder().Move(-44, -14).Curve(-29, -25, -14, -14), null, Hues.WoodLight, 3);
        lunch.Rounded(new(-8, -30, 18, 30), 4, "#8FC7E8", Hues.Ink, 2.2).Rounded(new(-5, -36, 12, 7), 2, Hues.Blue, Hues.Ink, 2);
        lunch.Rounded(new(16, -26, 24, 26), 3, Hues.Paper, Hues.Ink, 2.2).Line(20, -19, 35, -19, Hues.Shade, 2).Line(20, -13, 35, -13, Hues.Shade, 2).Line(20, -7, 30, -7, Hues.Shade, 2);
        sketch.Add(lunch.Group(at, scale));
    }

    /// <summary>A ladder or steps that lead up to the right, n of them.</summary>
    public static void Steps(Sketch sketch, Point at, int count, double width = 26, double rise = 16)
    {
        for (var i = count - 1; i >= 0; i--)
            sketch.Rounded(new(at.X + (i * width), at.Y - ((i + 1) * rise), width + 2, (i + 1) * rise), 2, Colour.Mix("#B9C6DC", "#7C8FB5", i / (double)Math.Max(1, count)), Hues.Ink, 2.2);
    }

    /// <summary>Curtains at both sides, for a first night.</summary>
    public static void Curtain(Panel panel, string colour = "#B23A4C")
    {
        foreach (var (x, to) in ((double, double)[])[(0, 34), (panel.Width, panel.Width - 34)])
        {
            panel.Back.Path(new PathBuilder().Move(x, panel.CaptionBottom).Line(to, panel.CaptionBottom).Curve(to, panel.Ground * 0.6, x + ((to - x) * 0.45), panel.Ground).Line(x, panel.Ground).Close(), colour, Hues.Ink, Hues.Outline);
            for (var i = 1; i < 3; i++)
                panel.Back.Path(new PathBuilder().Move(x + ((to - x) * i / 3), panel.CaptionBottom).Curve(x + ((to - x) * i / 3), panel.Ground * 0.6, x + ((to - x) * i / 7), panel.Ground), null, Colour.Mix(colour, Hues.Ink, 0.35), 2);
        }
    }

    /// <summary>A magnifier whose glass is centred on <paramref name="at"/>.</summary>
    public static void Magnifier(Sketch sketch, Point at, double scale = 1)
    {
        var glass = new Sketch();
        Arms.Limb(glass, new(13, 13), new(30, 30), 0, Hues.WoodDark, 6);
        glass.Circle(0, 0, 18, "#DDF1FB", Hues.Ink, 7, opacity: 0.9).Circle(0, 0, 18, null, Hues.Yellow, 3).Path(new PathBuilder().Move(-10, -3).Curve(-9, -10, -2, -11), null, Hues.White, 3.4);
        sketch.Add(glass.Group(at, scale));
    }

    /// <summary>A balance; positive <paramref name="tilt"/> (-1 to 1) lets the right side sink.</summary>
    public static void Balance(Sketch sketch, Point at, double scale, double tilt)
    {
        var scales = new Sketch();
        scales.Rounded(new(-22, -8, 44, 8), 4, Hues.WoodDark, Hues.Ink, 2.4).Rounded(new(-3.5, -74, 7, 68), 3, Hues.Yellow, Hues.Ink, 2.4);
        var drop = Math.Clamp(tilt, -1, 1) * 14;
        scales.Line(-44, -72 - drop, 44, -72 + drop, Hues.Ink, 8).Line(-44, -72 - drop, 44, -72 + drop, Hues.Yellow, 3.4).Circle(0, -72, 6, Hues.Red, Hues.Ink, 2.2);
        foreach (var (x, y) in ((double, double)[])[(-44, -72 - drop), (44, -72 + drop)])
            scales.Line(x, y, x - 15, y + 32, Hues.Ink, 1.8).Line(x, y, x + 15, y + 32, Hues.Ink, 1.8)
                .Path(new PathBuilder().Move(x - 20, y + 32).Line(x + 20, y + 32).Curve(x + 14, y + 43, x, y + 43).Curve(x - 14, y + 43, x - 20, y + 32).Close(), Hues.MetalLight, Hues.Ink, 2.4);
        sketch.Add(scales.Group(at, scale));
    }

    /// <summary>A closed letter.</summary>
    public static void Envelope(Sketch sketch, Point at, double scale = 1)
        => sketch.Add(new Sketch().Rounded(new(-24, -32, 48, 32), 4, Hues.Paper, Hues.Ink, 2.4).Path(new PathBuilder().Move(-22, -30).Line(0, -13).Line(22, -30), null, Hues.Ink, 2.2).Circle(0, -13, 5, Hues.Red, Hues.Ink, 1.8).Group(at, scale));

    /// <summary>A rubber stamp.</summary>
    public static void Stamp(Sketch sketch, Point at, double scale = 1)
        => sketch.Add(new Sketch().Rounded(new(-20, -8, 40, 8), 3, Hues.Red, Hues.Ink, 2.2).Rounded(new(-15, -17, 30, 10), 3, Hues.WoodDark, Hues.Ink, 2.2).Rounded(new(-5, -32, 10, 17), 3, Hues.Wood, Hues.Ink, 2.2).Circle(0, -36, 8.5, Hues.Wood, Hues.Ink, 2.2).Group(at, scale));

    /// <summary>Paper with lines and as many signatures as were given, centred on <paramref name="at"/>.</summary>
    public static Box Paper(Panel panel, Point at, int signatures, double scale = 1)
    {
        Paper(panel.Middle, at, signatures, scale);
        var box = new Box(at.X - (20 * scale), at.Y - (26 * scale), 40 * scale, 52 * scale);
        panel.Prop("paper", box);
        return box;
    }

    public static void Paper(Sketch sketch, Point at, int signatures, double scale = 1)
    {
        var paper = new Sketch().Rounded(new(-19, -25, 38, 50), 3, Hues.Paper, Hues.Ink, 2.4).Line(-12, -17, 12, -17, Hues.Shade, 2.2).Line(-12, -10, 12, -10, Hues.Shade, 2.2);
        string[] inks = ["#37468F", Hues.Fact, "#1F7A72"];
        for (var i = 0; i < Math.Min(3, signatures); i++)
        {
            var y = -1 + (i * 9);
            paper.Path(new PathBuilder().Move(-13, y + 2).Curve(-8, y - 6, -5, y + 1).Curve(-2, y + 6, 3, y - 1).Curve(6, y - 3, 8 + (i * 2), y + 1), null, inks[i], 2.2);
        }
        sketch.Add(paper.Group(at, scale));
    }

    /// <summary>Bits of paper in the air, the same every time. Only for a measured result.</summary>
    public static void Confetti(Sketch sketch, Box over, int count)
    {
        string[] colours = [Hues.Red, Hues.Blue, Hues.Teal, Hues.Yellow, Hues.Pink];
        for (var i = 0; i < count; i++)
        {
            // Golden ratio steps fill a box evenly without a grid showing.
            var (x, y) = ((i * 0.618034) % 1, (((i * 0.381966) + (i * 0.137)) % 1));
            sketch.Add(new Sketch().Rounded(new(-4, -2.5, 8, 5), 1.5, colours[i % colours.Length], Hues.Ink, 1.4).Group(new(over.X + (x * over.Width), over.Y + (y * over.Height)), 1, i * 37));
        }
    }
}
