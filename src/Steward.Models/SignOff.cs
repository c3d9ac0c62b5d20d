namespace Steward.Models;

/// <summary>A question to people: should exactly this seal serve? Each change gives a new record.</summary>
/// <param name="Number">From 1 per project; people say "sign-off 42".</param>
/// <param name="Seal">What the votes bind to.</param>
/// <param name="Model">Registered name, of the version <paramref name="Version"/> whose bytes are <paramref name="Onnx"/>.</param>
/// <param name="Asked">The parties and rules as they were when it was asked; part of the seal.</param>
/// <param name="RequesterId">Id of the person who asked.</param>
/// <param name="VoidedAt">When it was found that the seal changed.</param>
public sealed record SignOff(
    string Id, string Project, int Number, string Model, int Version, Digest Onnx, Digest Seal, Digest Policy, SignOffSection Asked,
    string RequesterId, string Requester, DateTimeOffset AskedAt, DateTimeOffset ExpiresAt, DateTimeOffset? VoidedAt, IReadOnlyList<Vote> Votes)
{
    public string Words => Fingerprint.Of(Seal);

    public bool IsOpen(DateTimeOffset now) => VerdictAt(now) is Verdict.Open;

    /// <summary>A party's people whose last word is yes.</summary>
    public IEnumerable<Vote> Approvals(string party) => LastWords().Where(vote => vote.Party == party && vote.Decision is Decision.Approve);

    public Verdict VerdictAt(DateTimeOffset now)
    {
        if (Votes.FirstOrDefault(vote => vote.Decision is Decision.Reject) is { } no)
            return new Verdict.Rejected(no.Name, no.Party, no.Reason, no.At);
        var missing = Asked.Parties.Where(party => Approvals(party.Party).Count() < party.Need).Select(party => party.Party).ToList();
        if (missing.Count == 0)
            return new Verdict.Approved(Votes.Count == 0 ? AskedAt : Votes.Max(vote => vote.At));
        if (VoidedAt is { } at)
            return new Verdict.Voided(at);
        return now >= ExpiresAt ? new Verdict.Expired(ExpiresAt) : new Verdict.Open(missing);
    }

    /// <summary>
    /// The sign-off with one more vote, or the refusal: it is over, the voter asked for it, is not of the party, spoke
    /// for another party, or said it before. An approval can still be turned into a rejection while it is open.
    /// </summary>
    public SignOff With(Vote vote, DateTimeOffset now)
    {
        DemandOpen(now);
        DemandSeat(vote.Voter, vote.Name, vote.Party);
        var before = Votes.LastOrDefault(other => other.Voter == vote.Voter && other.Party == vote.Party);
        if (before?.Decision is Decision.Approve && vote.Decision is not Decision.Reject)
            throw ProblemException.Conflict("voted_already", $"{vote.Name} approved sign-off {Number} for {vote.Party} already.", "Reject it if you changed your mind.");
        return this with { Votes = [.. Votes, vote] };
    }

    public void DemandOpen(DateTimeOffset now)
    {
        if (VerdictAt(now) is { } verdict and not Verdict.Open)
            throw ProblemException.Conflict(verdict is Verdict.Expired ? "signoff_expired" : "signoff_over",
                $"Sign-off {Number} is over: it was {verdict.Words}.", $"Ask again: steward signoff request {Model}@{Version}");
    }

    /// <summary>Whether this person may speak for this party here.</summary>
    public void DemandSeat(string voter, string name, string party)
    {
        var rule = Asked.Parties.FirstOrDefault(one => one.Party == party)
            ?? throw ProblemException.NotFound("party", Names.Shorten(party), $"Sign-off {Number} asks: {string.Join(", ", Asked.Parties.Select(one => one.Party))}.");
        if (!rule.Includes(voter))
            throw ProblemException.Denied($"{name} may not vote for {party}.", $"{party} is: {string.Join(", ", rule.Approvers)}.");
        if (voter == RequesterId && !Asked.Rules.RequesterMayVote)
            throw ProblemException.Denied($"{name} asked for sign-off {Number} and may not also vote on it.", "Somebody else must decide.");
        if (Asked.Rules.OnePersonOneParty && Votes.FirstOrDefault(vote => vote.Voter == voter && vote.Party != party) is { } other)
            throw ProblemException.Denied($"{name} spoke for {other.Party} already, and one person speaks for one party.", "Somebody else must vote for " + party + ".");
    }

    /// <summary>The parties that still miss an approval which this person may give.</summary>
    public IReadOnlyList<string> WaitsFor(string voter, DateTimeOffset now) => VerdictAt(now) is Verdict.Open open
        ? [.. open.Missing.Where(party => MaySpeak(voter, party) && Approvals(party).All(vote => vote.Voter != voter))]
        : [];

    /// <summary>The parties this person may speak for; empty for somebody who asked, or is of none.</summary>
    public IReadOnlyList<string> SeatsOf(string voter) => [.. Asked.Parties.Select(party => party.Party).Where(party => MaySpeak(voter, party))];

    private bool MaySpeak(string voter, string party)
        => (voter != RequesterId || Asked.Rules.RequesterMayVote)
            && Asked.Parties.Any(rule => rule.Party == party && rule.Includes(voter))
            && !(Asked.Rules.OnePersonOneParty && Votes.Any(vote => vote.Voter == voter && vote.Party != party));

    private IEnumerable<Vote> LastWords() => Votes.GroupBy(vote => (vote.Voter, vote.Party)).Select(said => said.Last());
}
