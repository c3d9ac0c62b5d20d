using Steward.Events;

namespace Steward.Serving;

/// <summary>A name under which a model answers. It serves what the alias <c>production</c> of its model points to.</summary>
/// <param name="Name">Unique on a server.</param>
/// <param name="LiveVersion">What was served last; null before the first promotion.</param>
/// <param name="Epoch">Of the promotion that is served: a higher one is newer.</param>
/// <param name="AbstainUnder">Answers less confident than this (0 to 1) say that a person should look.</param>
public sealed record Endpoint(string Name, string Project, string Model, int? LiveVersion, long Epoch, double? AbstainUnder, DateTimeOffset ChangedAt);

/// <summary>What one process serves, as it told last.</summary>
/// <param name="Trouble">Why it does not serve the newest promotion, in a sentence.</param>
public sealed record NodeServing(string Node, int? Version, long Epoch, string? Trouble, DateTimeOffset At);

public sealed record EndpointServes(string Project, string Endpoint, int Version, long Epoch) : IEvent
{
    public static string Name => "serving.endpoint_serves";
}

/// <param name="Under">The threshold from now on; null when it answers everything again.</param>
public sealed record EndpointAbstains(string Project, string Endpoint, double? Under, string Reason) : IEvent
{
    public static string Name => "serving.endpoint_abstains";
}
