using System.Text.Json.Serialization;

namespace Steward.Models;

/// <summary>One line of the section <c>gates</c>: <c>{metric: test.f1_macro, op: "&gt;=", value: 0.85}</c>.</summary>
public sealed record GateSpec
{
    /// <summary>A metric of the version: <c>test.f1_macro</c>; with <c>slice</c> the start of its name, <c>test.f1</c> for <c>test.f1.apple</c>.</summary>
    public string? Metric { get; init; }

    /// <summary>How it is compared: &gt;=, &gt;, &lt;=, &lt;. Beside <c>worse_than_champion_by</c>, &lt;= says that less is better.</summary>
    public string? Op { get; init; }

    /// <summary>The limit.</summary>
    public double? Value { get; init; }

    /// <summary><c>low</c> or <c>high</c>: that end of the 95 % interval must hold too, so that a lucky test does not pass.</summary>
    public string? Interval { get; init; }

    /// <summary><c>kind</c>: every kind must reach the limit by itself. A column of <c>train.slices</c>, or what is known of a picture (<c>source</c>): every slice must; <c>city=Oslo</c>: this one.</summary>
    public string? Slice { get; init; }

    /// <summary>How much worse than what serves it may be, on the items that both were tested on: <c>&lt;= 0.005</c>.</summary>
    public string? WorseThanChampionBy { get; init; }

    /// <summary>A simple rule that it must be shown to be better than, on the same test items: <c>popular</c>, <c>seasonal_naive</c>, <c>mean</c>, <c>commonest</c>.</summary>
    public string? BetterThan { get; init; }

    /// <summary>Of the interval around the difference to the champion, or to the simple rule: 0.95.</summary>
    public double? Confidence { get; init; }

    /// <summary><c>worse</c>: refused when it is shown to be worse. <c>non_inferior</c>: refused until it is shown not to be, which needs many test items.</summary>
    public string? Test { get; init; }

    /// <summary>Milliseconds within which 95 of 100 answers are there, one at a time, on the server that checks: <c>&lt;= 40</c>.</summary>
    [JsonPropertyName("latency_p95_ms")]
    public string? LatencyP95 { get; init; }

    /// <summary>What to scan for: <c>onnx</c>.</summary>
    public IReadOnlyList<string>? Scan { get; init; }

    /// <summary>What a scan must say: <c>clean</c>.</summary>
    public string? Result { get; init; }

    /// <summary><c>compatible</c>: takes and gives what the serving version does.</summary>
    public string? Signature { get; init; }

    /// <summary>A gate that another part of the platform furnishes, by its name; <c>op</c> and <c>value</c> go to it.</summary>
    public string? Gate { get; init; }

    /// <summary>The name of the gate that checks this line.</summary>
    internal string Kind() => this switch
    {
        { Gate: { } named } => named,
        { LatencyP95: not null } => "latency",
        { Scan: not null } => "scan",
        { Signature: not null } => "signature",
        { WorseThanChampionBy: not null } => "champion",
        { BetterThan: not null } => "baseline",
        { Slice: "kind" } => "slice",
        { Slice: not null } => "sliced",
        _ => "metric",
    };

    /// <summary>Whether its answer depends on which version serves.</summary>
    internal bool Compares => Kind() is "champion" or "signature";

    /// <summary>What cannot be meant, with the key it is about; a key of "" is the whole line.</summary>
    internal IEnumerable<(string Key, string Why)> Complaints()
    {
        if (new object?[] { Metric, Scan, Signature, Gate, LatencyP95 }.Count(kind => kind is not null) != 1)
            yield return ("", "a gate has exactly one of metric, scan, signature, latency_p95_ms and gate");
        if (Metric is not null && (WorseThanChampionBy ?? BetterThan) is null && (Op is null || Value is null))
            yield return ("", "a gate on a metric needs op and value, such as {metric: test.f1_macro, op: \">=\", value: 0.85}");
        if (Op is not null && !Comparison.Ops.Contains(Op))
            yield return ("op", $"'{Names.Shorten(Op)}' is not a comparison: write \">=\", \">\", \"<=\" or \"<\"");
        if (Value is { } value && !double.IsFinite(value))
            yield return ("value", "the limit is a finite number");
        if (Metric is null && (Slice ?? Interval ?? WorseThanChampionBy ?? BetterThan) is not null)
            yield return ("", "slice, interval, worse_than_champion_by and better_than are about a metric: name it, such as metric: test.f1_macro");
        if (new object?[] { Slice, Interval, WorseThanChampionBy, BetterThan }.Count(more => more is not null) > 1)
            yield return ("", "slice, interval, worse_than_champion_by and better_than are gates of their own: write one line each");
        if (BetterThan is not null && (Op ?? Test) is not null)
            yield return ("", "better_than needs no op and no test: the interval around the difference must lie above zero");
        if (Slice is not null && (!Slice.Any(char.IsLetterOrDigit) || Slice.Length > 200))
            yield return ("slice", "name what test items are told apart by: kind, a column of train.slices, or one slice of it, such as city=Oslo");
        if (Interval is not null && Interval != (Op?[0] == '<' ? "high" : "low"))
            yield return ("interval", "the end of the interval that must hold is low with \">=\" and \">\", high with \"<=\" and \"<\"");
        if (WorseThanChampionBy is not null && Comparison.Read(WorseThanChampionBy) is not { Upward: false, Limit: >= 0 })
            yield return ("worse_than_champion_by", $"'{Names.Shorten(WorseThanChampionBy)}' is not how much worse it may be: write \"<= 0.005\"");
        if ((WorseThanChampionBy ?? BetterThan) is not null && Value is not null)
            yield return ("value", "a gate on the champion or on a simple rule has no value; a fixed limit is a line of its own");
        if ((Confidence is not null && (WorseThanChampionBy ?? BetterThan) is null) || (Test is not null && WorseThanChampionBy is null))
            yield return ("", "confidence belongs to worse_than_champion_by and better_than, test to worse_than_champion_by");
        if (Confidence is <= 0.5 or >= 1)
            yield return ("confidence", "the confidence lies between 0.5 and 1, such as 0.95");
        if (Test is not (null or "worse" or "non_inferior"))
            yield return ("test", $"'{Names.Shorten(Test)}' is not a test: write worse or non_inferior");
        if (LatencyP95 is not null && Comparison.Read(LatencyP95) is not { Upward: false, Limit: > 0 })
            yield return ("latency_p95_ms", $"'{Names.Shorten(LatencyP95)}' is not a time in milliseconds: write \"<= 40\"");
        if (Scan is { Count: 0 })
            yield return ("scan", "name what to scan for, such as [onnx]");
        if (Scan?.FirstOrDefault(what => what != "onnx") is { } unknown)
            yield return ("scan", $"'{Names.Shorten(unknown)}' cannot be scanned for; onnx can");
        if (Result is not (null or "clean"))
            yield return ("result", "the result of a scan can only be asked to be clean");
        if (Signature is not (null or "compatible"))
            yield return ("signature", "a signature can only be asked to be compatible");
    }
}
