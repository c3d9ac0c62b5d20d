namespace Steward.Drawing;

/// <summary>Every text of a display list with its true size and its place in the panel it belongs to.</summary>
internal static class DrawnTexts
{
    /// <summary>Panel 0 is the page. Places are in the panel's own pixels.</summary>
    public static IEnumerable<(TextNode Text, double Scale, int Panel, Box At)> Of(DrawnComic comic) => Walk(comic, comic.Root, Frame.Start, 0);

    private static IEnumerable<(TextNode, double, int, Box)> Walk(DrawnComic comic, Node node, Frame frame, int panel)
    {
        switch (node)
        {
            case TextNode text:
                yield return (text, frame.Scale, panel, InPanel(comic, frame.Map(new(text.At.X, text.At.Y - (text.Size * 0.78), text.Width, text.Size)), panel));
                break;
            case GroupNode group:
                var inner = frame.Within(group);
                var number = group.Role == "group" && comic.Panels.FirstOrDefault(one => one.Box.X == group.At.X && one.Box.Y == group.At.Y) is { } found ? found.Number : panel;
                foreach (var child in group.Nodes)
                    foreach (var text in Walk(comic, child, inner, number))
                        yield return text;
                break;
        }
    }

    private static Box InPanel(DrawnComic comic, Box onPage, int panel)
    {
        if (panel == 0)
            return onPage;
        var box = comic.Panels.First(one => one.Number == panel).Box;
        return new((onPage.X - box.X) / comic.Enlarged, (onPage.Y - box.Y) / comic.Enlarged, onPage.Width / comic.Enlarged, onPage.Height / comic.Enlarged);
    }

    /// <summary>Where a group's own pixels lie on the page.</summary>
    private sealed record Frame(Point Origin, Point Right, Point Down)
    {
        public static Frame Start { get; } = new(default, new(1, 0), new(0, 1));

        public double Scale => Down.Length;

        public Frame Within(GroupNode group)
        {
            var (sin, cos) = Math.SinCos(group.Turn * Math.PI / 180);
            return new(Map(group.At), Turned(new(cos * group.ScaleX, sin * group.ScaleX)), Turned(new(-sin * group.ScaleY, cos * group.ScaleY)));
        }

        public Box Map(Box box) => Box.Around(Map(new Point(box.X, box.Y)), Map(new Point(box.Right, box.Y)), Map(new Point(box.X, box.Bottom)), Map(new Point(box.Right, box.Bottom)));

        private Point Map(Point at) => Origin + Turned(at);

        private Point Turned(Point at) => (Right * at.X) + (Down * at.Y);
    }
}
