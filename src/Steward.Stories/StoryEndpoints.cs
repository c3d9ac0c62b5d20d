using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Net.Http.Headers;
using Steward.Drawing;
using Steward.Identity;

namespace Steward.Stories;

internal static class StoryEndpoints
{
    /// <summary>Twice the size of the page: sharp on a screen, and still a file to send.</summary>
    internal const double PngScale = 2;

    public static void MapStories(this IEndpointRouteBuilder routes)
    {
        var stories = routes.MapGroup("/api/projects/{project}/stories").WithTags("Stories");
        stories.MapGet("/", async (string project, int? limit, IStories all, CancellationToken stop) => (await all.All(project, limit ?? 100, stop)).Select(EditionView.Of)).Needs(Permission.Read);
        stories.MapPost("/", async (string project, MakeStory body, IStories all, Who who, CancellationToken stop) => EditionView.Of(await all.Make(who, project, body.Kind ?? "", body.Subject, stop))).Needs(Permission.Edit);
        stories.MapGet("/examples/deployment", (string project) => Results.Text(DeploymentFacts.ExampleText(), "application/yaml")).Needs(Permission.Read);
        var one = stories.MapGroup("/{kind}/{subject}");
        one.MapGet("/", (string project, string kind, string subject, int? edition, string? language, string? level, StoryReader reader, CancellationToken stop) => reader.View(project, kind, subject, edition, language, level, stop)).Needs(Permission.Read);
        one.MapPost("/publish", async (string project, string kind, string subject, IStories all, Who who, CancellationToken stop) => EditionView.Of(await all.Publish(who, project, kind, subject, stop))).Needs(Permission.Edit);
        one.MapGet("/lint", (string project, string kind, string subject, int? edition, IStories all, StoryKinds kinds, CancellationToken stop) => Lint(project, kind, subject, edition, all, kinds, stop)).Needs(Permission.Read);
        one.MapGet("/comic.svg", Svg).Needs(Permission.Read);
        one.MapGet("/comic.png", Png).Needs(Permission.Read);
        one.MapGet("/comic.pdf", Pdf).Needs(Permission.Read);
        one.MapGet("/deck.html", DeckFile).Needs(Permission.Read);
        one.MapGet("/deck.pdf", DeckPdf).Needs(Permission.Read);
        one.MapGet("/social.png", Social).Needs(Permission.Read);
    }

    private static async Task<List<Finding>> Lint(string project, string kind, string subject, int? edition, IStories all, StoryKinds kinds, CancellationToken stop)
        => StoryLint.Of(kinds.Of(kind), (await all.Get(project, kind, subject, edition, stop)).Book);

    private static async Task<IResult> Svg(string project, string kind, string subject, int? edition, string? language, string? level, string? form, string? palette, StoryReader reader, HttpContext http, CancellationToken stop)
    {
        var story = await reader.Tell(project, kind, subject, edition, language, level, stop);
        http.Response.Headers.ContentSecurityPolicy = SvgWriter.ContentPolicy;
        return Drawn(http, story, $"{form}:{palette}", "image/svg+xml", () => System.Text.Encoding.UTF8.GetBytes(SvgWriter.Write(ComicPress.Draw(story.Comic, Forms.Read(form), Forms.Colours(palette)), embedFonts: true)));
    }

    private static async Task<IResult> Png(string project, string kind, string subject, int? edition, string? language, string? level, string? form, string? palette, StoryReader reader, HttpContext http, CancellationToken stop)
    {
        var story = await reader.Tell(project, kind, subject, edition, language, level, stop);
        return Drawn(http, story, $"{form}:{palette}", "image/png", () => SkiaPress.Png(ComicPress.Draw(story.Comic, Forms.Read(form), Forms.Colours(palette)), PngScale));
    }

    private static async Task<IResult> Pdf(string project, string kind, string subject, int? edition, string? language, string? level, StoryReader reader, HttpContext http, CancellationToken stop)
    {
        var story = await reader.Tell(project, kind, subject, edition, language, level, stop);
        return Drawn(http, story, "pdf", "application/pdf", () => SkiaPress.Pdf([ComicPress.Draw(story.Comic, Forms.OnPaper(story.Level), Palette.OnPaper)], story.Text));
    }

