namespace Steward.Host.Demo;

/// <summary>Where a demo lives: its own folder starts anew each time, one that was named has to be empty.</summary>
internal static class DemoFolder
{
    private const string Marker = "demo.json";

    public static void Prepare(string folder, bool named)
    {
        if (!Directory.Exists(folder) || !Directory.EnumerateFileSystemEntries(folder).Any())
            return;
        if (named || !File.Exists(Path.Combine(folder, Marker)))
            throw Taken(folder);
        if (Running.On(folder) is { } running)
            throw ProblemException.Conflict("demo_running", $"A demo runs already at {running.Url}.", $"Look at it there, or stop it: steward down --data {folder}");
        Directory.Delete(folder, recursive: true);
    }

    public static ProblemException Taken(string folder)
        => ProblemException.Conflict("folder_not_empty", $"{folder} holds data already, and a demo begins with nothing.", $"Name an empty folder with --data, or look at what is there: steward up --data {folder}");

    /// <summary>From now on the folder is a demo's: the next one may replace it.</summary>
    public static void Mark(string folder) => new PrivateFile(Path.Combine(folder, Marker)).Replace("{}");

    /// <summary>The summary, with the sign-ins; readable by its owner alone.</summary>
    public static void Keep(string folder, IDemoSummary summary) => new PrivateFile(Path.Combine(folder, Marker)).Replace(Json.Write<object>(summary));
}
