using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Text;

namespace Steward.Work;

/// <summary>A living process of a job.</summary>
/// <param name="Memory">Resident bytes.</param>
internal sealed record ProcessEntry(int Id, string Marker, long Memory);

/// <summary>
/// Which processes of this machine belong to our jobs: those that carry a marker in their environment, are in the session
/// of the process we started, or descend from one of these. Linux only.
/// </summary>
/// <remarks>
/// A look costs little on a machine with thousands of processes: who was judged once is known by its id and session, which
/// is one cheap call to ask, and only newcomers are read. A process that takes up an old id has another session then.
/// </remarks>
/// <param name="prefix">Ours are markers that begin with this.</param>
internal sealed class ProcessTable(string prefix)
{
    public const string Variable = "STEWARD_JOB";
    private const int LargestEnvironment = 1 << 18;
    private static readonly int OwnSession = IsKnown ? Posix.Session(0) : 0;
    private readonly byte[] _key = Encoding.UTF8.GetBytes($"{Variable}={prefix}");
    private readonly byte[] _buffer = new byte[LargestEnvironment];
    private readonly Lock _one = new();
    private readonly ConcurrentDictionary<int, string> _roots = new();
    private Dictionary<int, (int Session, string? Marker)> _judged = [];

    public static bool IsKnown => OperatingSystem.IsLinux();

    /// <summary>The process that a task began with, the leader of its own session.</summary>
    public void Root(int process, string marker) => _roots[process] = marker;

    public void Forget(int root) => _roots.TryRemove(root, out _);

    /// <summary>The living processes of one task.</summary>
    public List<ProcessEntry> Of(string marker) => [.. Look().Where(one => one.Marker == marker)];

    /// <summary>The living processes of all jobs.</summary>
    public List<ProcessEntry> Look()
    {
        if (!IsKnown)
            return [];
        lock (_one)
        {
            var judged = new Dictionary<int, (int Session, string? Marker)>(_judged.Count + 16);
            var parents = new List<(int Id, int Session, int Parent)>();
            foreach (var folder in Directory.EnumerateDirectories("/proc"))
            {
                if (!int.TryParse(folder.AsSpan("/proc/".Length), out var id) || id <= 1 || id == Environment.ProcessId || Posix.Session(id) is not (>= 0 and var session))
                    continue;
                if (_judged.TryGetValue(id, out var before) && before.Session == session)
                    judged[id] = before;
                else if ((Marker(id) ?? _roots.GetValueOrDefault(session)) is { } marker)
                    judged[id] = (session, marker);
                else
                    parents.Add((id, session, Stat(id).Parent));
            }

            Inherit(judged, parents);
            // Not yet judged: what is in our own session may be about to become a program of ours.
            foreach (var (id, session, _) in parents.Where(one => one.Session != OwnSession))
                judged.TryAdd(id, (session, null));
            _judged = judged;
            return [.. judged.Where(one => one.Value.Marker is not null).Select(one => new ProcessEntry(one.Key, one.Value.Marker!, Memory(one.Key))).Where(one => one.Memory >= 0)];
        }
    }

    /// <summary>A child of one of ours is ours, also when it cleared its environment and left the session.</summary>
    private static void Inherit(Dictionary<int, (int Session, string? Marker)> judged, List<(int Id, int Session, int Parent)> parents)
    {
        for (var more = true; more;)
        {
            more = false;
            foreach (var (id, session, parent) in parents)
                if (!judged.ContainsKey(id) && judged.TryGetValue(parent, out var of) && of.Marker is not null)
                {
                    judged[id] = (session, of.Marker);
                    more = true;
                }
        }
    }

    /// <summary>Resident bytes; -1 when it is dead, also when its parent has not noticed yet.</summary>
    private long Memory(int id)
    {
        var read = Posix.ReadFile($"/proc/{id}/statm", _buffer);
        if (read <= 0)
            return -1;
        var pages = _buffer.AsSpan(0, read);
        pages = pages[(pages.IndexOf((byte)' ') + 1)..];
        if (!Utf8Parser.TryParse(pages, out long resident, out _))
            return -1;
        return resident == 0 && Stat(id).IsDead ? -1 : resident * Environment.SystemPageSize;
    }

    private (int Parent, bool IsDead) Stat(int id)
    {
        var read = Posix.ReadFile($"/proc/{id}/stat", _buffer);
        if (read <= 0)
            return (0, true);
        // The name stands in parentheses and may hold anything; state and parent follow the last one.
        var stat = _buffer.AsSpan(0, read);
        stat = stat[(stat.LastIndexOf((byte)')') + 2)..];
        return (Utf8Parser.TryParse(stat[2..], out int parent, out _) ? parent : 0, stat[0] is (byte)'Z' or (byte)'X');
    }

    private string? Marker(int id)
    {
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
