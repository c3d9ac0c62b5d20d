namespace Steward.Pipelines;

/// <summary>Runs once whenever an alias of a model moves to another version: forward, or back.</summary>
public sealed record PromotedPlan
{
    public string Model { get; init; } = "";

    public string Alias { get; init; } = "production";

    internal IEnumerable<(string Path, string Why)> Complaints()
    {
        if (!Names.IsName(Model))
            yield return ("promoted.model", $"'{Names.Shorten(Model)}' cannot be the name of a model; write the one that is registered.");
        if (!Names.IsName(Alias))
            yield return ("promoted.alias", $"'{Names.Shorten(Alias)}' cannot be an alias; write one such as production.");
    }
}
