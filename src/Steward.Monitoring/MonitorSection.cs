using System.Globalization;

namespace Steward.Monitoring;

/// <summary>The section <c>monitor</c> of a project file. Without it every endpoint is watched with these defaults.</summary>
public sealed record MonitorSection
{
    /// <summary>How many answers are judged together.</summary>
    public int Window { get; init; } = 100;

    /// <summary>
    /// What is too little to be seen in one window shows in many: the last 2, 4, 8 … windows of a version, up to this many,
    /// are judged together, too, and share the false alarms that are allowed. 1 judges each alone.
    /// </summary>
    public int Pool { get; init; } = 8;

    /// <summary>How probable an alarm of each kind may be per window when nothing changed.</summary>
    public double FalseAlarms { get; init; } = 1e-4;

    /// <summary>A window that is not full is judged all the same once its first answer has waited this long.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromDays(1);

    /// <summary>After so many full windows without an alarm it counts as quiet again.</summary>
    public int QuietAfter { get; init; } = 3;

    /// <summary>An incident that has been quiet this long is closed even if nobody names a cause.</summary>
    public TimeSpan CloseAfter { get; init; } = TimeSpan.FromDays(1);

    /// <summary>While this is true what happens is a drill: an incident that opens says so for good, and its story is headed as made up.</summary>
    public bool Drill { get; init; }

    public ConfidenceWatch Confidence { get; init; } = new();

    public DriftWatch Drift { get; init; } = new();

    public KindsWatch Kinds { get; init; } = new();

    public AccuracyWatch Accuracy { get; init; } = new();

    public VolumeWatch Volume { get; init; } = new();

    /// <summary>How many windows are judged together: 1, 2, 4, …</summary>
    internal IEnumerable<int> Scales => Enumerable.Range(0, 6).Select(power => 1 << power).TakeWhile(scale => scale <= Pool);

    internal static IEnumerable<(string Path, string Why)> Check(MonitorSection section)
    {
        if (section.Window is < 20 or > 1000)
            yield return ("window", "A window has 20 to 1000 answers.");
        if (section.Pool is < 1 or > 32)
            yield return ("pool", "1 to 32 windows are judged together.");
        if (section.FalseAlarms is not (>= 1e-9 and <= 0.1))
            yield return ("false_alarms", "The probability of a false alarm is 1e-9 to 0.1.");
        if (section.Patience < TimeSpan.FromSeconds(1))
            yield return ("patience", "A window waits at least 1s.");
        if (section.QuietAfter is < 1 or > 100)
            yield return ("quiet_after", "Quiet are 1 to 100 windows.");
        if (section.Accuracy.Window is < 5 or > 1000)
            yield return ("accuracy.window", "5 to 1000 answers are judged together.");
        if (section.Volume.Window < TimeSpan.FromMinutes(1) || section.Volume.Window > TimeSpan.FromDays(7))
            yield return ("volume.window", "Requests are counted over 1m to 7d.");
        if (section.Volume.AtLeast < 1 || section.Volume.AtMost < 0)
            yield return ("volume", "at_least is 1 or more, at_most 0 or more; leave out what does not matter.");
        if (section.Volume.AtLeast > section.Volume.AtMost)
            yield return ("volume", "at_least is not above at_most.");
        if (section.Confidence.Threshold is not (>= 0 and <= 1))
            yield return ("confidence.threshold", "A confidence is 0 to 1; 0 watches none.");
        if (section.Confidence.Most is not (>= 0 and <= 1))
            yield return ("confidence.alarm_if_share_below", "A share such as 0.15 or '> 0.15' is expected.");
    }
}

public sealed record ConfidenceWatch
{
    /// <summary>An answer less confident than this is unsure.</summary>
    public double Threshold { get; init; } = 0.60;

    /// <summary>
    /// The share of unsure answers that is fine whatever the test says: <c>"&gt; 0.15"</c>. An alarm needs both, more than
    /// this and more than the version's test split explains; so a small window never alarms by its luck.
    /// </summary>
    public string AlarmIfShareBelow { get; init; } = "> 0";

    internal double Most => double.TryParse(AlarmIfShareBelow.TrimStart('>', ' '), NumberStyles.Float, CultureInfo.InvariantCulture, out var share) ? share : double.NaN;
}

public sealed record DriftWatch
{
    /// <summary>Whether what the model sees is compared with its test split.</summary>
    public bool Watch { get; init; } = true;
}

public sealed record KindsWatch
{
    /// <summary>Whether the share of each answered kind is compared with the test split.</summary>
    public bool Watch { get; init; } = true;
}

public sealed record AccuracyWatch
{
    /// <summary>Whether feedback about answers is compared with how often the version was wrong about its test split.</summary>
    public bool Watch { get; init; } = true;

    /// <summary>How many answers with feedback are judged together.</summary>
    public int Window { get; init; } = 20;
}

public sealed record VolumeWatch
{
    /// <summary>The time over which requests are counted, by the clock: <c>1h</c> counts from full hour to full hour, UTC.</summary>
    public TimeSpan Window { get; init; } = TimeSpan.FromHours(1);

    /// <summary>Fewer answers in a window alarm; left out, any small number is fine.</summary>
    public long? AtLeast { get; init; }

    /// <summary>More answers in a window alarm; left out, any large number is fine.</summary>
    public long? AtMost { get; init; }

    internal bool Watches => (AtLeast ?? AtMost) is not null;
}
