using System.Buffers.Text;
using System.Collections.Frozen;
using System.Text;

namespace Steward.Work;

/// <summary>One process as /proc tells it.</summary>
/// <param name="Started">Ticks since the machine started: with the id it names a process for good.</param>
/// <param name="Memory">Resident bytes.</param>
/// <param name="Marker">Its STEWARD_JOB, when it begins as asked for.</param>
internal sealed record ProcessEntry(int Id, int Parent, int Session, long Started, long Memory, string? Marker);

/// <summary>
/// Who runs on this machine, and which of them belong to a job: the process we started, whatever descends from it, is in
/// its session, or carries its marker in the environment, also when it made a session of its own. Linux only.
/// </summary>
/// <param name="prefix">Markers are told when they begin with this.</param>
/// <param name="first">Nothing was started yet: whoever runs without a marker is none of ours, and is not asked again.</param>
internal sealed class ProcessTable(string prefix, bool first)
{
    public const string Variable = "STEWARD_JOB";
    private const int LargestEnvironment = 1 << 18;
    private readonly byte[] _key = Encoding.UTF8.GetBytes($"{Variable}={prefix}");
    private readonly byte[] _buffer = new byte[LargestEnvironment];
    private readonly Lock _one = new();
    private FrozenDictionary<(int, long), string?> _known = FrozenDictionary<(int, long), string?>.Empty;
    private FrozenSet<(int, long)>? _before;

    public static bool IsKnown => OperatingSystem.IsLinux();

    public List<ProcessEntry> Look()
    {
        if (!IsKnown)
            return [];
        lock (_one)
        {
            var all = new List<ProcessEntry>(256);
            foreach (var folder in Directory.EnumerateDirectories("/proc"))
                if (int.TryParse(folder.AsSpan("/proc/".Length), out var id) && Entry(id) is { } entry)
                    all.Add(entry);
            // Only then: the marker of a newer process may still come, when it is about to start a program.
            if (first && _before is null)
                _before = all.Where(one => one.Marker is null).Select(one => (one.Id, one.Started)).ToFrozenSet();
            _known = all.Where(one => one.Marker is not null).ToFrozenDictionary(one => (one.Id, one.Started), one => one.Marker);
            return all;
        }
    }

    /// <summary>The living processes of a job's task.</summary>
    /// <param name="root">The process that was started as the leader of its own session.</param>
    public List<ProcessEntry> Of(int root, string marker)
    {
        var all = Look();
        var family = all.Where(one => (root > 0 && (one.Id == root || one.Session == root)) || one.Marker == marker).Select(one => one.Id).ToHashSet();
        for (var before = 0; before != family.Count;)
        {
            before = family.Count;
            family.UnionWith(all.Where(one => family.Contains(one.Parent)).Select(one => one.Id));
        }

        return [.. all.Where(one => family.Contains(one.Id) && one.Id > 1 && one.Id != Environment.ProcessId)];
    }

    private ProcessEntry? Entry(int id)
    {
        var read = Posix.ReadFile($"/proc/{id}/stat", _buffer);
        if (read <= 0)
            return null;
        // The name stands in parentheses and may hold anything; the numbers follow the last one.
        var stat = _buffer.AsSpan(0, read);
        stat = stat[(stat.LastIndexOf((byte)')') + 2)..];
        if (stat[0] is (byte)'Z' or (byte)'X')
            return null; // dead, and waits for its parent to notice
        Span<long> numbers = stackalloc long[22];
        for (var i = 1; i < numbers.Length; i++)
        {
            stat = stat[(stat.IndexOf((byte)' ') + 1)..];
            if (!Utf8Parser.TryParse(stat, out numbers[i], out _))
                return null;
        }

        var (started, memory) = (numbers[19], numbers[21] * Environment.SystemPageSize);
        return new(id, (int)numbers[1], (int)numbers[3], started, memory, Marker(id, started));
    }

    private string? Marker(int id, long started)
    {
        if (_before?.Contains((id, started)) == true)
            return null;
        if (_known.TryGetValue((id, started), out var known))
            return known;
        var read = Posix.ReadFile($"/proc/{id}/environ", _buffer);
        if (read <= 0)
            return null;
        var environment = _buffer.AsSpan(0, read);
        var at = environment.StartsWith(_key) ? 0 : environment.IndexOf([(byte)0, .. _key]) + 1;
        if (at == 0 && !environment.StartsWith(_key))
            return null;
        var value = environment[(at + Variable.Length + 1)..];
        var end = value.IndexOf((byte)0);
        return Encoding.UTF8.GetString(end < 0 ? value : value[..end]);
    }
}
