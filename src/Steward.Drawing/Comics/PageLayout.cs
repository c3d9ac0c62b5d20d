namespace Steward.Drawing;

/// <summary>The page around the panels: title above, rows, moral and sources below.</summary>
internal sealed class PageLayout
{
    private const double Gutter = PageForm.Gutter;
    private const double TitleSize = 36, TitleSizeNarrow = 27, SubtitleSize = 15, MoralSize = 24, LimitsSize = 17, SourceSize = 13, SourceLead = 18;

    private readonly Comic _comic;
    private readonly PageForm _form;
    private readonly Palette _palette;
    private readonly Sketch _sketch = new();
    private readonly List<Panel> _panels = [];
    private readonly List<DrawnPanel> _told = [];
    private readonly List<DrawnItem> _items = [];
    private double _y;

    /// <summary>What the last row left free; the moral stands there.</summary>
    private Box? _free;

    public PageLayout(Comic comic, PageForm form, Palette palette)
    {
        (_comic, _form, _palette) = (comic, form, palette);
        _y = Title();
    }

    private double Margin => _form.Margin;

    /// <summary>Paper keeps its margin above too.</summary>
    private double Top => _form.SheetHeight > 0 ? _form.Margin : 10;

    private double Inside => _form.Width - (2 * Margin);

    private bool IsNarrow => _form.Columns == 1;

    public void Row(IReadOnlyList<Panel> panels, double height)
    {
        Turn(height);
        for (var i = 0; i < panels.Count; i++)
        {
            var at = new Point(Margin + (i * (panels[i].Width + Gutter)), _y);
            _sketch.Add(panels[i].Finish(at));
            _panels.Add(panels[i]);
            _told.Add(ComicPress.Told(panels[i], new(at.X, at.Y, panels[i].Width, height)));
        }
        var used = panels.Count * (panels[0].Width + Gutter);
        _free = panels.Count < _form.Columns ? new(Margin + used, _y, Inside - used, height) : null;
        _y += height + Gutter;
    }

    public DrawnComic Close()
    {
        Moral();
        Sources();
        var height = _form.SheetHeight > 0 ? Math.Ceiling(_y / _form.SheetHeight) * _form.SheetHeight : Math.Ceiling(_y);
        var root = new GroupNode([.. new Sketch().Rounded(new(0, 0, _form.Width, height), 0, _palette.Page).Nodes, .. _sketch.Nodes]);
        return new(_comic, root, _form.Width, height, _palette)
        {
            Panels = _told,
            Items = [.. _items, .. _panels.SelectMany(panel => panel.Items)],
            Meanings = [.. _panels.SelectMany(panel => panel.Meanings)],
            States = [.. _panels.SelectMany(panel => panel.States)],
            SheetHeight = _form.SheetHeight,
            Transcript = Transcript.Of(_comic, _told),
        };
    }

    /// <summary>Begins a new sheet of paper where the rest of this one is too low.</summary>
    private void Turn(double height)
    {
        if (_form.SheetHeight <= 0)
            return;
        var end = (Math.Floor(_y / _form.SheetHeight) + 1) * _form.SheetHeight;
        if (_y + height > end - Margin && height < _form.SheetHeight - (2 * Margin))
            _y = end + Margin;
    }

    private double Title()
    {
        var emblem = _comic.Emblem is null || IsNarrow ? 0 : 76.0;
        var subtitle = IsNarrow ? 0 : Math.Min(250, Lettering.Measure(_comic.Subtitle, SubtitleSize) + 4);
        var room = new Box(Margin + 2, IsNarrow ? 14 : Top, Inside - 4 - emblem - (IsNarrow ? 0 : subtitle + 16), double.MaxValue);
        var title = Smaller(_comic.Title, IsNarrow ? TitleSizeNarrow : TitleSize, room.Width, IsNarrow ? 2 : 1);
        var bottom = room.Y + Math.Max(title.Height, IsNarrow ? 36 : 48);
        Write(ItemKind.Title, title, room with { Height = bottom - room.Y }, Align.Start);
        if (emblem > 0)
            _comic.Emblem?.Invoke(_sketch, new(room.X + title.Width + 44, Top - 10));
        if (IsNarrow)
            bottom = Write(ItemKind.Title, Block(_comic.Subtitle, SubtitleSize, Inside - 4), new(Margin + 2, bottom, Inside - 4, 0), Align.Start) + 4;
        else if (_comic.Subtitle.Length > 0)
            bottom = Math.Max(bottom, Write(ItemKind.Title, Block(_comic.Subtitle, SubtitleSize, subtitle), new(_form.Width - Margin - subtitle - 2, Top + 8, subtitle, 0), Align.End));
        if (_comic.Banner is { } banner)
            bottom = Banner(banner, bottom + 4);
        return bottom + (IsNarrow ? 8 : 16);
    }

