namespace Steward.Drawing;

/// <summary>What the layout must know of a drawn figure: its room, and where a bubble's tail leads. Pixels of the panel.</summary>
/// <param name="HeadRadius">Around head and hat; tails stop outside it.</param>
public sealed record Placed(string Name, Box Box, Point Head, double HeadRadius, Point Mouth);
