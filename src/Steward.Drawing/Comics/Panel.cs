namespace Steward.Drawing;

/// <summary>Draws one panel against its width and height. The same scene is drawn several times at different sizes, so it keeps nothing.</summary>
public delegate void Scene(Panel panel);

/// <summary>One picture of a comic while it is being drawn.</summary>
public sealed class Panel
{
    private const double Floor = 34, CaptionSide = 13, CaptionTop = 6.5;

    private readonly List<DrawnItem> _items = [];
    private readonly List<Placed> _figures = [];
    private readonly List<Meaning> _meanings = [];
    private readonly List<Contrasting> _states = [];
    private readonly List<(string Speaker, string Text)> _said = [];
    private readonly Sketch _caption = new();

    public Panel(int number, double width, double height, double textSize, Palette palette)
        => (Number, Width, Height, TextSize, Palette) = (number, width, height, textSize, palette);

    public int Number { get; }

    public double Width { get; }

    public double Height { get; }

    public double TextSize { get; }

    public Palette Palette { get; }

    /// <summary>Where figures stand.</summary>
    public double Ground => Height - Floor;

    /// <summary>Where the picture begins below its caption.</summary>
    public double CaptionBottom { get; private set; }

    /// <summary>The place: walls, sky, floor.</summary>
    public Sketch Back { get; } = new();

    /// <summary>Figures and things.</summary>
    public Sketch Middle { get; } = new();

    /// <summary>Bubbles, and whatever lies before everything.</summary>
    public Sketch Front { get; } = new();

    /// <summary>What the picture shows, for who cannot see it.</summary>
    public string Alt { get; set; } = "";

    internal string CaptionWords { get; private set; } = "";

    internal IReadOnlyList<DrawnItem> Items => _items;

    internal IReadOnlyList<Meaning> Meanings => _meanings;

    internal IReadOnlyList<Contrasting> States => _states;

    internal IReadOnlyList<(string Speaker, string Text)> Told => _said;

    internal Box Frame => new(0, 0, Width, Height);

    /// <summary>Pixels that words take on one line.</summary>
    public double Measure(string words, double size = 0, Weight weight = Weight.Bold) => Lettering.Measure(words, size > 0 ? size : TextSize, weight);

    /// <summary>The band at the top that tells what happens. At most one, drawn before the picture.</summary>
    public void Caption(Phrase words)
    {
        var block = LineBreaker.Break(words, On(Palette.Caption, TextSize), Width - (2 * CaptionSide));
        CaptionBottom = block.Height + (2 * CaptionTop);
        _caption.Rounded(new(0, 0, Width, CaptionBottom), 0, Palette.Caption).Line(0, CaptionBottom, Width, CaptionBottom, Palette.Frame, Hues.Outline);
        var lines = block.Draw(_caption, CaptionSide, CaptionTop, Width - (2 * CaptionSide), Align.Start);
        CaptionWords = block.Plain;
        Add(ItemKind.Caption, block.Plain, new(0, 0, Width, CaptionBottom), lines, new(8, 2, Width - 16, CaptionBottom - 4), words, Palette.Caption);
    }

    /// <summary>Keeps a figure in mind, so that bubbles stay off it and find its mouth.</summary>
    public Placed Figure(Placed figure)
    {
        _figures.Add(figure);
        _items.Add(new(ItemKind.Figure, Number, figure.Name, figure.Box));
        return figure;
    }

    /// <summary>Keeps a thing in mind, so that bubbles stay off it.</summary>
    public void Prop(string name, Box box) => _items.Add(new(ItemKind.Prop, Number, name, box));

    /// <summary>Words on a sign. They are made up to a quarter smaller to fit; answers with the box of the letters.</summary>
    /// <param name="inner">The sign's free room: no letter leaves it.</param>
    /// <param name="paper">What the words stand on; the palette's paper unless given.</param>
    /// <exception cref="NoRoomException">They do not fit.</exception>
    public Box Label(Sketch sketch, Phrase words, Box inner, double size = 0, Align align = Align.Middle, string? paper = null, Weight weight = Weight.Bold)
    {
        var ground = paper ?? Palette.Paper;
        var block = Fitted(words, inner, size > 0 ? size : TextSize, ground, weight);
        var lines = block.Draw(sketch, inner.X, inner.Y + ((inner.Height - block.Height) / 2), inner.Width, align);
        var box = Box.Around(lines);
        Add(ItemKind.Label, block.Plain, box, lines, inner.Grow(1), words, ground);
        _said.Add(("sign", block.Plain));
        return box;
    }

