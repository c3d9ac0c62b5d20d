using Steward.Identity;

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
    /// <summary>Set when who asked took the question back.</summary>
    public Verdict.Withdrawn? Withdrawn { get; init; }

    public IReadOnlyList<Answer> Answers { get; init; } = [];

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
        if (Withdrawn is not null)
            return Withdrawn;
        if (VoidedAt is { } at)
            return new Verdict.Voided(at);
        return now >= ExpiresAt ? new Verdict.Expired(ExpiresAt) : new Verdict.Open(missing);
    }

    /// <summary>Everything that was asked instead of a yes or no, oldest first.</summary>
    public IReadOnlyList<Question> Questions => [.. Votes.Select((vote, place) => (vote, place)).Where(one => one.vote.Decision is Decision.Ask)
        .Select((one, i) => new Question(i + 1, one.place, one.vote, Answers.FirstOrDefault(answer => answer.Place == one.place)))];

    /// <summary>Questions without an answer whose asker has not decided meanwhile; none once it is over.</summary>
    public IReadOnlyList<Question> OpenQuestions(DateTimeOffset now)
        => IsOpen(now) ? [.. Questions.Where(question => question.Answer is null && LastWords().Contains(question.Asked))] : [];

    /// <summary>
    /// The sign-off with one more vote, or the refusal: it is over, the voter asked for it, is not of the party, spoke
    /// for another party, or approved it before. While it is open people may change their mind: the last word counts, all are kept.
    /// </summary>
    public SignOff With(Vote vote, DateTimeOffset now)
    {
        DemandOpen(now);
        DemandSeat(vote.Voter, vote.Name, vote.Party);
        if (vote.Decision is Decision.Approve && Votes.LastOrDefault(other => other.Voter == vote.Voter && other.Party == vote.Party)?.Decision is Decision.Approve)
            throw ProblemException.Conflict("voted_already", $"{vote.Name} approved sign-off {Number} for {vote.Party} already.", "Ask or reject if you changed your mind.");
        return this with { Votes = [.. Votes, vote] };
    }

    /// <summary>The sign-off with a question answered, by who requested it.</summary>
    public SignOff With(Who who, int question, string text, DateTimeOffset now)
    {
        DemandOpen(now);
        DemandRequester(who, "answers");
        var asked = Questions.FirstOrDefault(one => one.Number == question) ?? throw ProblemException.NotFound("question", $"{question}", $"Sign-off {Number} has {Say.Count(Questions.Count, "question")}.");
        if (asked.Answer is not null)
            throw ProblemException.Conflict("answered_already", $"Question {question} of sign-off {Number} is answered already.", $"steward signoff show {Number}");
        return this with { Answers = [.. Answers, new(asked.Place, text, who.Name, now)] };
    }

    /// <summary>The sign-off taken back, by who requested it.</summary>
    public SignOff Withdraw(Who who, string reason, DateTimeOffset now)
    {
        DemandOpen(now);
        DemandRequester(who, "withdraws");
        return this with { Withdrawn = new(who.Name, reason, now) };
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

    private void DemandRequester(Who who, string what)
    {
        if (who.Id != RequesterId)
            throw ProblemException.Denied($"{Requester} asked for sign-off {Number}, so only {Requester} {what}.", $"steward signoff show {Number}");
    }

    private bool MaySpeak(string voter, string party)
        => (voter != RequesterId || Asked.Rules.RequesterMayVote)
            && Asked.Parties.Any(rule => rule.Party == party && rule.Includes(voter))
            && !(Asked.Rules.OnePersonOneParty && Votes.Any(vote => vote.Voter == voter && vote.Party != party));

    /// <summary>Whether its voter said nothing else for the party since.</summary>
    internal bool IsLastWord(Vote vote) => LastWords().Contains(vote);

    private IEnumerable<Vote> LastWords() => Votes.GroupBy(vote => (vote.Voter, vote.Party)).Select(said => said.Last());
}
