
namespace Steward.Stories;

/// <summary>Chance and words for one task. Equal seeds deal equally on every machine.</summary>
internal sealed class Deal(Topic topic, FactBook book, Catalogue language, int seed)
{
    private readonly Random _random = new((seed * 7919) + topic.Key.Length);

    public FactBook Book => book;

    public int Seed => seed;

    /// <summary>One of so many variants; neighbours differ.</summary>
    public int Variant(int of) => (int)((uint)seed % of);

    public int Between(int least, int most) => _random.Next(least, most + 1);

    public double Wobble(double by) => ((_random.NextDouble() * 2) - 1) * by;

    /// <summary>A text of the task, its places filled.</summary>
    public string Say(string key, params ReadOnlySpan<(string Place, string Words)> filled)
    {
        var text = language.Text($"tasks.{topic.Key}.{key}");
        foreach (var (place, words) in filled)
            text = text.Replace($"{{{place}}}", words, StringComparison.Ordinal);
        return text;
    }

    public string Number(int number) => number.ToString(language.Culture);

    public T[] Shuffled<T>(IEnumerable<T> all)
    {
        var dealt = all.ToArray();
        _random.Shuffle(dealt);
        return dealt;
    }

    public ShowMe Task(string ask, string beat, params Choice[] choices) => new(topic.Key, seed, ask, Shuffled(choices), beat);
}
