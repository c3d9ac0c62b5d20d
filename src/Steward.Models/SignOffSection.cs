using System.Globalization;

namespace Steward.Models;

/// <summary>The section <c>signoff</c>: who must agree before a version serves. No parties: nobody is asked.</summary>
public sealed record SignOffSection
{
    /// <summary>The alias that is guarded.</summary>
    public string Stage { get; init; } = Promotion.Production;

    public IReadOnlyList<PartyRule> Parties { get; init; } = [];

    public SignOffRules Rules { get; init; } = new();
}

/// <summary>A group that must agree.</summary>
public sealed record PartyRule
{
    /// <summary>Its name: <c>ops</c>.</summary>
    public string Party { get; init; } = "";

    /// <summary>Names of the people who may vote for it; empty: every approver of the project.</summary>
    public IReadOnlyList<string> Approvers { get; init; } = [];

    /// <summary>How many of them must approve.</summary>
    public int Need { get; init; } = 1;

    public bool Includes(string person) => Approvers.Count == 0 || Approvers.Contains(person, StringComparer.Ordinal);
}

public sealed record SignOffRules
{
    /// <summary>Whether the person who asks may also vote.</summary>
    public bool RequesterMayVote { get; init; }

    /// <summary>Whether a person speaks for one party only.</summary>
    public bool OnePersonOneParty { get; init; } = true;

    /// <summary>How long people have: <c>72h</c>, <c>3d</c>, <c>30m</c>.</summary>
    public string Expires { get; init; } = "72h";

    /// <summary><c>at_once</c> when the last party agreed, or <c>by_hand</c>.</summary>
    public string Promote { get; init; } = "at_once";

    internal TimeSpan Patience() => Duration(Expires) ?? TimeSpan.FromHours(72);

    internal static TimeSpan? Duration(string text)
    {
        if (text.Length < 2 || !int.TryParse(text[..^1], NumberStyles.None, CultureInfo.InvariantCulture, out var count) || count is < 1 or > 10_000)
            return null;
        return text[^1] switch
        {
            's' => TimeSpan.FromSeconds(count),
            'm' => TimeSpan.FromMinutes(count),
            'h' => TimeSpan.FromHours(count),
            'd' => TimeSpan.FromDays(count),
            _ => null,
        };
    }
}
