using System.Collections.Concurrent;

namespace Steward.Serving;

/// <summary>The endpoints that this process serves, by name.</summary>
internal sealed class Fleet(TimeProvider clock) : IDisposable
{
    private readonly ConcurrentDictionary<string, Live> _all = new(StringComparer.Ordinal);

    /// <summary>Whether every endpoint was looked at once since the start.</summary>
    public bool IsReady { get; set; }

    /// <summary>How this process is told apart from others on the same records.</summary>
    public string Node { get; } = $"{Environment.MachineName}:{Environment.ProcessId}";

    public IEnumerable<Live> All => _all.Values;

    public Live? Find(string name) => _all.GetValueOrDefault(name);

    public Live Enlist(Endpoint endpoint) => _all.GetOrAdd(endpoint.Name, _ => new Live(endpoint, clock));

    public void Dispose()
    {
        foreach (var live in _all.Values)
            live.Dispose();
    }
}
