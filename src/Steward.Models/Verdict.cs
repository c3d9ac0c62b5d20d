using System.Text.Json.Serialization;

namespace Steward.Models;

/// <summary>Where a sign-off stands. It follows from its votes and the clock.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "state")]
[JsonDerivedType(typeof(Open), "open")]
[JsonDerivedType(typeof(Approved), "approved")]
[JsonDerivedType(typeof(Rejected), "rejected")]
[JsonDerivedType(typeof(Expired), "expired")]
[JsonDerivedType(typeof(Voided), "voided")]
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

    [JsonIgnore]
    public string Words => GetType().Name.ToLowerInvariant();
}

public enum Decision { Approve, Ask, Reject }

/// <summary>One signed word of one person for one party.</summary>
/// <param name="Voter">Id of the person.</param>
/// <param name="KeyId">SHA-256 of the public key that checked it.</param>
/// <param name="Envelope">The DSSE envelope as it was sent, JSON.</param>
public sealed record Vote(string Voter, string Name, string Party, Decision Decision, string Reason, DateTimeOffset At, string KeyId, string Envelope);