    private double Banner(string words, double top)
    {
        var block = LineBreaker.Break(words, new(15, Weight.Bold, Hues.Ink, Hues.Fact), Inside - 40);
        var box = new Box(Margin, top, block.Width + 28, block.Height + 8);
        _sketch.Rounded(box, 8, Hues.Yellow, Hues.Ink, 2);
        Keep(ItemKind.Title, block, block.Draw(_sketch, box.X, box.Y + 4, box.Width, Align.Middle), box, [Hues.Ink], Hues.Yellow);
        return box.Bottom;
    }

    /// <summary>What to remember, and what nobody checked just as plain beside it.</summary>
    private void Moral()
    {
        var width = (_free?.Width ?? Inside) - 36;
        TextBlock In(Phrase words, double size, string ink) => LineBreaker.Break(words, new(size, Weight.Bold, ink, _palette.FactOn(_palette.Moral)), width);
        var moral = In(_comic.Moral, IsNarrow ? 21 : MoralSize, _palette.MoralInk);
        var limits = _comic.Limits.Plain.Length > 0 ? In(_comic.Limits, LimitsSize, Hues.White) : null;
        var gap = _free is null ? 4 : 18;
        var words = moral.Height + (limits is null ? 0 : limits.Height + gap);
        if (_free is null)
            Turn(words + 22);
        var band = _free ?? new(Margin, _y, Inside, words + 22);
        var top = band.Y + ((band.Height - words) / 2);
        _sketch.Rounded(band, 12, _palette.Moral);
        Keep(ItemKind.Moral, moral, moral.Draw(_sketch, band.X + 18, top, width, Align.Middle), band, [_palette.MoralInk], _palette.Moral);
        if (limits is not null)
            Keep(ItemKind.Moral, limits, limits.Draw(_sketch, band.X + 18, top + moral.Height + gap, width, Align.Middle), band, [Hues.White], _palette.Moral);
        if (_free is null)
            _y = band.Bottom + Gutter;
    }

    private void Sources()
    {
        if (_comic.Sources.Count == 0)
            return;
        var columns = IsNarrow ? 1 : 2;
        var width = (Inside - ((columns - 1) * Gutter)) / columns;
        var lines = _comic.Sources.Select(source => (source, Block: LineBreaker.Break(source.Text, new(SourceSize, Weight.Regular, _palette.Ink, _palette.FactOn(_palette.Page)), width - 24))).ToList();
        var half = (lines.Count + columns - 1) / columns;
        var heights = lines.Chunk(half).Select(column => column.Sum(line => Lead(line.Block))).ToList();
        Turn(heights.Max() + 30);
        var top = Write(ItemKind.Source, Block(_comic.SourcesTitle, 14, Inside - 4), new(Margin + 2, _y, Inside - 4, 0), Align.Start) + 4;
        foreach (var (column, x) in lines.Chunk(half).Select((column, i) => (column, Margin + 2 + (i * (width + Gutter)))))
        {
            var y = top;
            foreach (var (source, block) in column)
            {
                Source(source, block, new(x, y, width, Lead(block)));
                y += Lead(block);
            }
        }
        _y = top + heights.Max() + 12;
    }

    private static double Lead(TextBlock block) => SourceLead + block.Height - block.LineHeight;

    private void Source(SourceLine source, TextBlock block, Box room)
    {
        var line = new Sketch();
        line.Text(new(room.X, room.Y + 12.5), source.Mark, SourceSize, _palette.FactOn(_palette.Page));
        var boxes = block.Draw(line, room.X + 20, room.Y + 1, room.Width - 24, Align.Start);
        _sketch.Add(line.Group() with { Link = source.Link });
        var mark = new Box(room.X, room.Y + 2, Lettering.Measure(source.Mark, SourceSize), SourceSize);
        Keep(ItemKind.Source, block, [mark, .. boxes], room, [_palette.Ink, _palette.FactOn(_palette.Page)], _palette.Page);
    }

    private TextBlock Block(Phrase words, double size, double width) => LineBreaker.Break(words, new(size, Weight.Bold, _palette.Ink, _palette.FactOn(_palette.Page)), width);

    private TextBlock Smaller(string words, double size, double width, int lines)
    {
        for (var tried = size; ; tried -= 1)
            try
            {
                var block = Block(words, tried, width);
                if (block.Lines.Count <= lines || tried <= 22)
                    return block;
            }
            catch (NoRoomException) when (tried > 14)
            {
                // A size smaller may fit.
            }
    }

    private double Write(ItemKind kind, TextBlock block, Box room, Align align)
    {
        if (block.Lines.Count == 0)
            return room.Y;
        var boxes = block.Draw(_sketch, room.X, room.Y, room.Width, align);
        Keep(kind, block, boxes, room with { Height = Math.Max(room.Height, block.Height) }, [_palette.Ink], _palette.Page);
        return room.Y + block.Height;
    }

    private void Keep(ItemKind kind, TextBlock block, IReadOnlyList<Box> lines, Box inner, IReadOnlyList<string> inks, string paper)
        => _items.Add(new(kind, 0, block.Plain, Box.Around(lines)) { Lines = lines, Inner = inner.Grow(1), Inks = inks, Paper = paper });
}
