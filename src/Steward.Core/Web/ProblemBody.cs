using System.Text.Json.Serialization;

namespace Steward.Web;

/// <summary>A refusal on the wire (RFC 9457), with a stable code for programs and one thing to try for people.</summary>
/// <param name="Detail">One sentence why.</param>
/// <param name="Try">One command or action.</param>
/// <param name="TraceId">Names this reply in the log.</param>
internal sealed record ProblemBody(
    [property: JsonPropertyOrder(-1)] string Type, string Title, int Status, string Code, string Detail, string? Try, string TraceId);
