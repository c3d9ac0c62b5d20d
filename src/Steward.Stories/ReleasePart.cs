using Steward.Drawing;
using Steward.Models;

namespace Steward.Stories;

/// <summary>The published story of a version, to be handed over with it: on paper and as slides that need no network.</summary>
internal sealed class ReleasePart(IStories stories, StoryReader reader) : IBundlePart
{
    public async Task<IReadOnlyList<BundleFile>> Of(ModelVersion version, BundleWish wish, CancellationToken stop)
    {
        if (await stories.Find(version.Project, "release", version.Name, null, stop) is not { IsPublished: true } edition)
            return [];
        var (plain, whole) = (reader.Tell(edition, Catalogue.English, Level.Child), reader.Tell(edition, Catalogue.English, Level.Executive));
        return
        [
            BundleFile.Of("story/comic.pdf", SkiaPress.Pdf([ComicPress.Draw(plain.Comic, Forms.OnPaper(plain.Level), Palette.OnPaper)], plain.Text)),
            BundleFile.Of("story/sheet.pdf", SkiaPress.Pdf([ComicPress.Draw(whole.Comic, Forms.OnPaper(whole.Level), Palette.OnPaper)], whole.Text)),
            BundleFile.Of("story/deck.html", System.Text.Encoding.UTF8.GetBytes(Deck.Html(plain))),
        ];
    }
}
