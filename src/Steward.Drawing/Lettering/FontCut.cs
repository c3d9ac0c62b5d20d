using System.Buffers.Binary;
using System.Text;

namespace Steward.Drawing;

/// <summary>Cuts a TrueType font to the letters that a drawing needs, so that a name in another script costs a few kilobytes and not
/// seven hundred. The cut is named after its use, as the Open Font License asks of a changed version of a font with a reserved name.</summary>
internal sealed class FontCut
{
    private readonly Typeface _font;
    private readonly List<int> _kept = [0];
    private readonly SortedDictionary<int, int> _letters = [];

    private FontCut(Typeface font, IEnumerable<Rune> letters)
    {
        _font = font;
        foreach (var letter in letters.Where(font.Has).OrderBy(letter => letter.Value))
            _letters[letter.Value] = Keep(font.Glyph(letter));
        // A glyph may be put together from others; those come along, and their parts in turn.
        for (var i = 0; i < _kept.Count; i++)
            foreach (var part in Parts(_kept[i]))
                Keep(BinaryPrimitives.ReadUInt16BigEndian(Glyph(_kept[i])[part..]));
    }

    public static byte[] Of(Typeface font, IEnumerable<Rune> letters) => new FontCut(font, letters).Write();

    private int Keep(int glyph)
    {
        if (!_kept.Contains(glyph))
            _kept.Add(glyph);
        return _kept.IndexOf(glyph);
    }

    private byte[] Write()
    {
        var (glyphs, places) = Glyphs();
        var tables = new SortedDictionary<string, byte[]>(StringComparer.Ordinal)
        {
            ["OS/2"] = Copy("OS/2"), ["cmap"] = Letters(), ["cvt "] = Copy("cvt "), ["fpgm"] = Copy("fpgm"), ["prep"] = Copy("prep"), ["glyf"] = glyphs, ["loca"] = places,
            ["head"] = Changed("head", (8, 0), (10, 0), (50, 1)), ["hhea"] = Changed("hhea", (34, _kept.Count)), ["maxp"] = Changed("maxp", (4, _kept.Count)),
            ["hmtx"] = Widths(), ["name"] = Name(), ["post"] = Post(),
        };
        return Assemble(tables);
    }

    private ReadOnlySpan<byte> Glyph(int glyph)
    {
        var (start, end) = _font.Word(_font.Table("head") + 50) == 0
            ? (2 * _font.Word(_font.Table("loca") + (2 * glyph)), 2 * _font.Word(_font.Table("loca") + (2 * glyph) + 2))
            : (_font.Long(_font.Table("loca") + (4 * glyph)), _font.Long(_font.Table("loca") + (4 * glyph) + 4));
        return _font.File.Span.Slice(_font.Table("glyf") + start, end - start);
    }

    /// <summary>Where a composed glyph names its parts; none for a plain one.</summary>
    private List<int> Parts(int glyph)
    {
        const int wordArguments = 1, scale = 8, more = 32, scaleTwice = 64, matrix = 128;
        var data = Glyph(glyph);
        var found = new List<int>();
        if (data.Length == 0 || BinaryPrimitives.ReadInt16BigEndian(data) >= 0)
            return found;
        for (int at = 10, flags = more; (flags & more) != 0;)
        {
            flags = BinaryPrimitives.ReadUInt16BigEndian(data[at..]);
            found.Add(at + 2);
            at += 4 + ((flags & wordArguments) != 0 ? 4 : 2) + ((flags & scale) != 0 ? 2 : (flags & scaleTwice) != 0 ? 4 : (flags & matrix) != 0 ? 8 : 0);
        }
        return found;
    }

    private (byte[] Glyphs, byte[] Places) Glyphs()
    {
        var (glyphs, places) = (new Bytes(), new Bytes());
        foreach (var glyph in _kept)
        {
            places.Long(glyphs.Count);
            var data = Glyph(glyph).ToArray();
            foreach (var part in Parts(glyph))
                BinaryPrimitives.WriteUInt16BigEndian(data.AsSpan(part), (ushort)_kept.IndexOf(BinaryPrimitives.ReadUInt16BigEndian(data.AsSpan(part))));
            glyphs.Add(data).Pad();
        }
        return (glyphs.ToArray(), places.Long(glyphs.Count).ToArray());
    }

    private byte[] Widths()
    {
        var (hmtx, count, bytes) = (_font.Table("hmtx"), _font.Word(_font.Table("hhea") + 34), new Bytes());
        foreach (var glyph in _kept)
            bytes.Word(_font.Word(hmtx + (4 * Math.Min(glyph, count - 1)))).Word(glyph < count ? _font.Word(hmtx + (4 * glyph) + 2) : _font.Word(hmtx + (4 * count) + (2 * (glyph - count))));
        return bytes.ToArray();
    }

