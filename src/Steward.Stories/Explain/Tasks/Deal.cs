
namespace Steward.Stories;

/// <summary>Chance and words for one task. Equal seeds deal equally on every machine.</summary>
internal sealed class Deal(Topic topic, FactBook book, Catalogue language, int seed)
{
    private readonly Random _random = new(Mixed(seed, topic.Key));

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

    /// <summary>Neighbouring seeds are strangers to each other: a Random of 1 and one of 2 begin alike.</summary>
    private static int Mixed(int seed, string key)
    {
        var mixed = key.Aggregate(2166136261u, (hash, letter) => (hash ^ letter) * 16777619) ^ ((uint)seed * 2654435769u);
        mixed = (mixed ^ (mixed >> 16)) * 2246822507u;
        mixed = (mixed ^ (mixed >> 13)) * 3266489909u;
        return (int)(mixed ^ (mixed >> 16));
    }

    public T[] Shuffled<T>(IEnumerable<T> all)
    {
        var dealt = all.ToArray();
        _random.Shuffle(dealt);
        return dealt;
    }

    public ShowMe Task(string ask, string beat, params Choice[] choices) => new(topic.Key, seed, ask, Shuffled(choices), beat);
}
