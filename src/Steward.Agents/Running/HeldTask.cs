using Steward.Work;

namespace Steward.Agents.Running;

/// <summary>One task in the agent's hands: what it wrote and was not told yet, and how it ended.</summary>
internal sealed class HeldTask(GivenTask given) : IDisposable
{
    private const int MostWaiting = 1_000_000, AtOnce = 500, CharactersAtOnce = 200_000;
    private readonly Lock _one = new();
    private readonly Queue<LogLine> _lines = new();
    private readonly TaskCompletionSource _end = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _first;
    private long _characters;
    private JobTask? _ended;
    private bool _isDone;
    private IReadOnlyList<TaskFile> _files = [];
    private readonly CancellationTokenSource _cancelled = new();

    public GivenTask Given => given;

    /// <summary>Completes when it must end.</summary>
    public Task Stop => _end.Task;

    /// <summary>Cancelled when it must end.</summary>
    public CancellationToken Stopped => _cancelled.Token;

    public void Cancel()
    {
        _end.TrySetResult();
        lock (_one)
            if (!_isDone)
                _ = _cancelled.CancelAsync();
    }

    /// <summary>Nothing is done for it here any more; what was not told is still told.</summary>
    public void Dispose()
    {
        lock (_one)
        {
            _isDone = true;
            _cancelled.Dispose();
        }
    }

    public void Add(LogLine line)
    {
        lock (_one)
        {
            _lines.Enqueue(line);
            _characters += line.Text.Length;
            while (_lines.Count > given.Spec.Limits.LogLines || (_characters > MostWaiting && _lines.Count > 1))
                Drop();
        }
    }

    public void Ended(JobTask status, IReadOnlyList<TaskFile> files)
    {
        lock (_one)
            (_ended, _files) = (status, files);
    }

    /// <summary>What the server has not heard yet, or null when it knows all; the end comes with the last lines.</summary>
    public Report? News()
    {
        lock (_one)
        {
            var (some, characters) = (new List<LogLine>(), 0);
            foreach (var line in _lines)
            {
                if (some.Count == AtOnce || (some.Count > 0 && characters + line.Text.Length > CharactersAtOnce))
                    break;
                some.Add(line);
                characters += line.Text.Length;
            }

            var all = some.Count == _lines.Count;
            return some.Count == 0 && _ended is null ? null : new(given.Key, _first, some, all ? _ended : null, all && _ended is not null ? _files : null);
        }
    }

    /// <summary>The server has this now.</summary>
    public void Heard(Report report)
    {
        lock (_one)
            while (_lines.Count > 0 && _first < report.From + report.Lines.Count)
                Drop();
    }

    private void Drop()
    {
        _characters -= _lines.Dequeue().Text.Length;
        _first++;
    }
}
