using System.Text.Json.Serialization;

namespace Steward.Models;

/// <summary>Where a sign-off stands. It follows from its votes and the clock.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "state")]
[JsonDerivedType(typeof(Open), "open")]
[JsonDerivedType(typeof(Approved), "approved")]
[JsonDerivedType(typeof(Rejected), "rejected")]
[JsonDerivedType(typeof(Expired), "expired")]
[JsonDerivedType(typeof(Voided), "voided")]
[JsonDerivedType(typeof(Withdrawn), "withdrawn")]
public abstract record Verdict
{
    private Verdict() { }

    /// <param name="Missing">Parties that have not approved yet.</param>
    public sealed record Open(IReadOnlyList<string> Missing) : Verdict;

    public sealed record Approved(DateTimeOffset At) : Verdict;

    public sealed record Rejected(string By, string Party, string Reason, DateTimeOffset At) : Verdict;

    public sealed record Expired(DateTimeOffset At) : Verdict;

    /// <summary>What people were asked about is no longer what is there.</summary>
    public sealed record Voided(DateTimeOffset At) : Verdict;

    /// <summary>Who asked took the question back.</summary>
    public sealed record Withdrawn(string By, string Reason, DateTimeOffset At) : Verdict;

    [JsonIgnore]
    public string Words => GetType().Name.ToLowerInvariant();
}

public enum Decision { Approve, Ask, Reject }

/// <summary>A question that was asked instead of a yes or no, and what who requested the sign-off answered.</summary>
/// <param name="Number">From 1 per sign-off.</param>
/// <param name="Place">Of the vote that asks it, in the order of all votes.</param>
/// <param name="Answer">Null until it is answered.</param>
public sealed record Question(int Number, int Place, Vote Asked, Answer? Answer);

/// <param name="Place">Of the vote that asked.</param>
public sealed record Answer(int Place, string Text, string By, DateTimeOffset At);

/// <summary>One signed word of one person for one party.</summary>
/// <param name="Voter">Id of the person.</param>
/// <param name="KeyId">SHA-256 of the public key that checked it.</param>
/// <param name="Envelope">The DSSE envelope as it was sent, JSON.</param>
public sealed record Vote(string Voter, string Name, string Party, Decision Decision, string Reason, DateTimeOffset At, string KeyId, string Envelope);
