namespace Steward.Stories;

/// <summary>Collects the facts of one story while its records are read.</summary>
internal sealed class Recorder(string project, string kind, string subject)
{
    private readonly SortedDictionary<string, Fact> _facts = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, FactSeries> _series = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, string> _names = new(StringComparer.Ordinal);
    private readonly SortedSet<string> _flags = new(StringComparer.Ordinal);

    public bool IsExample { get; set; }

    public Recorder Count(string id, long value, Source source, DateTimeOffset at, string conditions = "") => Add(new(id, value, Unit.Count, source) { At = at, Conditions = conditions });

    public Recorder Share(string id, double value, long n, Source source, DateTimeOffset at, string conditions, Better better = Better.Higher)
        => Add(new(id, value, Unit.Share, source) { At = at, N = n, Conditions = conditions, Better = better });

    public Recorder Score(string id, double value, long n, Source source, DateTimeOffset at, string conditions) => Add(new(id, value, Unit.Score, source) { At = at, N = n, Conditions = conditions });

    public Recorder Moment(string id, DateTimeOffset at, Source source) => Add(new(id, at.ToUnixTimeMilliseconds() / 1000.0, Unit.Moment, source) { At = at });

    public Recorder Took(string id, TimeSpan time, Source source, DateTimeOffset at) => Add(new(id, time.TotalSeconds, Unit.Duration, source) { At = at });

    public Recorder Number(string id, long value, Source source, DateTimeOffset at) => Add(new(id, value, Unit.Number, source) { At = at });

    public Recorder Name(string id, string? name)
    {
        if (!string.IsNullOrWhiteSpace(name))
            _names[id] = name;
        return this;
    }

    /// <summary>Kinds of things that the pictures of the story show: the first few by name.</summary>
    public Recorder Kinds(IEnumerable<string> kinds)
    {
        foreach (var (kind, place) in kinds.Order(StringComparer.Ordinal).Take(3).Select((kind, i) => (kind, i + 1)))
            Name($"kind.{place}", kind);
        return this;
    }

    public Recorder Flag(string flag, bool so = true)
    {
        if (so)
            _flags.Add(flag);
        return this;
    }

    /// <summary>Keeps a fact; one that is not a finite number is as good as missing.</summary>
    public Recorder Add(Fact fact)
    {
        if (double.IsFinite(fact.Value))
            _facts[fact.Id] = fact;
        return this;
    }

    /// <summary>Keeps a series; one without points, or with points that are no finite numbers, is as good as missing.</summary>
    public Recorder Line(FactSeries series)
    {
        if (series.Y.Count > 0 && series.X.Count == series.Y.Count && series.Y.All(double.IsFinite))
            _series[series.Id] = series;
        return this;
    }

    public bool Has(string id) => _facts.ContainsKey(id) || _series.ContainsKey(id);

    public FactBook Close() => new(project, kind, subject, _facts, _series, _names, [.. _flags]) { IsExample = IsExample };
}