    /// <summary>One or two bubbles, read in this order, placed together where they are best; their tails lead to the speakers' mouths.</summary>
    /// <exception cref="NoRoomException">There is no place for them.</exception>
    /// <exception cref="ArgumentException">A speaker is not in the panel.</exception>
    public void Say(params (string Speaker, Phrase Words)[] bubbles)
    {
        if (bubbles.Length is 0 or > 2)
            throw new ArgumentException("A panel has one or two bubbles.", nameof(bubbles));
        var speeches = bubbles.Select(bubble => new Speech(
            _figures.Find(figure => figure.Name == bubble.Speaker) ?? throw new ArgumentException($"'{bubble.Speaker}' is not in panel {Number}.", nameof(bubbles)),
            bubble.Words)).ToList();
        foreach (var (bubble, speech) in new BubblePlacer(this, On(Palette.Paper, TextSize)).Place(speeches).Zip(speeches))
        {
            Front.Path(bubble.Outline(), Palette.Paper, Hues.Ink, 2.4);
            var inner = bubble.Box.Grow(-6);
            var lines = bubble.Text.Draw(Front, bubble.Box.X, bubble.Box.Y + ((bubble.Box.Height - bubble.Text.Height) / 2), bubble.Box.Width, Align.Middle);
            Add(ItemKind.Bubble, bubble.Text.Plain, bubble.Box, lines, inner, speech.Words, Palette.Paper);
            _said.Add((speech.Speaker.Name, bubble.Text.Plain));
        }
    }

    /// <summary>Says that a line or area carries meaning, so that its contrast is checked.</summary>
    public void Means(string name, string ink, string paper) => _meanings.Add(new(Number, name, ink, paper));

    /// <summary>Says that two colours are states of one thing, so that they are checked without hue.</summary>
    /// <param name="byShape">They differ in shape or words too.</param>
    public void Distinct(string name, string one, string other, bool byShape = false) => _states.Add(new(Number, name, one, other, byShape));

    /// <summary>Keeps words in mind that a part of the library drew itself.</summary>
    internal void Keep(DrawnItem item) => _items.Add(item);

    /// <summary>What a picture in the panel says, for who cannot see it.</summary>
    internal void Tell(string words) => _said.Add(("chart", words));

    internal TextStyle On(string paper, double size, Weight weight = Weight.Bold) => new(size, weight, Palette.InkOn(paper), Palette.FactOn(paper));

    /// <summary>The finished panel as one node at its place on the page.</summary>
    internal GroupNode Finish(Point at)
    {
        var picture = new GroupNode([.. Back.Nodes, .. _caption.Nodes, .. Middle.Nodes, .. Front.Nodes]) { Clip = Frame, ClipRadius = 12 };
        return new Sketch().Add(picture).Rounded(Frame, 12, null, Palette.Frame, 3.2).Group(at) with { Role = "group", Label = $"Panel {Number}. {Alt}" };
    }

    private TextBlock Fitted(Phrase words, Box inner, double size, string paper, Weight weight)
    {
        NoRoomException? last = null;
        for (var tried = size; tried >= Math.Max(12.4, size * 0.75); tried -= 0.5)
            try
            {
                var block = LineBreaker.Break(words, On(paper, tried, weight), inner.Width);
                if (block.Height - (0.2 * tried) <= inner.Height)
                    return block;
            }
            catch (NoRoomException wide)
            {
                last = wide;
            }
        throw last ?? new NoRoomException($"\"{words.Plain}\" does not fit on a sign of {inner.Width:0} x {inner.Height:0} pixels in panel {Number}.");
    }

    private void Add(ItemKind kind, string plain, Box box, IReadOnlyList<Box> lines, Box inner, Phrase words, string paper)
        => _items.Add(new(kind, Number, plain, box)
        {
            Lines = lines,
            Inner = inner,
            Paper = paper,
            Inks = words.Spans.Any(span => span.Mark is not null) ? [Palette.InkOn(paper), Palette.FactOn(paper)] : [Palette.InkOn(paper)],
        });
}
