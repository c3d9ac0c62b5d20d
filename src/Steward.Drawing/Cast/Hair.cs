namespace Steward.Drawing;

/// <summary>Hair in three layers: behind the body, around the head, over the forehead.</summary>
internal static class Hair
{
    private const double Thin = 2.2;

    public static void Behind(Sketch sketch, PersonLook look)
    {
        if (look.Style == HairStyle.Loose)
            sketch.Path(new PathBuilder().Move(-29, -120).Curve(-34, -90, -27, -72).Line(27, -72).Curve(34, -90, 29, -120).Close(), look.Hair, Hues.Ink, Hues.Outline);
        else
            sketch.Path(new PathBuilder().Move(18, -138).Curve(46, -132, 34, -92).Curve(24, -104, 18, -118).Close(), look.Hair, Hues.Ink, Hues.Outline);
    }

    public static void Crown(Sketch sketch, PersonLook look)
    {
        switch (look.Style)
        {
            case HairStyle.Bun:
                sketch.Ellipse(0, -150, 13, 12, look.Hair, Hues.Ink, Hues.Outline).Ellipse(0, -121, 29, 28, look.Hair, Hues.Ink, Hues.Outline);
                break;
            case HairStyle.Curls:
                foreach (var (x, y) in ((double, double)[])[(-26, -124), (26, -124), (-20, -138), (20, -138), (-7, -146), (8, -146)])
                    sketch.Circle(x, y, 11, look.Hair, Hues.Ink, Hues.Outline);
                sketch.Ellipse(0, -124, 27, 24, look.Hair);
                break;
            case HairStyle.Scarf:
                sketch.Path(new PathBuilder().Move(-30, -118).Curve(-32, -149, 0, -149).Curve(32, -149, 30, -118).Curve(34, -92, 20, -84).Curve(0, -76, -20, -84).Curve(-34, -92, -30, -118).Close(), look.Hair, Hues.Ink, Hues.Outline);
                break;
            case HairStyle.Bob:
                sketch.Path(new PathBuilder().Move(-30, -96).Curve(-34, -148, 0, -148).Curve(34, -148, 30, -96).Curve(24, -92, 20, -97).Line(-20, -97).Curve(-24, -92, -30, -96).Close(), look.Hair, Hues.Ink, Hues.Outline);
                break;
            case HairStyle.Bald:
                break;
            default:
                sketch.Ellipse(0, -121, 28, 27, look.Hair, Hues.Ink, Hues.Outline);
                break;
        }
    }

    public static void Fringe(Sketch sketch, PersonLook look)
    {
        switch (look.Style)
        {
            case HairStyle.Bun:
                sketch.Path(new PathBuilder().Move(-25, -118).Curve(-22, -141, 2, -140).Curve(24, -139, 25, -117).Curve(12, -122, 4, -132).Curve(-6, -120, -25, -118).Close(), look.Hair, Hues.Ink, Thin);
                break;
            case HairStyle.Curls:
                foreach (var x in (double[])[-18, -9, 0, 9, 18])
                    sketch.Circle(x, -134 + (Math.Abs(x) * 0.18), 6.5, look.Hair, Hues.Ink, Thin);
                sketch.Ellipse(0, -140, 20, 6.5, look.Hair);
                break;
            case HairStyle.Scarf:
                sketch.Path(new PathBuilder().Move(-25, -112).Curve(-25, -139, 0, -139).Curve(25, -139, 25, -112).Curve(20, -132, 0, -132).Curve(-20, -132, -25, -112).Close(), look.Hair, Hues.Ink, Thin);
                break;
            case HairStyle.Bob:
                sketch.Path(new PathBuilder().Move(-25, -115).Curve(-27, -144, 0, -144).Curve(27, -144, 25, -115).Curve(22, -127, 18, -127).Line(-18, -127).Curve(-22, -127, -25, -115).Close(), look.Hair, Hues.Ink, Thin);
                break;
            case HairStyle.Bald:
                sketch.Path(new PathBuilder().Move(-25, -118).Curve(-29, -112, -25, -106).Curve(-20, -112, -25, -118).Close(), look.Hair, Hues.Ink, Thin)
                    .Path(new PathBuilder().Move(25, -118).Curve(29, -112, 25, -106).Curve(20, -112, 25, -118).Close(), look.Hair, Hues.Ink, Thin);
                break;
            case HairStyle.Loose or HairStyle.Tail:
                sketch.Path(new PathBuilder().Move(-26, -110).Curve(-28, -145, 0, -145).Curve(28, -145, 26, -110).Curve(20, -128, -2, -134).Curve(-16, -126, -26, -110).Close(), look.Hair, Hues.Ink, Thin);
                break;
            default:
                sketch.Path(new PathBuilder().Move(-25, -119).Curve(-27, -146, 0, -146).Curve(27, -146, 25, -119).Curve(20, -130, 8, -129).Curve(-10, -126, -25, -119).Close(), look.Hair, Hues.Ink, Thin);
                break;
        }
    }
}
