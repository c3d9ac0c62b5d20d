using Steward.Audit;
using Steward.Events;
using Steward.Identity;
using Steward.Projects;
using Steward.Storage;

namespace Steward.Stories;

/// <summary>What people and the rest of the platform do with stories.</summary>
public interface IStories
{
    /// <summary>
    /// Reads the records and makes the story; the same facts give the edition that is there. Refused with
    /// <c>story_refused</c> and the list of missing facts when it cannot be told honestly.
    /// </summary>
    /// <param name="subject">What it is about; null for the newest of its kind.</param>
    Task<Edition> Make(Who who, string project, string kind, string? subject, CancellationToken stop = default);

    /// <summary>The newest edition, or a certain one; <c>story_not_found</c>.</summary>
    Task<Edition> Get(string project, string kind, string subject, int? edition = null, CancellationToken stop = default);

    Task<Edition?> Find(string project, string kind, string subject, int? edition = null, CancellationToken stop = default);

    /// <summary>The newest edition of each story, newest first.</summary>
    Task<List<Edition>> All(string project, int most = 100, CancellationToken stop = default);

    /// <summary>The episodes of the project's series, first to newest.</summary>
    Task<List<Edition>> Series(string project, CancellationToken stop = default);

    /// <summary>Shows an edition to everybody: by the story's owner when the project names one, else by who may edit. <c>story_findings</c> when its checks found something.</summary>
    Task<Edition> Publish(Who who, string project, string kind, string subject, CancellationToken stop = default);
}

internal sealed class Stories(Db db, StoryStore store, StoryKinds kinds, IProjects projects, IAudit audit, IEvents events, TimeProvider clock) : IStories
{
    /// <summary>Who owns the stories of a project, by the key <c>story</c> of its section <c>owners</c>.</summary>
    internal const string Owner = "story";

    public async Task<Edition> Make(Who who, string project, string kind, string? subject, CancellationToken stop)
    {
        who.Demand(Permission.Edit, project);
        var told = kinds.Of(kind);
        var settings = await projects.Get(project, stop);
        var owner = OwnerOf(settings);
        var book = (await told.Gather(project, subject, stop)) with { IsGrave = settings.File.Get<StorySection>("story").Tone is StoryTone.Grave };
        if (await store.Find(project, kind, book.Subject, null, stop) is { } there && there.Book.Hash == book.Hash && there.Findings.Count == 0)
            return there;
        var findings = Checked(told, book);
        return await db.Write(async tx =>
        {
            await StoryStore.Turn(tx, project);
            var before = await StoryStore.Hold(tx, project, kind, book.Subject);
            var (at, published) = (clock.GetUtcNow(), findings.Count == 0 && owner is null);
            if (before?.Book.Hash == book.Hash)
                return before.Findings.Count == 0 ? before : await Again(tx, who, before with { Findings = findings, PublishedBy = published ? who.Name : null, PublishedAt = published ? at : null });
            var episode = before?.Episode ?? (told.IsEpisode && !book.IsExample ? await StoryStore.NextEpisode(tx, project) : null as int?);
            var made = new Edition(project, kind, book.Subject, (before?.Number ?? 0) + 1, episode, book, who.Name, at, findings, published ? who.Name : null, published ? at : null);
            await StoryStore.Add(tx, made);
            await audit.Write(tx, who, "story.made", project, made.Name, new { edition = made.Number, facts = book.Hash.Hex, findings = findings.Count });
            await events.Publish(tx, new StoryMade(project, kind, made.Subject, made.Number, episode, published));
            return made;
        }, stop);
    }

    public async Task<Edition> Get(string project, string kind, string subject, int? edition, CancellationToken stop)
        => await store.Find(project, kinds.Of(kind).Name, subject, edition, stop) ?? throw ProblemException.NotFound("story", $"{kind}/{Names.Shorten(subject)}", $"steward story make {kind} {Names.Shorten(subject)}");

    public Task<Edition?> Find(string project, string kind, string subject, int? edition, CancellationToken stop) => store.Find(project, kind, subject, edition, stop);

    public Task<List<Edition>> All(string project, int most, CancellationToken stop) => store.All(project, Math.Clamp(most, 1, 1000), stop);

    public Task<List<Edition>> Series(string project, CancellationToken stop) => store.Series(project, stop);

    public async Task<Edition> Publish(Who who, string project, string kind, string subject, CancellationToken stop)
    {
        who.Demand(Permission.Edit, project);
        if (OwnerOf(await projects.Get(project, stop)) is { } owner && owner != who.Id)
            throw ProblemException.Denied($"The stories of '{project}' are {Names.Shorten(owner)}'s to publish.", "The key owners: {story: …} of the project file says who.");
        return await db.Write(async tx =>
        {
            var held = await StoryStore.Hold(tx, project, kind, subject) ?? throw ProblemException.NotFound("story", $"{kind}/{Names.Shorten(subject)}", $"steward story make {kind} {Names.Shorten(subject)}");
            if (held.Findings.Count > 0)
                throw ProblemException.Conflict("story_findings", $"{held.Name} is not published: {held.Findings[0].What} {(held.Findings.Count > 1 ? $"And {held.Findings.Count - 1} more." : "")}", $"steward story lint {kind} {subject}");
            if (held.IsPublished)
                return held;
            var at = clock.GetUtcNow();
            await StoryStore.Publish(tx, held, who.Name, at);
            await audit.Write(tx, who, "story.published", project, held.Name, new { edition = held.Number, facts = held.Book.Hash.Hex });
            await events.Publish(tx, new StoryMade(project, kind, subject, held.Number, held.Episode, true));
            return held with { PublishedBy = who.Name, PublishedAt = at };
        }, stop);
    }

    /// <summary>The same facts, checked again: what was found once may be mended in the tellings since.</summary>
    private async Task<Edition> Again(Tx tx, Who who, Edition one)
    {
        await StoryStore.Checked(tx, one);
        await audit.Write(tx, who, "story.checked", one.Project, one.Name, new { edition = one.Number, findings = one.Findings.Count });
        if (one.IsPublished)
            await events.Publish(tx, new StoryMade(one.Project, one.Kind, one.Subject, one.Number, one.Episode, true));
        return one;
    }

    private static List<Finding> Checked(IStoryKind kind, FactBook book)
    {
        try
        {
            return StoryLint.Of(kind, book);
        }
        catch (RefusedException refused)
        {
            throw ProblemException.Conflict("story_refused", refused.Message, refused.Missing.Count > 0 ? "Do what is missing first; then make the story again." : "The figures must be told another way.");
        }
    }

    internal static string? OwnerOf(Project project)
        => project.File.Sections.TryGetValue("owners", out var owners) && owners is IReadOnlyDictionary<string, string> named && named.TryGetValue(Owner, out var person) ? person : null;
}

/// <param name="Published">Whether people may see it now.</param>
public sealed record StoryMade(string Project, string Kind, string Subject, int Edition, int? Episode, bool Published) : IEvent
{
    public static string Name => "stories.story_made";
}
