using System.Text;
using System.Text.Json;

namespace Steward.Work;

/// <summary>A line of a task's log file; the number tells a reader what it has already.</summary>
internal sealed record TaskLogLine(long Number, DateTimeOffset At, bool IsError, string Text);

/// <summary>
/// Keeps the newest lines of a task in a file that somebody elsewhere reads while it grows. It is begun anew, under another
/// number in its first line, when it has grown to twice what may be kept.
/// </summary>
internal sealed class TaskLogWriter(string path, LogRing ring, long mostBytes)
{
    private static readonly TimeSpan BetweenWrites = TimeSpan.FromMilliseconds(100);

    /// <summary>Until the ring is closed and all of it is written.</summary>
    public async Task Run()
    {
        var (seen, generation, over) = (0L, 0, false);
        var file = Begin(generation);
        try
        {
            while (!over)
            {
                var change = ring.Change;
                (var news, seen, over) = ring.Since(seen);
                if (file.BaseStream.Length > mostBytes)
                {
                    await file.DisposeAsync();
                    file = Begin(++generation);
                    (news, seen, over) = ring.Since(0);
                }

                var first = seen - news.Count;
                foreach (var (line, i) in news.Select((line, i) => (line, i)))
                    file.Write(JsonSerializer.Serialize(new(first + i, line.At, line.IsError, line.Text), TaskJson.Default.TaskLogLine) + '\n');
                await file.FlushAsync();
                if (over)
                    break;
                await change;
                await Task.WhenAny(ring.Over, Task.Delay(BetweenWrites)); // many lines are one write
            }
        }
        finally
        {
            await file.DisposeAsync();
        }
    }

    /// <summary>A new file in the old one's place: a reader has either.</summary>
    private StreamWriter Begin(int generation)
    {
        var draft = path + ".new";
        var file = new StreamWriter(new FileStream(draft, FileMode.Create, FileAccess.Write, FileShare.Read | FileShare.Delete), new UTF8Encoding(false));
        file.Write($"{generation}\n");
        file.Flush();
        File.Move(draft, path, overwrite: true);
        return file;
    }
}

/// <summary>Reads what has come since the last look.</summary>
internal sealed class TaskLogReader(int mostLines, int mostCharacters)
{
    private const int LargestLook = 64 << 20;
    private string? _generation;
    private long _position, _next;

    /// <summary>Another attempt's file comes.</summary>
    public void Begin() => (_generation, _position, _next) = (null, 0, 0);

    public IEnumerable<LogLine> News(string path)
    {
        List<TaskLogLine> lines;
        try
        {
            lines = Read(path);
        }
        catch (IOException)
        {
            return []; // not there yet
        }

        var news = lines.Where(line => line.Number >= _next).TakeLast(mostLines).ToList();
        if (news.Count > 0)
            _next = news[^1].Number + 1;
        var (first, characters) = (news.Count, 0);
        while (first > 0 && (characters += news[first - 1].Text.Length) <= mostCharacters)
            first--;
        return news.Skip(first).Select(line => new LogLine(line.At, line.IsError, line.Text));
    }

    private List<TaskLogLine> Read(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        var head = new byte[Math.Min(file.Length, 12)];
        file.ReadExactly(head);
        if (Array.IndexOf(head, (byte)'\n') is not (> 0 and var end))
            return [];
        if (Encoding.ASCII.GetString(head, 0, end) is var generation && generation != _generation)
            (_generation, _position) = (generation, end + 1);
        file.Position = _position;
        var bytes = new byte[Math.Clamp(file.Length - _position, 0, LargestLook)];
        file.ReadExactly(bytes);
        var whole = Array.LastIndexOf(bytes, (byte)'\n') + 1; // the last line may still be being written
        _position += whole;
        return [.. Encoding.UTF8.GetString(bytes, 0, whole).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(Line).OfType<TaskLogLine>()];
    }

    private static TaskLogLine? Line(string text)
    {
        try
        {
            return JsonSerializer.Deserialize(text, TaskJson.Default.TaskLogLine);
        }
        catch (JsonException)
        {
            return null; // a disk that was full, a machine that fell: the rest still reads
        }
    }
}
