using System.Text.RegularExpressions;

namespace Steward.Pipelines;

/// <summary>Tells another service: one POST with a JSON body, and a key by which that service knows a repetition.</summary>
public sealed partial record WebhookPlan : StepSettings
{
    public string Url { get; init; } = "";

    /// <summary>Values of the body besides what is always said: project, pipeline, run, window.</summary>
    public IReadOnlyDictionary<string, string> Body { get; init; } = new Dictionary<string, string>();

    /// <summary>Headers; a value <c>secret://name</c> is the server's STEWARD_SECRET_NAME, and never shown.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();

    internal override string Kind => "webhook";

    internal override string InWords() => $"tells {(Uri.TryCreate(Url, UriKind.Absolute, out var url) ? url.Host : "a service")}";

    internal override IEnumerable<string> Complaints()
    {
        if (!Uri.TryCreate(Url, UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https") || url.UserInfo.Length > 0 || Url.Length > 2000)
            yield return "url is an address that begins with https:// or http://, without a name or password in it.";
        if (Body.Count > 100 || Headers.Count > 20 || Headers.Any(one => !Token().IsMatch(one.Key) || one.Value.Any(char.IsControl)))
            yield return "a webhook has at most 20 headers of plain text and 100 values.";
        if (Headers.Keys.FirstOrDefault(name => name.ToUpperInvariant() is "HOST" or "CONTENT-LENGTH" or "TRANSFER-ENCODING" or "CONNECTION" or "CONTENT-TYPE") is { } ours)
            yield return $"the header {ours} is set by Steward.";
    }

    [GeneratedRegex(@"^[A-Za-z0-9-]{1,80}\z", RegexOptions.NonBacktracking)]
    private static partial Regex Token();
}
