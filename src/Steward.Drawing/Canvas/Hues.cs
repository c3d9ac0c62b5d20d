namespace Steward.Drawing;

/// <summary>Colours that stay the same in every light. One ink outlines everything.</summary>
public static class Hues
{
    public const string Ink = "#23263A", Fact = "#A3212F", Paper = "#FFFDF7", White = "#FFFFFF", Shade = "#9A9AA8";
    public const string Green = "#3E9B5B", Yellow = "#F3B63A", Red = "#C8332F", Blue = "#4F63C6", Teal = "#2E9E93", Pink = "#D94A6A";
    public const string Wood = "#A8714A", WoodDark = "#6E4B34", WoodLight = "#C08A5C", Metal = "#8C93A8", MetalDark = "#6A708A", MetalLight = "#C9CEDB";

    /// <summary>Pixels at scale one: every outline of the cast and its things.</summary>
    public const double Outline = 2.6;
}
