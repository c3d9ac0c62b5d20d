using System.Numerics;

namespace Steward.Packaging;

/// <summary>A set of the candidates of one package. Place 0 stands for "not installed".</summary>
internal readonly struct Bits : IEquatable<Bits>
{
    private readonly ulong[] _words;

    private Bits(ulong[] words, int size) => (_words, Size) = (words, size);

    public int Size { get; }

    public static Bits None(int size) => new(new ulong[(size + 63) / 64], size);

    public static Bits All(int size) => None(size).Not();

    public static Bits Of(int size, params IEnumerable<int> places)
    {
        var bits = None(size);
        foreach (var place in places)
            bits._words[place / 64] |= 1UL << (place % 64);
        return bits;
    }

    public bool this[int place] => (_words[place / 64] >> (place % 64) & 1) != 0;

    public bool IsEmpty => !_words.AsSpan().ContainsAnyExcept(0UL);

    public bool IsAll => Count == Size;

    public int Count
    {
        get
        {
            var count = 0;
            foreach (var word in _words)
                count += BitOperations.PopCount(word);
            return count;
        }
    }

    public Bits And(Bits other)
    {
        var words = new ulong[_words.Length];
        for (var i = 0; i < words.Length; i++)
            words[i] = _words[i] & other._words[i];
        return new(words, Size);
    }

    public Bits Or(Bits other)
    {
        var words = new ulong[_words.Length];
        for (var i = 0; i < words.Length; i++)
            words[i] = _words[i] | other._words[i];
        return new(words, Size);
    }

    public Bits Not()
    {
        var words = new ulong[_words.Length];
        for (var i = 0; i < words.Length; i++)
            words[i] = ~_words[i];
        if (Size % 64 != 0)
            words[^1] &= (1UL << (Size % 64)) - 1;
        return new(words, Size);
    }

    public bool Overlaps(Bits other)
    {
        for (var i = 0; i < _words.Length; i++)
            if ((_words[i] & other._words[i]) != 0)
                return true;
        return false;
    }

    public bool IsWithin(Bits other)
    {
        for (var i = 0; i < _words.Length; i++)
            if ((_words[i] & ~other._words[i]) != 0)
                return false;
        return true;
    }

    public IEnumerable<int> Places()
    {
        for (var i = 0; i < Size; i++)
            if (this[i])
                yield return i;
    }

    public bool Equals(Bits other) => Size == other.Size && _words.AsSpan().SequenceEqual(other._words);

    public override bool Equals(object? obj) => obj is Bits other && Equals(other);

    public override int GetHashCode() => _words.Aggregate(Size, (hash, word) => HashCode.Combine(hash, word));
}
