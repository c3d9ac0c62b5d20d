namespace Steward.Drawing;

/// <summary>Lays comics out: every row of panels gets the least height at which all of them fit.</summary>
public static class ComicPress
{
    private const double Step = 12;
    private const int Steps = 14;

    /// <exception cref="NoRoomException">A panel fits at no height.</exception>
    public static DrawnComic Draw(Comic comic, PageForm form, Palette palette)
    {
        var page = new PageLayout(comic, form, palette);
        var (width, columns) = (form.PanelWidth, form.Columns);
        var heights = comic.Panels.Select((scene, i) => LeastHeight(scene, i + 1, width, form, palette)).ToList();
        for (var from = 0; from < comic.Panels.Count; from += columns)
        {
            var row = Enumerable.Range(from, Math.Min(columns, comic.Panels.Count - from)).ToList();
            var height = row.Max(i => heights[i]);
            page.Row([.. row.Select(i => Drawn(comic.Panels[i], i + 1, width, height, form.TextSize, palette))], height);
        }
        return page.Close();
    }

    /// <summary>One panel alone, for a deck (1240 x 698) or a social picture (1200 x 630). The scene is drawn on the smallest ground
    /// it fits and then enlarged, so that its words can be read from the back row.</summary>
    /// <exception cref="NoRoomException">It fits on no ground.</exception>
    public static DrawnComic DrawPanel(Comic comic, int index, double width, double height, Palette palette)
    {
        const double pad = 14, mostEnlarged = 2.6, leastEnlarged = 1.2, deckText = 18;
        var lowest = (height - (2 * pad)) / PageForm.Page.LeastHeight;
        for (var enlarged = Math.Min(mostEnlarged, Math.Max(lowest, leastEnlarged)); ; enlarged -= 0.1)
            try
            {
                var panel = Drawn(comic.Panels[index], index + 1, (width - (2 * pad)) / enlarged, (height - (2 * pad)) / enlarged, deckText, palette);
                return Alone(comic, panel, width, height, pad, enlarged);
            }
            catch (NoRoomException) when (enlarged > leastEnlarged)
            {
                // The next ground is larger.
            }
    }

    internal static Panel Drawn(Scene scene, int number, double width, double height, double textSize, Palette palette)
    {
        var panel = new Panel(number, width, height, textSize, palette);
        scene(panel);
        return panel;
    }

    internal static DrawnPanel Told(Panel panel, Box box) => new(panel.Number, panel.Alt, panel.CaptionWords, panel.Told, box);

    private static double LeastHeight(Scene scene, int number, double width, PageForm form, Palette palette)
    {
        for (var step = 0; ; step++)
            try
            {
                var height = form.LeastHeight + (step * Step);
                Drawn(scene, number, width, height, form.TextSize, palette);
                return height;
            }
            catch (NoRoomException) when (step < Steps)
            {
                // The next one is taller.
            }
    }

    private static DrawnComic Alone(Comic comic, Panel panel, double width, double height, double pad, double enlarged)
    {
        var told = Told(panel, new(pad, pad, width - (2 * pad), height - (2 * pad)));
        var root = new Sketch().Rounded(new(0, 0, width, height), 0, panel.Palette.Page).Add(panel.Finish(new(pad, pad)) with { ScaleX = enlarged, ScaleY = enlarged });
        return new(comic, root.Group(), width, height, panel.Palette)
        {
            Panels = [told],
            Items = panel.Items,
            Meanings = panel.Meanings,
            States = panel.States,
            Enlarged = enlarged,
            Transcript = Transcript.Of(comic, [told]),
        };
    }
}
