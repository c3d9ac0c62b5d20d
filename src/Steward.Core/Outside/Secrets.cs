using System.Text.RegularExpressions;

namespace Steward.Outside;

/// <summary>
/// Secrets by reference: <c>secret://shop-key</c> is the server's variable STEWARD_SECRET_SHOP_KEY. Values are never kept,
/// and taken out of whatever is said about what used them.
/// </summary>
public sealed partial class Secrets(Func<string, string?> variable)
{
    private const string Scheme = "secret://";
    private const int Shortest = 4;

    public static bool IsReference(string? value) => value is not null && Form().IsMatch(value);

    /// <summary>The variable of the server that a reference stands for.</summary>
    public static string Variable(string reference) => IsReference(reference)
        ? "STEWARD_SECRET_" + reference[Scheme.Length..].Replace('-', '_').ToUpperInvariant()
        : throw ProblemException.Invalid("secret_invalid", "This is not a reference to a secret.", "Write secret://name, with lower-case letters, digits and dashes.");

    public bool Has(string reference) => variable(Variable(reference)) is { Length: > 0 };

    /// <summary>What it stands for; <c>secret_not_found</c> when the server was not given it.</summary>
    public string Resolve(string reference) => variable(Variable(reference)) is { Length: > 0 } found
        ? found
        : throw ProblemException.NotFound("secret", reference[Scheme.Length..], $"Start the server with the variable {Variable(reference)}.");

    /// <summary>A value as it is, or what it stands for when it is written as a reference; one that is badly written is refused.</summary>
    public string Filled(string value) => value.StartsWith(Scheme, StringComparison.Ordinal) ? Resolve(value) : value;

    /// <summary>The text without what these references stand for.</summary>
    public string Redact(string text, IEnumerable<string?> references)
    {
        var values = references.Where(IsReference).Select(reference => variable(Variable(reference!))).OfType<string>().Where(value => value.Length >= Shortest);
        foreach (var value in values.SelectMany(value => new[] { value, Uri.EscapeDataString(value) }).Distinct().OrderByDescending(value => value.Length))
            text = text.Replace(value, "•••", StringComparison.Ordinal);
        return text;
    }

    [GeneratedRegex(@"^secret://[a-z][a-z0-9-]{0,62}\z", RegexOptions.NonBacktracking)]
    private static partial Regex Form();
}
