namespace Steward.Drawing;

/// <summary>Terrace, the cluster: a row house with one room for each replica. A lit room has a lunch box in it; a dark one failed.</summary>
internal static class Terrace
{
    private const double RoomWidth = 60, Middle = 78;
    private const string Brick = "#D27A55", BrickLight = "#E0916D", BrickDark = "#B9623F", Roof = "#8C3F45";

    public const string Glow = "#FFE7A3", Dark = "#3A3D57";

    public static double WidthOf(int rooms) => Middle + (rooms * RoomWidth);

    public static Body Draw(string name, int rooms, IReadOnlySet<int> lit, Pose pose)
    {
        var sketch = new Sketch();
        var (width, left) = (WidthOf(rooms), rooms / 2);
        var start = -width / 2;
        var face = start + (left * RoomWidth);
        sketch.Rounded(new(start, -112, width, 112), 4, Brick, Hues.Ink, Hues.Outline);
        for (var room = 0; room < rooms; room++)
            Room(sketch, room < left ? start + ((room + 0.5) * RoomWidth) : face + Middle + ((room - left + 0.5) * RoomWidth), lit.Contains(room));
        House(sketch, face, pose);
        return new(name, sketch, new(start - 4, -168, width + 8, 168), new(face + (Middle / 2), -96), 74, new(face + (Middle / 2), -80)) { Shadow = width * 0.52 };
    }

    private static void House(Sketch sketch, double x, Pose pose)
    {
        var center = x + (Middle / 2);
        sketch.Rounded(new(center + 14, -168, 12, 30), 2, Roof, Hues.Ink, 2.2);
        sketch.Rounded(new(x + 2, -128, Middle - 4, 128), 4, BrickLight, Hues.Ink, Hues.Outline);
        sketch.Path(PathBuilder.Polygon(new(x - 7, -126), new(center, -166), new(x + Middle + 7, -126)), Roof, Hues.Ink, Hues.Outline);
        new Face(new(center, -96), 0.95, 16, "#F6A38C").Draw(sketch, pose);
        sketch.Path(new PathBuilder().Move(center - 15, 0).Line(center - 15, -34).Curve(center - 15, -49, center, -49).Curve(center + 15, -49, center + 15, -34).Line(center + 15, 0).Close(), Roof, Hues.Ink, Hues.Outline)
            .Circle(center + 8, -22, 2.2, Glow);
    }

    private static void Room(Sketch sketch, double x, bool lit)
    {
        sketch.Path(PathBuilder.Polygon(new(x - 34, -108), new(x, -140), new(x + 34, -108)), Roof, Hues.Ink, Hues.Outline);
        sketch.Rounded(new(x - 21, -88, 42, 46), 8, lit ? Glow : Dark, Hues.Ink, Hues.Outline);
        if (lit)
            LunchBox(sketch, x);
        else
            sketch.Path(new PathBuilder().Move(x - 9, -74).Line(x + 9, -56).Move(x + 9, -74).Line(x - 9, -56), null, "#8E93B8", 3.4);
        sketch.Rounded(new(x - 25, -42, 50, 6), 3, "#FFF3D6", Hues.Ink, 2);
        sketch.Rounded(new(x - 14, -28, 28, 5), 2.5, BrickDark).Rounded(new(x - 20, -17, 22, 5), 2.5, BrickDark);
    }

    private static void LunchBox(Sketch sketch, double x)
        => sketch.Rounded(new(x - 14, -67, 28, 21), 4, Hues.Teal, Hues.Ink, 2).Line(x - 14, -60, x + 14, -60, Hues.Ink, 1.8)
            .Path(new PathBuilder().Move(x - 6, -67).Curve(x - 6, -75, x + 6, -75, x + 6, -67), null, Hues.Ink, 2.2)
            .Ellipse(x - 5, -54, 1.6, 1.8, Hues.Ink).Ellipse(x + 5, -54, 1.6, 1.8, Hues.Ink);
}
