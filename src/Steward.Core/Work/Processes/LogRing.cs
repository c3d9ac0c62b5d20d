using System.Runtime.CompilerServices;
using System.Text;

namespace Steward.Work;

/// <summary>The newest lines of one task: so many, and so many characters; older ones go. Readers may come late and follow.</summary>
public sealed class LogRing(int mostLines, int mostCharacters)
{
    private const int LongestLine = 4_000;
    private readonly Lock _one = new();
    private readonly Queue<LogLine> _lines = new();
    private readonly Bell _bell = new();
    private readonly TaskCompletionSource _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _gone;
    private long _characters;
    private bool _over;

    public void Add(LogLine line)
    {
        lock (_one)
        {
            _lines.Enqueue(line);
            _characters += line.Text.Length;
            while (_lines.Count > mostLines || (_characters > mostCharacters && _lines.Count > 1))
            {
                _characters -= _lines.Dequeue().Text.Length;
                _gone++;
            }
        }

        _bell.Ring();
    }

    /// <summary>No line comes any more.</summary>
    public void Close()
    {
        lock (_one)
            _over = true;
        _closed.TrySetResult();
        _bell.Ring();
    }

    /// <summary>Ends with the next change.</summary>
    public Task Change => _bell.Next;

    /// <summary>No line comes any more.</summary>
    public Task Over => _closed.Task;

    /// <summary>What came since a number: the lines that are still kept, the number to ask with next, and whether that was all.</summary>
    public (List<LogLine> News, long Seen, bool Over) Since(long seen)
    {
        lock (_one)
            return ([.. _lines.Skip((int)Math.Max(0, seen - _gone))], _gone + _lines.Count, _over);
    }

    public async IAsyncEnumerable<LogLine> Read(bool follow, [EnumeratorCancellation] CancellationToken stop)
    {
        for (var seen = 0L; ;)
        {
            var change = Change;
            (var news, seen, var over) = Since(seen);
            foreach (var line in news)
                yield return line;
            if (over || !follow)
                yield break;
            await change.WaitAsync(stop);
        }
    }

    /// <summary>Takes in a stream line by line until its end; a line that never ends is cut.</summary>
    public async Task Fill(Stream from, bool isError, TimeProvider clock)
    {
        using var reader = new StreamReader(from, new UTF8Encoding(false), detectEncodingFromByteOrderMarks: false, bufferSize: 4096, leaveOpen: true);
        var (some, line) = (new char[4096], new StringBuilder());
        try
        {
            for (int read; (read = await reader.ReadAsync(some)) > 0;)
                foreach (var c in some.AsSpan(0, read))
                    if (c == '\n' || line.Length == LongestLine)
                    {
                        Flush();
                        if (c != '\n')
                            line.Append(c);
                    }
                    else
                        line.Append(c);
        }
        catch (Exception error) when (error is IOException or ObjectDisposedException)
        {
            // the pipe was closed under the reader: what came is kept
        }

        if (line.Length > 0)
            Flush();

        void Flush()
        {
            Add(new(clock.GetUtcNow(), isError, line.ToString().TrimEnd('\r')));
            line.Clear();
        }
    }
}
