using System.Text.Json.Serialization;
using Steward.Identity;

namespace Steward.Models;

/// <summary>A sign-off as it is told, with where it stands now. With the keys it is a proof that can be checked without the server.</summary>
internal sealed record SignOffView(
    int Number, string Project, string Model, int Version, Digest Onnx, Digest Seal, Digest Policy, string Words, string Stage, Verdict Verdict, IReadOnlyList<PartyView> Parties, SignOffRules Rules,
    string RequesterId, string Requester, DateTimeOffset AskedAt, DateTimeOffset ExpiresAt, IReadOnlyList<Vote> Votes, IReadOnlyList<QuestionView> Questions)
{
    /// <summary>Public halves of the keys that signed; only when one sign-off is asked for.</summary>
    public IReadOnlyList<PersonKey>? Keys { get; init; }

    public static SignOffView Of(SignOff one, DateTimeOffset now) => new(one.Number, one.Project, one.Model, one.Version, one.Onnx, one.Seal, one.Policy, one.Words, one.Asked.Stage,
        one.VerdictAt(now), [.. one.Asked.Parties.Select(party => new PartyView(party.Party, party.Approvers, party.Need, one.Approvals(party.Party).Count(), party.Quiz))], one.Asked.Rules,
        one.RequesterId, one.Requester, one.AskedAt, one.ExpiresAt, one.Votes,
        [.. one.Questions.Select(question => new QuestionView(question.Number, question.Asked.Name, question.Asked.Party, question.Asked.Reason, question.Answer?.Text, question.Answer?.By))]);

    /// <summary>The sign-off as it was before its first vote, to count them anew.</summary>
    public SignOff Unvoted() => new("", Project, Number, Model, Version, Onnx, Seal, Policy,
        new() { Stage = Stage, Rules = Rules, Parties = [.. Parties.Select(party => new PartyRule { Party = party.Party, Approvers = party.Approvers, Need = party.Need, Quiz = party.Quiz })] },
        RequesterId, Requester, AskedAt, ExpiresAt, null, []);
}

internal sealed record PartyView(string Party, IReadOnlyList<string> Approvers, int Need, int Have, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] QuizRule Quiz = QuizRule.None);

/// <param name="Answer">Null while it is open.</param>
internal sealed record QuestionView(int Number, string By, string Party, string Text, string? Answer, string? AnsweredBy);
