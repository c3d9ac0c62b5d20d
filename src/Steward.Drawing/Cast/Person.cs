namespace Steward.Drawing;

/// <summary>One builder for everybody: legs, shirt, apron, head, hair.</summary>
internal static class Person
{
    private const string Trousers = "#3D4470", Shoes = "#6B3F36";

    public static Body Draw(string name, PersonLook look, Pose pose)
    {
        var sketch = new Sketch();
        var arms = new Arms(new(19, -84), new(34, -44), new(44, -128), look.Shirt, 9, look.Skin, 7.2);
        if (look.Style is HairStyle.Loose or HairStyle.Tail)
            Hair.Behind(sketch, look);
        Legs(sketch);
        arms.DrawBehind(sketch, pose);
        sketch.Path(new PathBuilder().Move(-17, -94).Curve(-23, -92, -24, -80).Line(-25, -36).Curve(0, -26, 25, -36).Line(24, -80).Curve(23, -92, 17, -94).Close(), look.Shirt, Hues.Ink, Hues.Outline);
        Apron(sketch, look.Apron);
        Head(sketch, look, pose);
        arms.DrawBefore(sketch, pose);
        var top = look.Style == HairStyle.Bun ? 164 : look.Style == HairStyle.Curls ? 156 : 150;
        return new(name, sketch, new(-34, -top, 68, top), new(0, top == 164 ? -126 : -120), top == 164 ? 39 : 34, new(0, -103)) { Hands = [arms.LeftHand(pose), arms.RightHand(pose)], Shadow = 30 };
    }

    private static void Legs(Sketch sketch)
    {
        foreach (var side in (int[])[-1, 1])
        {
            Arms.Limb(sketch, new(side * 9, -36), new(side * 10, -8), 0, Trousers, 9);
            sketch.Path(new PathBuilder().Move(side * 3, -1).Curve(side * 2, -11, side * 12, -11).Curve(side * 22, -10, side * 21, -1).Close(), Shoes, Hues.Ink, 2.2);
        }
    }

    private static void Apron(Sketch sketch, string colour)
        => sketch.Path(new PathBuilder().Move(-13, -82).Line(13, -82).Line(15, -68).Line(21, -64).Line(22, -37).Curve(0, -29, -22, -37).Line(-21, -64).Line(-15, -68).Close(), colour, Hues.Ink, 2.2)
            .Path(new PathBuilder().Move(-9, -56).Line(9, -56).Line(8, -45).Curve(0, -42, -8, -45).Close(), null, Hues.Ink, 2);

    private static void Head(Sketch sketch, PersonLook look, Pose pose)
    {
        Hair.Crown(sketch, look);
        sketch.Ellipse(-25, -115, 5, 6, look.Skin, Hues.Ink, 2).Ellipse(25, -115, 5, 6, look.Skin, Hues.Ink, 2);
        sketch.Circle(0, -115, 25, look.Skin, Hues.Ink, Hues.Outline);
        if (look.Beard)
            sketch.Path(new PathBuilder().Move(-24, -108).Curve(-24, -86, 0, -85).Curve(24, -86, 24, -108).Curve(16, -104, 10, -108).Curve(0, -111, -10, -108).Curve(-16, -104, -24, -108).Close(), look.Hair, Hues.Ink, 2.2);
        Hair.Fringe(sketch, look);
        new Face(new(0, -114), 0.72, 14, Colour.Mix(look.Skin, "#E8604C", 0.35)).Draw(sketch, pose);
        if (look.Glasses)
            sketch.Circle(-10.5, -114, 9.6, null, Hues.Ink, 2).Circle(10.5, -114, 9.6, null, Hues.Ink, 2).Line(-1.2, -115, 1.2, -115, Hues.Ink, 2);
    }
}
