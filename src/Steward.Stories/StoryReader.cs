using Steward.Drawing;

namespace Steward.Stories;

/// <summary>Tells stored editions: as words with their sources, and as drawings in every form.</summary>
internal sealed class StoryReader(IStories stories, StoryKinds kinds)
{
    public async Task<Story> Tell(string project, string kind, string subject, int? edition, string? language, string? level, CancellationToken stop)
        => Tell(await stories.Get(project, kind, subject, edition, stop), Catalogue.Of(language), Levels.Read(level));

    public Story Tell(Edition edition, Catalogue language, Level level) => Storyteller.Tell(kinds.Of(edition.Kind), edition.Book, language, level);

    /// <summary>How it reads; a language without grammar of its own is counted like English.</summary>
    internal static Reading Spoken(Story story) => Reading.Of(story.Text, Language.All.FirstOrDefault(one => one.Code == story.Catalogue.Code) ?? Language.English);

    public async Task<StoryView> View(string project, string kind, string subject, int? edition, string? language, string? level, CancellationToken stop)
    {
        var told = await stories.Get(project, kind, subject, edition, stop);
        return StoryView.Of(told, Tell(told, Catalogue.Of(language), Levels.Read(level)));
    }
}

/// <summary>A story as words, for programs: every panel, every number with its source.</summary>
/// <param name="Facts">Digest of the facts.</param>
/// <param name="Hash">Digest of facts and words: what a reader saw.</param>
/// <param name="Seconds">Read aloud at 140 words a minute.</param>
/// <param name="Sources">By their marks.</param>
public sealed record StoryView(
    string Project, string Kind, string Subject, int Edition, int? Episode, bool Example, string Language, string Level, string Title, string Moral, string Limits,
    IReadOnlyList<StoryPanel> Panels, IReadOnlyList<Cite> Cites, IReadOnlyList<FactView> Sources, string Facts, string Hash, int Words, double Seconds,
    string MadeBy, DateTimeOffset MadeAt, DateTimeOffset? PublishedAt, IReadOnlyList<Finding> Findings)
{
    internal static StoryView Of(Edition edition, Story story)
    {
        var spoken = StoryReader.Spoken(story);
        return new(
            edition.Project, edition.Kind, edition.Subject, edition.Number, edition.Episode, edition.Book.IsExample, story.Catalogue.Code, story.Level.Word(), story.Title, story.Moral, story.Limits,
            story.Panels, story.Cites, [.. story.Comic.Sources.Select(line => FactView.Of(line, story))], edition.Book.Hash.Hex, story.Hash.Hex, spoken.Words, Math.Round(spoken.SecondsAloud, 1),
            edition.MadeBy, edition.MadeAt, edition.PublishedAt, edition.Findings);
    }
}

/// <summary>One fact or series behind a story.</summary>
/// <param name="Said">What it is and its exact value, as the foot of the page says it.</param>
/// <param name="Value">Null for a series.</param>
public sealed record FactView(string Mark, string Said, string Id, double? Value, string Unit, long N, string Conditions, Source Source, DateTimeOffset? At, string Hash)
{
    internal static FactView Of(SourceLine line, Story story)
    {
        var id = story.Cites.First(cite => cite.Mark == line.Mark).Fact;
        return story.Book.Facts.TryGetValue(id, out var fact)
            ? new(line.Mark, line.Text, id, fact.Value, fact.Unit.ToString().ToLowerInvariant(), fact.N, fact.Conditions, fact.Source, fact.At, fact.Hash.Hex)
            : new(line.Mark, line.Text, id, null, story.Book.Series[id].Unit.ToString().ToLowerInvariant(), story.Book.Series[id].Y.Count, story.Book.Series[id].Conditions, story.Book.Series[id].Source, null, story.Book.Series[id].Hash.Hex);
    }
}
