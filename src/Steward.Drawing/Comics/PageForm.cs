namespace Steward.Drawing;

/// <summary>A size to read at. Pixels at scale one.</summary>
/// <param name="LeastHeight">The lowest a panel may be.</param>
/// <param name="SheetHeight">Height of one sheet of paper; 0 is one long page.</param>
public sealed record PageForm(string Name, double Width, int Columns, double TextSize, double LeastHeight, double SheetHeight = 0)
{
    /// <summary>A page on a screen, two panels in a row.</summary>
    public static PageForm Page { get; } = new("page", 800, 2, 16, 312);

    /// <summary>A phone, one panel in a row.</summary>
    public static PageForm Phone { get; } = new("phone", 412, 1, 16, 300);

    /// <summary>A wide screen, three panels in a row.</summary>
    public static PageForm Slide { get; } = new("slide", 1240, 3, 17, 324);

    /// <summary>A4 upright with a margin of one centimetre, as many sheets as it takes; 17 pixels are 9.5 points on paper.</summary>
    public static PageForm Print { get; } = new("print", 1060, 2, 17, 324, 1499) { Margin = 50 };

    /// <summary>A4 upright with three panels in a row: a whole story on one sheet; 17 pixels are 8 points on paper.</summary>
    public static PageForm Sheet { get; } = new("sheet", 1260, 3, 17, 324, 1782) { Margin = 36 };

    internal const double Gutter = 16;

    internal double Margin { get; init; } = 20;

    internal double PanelWidth => (Width - (2 * Margin) - ((Columns - 1) * Gutter)) / Columns;
}
