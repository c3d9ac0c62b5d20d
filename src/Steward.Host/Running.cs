namespace Steward.Host;

/// <summary>The note a server leaves in its data folder while it runs.</summary>
/// <param name="Url">Where it listens.</param>
/// <param name="Process">Its process id.</param>
internal sealed record Running(string Url, int Process, DateTimeOffset Since)
{
    public static void Leave(string data, string url, DateTimeOffset now)
        => File.WriteAllText(NoteIn(data), Json.Write(new Running(url, Environment.ProcessId, now)));

    public static void Remove(string data) => File.Delete(NoteIn(data));

    /// <summary>The server that runs on this folder; null when none does (a note of a dead one is ignored).</summary>
    public static Running? On(string data)
    {
        try
        {
            var note = Json.Read<Running>(File.ReadAllText(NoteIn(data)));
            using var process = System.Diagnostics.Process.GetProcessById(note.Process);
            return note;
        }
        catch (Exception error) when (error is IOException or ArgumentException or System.Text.Json.JsonException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Asks the server of this folder to stop: whoever may write the folder may stop its server.</summary>
    public static void AskToStop(string data) => File.WriteAllText(StopIn(data), "");

    /// <summary>Calls <paramref name="stop"/> once somebody asks.</summary>
    public static IDisposable WhenAsked(string data, Action stop)
    {
        File.Delete(StopIn(data));
        var watcher = new FileSystemWatcher(data, Path.GetFileName(StopIn(data))) { EnableRaisingEvents = true };
        watcher.Created += (_, _) => stop();
        return watcher;
    }

    private static string NoteIn(string data) => Path.Combine(data, "server.json");

    private static string StopIn(string data) => Path.Combine(data, "stop");
}
