using Steward.Drawing;

namespace Steward.Stories;

/// <summary>A small drawing to choose.</summary>
internal static class Card
{
    public const double Width = 200, Height = 150;

    private const double TextSize = 15;

    public static string Svg(Choice choice, Palette palette)
    {
        var panel = new Panel(1, Width, Height, TextSize, palette);
        var tones = palette[Tone.Setting];
        panel.Back.Rounded(new(0, 0, Width, Height), 0, tones.Wall).Rounded(new(0, panel.Ground - 4, Width, Height), 0, tones.Floor)
            .Line(0, panel.Ground - 4, Width, panel.Ground - 4, Colour.Mix(tones.Floor, Hues.Ink, 0.5), 2.2);
        choice.Draw(panel);
        var nodes = new GroupNode([.. panel.Back.Nodes, .. panel.Middle.Nodes, .. panel.Front.Nodes]) { Clip = new(0, 0, Width, Height), ClipRadius = 10 };
        var comic = new Comic(choice.Name, "", "", [], new Phrase([]), new Phrase([]), "", []);
        return SvgWriter.Write(new(comic, new GroupNode([nodes]), Width, Height, palette) { Panels = [], Items = [], Transcript = choice.Name }, embedFonts: true);
    }

    /// <summary>Words on paper in a card.</summary>
    public static void Write(Panel panel, string words, Box box, double size = 0)
    {
        panel.Middle.Rounded(box, 6, panel.Palette.Paper, Hues.Ink, 2.2);
        panel.Label(panel.Middle, words, box.Grow(-4), size);
    }
}
