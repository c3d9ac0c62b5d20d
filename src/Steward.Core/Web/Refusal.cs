using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace Steward.Web;

/// <summary>What an exception, or a bare status of the framework, means for the caller.</summary>
/// <param name="Bug">Ours to mend: the reply carries nothing but an id.</param>
internal sealed record Refusal(int Status, string Code, string Why, string? Try = null, bool Bug = false)
{
    private const int LinuxNoSpace = 28, WindowsDiskFull = 112, WindowsHandleDiskFull = 39;

    public static Refusal Of(Exception error) => error switch
    {
        ProblemException problem => new(problem.Kind.Status(), problem.Code, problem.Message, problem.Try),
        BadHttpRequestException bad => Binding(bad),
        _ when NoSpace(error) => new(507, "disk_full", "The disk is full: nothing of this request was kept, and nothing that was kept before is lost.", "Free some space (steward doctor shows what takes it), then try again."),
        _ => new(500, "bug", "Steward made a mistake here; what happened is in its log under this id.", "Tell whoever runs this server the id.", Bug: true),
    };

    public static Refusal Of(int status, HttpRequest request) => status switch
    {
        400 => new(400, "request_invalid", "This request cannot be read."),
        401 => new(401, "sign_in_first", "This needs somebody who signed in.", "Sign in: steward user login"),
        403 => new(403, "denied", "This is not allowed."),
        404 => new(404, "not_found", "There is nothing at this address.", "steward status shows what you can see."),
        405 => new(405, "method_not_allowed", $"{Names.Shorten(request.Method, 20)} is not possible at this address."),
        413 => TooLarge,
        415 => new(415, "content_type_refused", $"A body of type '{Names.Shorten(request.ContentType)}' is not read here.", "Send application/json, or the type that this address asks for."),
        431 => new(431, "headers_too_large", "The headers of this request are too large."),
        _ => new(status, "refused", "This request was refused."),
    };

    private static Refusal TooLarge => new(413, "too_large", "The body of this request is larger than this address takes.", "Send it in smaller pieces.");

    /// <summary>Says what could not be read and where, without the names of our types.</summary>
    private static Refusal Binding(BadHttpRequestException bad) => bad.StatusCode switch
    {
        413 => TooLarge,
        415 => new(415, "content_type_refused", "A body of this type is not read here.", "Send it with the header Content-Type: application/json."),
        408 => new(408, "too_slow", "The request did not arrive in time."),
        431 => new(431, "headers_too_large", "The headers of this request are too large."),
        _ when bad.InnerException is JsonException json => new(400, "body_invalid", Where(json), "Compare with the API description at /openapi/v1.json."),
        _ => new(400, "body_invalid", Parameter(bad.Message)),
    };

    private static string Where(JsonException json)
    {
        var place = json.LineNumber is { } line ? $" (line {line + 1}, byte {json.BytePositionInLine + 1})" : "";
        return json.Path is null or "$" or ""
            ? $"The body is not the JSON document that is expected here{place}."
            : $"The value at '{Names.Shorten(json.Path)}' of the body does not fit{place}.";
    }

    /// <summary>The framework writes <c>Required parameter "int limit" was not provided from query string.</c></summary>
    private static string Parameter(string message)
    {
        var quoted = message.Split('"');
        if (quoted.Length < 3)
            return "The request cannot be read.";
        var name = Names.Shorten(quoted[1].Split(' ')[^1]);
        if (message.StartsWith("Required", StringComparison.Ordinal) || message.StartsWith("Implicit body", StringComparison.Ordinal))
            return message.Contains("body", StringComparison.OrdinalIgnoreCase) ? "The body of the request is missing." : $"The value '{name}' is missing.";
        return quoted.Length > 3 ? $"The value '{Names.Shorten(quoted[3])}' does not fit '{name}'." : $"The value '{name}' cannot be read.";
    }

    private static bool NoSpace(Exception? error)
    {
        for (; error is not null; error = error.InnerException)
        {
            if (error is IOException && (error.HResult & 0xFFFF) is var code && (OperatingSystem.IsWindows() ? code is WindowsDiskFull or WindowsHandleDiskFull : code is LinuxNoSpace))
                return true;
        }

        return false;
    }
}
