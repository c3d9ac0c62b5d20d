using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Steward.Drawing;
using Steward.Identity;

namespace Steward.Stories;

internal static class ExplainEndpoints
{
    public static void MapExplanations(this IEndpointRouteBuilder routes)
    {
        var all = routes.MapGroup("/api/projects/{project}/explain").WithTags("Stories");
        all.MapGet("/", (string project, string? language, Explaining explaining, CancellationToken stop) => explaining.List(project, language, stop)).Needs(Permission.Read);
        var one = all.MapGroup("/{topic}");
        one.MapGet("/", async (string project, string topic, string? language, Explaining explaining, CancellationToken stop) => ExplanationView.Of(await explaining.Tell(project, topic, language, stop))).Needs(Permission.Read);
        one.MapGet("/comic.svg", Svg).Needs(Permission.Read);
        one.MapGet("/comic.png", Png).Needs(Permission.Read);
        one.MapGet("/comic.pdf", Pdf).Needs(Permission.Read);
        var task = one.MapGroup("/tasks/{seed:int}");
        task.MapGet("/", async (string project, string topic, int seed, string? language, Explaining explaining, CancellationToken stop) => TaskView.Of(await explaining.Task(project, topic, language, seed, stop))).Needs(Permission.Read);
        task.MapGet("/outcome", Outcome).Needs(Permission.Read);
        task.MapGet("/{picture}.svg", Picture).Needs(Permission.Read);
    }

    private static async Task<IResult> Svg(string project, string topic, string? language, string? form, string? palette, int? panel, Explaining explaining, HttpContext http, CancellationToken stop)
    {
        var story = await explaining.Tell(project, topic, language, stop);
        http.Response.Headers.ContentSecurityPolicy = SvgWriter.ContentPolicy;
        return StoryEndpoints.Drawn(http, story, $"{form}:{palette}:{panel}", "image/svg+xml", () => Encoding.UTF8.GetBytes(SvgWriter.Write(Comic(story, form, palette, panel), embedFonts: true)));
    }

    private static async Task<IResult> Png(string project, string topic, string? language, string? form, string? palette, int? panel, Explaining explaining, HttpContext http, CancellationToken stop)
    {
        var story = await explaining.Tell(project, topic, language, stop);
        return StoryEndpoints.Drawn(http, story, $"{form}:{palette}:{panel}", "image/png", () => SkiaPress.Png(Comic(story, form, palette, panel), StoryEndpoints.PngScale));
    }

    private static async Task<IResult> Pdf(string project, string topic, string? language, Explaining explaining, HttpContext http, CancellationToken stop)
    {
        var story = await explaining.Tell(project, topic, language, stop);
        return StoryEndpoints.Drawn(http, story, "pdf", "application/pdf", () => SkiaPress.Pdf([ComicPress.Draw(story.Comic, PageForm.Print, Palette.Day)], story.Text));
    }

    /// <summary>The whole page, or one panel of it: the one that answers a task.</summary>
    private static DrawnComic Comic(Story story, string? form, string? palette, int? panel)
    {
        const double panelWidth = 620, panelHeight = 440;
        return panel is null
            ? ComicPress.Draw(story.Comic, Forms.Read(form), Forms.Colours(palette))
            : panel >= 1 && panel <= story.Panels.Count
                ? ComicPress.DrawPanel(story.Comic, panel.Value - 1, panelWidth, panelHeight, Forms.Colours(palette))
                : throw ProblemException.NotFound("panel", $"{panel}", $"It has {story.Panels.Count} of them.");
    }

    private static async Task<OutcomeView> Outcome(string project, string topic, int seed, int? choice, int[]? heap, Explaining explaining, CancellationToken stop)
    {
        var answer = Answer.Of(choice, heap);
        if (!answer.IsGiven)
            throw ProblemException.Invalid("answer_missing", "Nothing was chosen.", "Send choice=0, or heap= once for each thing.");
        return await explaining.Judge(project, await explaining.Task(project, topic, null, seed, stop), answer, await explaining.Tell(project, topic, null, stop), stop);
    }

    private static async Task<IResult> Picture(string project, string topic, int seed, string picture, string? language, string? palette, Explaining explaining, HttpContext http, CancellationToken stop)
    {
        var choice = (await explaining.Task(project, topic, language, seed, stop)).Find(picture);
        http.Response.Headers.ContentSecurityPolicy = SvgWriter.ContentPolicy;
        http.Response.Headers.CacheControl = "private, no-cache";
        return Results.Text(Card.Svg(choice, Forms.Colours(palette)), "image/svg+xml", Encoding.UTF8);
    }
}
