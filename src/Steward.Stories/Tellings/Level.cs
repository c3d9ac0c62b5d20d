namespace Steward.Stories;

/// <summary>For whom the same facts are told.</summary>
public enum Level { Child, Executive, Engineer }

public static class Levels
{
    public static string Word(this Level level) => level.ToString().ToLowerInvariant();

    /// <summary>The level that a word names; <c>level_invalid</c> for another word.</summary>
    public static Level Read(string? word) => word?.ToLowerInvariant() switch
    {
        null or "" or "child" => Level.Child,
        "executive" => Level.Executive,
        "engineer" => Level.Engineer,
        _ => throw ProblemException.Invalid("level_invalid", $"'{Names.Shorten(word)}' is no level.", "Choose child, executive or engineer."),
    };
}
