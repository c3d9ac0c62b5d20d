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

    /// <summary>A4 upright, as many sheets as it takes; 16 pixels are 9.8 points on paper.</summary>
    public static PageForm Print { get; } = new("print", 920, 2, 16.5, 324, 1301);

    internal const double Margin = 20, Gutter = 16;

    internal double PanelWidth => (Width - (2 * Margin) - ((Columns - 1) * Gutter)) / Columns;
}
