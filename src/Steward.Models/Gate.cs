namespace Steward.Models;

/// <summary>One line of the section <c>gates</c>: <c>{metric: test.f1_macro, op: "&gt;=", value: 0.85}</c>.</summary>
public sealed record GateSpec
{
    /// <summary>A metric of the version: <c>test.f1_macro</c>.</summary>
    public string? Metric { get; init; }

    /// <summary>How it is compared: &gt;=, &gt;, &lt;=, &lt;.</summary>
    public string? Op { get; init; }

    /// <summary>The limit.</summary>
    public double? Value { get; init; }

    /// <summary>What to scan for: <c>onnx</c>.</summary>
    public IReadOnlyList<string>? Scan { get; init; }

    /// <summary>What a scan must say: <c>clean</c>.</summary>
    public string? Result { get; init; }

    /// <summary><c>compatible</c>: takes and gives what the serving version does.</summary>
    public string? Signature { get; init; }

    /// <summary>A gate that another part of the platform furnishes, by its name; <c>op</c> and <c>value</c> go to it.</summary>
    public string? Gate { get; init; }

    /// <summary>The name of the gate that checks this line.</summary>
    internal string Kind() => Gate ?? (Metric is not null ? "metric" : Scan is not null ? "scan" : "signature");
}

/// <summary>A machine check of one kind. Any room may furnish one; a version is checked when it is registered.</summary>
public interface IGate
{
    /// <summary><c>metric</c>, <c>scan</c>, <c>signature</c>, or what a line's <c>gate</c> names.</summary>
    string Name { get; }

    /// <summary>Looks and says what it saw. Equal facts give an equal result: it becomes part of the seal.</summary>
    Task<GateResult> Check(ModelVersion version, GateSpec config, CancellationToken stop);
}

/// <param name="Gate">Which gate said it.</param>
/// <param name="Title">What is asked, for people: <c>test.f1_macro at least 0.85</c>.</param>
/// <param name="Measured">With its unit and the count behind it: <c>0.912 (n 240)</c>.</param>
/// <param name="Why">One sentence.</param>
/// <param name="Try">The command that would help, when it failed.</param>
public sealed record GateResult(string Gate, string Title, bool Passed, string Measured, string Limit, string Why, string? Try = null);

/// <param name="Policy">Digest of the policy it was checked under.</param>
internal sealed record GateCheck(Digest Policy, IReadOnlyList<GateResult> Results, DateTimeOffset At);
