using System.Diagnostics;
using System.Net;
using System.Net.Mime;
using Microsoft.AspNetCore.Http;

namespace Steward.Web;

/// <summary>Writes a refusal in the form the caller reads: a page, the Open Inference form, or problem+json.</summary>
internal static class Replies
{
    public static string TraceId(HttpContext context) => Activity.Current?.TraceId.ToHexString() ?? context.TraceIdentifier;

    public static Task Write(HttpContext context, Refusal refusal)
    {
        context.Response.StatusCode = refusal.Status;
        if (refusal.Status == 429)
            context.Response.Headers.RetryAfter = "900";
        if (context.Request.Path.StartsWithSegments("/v2", StringComparison.Ordinal))
            return Json(context, new { error = refusal.Bug ? $"{refusal.Why} ({TraceId(context)})" : refusal.Why }, MediaTypeNames.Application.Json);
        if (!WantsPage(context.Request))
            return Json(context, new ProblemBody("about:blank", Title(refusal.Status), refusal.Status, refusal.Code, refusal.Why, refusal.Try, TraceId(context)), MediaTypeNames.Application.ProblemJson);
        return refusal.Status == 401 ? ToSignIn(context) : Page(context, refusal);
    }

    /// <summary>A browser that opens a page, not a script that takes anything.</summary>
    public static bool WantsPage(HttpRequest request)
    {
        var accepted = request.GetTypedHeaders().Accept;
        var html = accepted.FirstOrDefault(type => type.MediaType == MediaTypeNames.Text.Html);
        return html is not null && !request.Path.StartsWithSegments("/api") && accepted.All(type => type.MediaType != MediaTypeNames.Application.Json || (type.Quality ?? 1) <= (html.Quality ?? 1));
    }

    private static Task ToSignIn(HttpContext context)
    {
        var request = context.Request;
        var back = HttpMethods.IsGet(request.Method) ? request.Path + request.QueryString : "/";
        context.Response.Redirect("/sign-in?to=" + Uri.EscapeDataString(back));
        return Task.CompletedTask;
    }

    private static Task Json<T>(HttpContext context, T body, string type)
        => context.Response.WriteAsJsonAsync(body, Steward.Json.Options, type, context.RequestAborted);

    private static Task Page(HttpContext context, Refusal refusal)
    {
        context.Response.ContentType = "text/html; charset=utf-8";
        var tryThis = refusal.Try is null ? "" : $"<p>{WebUtility.HtmlEncode(refusal.Try)}</p>";
        return context.Response.WriteAsync($"""
            <!doctype html>
            <html lang="en">
            <head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>{Title(refusal.Status)} · Steward</title><link rel="stylesheet" href="/steward.css"><link rel="icon" href="data:,"></head>
            <body><main class="alone"><a class="brand" href="/"><img src="/pom.svg" width="26" height="26" alt="">Steward</a><article class="card"><h1>{Title(refusal.Status)}</h1><p>{WebUtility.HtmlEncode(refusal.Why)}</p>{tryThis}<p><small>{refusal.Status} · {WebUtility.HtmlEncode(TraceId(context))}</small></p><p><a class="btn" href="/">Home</a></p></article></main></body>
            </html>
            """, context.RequestAborted);
    }

    private static string Title(int status) => status switch
    {
        400 => "This does not fit",
        401 => "Sign in first",
        403 => "Not allowed",
        404 => "Nothing here",
        405 => "Not possible here",
        409 => "Not as it stands",
        413 => "Too large",
        415 => "Another kind of body is needed",
        422 => "Not yet",
        429 => "Too often",
        500 => "Our mistake",
        507 => "The disk is full",
        _ => "Not now",
    };
}
