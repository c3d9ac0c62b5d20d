using System.Text.Json.Serialization;

namespace Steward.Models;

/// <summary>A machine check of one kind. Any room may furnish one; a version is checked when it is registered.</summary>
public interface IGate
{
    /// <summary><c>metric</c>, <c>slice</c>, <c>champion</c>, <c>baseline</c>, <c>scan</c>, <c>signature</c>, <c>latency</c>, or what a line's <c>gate</c> names.</summary>
    string Name { get; }

    /// <summary>Looks and says what it saw. Equal facts give an equal result: it becomes part of the seal.</summary>
    Task<GateResult> Check(ModelVersion version, GateSpec config, CancellationToken stop);
}

/// <param name="Gate">Which gate said it.</param>
/// <param name="Title">What is asked, for people: <c>F1 over all kinds at least 0.85</c>.</param>
/// <param name="Measured">With its unit: <c>0.912</c>, <c>3.1 ms</c>.</param>
/// <param name="Why">One sentence.</param>
/// <param name="Try">The command that would help, when it failed.</param>
/// <param name="Spread">What stands behind the measurement: <c>95 %: 0.89 to 0.93, n 640</c>.</param>
/// <param name="Varies">A measurement that never repeats exactly, such as a time: the seal binds what was asked and whether it held, not the figure.</param>
public sealed record GateResult(string Gate, string Title, bool Passed, string Measured, string Limit, string Why, string? Try = null, string? Spread = null, bool Varies = false)
{
    /// <summary><c>0.912 (95 %: 0.89 to 0.93, n 640)</c>.</summary>
    [JsonIgnore]
    public string Whole => Spread is null ? Measured : $"{Measured} ({Spread})";

    /// <summary>The part of it that another look would find again.</summary>
    internal GateResult Lasting => Varies ? new(Gate, Title, Passed, "", Limit, "", Varies: true) : this;
}

/// <param name="Policy">Digest of the policy it was checked under.</param>
/// <param name="Against">The version that it was compared with; null when nothing served.</param>
internal sealed record GateCheck(Digest Policy, IReadOnlyList<GateResult> Results, DateTimeOffset At, int? Against);
