namespace Steward.Pipelines;

/// <summary>
/// Secrets by reference: <c>secret://shop-key</c> is the server's variable STEWARD_SECRET_SHOP_KEY. Values are never kept,
/// and taken out of whatever a step says.
/// </summary>
internal sealed class Secrets(Func<string, string?> variable)
{
    private const string Reference = "secret://";
    private const int Shortest = 4;

    public static bool IsReference(string value) => value.StartsWith(Reference, StringComparison.Ordinal);

    public string Resolve(string value)
    {
        if (!IsReference(value))
            return value;
        var name = "STEWARD_SECRET_" + value[Reference.Length..].Replace('-', '_').ToUpperInvariant();
        return name.All(c => char.IsAsciiLetterOrDigit(c) || c == '_') && variable(name) is { Length: > 0 } found
            ? found
            : throw ProblemException.NotFound("secret", Names.Shorten(value[Reference.Length..]), $"Start the server with the variable {Names.Shorten(name)}.");
    }

    /// <summary>The text without the values of these references.</summary>
    public string Redact(string text, IEnumerable<string> values)
    {
        foreach (var secret in values.Where(IsReference).Select(Resolve).Where(secret => secret.Length >= Shortest).OrderByDescending(secret => secret.Length))
            text = text.Replace(secret, "•••", StringComparison.Ordinal);
        return text;
    }
}

/// <summary>What the one who runs the server allows to project files. STEWARD_ALLOW, comma-separated: <c>commands</c>, <c>private-addresses</c>.</summary>
/// <param name="Commands">Steps may run commands as the server's user; always on a server for this machine alone.</param>
/// <param name="PrivateAddresses">Webhooks may go to this machine and its network.</param>
internal sealed record Allowed(bool Commands, bool PrivateAddresses)
{
    public static Allowed By(Settings settings, string? allow)
    {
        var words = (allow ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        return new(settings.IsLoopback || words.Contains("commands"), words.Contains("private-addresses"));
    }
}
