using Steward.Kubernetes;

namespace Steward.Packaging.Kubernetes;

/// <summary>The key <c>kubernetes</c> of the section <c>package</c>: how a model runs in a cluster.</summary>
public sealed record PackageKubernetes
{
    private const int MostReplicas = 1000;

    /// <summary>The namespace it goes to; whoever applies it decides when it is left away.</summary>
    public string? Namespace { get; init; }

    /// <summary>How many at least and at most, scaled by their use of cpu: [2, 10]. One number is always that many.</summary>
    public IReadOnlyList<int> Replicas { get; init; } = [2, 10];

    /// <summary>What each asks for and may use at most: "500m-2". One amount is both.</summary>
    public string Cpu { get; init; } = "250m-1";

    /// <summary>The same for memory: 512Mi, or "256Mi-1Gi".</summary>
    public string Memory { get; init; } = "512Mi";

    /// <summary>Other namespaces whose pods may ask it; those of its own always may.</summary>
    public IReadOnlyList<string> Callers { get; init; } = [];

    /// <summary>The secret with the sign-in for the registry.</summary>
    public string? PullSecret { get; init; }

    /// <summary>The secret whose key <c>token</c> callers must bring as bearer token.</summary>
    public string? TokenSecret { get; init; }

    internal int Least => Replicas[0];

    internal int Most => Replicas[^1];

    internal IEnumerable<(string Path, string Why)> Complaints()
    {
        if (Replicas is not ([_] or [_, _]) || Least < 1 || Most < Least || Most > MostReplicas)
            yield return ("kubernetes.replicas", $"Write how many at least and at most, as [2, 10]: 1 to {MostReplicas}, the smaller first.");
        if (AmountRange.Parse(Cpu) is null)
            yield return ("kubernetes.cpu", $"'{Names.Shorten(Cpu)}' is no amount of cpu: write 500m, 2 or \"500m-2\".");
        if (AmountRange.Parse(Memory) is not { } memory || memory.Least is not { IsWhole: true, Value: >= 1 << 20 })
            yield return ("kubernetes.memory", $"'{Names.Shorten(Memory)}' is no amount of memory: write 512Mi or \"256Mi-1Gi\".");
        foreach (var (key, name) in Callers.Select(caller => ("callers", (string?)caller)).Append(("namespace", Namespace)))
            if (name is not null && !NameRules.IsLabel(name))
                yield return ($"kubernetes.{key}", $"'{Names.Shorten(name)}' cannot be the name of a namespace: lower-case letters, digits and dashes, at most 63.");
        foreach (var (key, name) in new[] { ("pull_secret", PullSecret), ("token_secret", TokenSecret) })
            if (name is not null && !NameRules.IsSubdomain(name))
                yield return ($"kubernetes.{key}", $"'{Names.Shorten(name)}' cannot be the name of a secret: lower-case letters, digits, dashes and dots.");
    }
}

/// <summary>An amount that is asked for and one that is allowed at most: <c>500m-2</c>.</summary>
internal sealed record AmountRange(string Request, string Limit)
{
    public Quantity Least => Quantity.Parse(Request)!.Value;

    public Quantity Most => Quantity.Parse(Limit)!.Value;

    /// <summary>Null for what is no two amounts above nothing, the smaller first.</summary>
    public static AmountRange? Parse(string text)
    {
        var parts = text.Split('-');
        return parts.Length <= 2 && Quantity.Parse(parts[0]) is { Value: > 0 } least && Quantity.Parse(parts[^1]) is { } most && least <= most ? new(parts[0], parts[^1]) : null;
    }
}
