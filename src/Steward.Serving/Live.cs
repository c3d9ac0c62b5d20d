namespace Steward.Serving;

/// <summary>
/// An endpoint as this process serves it: the current version, the one before it kept warm so that the way back takes no
/// loading, and while a release is on its way the version that is tried.
/// </summary>
internal sealed class Live(Endpoint endpoint, TimeProvider clock) : IDisposable
{
    private readonly Lock _swapping = new();
    private volatile LoadedVersion? _current;
    private volatile LoadedVersion? _previous;
    private volatile Trial? _trial;

    public string Name => endpoint.Name;
    public string Project => endpoint.Project;
    public string Model => endpoint.Model;
    public Pulse Pulse { get; } = new(clock);

    /// <summary>Of the promotion that was loaded last; 0 before the first.</summary>
    public long Epoch { get; private set; }

    /// <summary>Answers less confident than this abstain; null for none.</summary>
    public double? AbstainUnder { get; set; } = endpoint.AbstainUnder;

    public ServeSection Settings { get; set; } = new();

    /// <summary>Why the newest promotion is not served.</summary>
    public string? Trouble { get; set; }

    /// <summary>Before this time the promotion that could not be loaded is not tried again.</summary>
    public (long Epoch, DateTimeOffset Until) Pause { get; set; }

    public int? CurrentVersion => _current?.Version;

    public int? PreviousVersion => _previous?.Version;

    /// <summary>The release on its way; null when there is none.</summary>
    public Trial? Trial => _trial;

    public bool IsReady => _current is not null;

    /// <summary>The current version, or a named one that is still warm; the caller leaves it.</summary>
    /// <returns>Null when it is not loaded.</returns>
    public LoadedVersion? Enter(int? version = null)
    {
        while (true)
        {
            var current = _current;
            var wanted = version is null || version == current?.Version ? current : _previous is { } before && before.Version == version ? before : _trial?.Model is { } tried && tried.Version == version ? tried : null;
            if (wanted is null || wanted.TryEnter())
                return wanted;
        }
    }

    /// <summary>Whether a version is in memory already, so that a swap to it needs no loading.</summary>
    public bool Has(int version) => _current?.Version == version || _previous?.Version == version || _trial?.Model.Version == version;

    /// <summary>From the next request on the release's version gets the release's share.</summary>
    /// <returns>The step that ended with it, for its last counts.</returns>
    public Trial? Try(Release release, Func<LoadedVersion> load)
    {
        lock (_swapping)
        {
            var before = _trial;
            if (before?.Release.Epoch == release.Epoch)
            {
                // Counts belong to a step; a pause changes nothing about them.
                if (before.Release.Step == release.Step)
                    return null;
                _trial = new(release, before.Model);
                return before;
            }

            var next = _previous?.Version == release.Version ? _previous : null;
            if (next is not null)
                _previous = null;
            _trial = new(release, next ?? load());
            before?.Model.Dispose();
            return before;
        }
    }

    /// <summary>Everything to the current version. The step that ended with it, if there was one.</summary>
    public Trial? StopTrying()
    {
        lock (_swapping)
        {
            var before = _trial;
            _trial = null;
            before?.Model.Dispose();
            return before;
        }
    }

    /// <summary>From the next request on this version answers. Requests in flight end with the version they began with.</summary>
    /// <param name="version">The registry's number.</param>
    /// <param name="load">Makes the version when it is not in memory.</param>
    /// <param name="epoch">The promotion's; an older one than the served changes nothing.</param>
    public void Swap(int version, Func<LoadedVersion> load, long epoch)
    {
        lock (_swapping)
        {
            if (epoch <= Epoch && _current is not null)
                return;
            if (_current?.Version == version)
            {
                Epoch = epoch;
                return;
            }

            if (_previous?.Version == version)
            {
                (_current, _previous) = (_previous, _current);
            }
            else if (_trial?.Model is { } tried && tried.Version == version)
            {
                var drop = _previous;
                (_previous, _current, _trial) = (_current, tried, null);
                drop?.Dispose();
            }
            else
            {
                var next = load();
                var drop = _previous;
                (_previous, _current) = (_current, next);
                drop?.Dispose();
            }

            Epoch = epoch;
        }
    }

    public void Dispose()
    {
        lock (_swapping)
        {
            _current?.Dispose();
            _previous?.Dispose();
            _trial?.Model.Dispose();
            (_current, _previous, _trial) = (null, null, null);
        }
    }
}
