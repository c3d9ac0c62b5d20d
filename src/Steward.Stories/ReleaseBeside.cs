using Steward.Models;

namespace Steward.Stories;

/// <summary>Lays the story of a release beside its evidence.</summary>
internal sealed class ReleaseBeside(IStories stories, StoryReader reader, ReleaseFacts facts) : IBeside
{
    public async Task<Beside?> Of(string project, string model, int version, CancellationToken stop)
    {
        if (await stories.Find(project, "release", $"{model}@{version}", null, stop) is not { IsPublished: true } edition)
            return null;
        var story = reader.Tell(edition, Catalogue.English, Level.Child);
        var at = $"projects/{project}/stories/release/{Uri.EscapeDataString(edition.Subject)}";
        var now = (await facts.Gather(project, edition.Subject, stop)) with { IsGrave = edition.Book.IsGrave };
        return new(story.Title, $"/{at}", $"/api/{at}/social.png?edition={edition.Number}", StoryReader.Spoken(story).SecondsAloud, now.Asked.Hash != edition.Book.Asked.Hash);
    }
}
