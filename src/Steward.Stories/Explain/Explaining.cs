namespace Steward.Stories;

/// <summary>Tells explanations from the records as they are now, and judges the tasks at their ends.</summary>
internal sealed class Explaining(Topics topics, RealPictures pictures)
{
    public IReadOnlyList<Topic> All => topics.All;

    public async Task<Story> Tell(string project, string? topic, string? language, CancellationToken stop)
    {
        var told = topics.Of(topic);
        return Storyteller.Tell(told, await told.Gather(project, null, stop), Catalogue.Of(language), Level.Child);
    }

    public async Task<IReadOnlyList<TopicView>> List(string project, string? language, CancellationToken stop)
    {
        var list = new List<TopicView>();
        foreach (var topic in topics.All)
        {
            var story = await Tell(project, topic.Key, language, stop);
            list.Add(new(topic.Key, story.Title, story.Moral, topic.Aliases, Math.Round(StoryReader.Spoken(story).SecondsAloud, 1)));
        }

        return list;
    }

    /// <summary>The task of a seed. Where the project has a model that answers, the name of one of its own pictures is asked.</summary>
    public async Task<ShowMe> Task(string project, string? topic, string? language, int seed, CancellationToken stop)
    {
        var told = topics.Of(topic);
        var book = await told.Gather(project, null, stop);
        var real = told.Key == "supervised" ? await pictures.Find(project, seed, stop) : null;
        return ShowMeTasks.For(told, book, Catalogue.Of(language), seed, real);
    }

    /// <summary>Whether an answer is right, and which panel shows why; with a real picture, also what the model says.</summary>
    public async Task<OutcomeView> Judge(string project, ShowMe task, Answer answer, Story story, CancellationToken stop)
    {
        var right = task.IsSorting ? task.Accepts(answer.Heaps) : task.Accepts(answer.Choice ?? -1);
        var panel = story.Panels.FirstOrDefault(one => one.Beat == task.Beat)?.Number ?? 1;
        return new(task.Topic, task.Seed, right, panel, task.Real is { } real && await pictures.Ask(real, stop) is { } said ? new(real.Endpoint, $"{real.Model}@{real.Version}", real.Label, said.Label, said.Confidence) : null);
    }
}

/// <summary>What somebody chose, or into which heaps they sorted.</summary>
internal sealed record Answer(int? Choice, IReadOnlyList<int> Heaps)
{
    public static Answer Of(int? choice, int[]? heaps) => new(choice, heaps is null ? [] : [.. heaps.Take(100)]);

    public bool IsGiven => Choice is not null || Heaps.Count > 0;
}

/// <summary>A line of the list of explanations.</summary>
public sealed record TopicView(string Topic, string Title, string Moral, IReadOnlyList<string> Aliases, double Seconds);

/// <summary>An explanation as words, for programs: every panel, every number with its source.</summary>
/// <param name="Facts">Digest of the facts.</param>
/// <param name="Seconds">Read aloud at 140 words a minute.</param>
/// <param name="Own">How many of its figures are the project's own; the others are examples.</param>
public sealed record ExplanationView(
    string Project, string Topic, string Language, string Title, string Moral, string Limits, IReadOnlyList<StoryPanel> Panels, IReadOnlyList<Cite> Cites, IReadOnlyList<FactView> Sources,
    string Facts, string Hash, int Words, double Seconds, int Own)
{
    internal static ExplanationView Of(Story story)
    {
        var spoken = StoryReader.Spoken(story);
        var sources = story.Sources.Select(line => FactView.Of(line, story)).ToList();
        return new(
            story.Book.Project, story.Book.Subject, story.Catalogue.Code, story.Title, story.Moral, story.Limits, story.Panels, story.Cites, sources,
            story.Book.Hash.Hex, story.Hash.Hex, spoken.Words, Math.Round(spoken.SecondsAloud, 1), sources.Count(source => source.Source.Kind is not Source.Example));
    }
}

/// <summary>A task without its answer.</summary>
/// <param name="Choices">What each shows, in words; the pictures lie below the task's address by number.</param>
/// <param name="Heaps">Whether all of them are to be sorted; else one is to be chosen.</param>
/// <param name="Picture">Digest of the project's own picture that is asked about; null when it is drawn.</param>
public sealed record TaskView(string Topic, int Seed, string Ask, IReadOnlyList<string> Choices, bool Heaps, string? Picture)
{
    internal static TaskView Of(ShowMe task) => new(task.Topic, task.Seed, task.Ask, [.. task.Choices.Select(choice => choice.Name)], task.IsSorting, task.Real?.Picture.Hex);
}

/// <param name="Panel">The number of the panel that answers it.</param>
/// <param name="Model">What the project's own model says; null where no picture of its was asked about.</param>
public sealed record OutcomeView(string Topic, int Seed, bool Right, int Panel, ModelSays? Model);

/// <param name="Named">What people called the picture.</param>
/// <param name="Label">What the model calls it.</param>
public sealed record ModelSays(string Endpoint, string Version, string Named, string Label, double Confidence);
