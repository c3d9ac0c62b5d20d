namespace Steward.Stories;

/// <summary>
/// Pictures that were drawn lately, by their tags: a tag is the digest of all that a picture shows, so one that is kept is
/// never old. A list of stories asks for the same few again and again, and one takes up to a second of a core. Bounded by bytes; the
/// one that was not wanted for longest goes first.
/// </summary>
/// <param name="most">Bytes that are kept.</param>
internal sealed class DrawnPictures(long most)
{
    private const long Usual = 32 << 20;

    private readonly Lock _one = new();
    private readonly Dictionary<string, LinkedListNode<(string Tag, byte[] Bytes)>> _kept = new(StringComparer.Ordinal);
    private readonly LinkedList<(string Tag, byte[] Bytes)> _byUse = [];
    private long _bytes;

    public DrawnPictures() : this(Usual)
    {
    }

    public long Bytes
    {
        get
        {
            lock (_one)
                return _bytes;
        }
    }

    public byte[] Get(string tag, Func<byte[]> draw)
    {
        lock (_one)
            if (_kept.TryGetValue(tag, out var there))
            {
                _byUse.Remove(there);
                _byUse.AddFirst(there);
                return there.Value.Bytes;
            }

        // Drawn outside the lock: two who ask at once may draw it twice, and nobody waits for another picture.
        var drawn = draw();
        lock (_one)
            if (drawn.Length <= most && !_kept.ContainsKey(tag))
            {
                _kept[tag] = _byUse.AddFirst((tag, drawn));
                _bytes += drawn.Length;
                while (_bytes > most)
                {
                    var last = _byUse.Last!;
                    _byUse.RemoveLast();
                    _kept.Remove(last.Value.Tag);
                    _bytes -= last.Value.Bytes.Length;
                }
            }

        return drawn;
    }
}
