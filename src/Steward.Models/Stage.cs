using System.Text.Json.Serialization;

namespace Steward.Models;

/// <summary>How far a version has come. It is never stored: it follows from its checks, the votes and the clock.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "state")]
[JsonDerivedType(typeof(Registered), "registered")]
[JsonDerivedType(typeof(GateFailed), "gateFailed")]
[JsonDerivedType(typeof(GatesPassed), "gatesPassed")]
[JsonDerivedType(typeof(AwaitingSignOff), "awaitingSignOff")]
[JsonDerivedType(typeof(Approved), "approved")]
[JsonDerivedType(typeof(Rejected), "rejected")]
[JsonDerivedType(typeof(Expired), "expired")]
public abstract record Stage
{
    private Stage() { }

    /// <summary>Not checked yet under the policy in force.</summary>
    /// <param name="Since">The version that serves since it was compared with another.</param>
    public sealed record Registered(int? Since = null) : Stage;

    public sealed record GateFailed(IReadOnlyList<GateResult> Failed) : Stage;

    /// <summary>The machines agree; nobody was asked yet about exactly this seal.</summary>
    public sealed record GatesPassed : Stage;

    /// <param name="Missing">Parties whose approval is still missing.</param>
    public sealed record AwaitingSignOff(int SignOff, IReadOnlyList<string> Missing, DateTimeOffset Until) : Stage;

    /// <param name="SignOff">Null when the project file asks nobody.</param>
    public sealed record Approved(int? SignOff, DateTimeOffset At) : Stage;

    public sealed record Rejected(int SignOff, string By, string Reason, DateTimeOffset At) : Stage;

    public sealed record Expired(int SignOff, DateTimeOffset At) : Stage;

    /// <summary>The state in two or three words for a person.</summary>
    [JsonIgnore]
    public string Words => this switch
    {
        Registered => "not checked",
        GateFailed => "gate failed",
        GatesPassed => "gates passed",
        AwaitingSignOff => "waiting for people",
        Approved => "approved",
        Rejected => "rejected",
        _ => "expired",
    };

    /// <summary>Puts together what is known about a version.</summary>
    /// <param name="check">Its last check, if any.</param>
    /// <param name="policy">The policy in force.</param>
    /// <param name="seal">The seal as it is now.</param>
    /// <param name="last">The last sign-off asked for it, if any.</param>
    /// <param name="outdatedBy">The version that serves since it was compared with another, if any. What was decided stays decided.</param>
    internal static Stage Of(GateCheck? check, Policy policy, Digest seal, SignOff? last, int? outdatedBy, DateTimeOffset now)
    {
        if (check is null || check.Policy != policy.Digest)
            return new Registered();
        if (outdatedBy is not null && !(last?.Seal == seal && last.VerdictAt(now) is Verdict.Approved or Verdict.Rejected))
            return new Registered(outdatedBy);
        if (check.Results.Where(result => !result.Passed).ToList() is { Count: > 0 } failed)
            return new GateFailed(failed);
        if (policy.SignOff.Parties.Count == 0)
            return new Approved(null, check.At);
        if (last is null || last.Seal != seal)
            return new GatesPassed();
        return last.VerdictAt(now) switch
        {
            Verdict.Open open => new AwaitingSignOff(last.Number, open.Missing, last.ExpiresAt),
            Verdict.Approved approved => new Approved(last.Number, approved.At),
            Verdict.Rejected no => new Rejected(last.Number, no.By, no.Reason, no.At),
            Verdict.Expired gone => new Expired(last.Number, gone.At),
            // Voided, or withdrawn by who asked: it can be asked again.
            _ => new GatesPassed(),
        };
    }
}