    private static async Task<IResult> DeckFile(string project, string kind, string subject, int? edition, string? language, string? level, StoryReader reader, HttpContext http, CancellationToken stop)
    {
        var story = await reader.Tell(project, kind, subject, edition, language, level, stop);
        http.Response.Headers.ContentSecurityPolicy = Deck.ContentPolicy;
        return Drawn(http, story, "deck", "text/html; charset=utf-8", () => System.Text.Encoding.UTF8.GetBytes(Deck.Html(story)));
    }

    private static async Task<IResult> DeckPdf(string project, string kind, string subject, int? edition, string? language, string? level, StoryReader reader, HttpContext http, CancellationToken stop)
    {
        var story = await reader.Tell(project, kind, subject, edition, language, level, stop);
        return Drawn(http, story, "slides", "application/pdf", () => SkiaPress.Pdf(Deck.Slides(story)));
    }

    /// <summary>The panel where the story turns, at the size that links are shown with elsewhere.</summary>
    private static async Task<IResult> Social(string project, string kind, string subject, int? edition, string? language, string? level, StoryReader reader, HttpContext http, CancellationToken stop)
    {
        var story = await reader.Tell(project, kind, subject, edition, language, level, stop);
        return Drawn(http, story, "social", "image/png", () => SkiaPress.Png(ComicPress.DrawPanel(story.Comic, Math.Min(2, story.Panels.Count - 1), 1200, 630, Palette.Day), 1));
    }

    /// <summary>A drawing never changes: its tag is what it shows.</summary>
    internal static IResult Drawn(HttpContext http, Story story, string form, string type, Func<byte[]> draw)
    {
        var tag = new EntityTagHeaderValue($"\"{FactHash.Of([story.Hash.Hex, form, type]).Hex[..24]}\"");
        http.Response.Headers.CacheControl = "private, no-cache";
        if (http.Request.GetTypedHeaders().IfNoneMatch.Any(seen => seen.Compare(tag, useStrongComparison: false)))
            return Results.StatusCode(StatusCodes.Status304NotModified);
        var drawn = type is "image/png" ? http.RequestServices.GetRequiredService<DrawnPictures>().Get(tag.Tag.Value!, draw) : draw();
        return Results.Bytes(drawn, type, entityTag: tag);
    }

    internal sealed record MakeStory(string? Kind, string? Subject);
}

/// <summary>A line of the list of stories.</summary>
public sealed record EditionView(string Project, string Kind, string Subject, int Edition, int? Episode, bool Example, string Facts, string MadeBy, DateTimeOffset MadeAt, DateTimeOffset? PublishedAt, IReadOnlyList<Finding> Findings)
{
    internal static EditionView Of(Edition one) => new(one.Project, one.Kind, one.Subject, one.Number, one.Episode, one.Book.IsExample, one.Book.Hash.Hex, one.MadeBy, one.MadeAt, one.PublishedAt, one.Findings);
}

internal static class Forms
{
    public static PageForm Read(string? form) => form?.ToLowerInvariant() switch
    {
        null or "" or "page" => PageForm.Page,
        "phone" => PageForm.Phone,
        "slide" => PageForm.Slide,
        "print" => PageForm.Print,
        "sheet" => PageForm.Sheet,
        _ => throw ProblemException.Invalid("form_invalid", $"'{Names.Shorten(form)}' is no form of a page.", "Choose page, phone, slide, print or sheet."),
    };

    /// <summary>Who decides gets all of it on one sheet.</summary>
    public static PageForm OnPaper(Level level) => level is Level.Executive ? PageForm.Sheet : PageForm.Print;

    public static Palette Colours(string? palette) => palette?.ToLowerInvariant() switch
    {
        null or "" or "day" => Palette.Day,
        "evening" => Palette.Evening,
        _ => throw ProblemException.Invalid("palette_invalid", $"'{Names.Shorten(palette)}' is no palette.", "Choose day or evening."),
    };
}
