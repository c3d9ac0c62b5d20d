using System.Text.Json.Serialization;
using Steward.Tuning;

namespace Steward.Training;

/// <summary>A search for the best settings: which may vary and how far, by what method, in how many trials. Each trial is a run of the study.</summary>
public sealed record SearchPlan
{
    /// <summary>The settings that vary, by their names: <c>{learning_rate: {log: [0.0005, 0.02]}, hidden: {choices: [0, 160, 320]}}</c>.</summary>
    public IReadOnlyDictionary<string, SearchRange> Params { get; init; } = new Dictionary<string, SearchRange>();

    /// <summary>What is tuned on a table: <c>linear</c>, <c>lightgbm</c>, <c>fasttree</c> or <c>als</c>; the settings that do not vary are its usual ones.</summary>
    public string? Algorithm { get; init; }

    /// <summary><c>random</c>; <c>tpe</c>, which learns from the trials before; <c>asha</c>, which stops trials that fall behind.</summary>
    public SearchMethod Method { get; init; } = SearchMethod.Tpe;

    /// <summary>How many trials, 1 to 500.</summary>
    public int Trials { get; init; } = 20;

    /// <summary>Of the points; the same seed tries the same ones.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>What <c>asha</c> gives out: epochs of pictures, trees, rounds of als.</summary>
    public ResourcePlan? Resource { get; init; }

    /// <summary>What a trial is given most of; it does not vary then. Null where trials are not stopped.</summary>
    internal int? Most => Method is SearchMethod.Asha ? Resource?.Max : null;

    /// <summary>The settings that every trial has.</summary>
    /// <param name="resource">What is given out.</param>
    internal IReadOnlyDictionary<string, double> Fixed(string? resource) => Most is { } most ? new Dictionary<string, double> { [resource!] = most } : new Dictionary<string, double>();

    internal IReadOnlyList<Parameter> Space => [.. Params.OrderBy(one => one.Key, StringComparer.Ordinal).Select(one => one.Value.Of(one.Key)!)];

    internal ISampler Sampler => Method is SearchMethod.Tpe ? new TpeSampler(Space, Seed) : new RandomSampler(Space, Seed);

    /// <param name="known">The settings that there are.</param>
    /// <param name="resource">The one that can be given out bit by bit; null when there is none.</param>
    /// <param name="at">What is wrong with the settings when they have some values; null when nothing is.</param>
    internal IEnumerable<(string Path, string Why)> Complaints(IReadOnlyList<string> known, string? resource, Func<IReadOnlyDictionary<string, double>, string?> at)
    {
        if (Params.Count == 0)
            yield return ("train.search.params", $"name what varies, such as {known[0]}: {{log: [0.001, 0.1]}}; there is {string.Join(", ", known)}.");
        if (Trials is < 1 or > 500)
            yield return ("train.search.trials", "there are 1 to 500 trials.");
        var read = new Dictionary<string, Parameter>();
        foreach (var (name, range) in Params)
            if (!known.Contains(name))
                yield return ($"train.search.params.{name}", $"'{Names.Shorten(name)}' is no setting here; there is {string.Join(", ", known)}.");
            else if (range.Of(name) is not { } parameter)
                yield return ($"train.search.params.{name}", "say one of uniform: [0, 1], log: [0.001, 0.1], int: [2, 64], log_int: [2, 512] and choices: [0, 160, 320], the lower end first; ends of log are above 0.");
            else
                read[name] = parameter;
        // Each end by itself: limits of settings do not depend on each other.
        foreach (var (name, parameter) in read)
            foreach (var end in parameter is Between between ? [between.Low, between.High] : ((Choice)parameter).Values)
                if (WholeNumbers.Contains(name) && end != Math.Round(end) || WholeNumbers.Contains(name) && parameter is Between { Whole: false })
                {
                    yield return ($"train.search.params.{name}", "whole numbers are asked for: write int, log_int or choices.");
                    break;
                }
                else if (at(new Dictionary<string, double> { [name] = end }) is { } why)
                {
                    yield return ($"train.search.params.{name}", why + ".");
                    break;
                }
        if (Method is SearchMethod.Asha && resource is null)
            yield return ("train.search.method", "what is tuned learns in one go; asha needs something to give out bit by bit, such as trees. Write tpe or random.");
        else if (Method is SearchMethod.Asha && Resource is not { Min: >= 1, Factor: >= 2 and <= 100 } || Resource is { } given && (given.Max <= given.Min || given.Max > 5000))
            yield return ("train.search.resource", $"asha gives out {resource}: write resource: {{min: 2, max: 18, factor: 3}}, min at least 1, max above it and at most 5000, factor 2 to 100.");
        else if (Method is SearchMethod.Asha && Params.ContainsKey(resource!))
            yield return ("train.search.params", $"asha gives out {resource}, so it cannot vary by itself.");
        else if (Method is SearchMethod.Asha && at(new Dictionary<string, double> { [resource!] = Resource!.Max }) is { } much)
            yield return ("train.search.resource.max", much + ".");
        if (Method is not SearchMethod.Asha && Resource is not null)
            yield return ("train.search.resource", "only asha gives out a resource; leave it out, or write method: asha.");
    }

    private static readonly string[] WholeNumbers = ["epochs", "hidden", "trees", "leaves", "min_rows", "factors", "rounds"];
}

public enum SearchMethod
{
    Random,

    Tpe,

    Asha,
}

/// <summary>How far a setting may vary: one of these.</summary>
public sealed record SearchRange
{
    /// <summary>Any number between two: <c>[0, 1]</c>.</summary>
    public IReadOnlyList<double>? Uniform { get; init; }

    /// <summary>Any number between two, each factor of ten as likely as the next: <c>[0.0001, 0.1]</c>.</summary>
    public IReadOnlyList<double>? Log { get; init; }

    /// <summary>Whole numbers, both ends among them: <c>[2, 64]</c>.</summary>
    [JsonPropertyName("int")]
    public IReadOnlyList<double>? Whole { get; init; }

    /// <summary>Whole numbers, each factor as likely as the next: <c>[2, 512]</c>.</summary>
    public IReadOnlyList<double>? LogInt { get; init; }

    /// <summary>These alone: <c>[0, 160, 320]</c>.</summary>
    public IReadOnlyList<double>? Choices { get; init; }

    /// <summary>Null when it cannot be meant.</summary>
    internal Parameter? Of(string name)
    {
        if (new[] { Uniform, Log, Whole, LogInt, Choices }.Count(one => one is not null) != 1)
            return null;
        if (Choices is not null)
            return Choices.Count is > 0 and <= 100 && Choices.Distinct().Count() == Choices.Count && Choices.All(double.IsFinite) ? new Choice(name, Choices) : null;
        if ((Uniform ?? Log ?? Whole ?? LogInt) is not [var low, var high] || !(low < high) || !double.IsFinite(low) || !double.IsFinite(high))
            return null;
        var (whole, log) = ((Whole ?? LogInt) is not null, (Log ?? LogInt) is not null);
        return (log && low <= 0) || (whole && (low != Math.Round(low) || high != Math.Round(high))) ? null : new Between(name, low, high, whole, log);
    }
}

/// <summary>What <c>asha</c> gives out.</summary>
public sealed record ResourcePlan
{
    /// <summary>What each trial is given.</summary>
    public int Min { get; init; } = 2;

    /// <summary>What the best are given.</summary>
    public int Max { get; init; }

    /// <summary>Of so many trials one goes on, with so many times more.</summary>
    public int Factor { get; init; } = 3;
}
