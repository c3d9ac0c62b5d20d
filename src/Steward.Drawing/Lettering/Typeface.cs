using System.Buffers.Binary;
using System.Text;

namespace Steward.Drawing;

/// <summary>A font file of our own, read for layout: which letters it has (cmap formats 4 and 12) and how wide they are (hmtx).
/// Letters are not shaped or kerned, and the drawings say so, so that what is measured here is what is drawn anywhere.</summary>
public sealed class Typeface
{
    private readonly byte[] _file;
    private readonly Dictionary<string, (int At, int Length)> _tables = [];
    private readonly Dictionary<int, int> _glyphs = [];
    private readonly int _advances;
    private readonly int _widths;
    private readonly int _unitsPerEm;

    internal Typeface(string family, Weight weight, byte[] file)
    {
        (Family, Weight, _file) = (family, weight, file);
        for (var entry = 12; entry < 12 + (16 * Word(4)); entry += 16)
            _tables[Encoding.ASCII.GetString(file, entry, 4)] = (Long(entry + 8), Long(entry + 12));
        _unitsPerEm = Word(Table("head") + 18);
        var hhea = Table("hhea");
        (Ascent, Descent) = (Signed(hhea + 4) / (double)_unitsPerEm, -Signed(hhea + 6) / (double)_unitsPerEm);
        (_advances, _widths) = (Word(hhea + 34), Table("hmtx"));
        ReadLetters();
    }

    public string Family { get; }

    public Weight Weight { get; }

    /// <summary>Above the baseline, as a part of the size.</summary>
    internal double Ascent { get; }

    /// <summary>Below the baseline, as a part of the size.</summary>
    internal double Descent { get; }

    internal ReadOnlyMemory<byte> File => _file;

    internal bool Has(Rune letter) => _glyphs.ContainsKey(letter.Value);

    /// <summary>0 is "not in this font".</summary>
    internal int Glyph(Rune letter) => _glyphs.GetValueOrDefault(letter.Value);

    /// <summary>Pixels: the sum of the advances.</summary>
    public double Measure(string words, double size)
    {
        var units = 0L;
        foreach (var letter in words.EnumerateRunes())
            units += Word(_widths + (4 * Math.Min(Glyph(letter), _advances - 1)));
        return units * size / _unitsPerEm;
    }

    internal int Table(string tag) => _tables[tag].At;

    internal int LengthOf(string tag) => _tables[tag].Length;

    internal int Word(int at) => BinaryPrimitives.ReadUInt16BigEndian(_file.AsSpan(at));

    internal int Signed(int at) => BinaryPrimitives.ReadInt16BigEndian(_file.AsSpan(at));

    internal int Long(int at) => BinaryPrimitives.ReadInt32BigEndian(_file.AsSpan(at));

    private void ReadLetters()
    {
        var cmap = Table("cmap");
        var maps = Enumerable.Range(0, Word(cmap + 2)).Select(i => cmap + Long(cmap + 8 + (8 * i))).ToList();
        if (maps.FirstOrDefault(map => Word(map) == 12) is var wide and > 0)
            ReadWide(wide);
        else
            ReadNarrow(maps.First(map => Word(map) == 4));
    }

    private void ReadWide(int map)
    {
        for (var group = map + 16; group < map + 16 + (12 * Long(map + 12)); group += 12)
            for (int first = Long(group), letter = first; letter <= Long(group + 4); letter++)
                Keep(letter, Long(group + 8) + letter - first);
    }

    private void ReadNarrow(int map)
    {
        var twice = Word(map + 6);
        var (ends, starts) = (map + 14, map + 16 + twice);
        for (var segment = 0; segment < twice; segment += 2)
        {
            var (delta, offset) = (Word(starts + twice + segment), starts + (2 * twice) + segment);
            for (int first = Word(starts + segment), letter = first; letter <= Word(ends + segment) && letter < 0xFFFF; letter++)
            {
                var glyph = Word(offset) == 0 ? letter : Word(offset + Word(offset) + (2 * (letter - first)));
                Keep(letter, glyph == 0 ? 0 : (glyph + delta) & 0xFFFF);
            }
        }
    }

    private void Keep(int letter, int glyph)
    {
        if (glyph > 0)
            _glyphs[letter] = glyph;
    }
}
