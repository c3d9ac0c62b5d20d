namespace Steward.Drawing;

/// <summary>Shelf, the registry: a bookcase that keeps every version. The one that serves wears gold.</summary>
internal static class Shelf
{
    private const int PerBoard = 3;

    public static Body Draw(string name, IReadOnlyList<int> versions, int? serving, Pose pose)
    {
        var sketch = new Sketch();
        var boards = Math.Max(1, (versions.Count + PerBoard - 1) / PerBoard);
        var top = -62.0 - (boards * 58);
        var arms = new Arms(new(62, -70), new(76, -46), new(82, -110), Hues.WoodDark, 7, Hues.Wood, 7.5);
        arms.DrawBehind(sketch, pose);
        Body.Feet(sketch, 40, Hues.WoodDark, 12, 6);
        sketch.Rounded(new(-66, top, 132, -top - 8), 8, Hues.Wood, Hues.Ink, Hues.Outline);
        new Face(new(0, top + 22), 0.86, 18, "#F6A38C").Draw(sketch, pose);
        for (var board = 0; board < boards; board++)
        {
            var y = top + 50 + (board * 58);
            sketch.Rounded(new(-57, y, 114, 52), 4, "#5A3B29", Hues.Ink, 2.2);
            for (var i = board * PerBoard; i < Math.Min(versions.Count, (board + 1) * PerBoard); i++)
                Pom.Head(sketch, new(-38 + (i % PerBoard * 38), y + 50), 0.39, versions[i], versions[i] == serving);
            sketch.Rounded(new(-60, y + 49, 120, 7), 2, Hues.WoodLight, Hues.Ink, 2);
        }
        arms.DrawBefore(sketch, pose);
        return new(name, sketch, new(-70, top, 140, -top), new(0, top + 34), 58, new(0, top + 36)) { Hands = [arms.LeftHand(pose), arms.RightHand(pose)], Shadow = 66 };
    }
}
