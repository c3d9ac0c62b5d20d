using System.Text.RegularExpressions;

namespace Steward;

/// <summary>Ids and names. Ids are made by us; names come from people and are checked before anything else looks at them.</summary>
public static partial class Names
{
    /// <summary>A new id: 32 hex digits that sort by time.</summary>
    public static string NewId() => Guid.CreateVersion7().ToString("n");

    /// <summary>The name of a project, data set, model, experiment or endpoint: lower-case letters, digits and dashes, at most 63, first a letter.</summary>
    public static string Check(string what, string? name) => IsName(name)
        ? name!
        : throw ProblemException.Invalid("name_invalid", $"'{Shorten(name)}' cannot be the name of {(what[0] is 'a' or 'e' or 'i' or 'o' ? "an" : "a")} {what}: use lower-case letters, digits and dashes, at most 63, and begin with a letter.", "Choose a name such as 'fruit' or 'shop-offers'.");

    public static bool IsName(string? name) => name is not null && Plain().IsMatch(name);

    /// <summary>Free text that people see (titles, reasons): no control characters, at most <paramref name="most"/> characters.</summary>
    public static string Text(string what, string? text, int most = 500)
    {
        if (string.IsNullOrWhiteSpace(text))
            throw ProblemException.Invalid("text_missing", $"The {what} is empty.", $"Say the {what} in a few words.");
        if (text.Length > most)
            throw ProblemException.Invalid("text_too_long", $"The {what} has {text.Length} characters; at most {most} are kept.", "Shorten it.");
        return text.Any(c => char.IsControl(c) && c is not ('\n' or '\t'))
            ? throw ProblemException.Invalid("text_invalid", $"The {what} holds characters that cannot be shown.", "Remove the control characters.")
            : text;
    }

    /// <summary>A name cut short and cleaned for an error message.</summary>
    public static string Shorten(string? name, int most = 80)
    {
        var clean = new string([.. (name ?? "").Where(c => !char.IsControl(c))]);
        return clean.Length <= most ? clean : clean[..most] + "…";
    }

    [GeneratedRegex(@"^[a-z][a-z0-9-]{0,62}\z", RegexOptions.NonBacktracking)]
    private static partial Regex Plain();
}

/// <summary><c>name@4</c> (a version), <c>name@alias</c> (an alias, never all digits), or <c>name</c> (the alias <c>production</c>).</summary>
public sealed record Reference(string Name, int? Version, string? Alias)
{
    public static Reference Parse(string what, string? text)
    {
        var parts = (text ?? "").Split('@');
        if (parts.Length > 2)
            throw ProblemException.Invalid("reference_invalid", $"'{Names.Shorten(text)}' is not a reference to a {what}.", "Write name, name@4 or name@alias.");
        var name = Names.Check(what, parts[0]);
        if (parts.Length == 1)
            return new(name, null, "production");
        return int.TryParse(parts[1], System.Globalization.NumberStyles.None, null, out var version) && version > 0
            ? new(name, version, null)
            : new(name, null, Names.Check("alias", parts[1]));
    }

    public override string ToString() => $"{Name}@{(object?)Version ?? Alias}";
}