    /// <summary>One table of format 4, a segment for each letter. Letters beyond U+FFFE are not in Andika.</summary>
    private byte[] Letters()
    {
        var letters = _letters.Where(letter => letter.Key < 0xFFFF).Append(new(0xFFFF, 0)).ToList();
        // Hints for a binary search; nobody needs them, but browsers refuse a font whose hints are wrong.
        var power = (int)Math.Log2(letters.Count);
        var map = new Bytes().Word(4).Word(16 + (8 * letters.Count)).Word(0).Word(2 * letters.Count).Word(2 << power).Word(power).Word((2 * letters.Count) - (2 << power));
        letters.ForEach(letter => map.Word(letter.Key));
        map.Word(0);
        letters.ForEach(letter => map.Word(letter.Key));
        letters.ForEach(letter => map.Word((letter.Key == 0xFFFF ? 1 : letter.Value - letter.Key) & 0xFFFF));
        letters.ForEach(_ => map.Word(0));
        return new Bytes().Word(0).Word(1).Word(3).Word(1).Long(12).Add(map.ToArray()).ToArray();
    }

    /// <summary>Copyright, its own name, and the licence with where to read it.</summary>
    private byte[] Name()
    {
        (int Id, string Words)[] entries =
        [
            (0, "Copyright (c) 2004-2022 SIL International. A cut under another name."), (1, _font.Family), (2, _font.Weight.ToString()), (4, $"{_font.Family} {_font.Weight}"),
            (6, $"{_font.Family.Replace(" ", "", StringComparison.Ordinal)}-{_font.Weight}"), (13, "SIL Open Font License, Version 1.1"), (14, "https://scripts.sil.org/OFL"),
        ];
        var (head, words) = (new Bytes().Word(0).Word(entries.Length).Word(6 + (12 * entries.Length)), new Bytes());
        foreach (var (id, text) in entries)
        {
            var bytes = Encoding.BigEndianUnicode.GetBytes(text);
            head.Word(3).Word(1).Word(0x409).Word(id).Word(bytes.Length).Word(words.Count);
            words.Add(bytes);
        }
        return head.Add(words.ToArray()).ToArray();
    }

    private byte[] Post() => new Bytes().Long(0x00030000).Add(_font.File.Span.Slice(_font.Table("post") + 4, 28)).ToArray();

    private byte[] Copy(string table) => _font.File.Span.Slice(_font.Table(table), _font.LengthOf(table)).ToArray();

    private byte[] Changed(string table, params (int At, int Word)[] changes)
    {
        var bytes = Copy(table);
        foreach (var (at, word) in changes)
            BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(at), (ushort)word);
        return bytes;
    }

    private static byte[] Assemble(SortedDictionary<string, byte[]> tables)
    {
        var power = (int)Math.Log2(tables.Count);
        var file = new Bytes().Long(0x00010000).Word(tables.Count).Word(16 << power).Word(power).Word((16 * tables.Count) - (16 << power));
        var (at, body) = (12 + (16 * tables.Count), new Bytes());
        foreach (var (tag, table) in tables)
        {
            file.Add(Encoding.ASCII.GetBytes(tag)).Long((int)Sum(table)).Long(at + body.Count).Long(table.Length);
            body.Add(table).Pad();
        }
        var whole = file.Add(body.ToArray()).ToArray();
        // The whole file must sum up to this number (OpenType, table head).
        var head = BinaryPrimitives.ReadInt32BigEndian(whole.AsSpan(12 + (16 * tables.Keys.ToList().IndexOf("head")) + 8));
        BinaryPrimitives.WriteUInt32BigEndian(whole.AsSpan(head + 8), 0xB1B0AFBA - Sum(whole));
        return whole;
    }

    private static uint Sum(ReadOnlySpan<byte> bytes)
    {
        var sum = 0u;
        for (var i = 0; i < bytes.Length; i++)
            sum += (uint)bytes[i] << (24 - (8 * (i % 4)));
        return sum;
    }

    /// <summary>Numbers in the order that font files have them: highest byte first.</summary>
    private sealed class Bytes
    {
        private readonly List<byte> _bytes = [];

        public int Count => _bytes.Count;

        public Bytes Add(ReadOnlySpan<byte> bytes)
        {
            _bytes.AddRange(bytes);
            return this;
        }

        public Bytes Word(int word) => Add([(byte)(word >> 8), (byte)word]);

        public Bytes Long(int value) => Word(value >> 16).Word(value);

        public Bytes Pad()
        {
            while (_bytes.Count % 4 != 0)
                _bytes.Add(0);
            return this;
        }

        public byte[] ToArray() => [.. _bytes];
    }
}
