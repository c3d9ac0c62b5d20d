using System.Globalization;

namespace Steward.Drawing;

/// <summary>Pom, the model: a pomegranate with a crown. The badge says which version; a gold crown says that it serves everybody.</summary>
internal static class Pom
{
    /// <summary>Body, highlight, shade; versions take turns, and the badge tells those of one hue apart.</summary>
    private static readonly (string Body, string Light, string Dark)[] Coats =
    [
        ("#E9A23B", "#F6C679", "#B5741A"), ("#8A5BB0", "#A87CCB", "#5F3C82"), ("#E0623F", "#F28B68", "#A94325"),
        ("#D94A6A", "#EE7E96", "#A62E4D"), ("#63A35B", "#93C58A", "#427A3C"), ("#4A93C7", "#84B9DF", "#2F6A97"),
    ];

    public static string Coat(int version) => Coats[Math.Max(0, Math.Abs(version) - 1) % Coats.Length].Body;

    public static Body Draw(string name, int version, Pose pose, bool crowned, bool onTrial = false, bool feet = true)
    {
        var sketch = new Sketch();
        var (body, light, dark) = Coats[Math.Max(0, Math.Abs(version) - 1) % Coats.Length];
        var arms = new Arms(new(40, -52), new(57, -34), new(62, -88), dark, 7, body, 7.5);
        if (feet)
            Body.Feet(sketch, 18, dark);
        arms.DrawBehind(sketch, pose);
        if (onTrial)
            Sprout(sketch);
        else
            Crown(sketch, crowned ? Hues.Yellow : dark);
        sketch.Ellipse(0, -56, 47, 45, body, Hues.Ink, Hues.Outline);
        sketch.Path(new PathBuilder().Move(-33, -76).Curve(-26, -92, -9, -96), null, light, 5.5);
        new Face(new(0, -66), 1, 15.5, "#FFB9AE").Draw(sketch, pose);
        Badge(sketch, new(0, -25), version, onTrial);
        arms.DrawBefore(sketch, pose);
        return new(name, sketch, new(-50, -124, 100, feet ? 124 : 112), new(0, -62), 61, new(0, -50)) { Hands = [arms.LeftHand(pose), arms.RightHand(pose)], Shadow = 46 };
    }

    /// <summary>A head alone, for shelves and pockets.</summary>
    public static void Head(Sketch sketch, Point at, double scale, int version, bool crowned)
    {
        var (body, light, dark) = Coats[Math.Max(0, Math.Abs(version) - 1) % Coats.Length];
        var head = new Sketch();
        Crown(head, crowned ? Hues.Yellow : dark);
        head.Ellipse(0, -56, 47, 45, body, Hues.Ink, Hues.Outline / scale * 0.8).Path(new PathBuilder().Move(-33, -76).Curve(-26, -92, -9, -96), null, light, 6);
        sketch.Add(head.Group(new(at.X, at.Y + (11 * scale)), scale));
        sketch.Circle(at.X, at.Y - (43 * scale), 24 * scale, Hues.Paper, Hues.Ink, 1.6);
        Number(sketch, new(at.X, at.Y - (43 * scale)), version, 33 * scale);
    }

    private static void Crown(Sketch sketch, string colour)
        => sketch.Path(new PathBuilder().Move(-15, -96).Line(-21, -117).Line(-9.5, -108).Line(0, -122).Line(9.5, -108).Line(21, -117).Line(15, -96).Curve(0, -90, -15, -96).Close(), colour, Hues.Ink, Hues.Outline);

    /// <summary>Not crowned yet: two leaves.</summary>
    private static void Sprout(Sketch sketch)
    {
        Arms.Limb(sketch, new(0, -96), new(1, -108), 2, "#4F8F4B", 3);
        foreach (var side in (int[])[-1, 1])
            sketch.Path(new PathBuilder().Move(0, -107).Curve(side * 6, -123, side * 23, -120).Curve(side * 19, -104, 0, -107).Close(), "#6DB765", Hues.Ink, 2.2);
    }

    private static void Badge(Sketch sketch, Point at, int version, bool onTrial)
    {
        sketch.Ellipse(at.X, at.Y, version > 99 ? 16 : 12, 11, Hues.Paper, Hues.Ink, 2);
        if (onTrial)
            sketch.Path(new PathBuilder().Move(at.X - 17, at.Y).Curve(at.X - 17, at.Y - 16, at.X, at.Y - 16).Curve(at.X + 17, at.Y - 16, at.X + 17, at.Y), null, Hues.Paper, 2, dash: "3 5");
        Number(sketch, at, version, version > 99 ? 13 : 16);
    }

    /// <summary>The version; below 1, a Pom that is no version yet, three seeds.</summary>
    private static void Number(Sketch sketch, Point at, int version, double size)
    {
        if (version < 1)
        {
            foreach (var (x, y) in ((double, double)[])[(0, -4), (-4.2, 3), (4.2, 3)])
                sketch.Ellipse(at.X + x, at.Y + y, 2.4, 3, Hues.Fact);
            return;
        }

        sketch.Text(new(at.X, at.Y + (size * 0.34)), version.ToString(CultureInfo.InvariantCulture), size, Hues.Ink, Align.Middle, role: TextRole.Badge);
    }
}
