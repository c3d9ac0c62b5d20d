namespace Steward.Drawing;

/// <summary>The colours of one set: its wall, its floor, and the light in it.</summary>
public sealed record Tones(string Wall, string Floor, string Light);

/// <summary>What a panel is to its story. The colour script follows it, so that the turn of the story shows without reading.</summary>
public enum Beat { Setting, Problem, Notice, Try, Learn, Result, Limits }

/// <summary>The colours of paper, ink and places. The cast keeps its own colours by day and in the evening, so that everybody is known again.</summary>
public sealed record Palette(string Name)
{
    /// <summary>Around the panels.</summary>
    public required string Page { get; init; }

    /// <summary>Words on the page.</summary>
    public required string Ink { get; init; }

    /// <summary>Around each panel.</summary>
    public required string Frame { get; init; }

    /// <summary>Bubbles and signs.</summary>
    public required string Paper { get; init; }

    /// <summary>The band above a panel.</summary>
    public required string Caption { get; init; }

    /// <summary>The band of the moral.</summary>
    public required string Moral { get; init; }

    public required string MoralInk { get; init; }

    /// <summary>Words on dark paper.</summary>
    public string Chalk { get; init; } = "#F1EDE2";

    /// <summary>Facts on dark paper.</summary>
    public string FactChalk { get; init; } = "#FFAF9E";

    public required IReadOnlyDictionary<Beat, Tones> Script { get; init; }

    public bool IsDark => Colour.Luminance(Page) < 0.2;

    public Tones this[Beat beat] => Script[beat];

    /// <summary>Words on any paper.</summary>
    public string InkOn(string paper) => Colour.Luminance(paper) > 0.3 ? Hues.Ink : Chalk;

    /// <summary>Facts on any paper.</summary>
    public string FactOn(string paper) => Colour.Luminance(paper) > 0.3 ? Hues.Fact : FactChalk;

    public static Palette Day { get; } = new("day")
    {
        Page = "#FBF4E4",
        Ink = Hues.Ink,
        Frame = Hues.Ink,
        Paper = Hues.Paper,
        Caption = "#FFF3D6",
        Moral = Hues.Ink,
        MoralInk = "#FFE7A3",
        Script = new Dictionary<Beat, Tones>
        {
            [Beat.Setting] = new("#CFEBDD", "#A9D3BD", "#F4FFF6"),
            [Beat.Problem] = new("#FFC878", "#EFA24F", "#FFEDB0"),
            [Beat.Notice] = new("#E2D9F6", "#C3B5E6", "#F7F2FF"),
            [Beat.Try] = new("#BFD9F2", "#8CC28B", "#FFFFFF"),
            [Beat.Learn] = new("#FFE3B0", "#E8BD7C", "#FFF6DC"),
            [Beat.Result] = new("#D8EEC4", "#B4D79A", "#F6F3B8"),
            [Beat.Limits] = new("#D5DEE8", "#AFBECD", "#F1F5F9"),
        },
    };

    /// <summary>The day's colours on white paper.</summary>
    public static Palette OnPaper { get; } = Day with { Name = "paper", Page = Hues.White };

    public static Palette Evening { get; } = new("evening")
    {
        Page = "#191B27",
        Ink = "#ECEAF2",
        Frame = "#0E1019",
        Paper = "#F6ECD6",
        Caption = "#2B2F44",
        Moral = "#2B2F44",
        MoralInk = "#FFDF94",
        Script = new Dictionary<Beat, Tones>
        {
            [Beat.Setting] = new("#3F7468", "#2D574F", "#6FA898"),
            [Beat.Problem] = new("#A9662B", "#7E481C", "#E3A24E"),
            [Beat.Notice] = new("#5F5590", "#463D70", "#8F84C4"),
            [Beat.Try] = new("#33507F", "#35604F", "#7E9CCB"),
            [Beat.Learn] = new("#8A6238", "#674526", "#C79A5F"),
            [Beat.Result] = new("#557A45", "#3C5B31", "#93B56B"),
            [Beat.Limits] = new("#4C5C70", "#374455", "#8496AC"),
        },
    };
}
