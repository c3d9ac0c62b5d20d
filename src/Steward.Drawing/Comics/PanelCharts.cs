namespace Steward.Drawing;

/// <summary>Charts on a board in a panel: the same charts as on the pages.</summary>
public static class PanelCharts
{
    private const double Side = 10, HeadingRoom = 24;

    /// <summary>A board with a chart and a heading. The chart's own words (limits, ticks) must fit the box; a low box has fewer ticks.</summary>
    /// <param name="legs">It stands on an easel.</param>
    public static void Chart(this Panel panel, Chart chart, Box box, Phrase? heading = null, bool legs = true)
    {
        if (legs)
            foreach (var (x, lean) in ((double, double)[])[(0.2, -10), (0.8, 10)])
                Arms.Limb(panel.Middle, new(box.X + (box.Width * x), box.Bottom), new(box.X + (box.Width * x) + lean, panel.Ground + 4), 0, Hues.Wood, 5);
        panel.Middle.Rounded(box, 8, panel.Palette.Paper, Hues.Ink, 2.8);
        panel.Prop("chart", box);
        if (heading is not null)
            panel.Label(panel.Middle, heading, new(box.X + Side, box.Y + 7, box.Width - (2 * Side), HeadingRoom - 4), 14.5, Align.Start);
        var top = heading is null ? Side : HeadingRoom + 8;
        var sized = chart.Sized((int)(box.Width - (2 * Side) + 4), (int)(box.Height - top - 6));
        sized.DrawOn(new PanelSheet(panel, new(box.X + Side - 2, box.Y + top), panel.Palette.Paper));
        if (sized.Told() is { } told)
            panel.Tell($"{chart.Title}. {told}");
    }
}
