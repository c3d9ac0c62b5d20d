using System.Text.Json.Serialization;

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

    /// <summary>The people, as they sign in, who may vote for it; empty: every approver of the project.</summary>
    public IReadOnlyList<string> Approvers { get; init; } = [];

    /// <summary>How many of them must approve.</summary>
    public int Need { get; init; } = 1;

    /// <summary><c>required</c>: who approves for it has passed the quiz about the version's story. A no or a question needs none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public QuizRule Quiz { get; init; }

    public bool Includes(string person) => Approvers.Count == 0 || Approvers.Contains(person, StringComparer.Ordinal);
}

public sealed record SignOffRules
{
    /// <summary>Whether the person who asks may also vote.</summary>
    public bool RequesterMayVote { get; init; }

    /// <summary>Whether a person speaks for one party only.</summary>
    public bool OnePersonOneParty { get; init; } = true;

    /// <summary>How long people have: <c>72h</c>, <c>3d</c>, <c>30m</c>.</summary>
    public TimeSpan Expires { get; init; } = TimeSpan.FromHours(72);

    /// <summary>Always true: a vote holds for exactly what it was given to. It stands in the project file so that people read it there.</summary>
    public bool ReVoteOnChange { get; init; } = true;

    public PromoteRule Promote { get; init; } = PromoteRule.AtOnce;
}

/// <summary>What the last approval does.</summary>
public enum PromoteRule
{
    /// <summary>The version serves at once.</summary>
    AtOnce,

    /// <summary>Somebody promotes it: <c>steward model promote</c>.</summary>
    ByHand,
}
