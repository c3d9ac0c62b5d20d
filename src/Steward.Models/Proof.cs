using System.Security.Cryptography;
using System.Text.Json;
using Steward.Identity;

namespace Steward.Models;

/// <summary>
/// What a sign-off's file proves by itself, without the server: every vote's signature, that it says what the file says,
/// and what the votes that hold come to by the rules. Votes left out of a file cannot be missed here; the audit has them.
/// </summary>
/// <param name="Verdict">What the votes that hold come to.</param>
/// <param name="Complaints">What does not hold; empty when all does.</param>
internal sealed record Proof(Verdict Verdict, IReadOnlyList<ProvenVote> Votes, IReadOnlyList<string> Complaints)
{
    /// <param name="trusted">Keys from elsewhere; when there are any, only they count.</param>
    /// <param name="onnx">Digest of a model file that should be the one; null to leave that out.</param>
    public static Proof Of(SignOffView file, IReadOnlyList<ECDsa> trusted, Digest? onnx)
    {
        var complaints = new List<string>();
        if (onnx is { } bytes && bytes != file.Onnx)
            complaints.Add($"The model file is not the one that was voted on: its SHA-256 is {bytes.Hex}, and the votes are about {file.Onnx.Hex}.");
        if (Fingerprint.Of(file.Seal) != file.Words)
            complaints.Add($"The file's words are not those of its seal: {Fingerprint.Of(file.Seal)}.");
        var (counted, votes) = (file.Unvoted(), new List<ProvenVote>());
        foreach (var vote in file.Votes)
        {
            var why = Flaw(file, vote, trusted);
            try
            {
                if (why is null)
                    counted = counted.With(vote, vote.At);
            }
            catch (ProblemException refused)
            {
                why = refused.Message;
            }

            votes.Add(new(vote.Name, vote.Party, vote.Decision, vote.At, vote.KeyId, Digest.TryParse(vote.KeyId, out var hint) ? Fingerprint.Of(hint) : "", why is null, why));
            if (why is not null)
                complaints.Add($"The vote of {Names.Shorten(vote.Name)} for {Names.Shorten(vote.Party)} does not hold: {why}");
        }

        var verdict = counted.VerdictAt(file.Votes.Count == 0 ? file.AskedAt : file.Votes.Max(vote => vote.At));
        // Time, a changed seal and a withdrawal are the server's word: only an open one may have ended so.
        if (verdict is Verdict.Open && file.Verdict is Verdict.Expired or Verdict.Voided or Verdict.Withdrawn)
            verdict = file.Verdict;
        if (verdict.Words != file.Verdict.Words)
            complaints.Add($"The file says {file.Verdict.Words}, and the votes that hold come to {verdict.Words}.");
        return new(verdict, votes, complaints);
    }

    /// <summary>Reads what <c>steward signoff show NUMBER --json</c> wrote.</summary>
    public static SignOffView Read(string json)
    {
        try
        {
            return Json.Read<SignOffView>(json) is { Votes: not null, Parties: not null, Rules: not null, Verdict: not null, Words: not null } file
                && file.Votes.All(vote => vote is { Voter: not null, Name: not null, Party: not null, Reason: not null, KeyId: not null, Envelope: not null }) && file.Parties.All(party => party is { Party: not null, Approvers: not null })
                && file.Keys?.All(key => key is { Hint: not null, Pem: not null, Person: not null }) != false ? file : throw new JsonException();
        }
        catch (Exception error) when (error is JsonException or FormatException or NotSupportedException or ProblemException)
        {
            throw ProblemException.Invalid("proof_unreadable", "This is not the file of a sign-off.", "Write one: steward signoff show NUMBER --json > signoff.json");
        }
    }

    private static string? Flaw(SignOffView file, Vote vote, IReadOnlyList<ECDsa> trusted)
    {
        try
        {
            var envelope = Json.Read<Dsse>(vote.Envelope);
            var named = file.Keys?.FirstOrDefault(key => key.Hint == vote.KeyId);
            using var own = trusted.Count == 0 ? named?.Open() : null;
            if ((trusted.Count == 0 ? own : trusted.FirstOrDefault(key => PersonKey.HintOf(key) == vote.KeyId)) is not { } key)
                return trusted.Count == 0 ? "the file does not hold its key." : "its key is none of those that you trust.";
            if (PersonKey.HintOf(key) != vote.KeyId)
                return "the key in the file is not the one that the vote names.";
            if (!envelope.IsSignedBy(key))
                return "the signature is not over these bytes by this key.";
            var statement = Statement.Read(envelope);
            var said = statement.Predicate;
            if (said.Project != file.Project || said.SignOff != file.Number || said.Seal != file.Seal.Hex || said.Policy != file.Policy.Hex || statement.Subject[0].Digest.Sha256 != file.Onnx.Hex)
                return "what was signed is about something else than this file.";
            if (said.Voter != vote.Voter || said.Party != vote.Party || said.Decision != vote.Decision || said.Reason != vote.Reason || (said.Time - vote.At).Duration() > SignOffs.Slack)
                return "what was signed is not what the file shows.";
            if (said.Decision is Decision.Approve && said.Quiz is null && file.Parties.Any(party => party.Party == said.Party && party.Quiz is QuizRule.Required))
                return "its party asks for a quiz first, and the vote records none.";
            if (named is not null && named.Person != vote.Voter)
                return $"its key is {Names.Shorten(named.Person)}'s.";
            return named?.RevokedAt <= said.Time ? "its key was revoked before." : null;
        }
        catch (Exception error) when (error is JsonException or ProblemException or CryptographicException or ArgumentException)
        {
            return "its envelope or its key cannot be read.";
        }
    }
}

/// <param name="Key">SHA-256 of the public key.</param>
/// <param name="Words">The same in five words.</param>
/// <param name="Why">What is wrong; null when it holds.</param>
internal sealed record ProvenVote(string By, string Party, Decision Decision, DateTimeOffset At, string Key, string Words, bool Holds, string? Why);
