using Steward.Drawing;

namespace Steward.Stories;

/// <summary>A house that keeps as many rooms lit as its note says.</summary>
internal static partial class Scenes
{
    /// <summary>A lunch box looks for a room.</summary>
    public static void Stay(Stage s)
    {
        Sets.Sky(s.On, s.Tone);
        Beside(s, s.Counted("left").Count, Poses.Stand.Feeling(Mood.Happy));
        Cast.Tuck(s.On, new(s.Width * 0.15, s.Ground), 0.8, Poses.Wave, name: s.Who("tuck"));
    }

    /// <summary>A lit window from close by, with who lives in it.</summary>
    public static void Lodger(Stage s)
    {
        Sets.Workshop(s.On, s.Tone);
        var window = new Box((s.Width / 2) - 104, s.Ground - 134, 208, 140);
        s.On.Back.Rounded(window.Grow(12), 12, "#B9623F", Hues.Ink, Hues.Outline).Rounded(window, 10, "#FFE7A3", Hues.Ink, Hues.Outline);
        s.On.Back.Line(window.Center.X, window.Y, window.Center.X, window.Bottom, Colour.Mix("#FFE7A3", Hues.Ink, 0.3), 3);
        s.On.Back.Rounded(new(window.X - 20, window.Bottom - 2, window.Width + 40, 12), 4, "#FFF3D6", Hues.Ink, 2.4);
        Cast.Tuck(s.On, new(s.Width / 2, s.Ground + 4), 0.98, Poses.Wave, name: s.Who("tuck"));
    }

    /// <summary>The house reads how many it is to keep.</summary>
    public static void Noted(Stage s) => Rows(s, s.Counted("rooms").Count, Poses.Stand.Feeling(Mood.Happy), note: true);

    /// <summary>A fresh one moves in.</summary>
    public static void Moves(Stage s)
    {
        Sets.Sky(s.On, s.Tone);
        Beside(s, s.Counted("rooms").Count, Poses.Stand.Feeling(Mood.Proud));
        Cast.Tuck(s.On, new(s.Width * 0.175, s.Ground), 0.74, new(Mood.Happy, 0.8, 0, new(1, 0.1), new(1.1, 0.5), 5), name: s.Who("tuck"));
        foreach (var (y, length) in ((double, double)[])[(72, 12), (58, 17), (44, 10)])
            s.On.Middle.Line(8, s.Ground - y, 8 + length, s.Ground - y, Hues.Ink, 2.6);
    }

    public static void AllLit(Stage s) => Rows(s, s.Counted("rooms").Count, Poses.Stand.Feeling(Mood.Proud), note: false);

    /// <summary>The house at the right, with room for who comes from the left.</summary>
    private static void Beside(Stage s, int lit, Pose pose)
    {
        var (rooms, mark) = s.Counted("rooms");
        var room = s.Width * 0.66;
        var scale = Math.Min(0.84, room / Cast.TerraceWidth(rooms));
        var house = Cast.Terrace(s.On, rooms, lit, new(s.Width - 12 - (Cast.TerraceWidth(rooms) * scale / 2), s.Ground), scale, pose.Looking(-0.7, 0.1), s.Who("terrace"));
        Signs.CountMark(s.On, mark, new(house.Box.Right - 6, house.Box.Y + (house.Box.Height * 0.55)));
    }

    private static void Rows(Stage s, int lit, Pose pose, bool note)
    {
        Sets.Sky(s.On, s.Tone);
        var (rooms, mark) = s.Counted("rooms");
        var scale = Math.Min(0.94, (s.Width - 36) / Cast.TerraceWidth(rooms));
        var house = Cast.Terrace(s.On, rooms, lit, new(s.Width * 0.5, s.Ground), scale, pose, s.Who("terrace"));
        Signs.CountMark(s.On, mark, new(house.Box.Right - 6, house.Box.Y + (house.Box.Height * 0.55)));
        if (!note)
            return;
        // On a stick beside the house; where that is too wide, on its wall.
        var at = house.Box.X >= 56 ? new Point(house.Box.X - 26, s.Ground - 62) : new(house.Box.X + (34 * scale), s.Ground - 20);
        if (house.Box.X >= 56)
            s.On.Middle.Line(at.X, at.Y, at.X, s.Ground + 4, Hues.Ink, 7).Line(at.X, at.Y, at.X, s.Ground + 4, Hues.Wood, 3.4);
        s.On.Middle.Add(new Sketch().Rounded(new(-19, -25, 38, 50), 3, Hues.Paper, Hues.Ink, 2.4).Circle(0, -22, 3.4, Hues.Red, Hues.Ink, 1.8).Line(-12, -10, 12, -10, Hues.Shade, 2.2).Line(-12, -2, 12, -2, Hues.Shade, 2.2).Line(-12, 6, 6, 6, Hues.Shade, 2.2).Group(at, 0.9, -4));
        s.On.Prop("note", new(at.X - 20, at.Y - 24, 40, 48));
    }
}
