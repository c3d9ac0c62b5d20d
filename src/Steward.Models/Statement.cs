using System.Text.Json;
using System.Text.Json.Serialization;

namespace Steward.Models;

/// <summary>What a vote says: an in-toto statement v1 about the model's bytes, with our own predicate.</summary>
public sealed record Statement(
    [property: JsonPropertyName("_type")] string Type,
    IReadOnlyList<Subject> Subject,
    string PredicateType,
    Ballot Predicate)
{
    private const string InTotoV1 = "https://in-toto.io/Statement/v1";
    private const string SignOffV1 = "urn:steward:signoff/v1";

    /// <summary>The statement a person would sign.</summary>
    public static Statement Of(SignOff signOff, string voter, string party, Decision decision, string reason, DateTimeOffset at, QuizProof? quiz = null) => new(
        InTotoV1,
        [new($"{signOff.Model}@{signOff.Version}", new(signOff.Onnx.Hex))],
        SignOffV1,
        new(signOff.Project, signOff.Number, signOff.Seal.Hex, signOff.Policy.Hex, voter, party, decision, reason, at, quiz));

    public byte[] Bytes() => Canonical.Bytes(this);

    /// <summary>Reads a signed payload; <c>envelope_invalid</c> when it is not such a statement.</summary>
    public static Statement Read(Dsse envelope)
    {
        if (envelope.PayloadType != Dsse.InToto)
            throw Wrong($"its type is '{Names.Shorten(envelope.PayloadType)}'");
        Statement? said;
        try
        {
            said = JsonSerializer.Deserialize<Statement>(envelope.Body(), Json.Options);
        }
        catch (JsonException)
        {
            throw Wrong("it is not an in-toto statement of ours");
        }

        if (said is not { Type: InTotoV1, PredicateType: SignOffV1, Predicate: not null, Subject: [{ Digest: not null }] })
            throw Wrong("its type or predicate is another");
        return said;
    }

    private static ProblemException Wrong(string why)
        => ProblemException.Invalid("envelope_invalid", $"The vote's envelope cannot be read: {why}.", "Sign the statement that the server gives for this sign-off.");
}

public sealed record Subject(string Name, SubjectDigest Digest);

public sealed record SubjectDigest(string Sha256);

/// <param name="Seal">Digest over model, evidence and policy.</param>
/// <param name="Voter">Id of the person.</param>
/// <param name="Time">When it was signed.</param>
/// <param name="Quiz">How the voter came to understand it; null for a vote without a quiz, and for every vote from before there was one.</param>
public sealed record Ballot(string Project, int SignOff, string Seal, string Policy, string Voter, string Party, Decision Decision, string Reason, DateTimeOffset Time, QuizProof? Quiz = null);
