namespace Steward.Stories.Tests;

/// <summary>Everything that is explained, with example figures or with others in their place.</summary>
internal static class Explained
{
    public static readonly Topics Topics = new(new OwnFigures(null!, null!, null!, null!, null!, null!, null!));

    public static TheoryData<string, string> All => [.. from topic in Topics.All from language in Catalogue.All select (topic.Key, language.Code)];

    public static TheoryData<string> Keys => [.. Topics.All.Select(topic => topic.Key)];

    public static Story Tell(string topic, string language = "en", Action<Recorder>? change = null)
        => Storyteller.Tell(Topics.Of(topic), Book(topic, change), Catalogue.Of(language), Level.Child);

    public static FactBook Book(string topic, Action<Recorder>? change = null)
    {
        var all = Examples.Of("fruit", topic);
        change?.Invoke(all);
        return all.Close();
    }

    public static ShowMe Task(string topic, int seed, string language = "en") => ShowMeTasks.For(Topics.Of(topic), Book(topic), Catalogue.Of(language), seed);
}
