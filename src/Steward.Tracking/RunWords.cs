namespace Steward.Tracking;

/// <summary>What may be said about a run: lengths, characters, counts.</summary>
internal static class RunWords
{
    private const int LongestKey = 250, LongestValue = 6000, LongestFact = 500, MostPairs = 1000, MostPoints = 10_000;

    public static void Check(NewRun run)
    {
        Names.Check("experiment", run.Experiment);
        if (run.Name is not null)
            Names.Text("name of the run", run.Name, 120);
        foreach (var (what, fact) in new[] { ("data", run.Data), ("code", run.Code), ("environment", run.Environment) })
            if (fact is not null)
                Names.Text(what, fact, LongestFact);
        run.Checkout?.Checked();
        if (run.Lock is { Text.Length: > EnvironmentText.MostCharacters })
            throw ProblemException.Invalid("lock_invalid", $"The lock of the environment is longer than {EnvironmentText.MostCharacters} characters.", "Lock fewer environments in one file.");
        Check("parameter", run.Params);
        Check("tag", run.Tags);
    }

    public static void Check(string what, IReadOnlyDictionary<string, string> values)
    {
        if (values.Count > MostPairs)
            throw ProblemException.Invalid("too_many", $"{values.Count} {what}s at once are too many; at most {MostPairs} are taken.", "Send them in several requests.");
        foreach (var (key, value) in values)
        {
            CheckKey(what, key);
            if (value is null || value.Length > LongestValue || value.Contains('\0'))
                throw ProblemException.Invalid($"{what}_invalid", $"The value of the {what} '{Names.Shorten(key)}' cannot be kept: at most {LongestValue} characters of text.", "Log long values as a file of the run.");
        }
    }

    public static void Check(IReadOnlyList<MetricPoint> points)
    {
        if (points.Count > MostPoints)
            throw ProblemException.Invalid("too_many", $"{points.Count} points at once are too many; at most {MostPoints} are taken.", "Send them in several requests.");
        foreach (var point in points)
            CheckKey("metric", point.Key);
    }

    /// <summary>A file's name within a run: a plain relative name, never a path on any disk.</summary>
    public static void CheckFile(string? name)
    {
        if (string.IsNullOrEmpty(name) || name.Length > LongestKey || name.Any(char.IsControl) || name.Contains('\\') || name.Split('/').Any(part => part is "" or "." or ".."))
            throw ProblemException.Invalid("artifact_name_invalid", $"'{Names.Shorten(name)}' cannot be the name of a run's file.", "Write it like charts/loss.svg: no leading slash, no backslash, no '..', no control characters.");
    }

    private static void CheckKey(string what, string? key)
    {
        if (string.IsNullOrWhiteSpace(key) || key.Length > LongestKey || key.Any(char.IsControl))
            throw ProblemException.Invalid($"{what}_invalid", $"'{Names.Shorten(key)}' cannot be the name of a {what}.", $"Use 1 to {LongestKey} characters that can be shown.");
    }
}
