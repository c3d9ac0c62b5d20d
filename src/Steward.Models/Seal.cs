namespace Steward.Models;

/// <summary>
/// What people sign: the SHA-256 over the canonical JSON of the model's digest, the evidence about it and the digest of
/// the policy in force. One changed byte in any of them is another seal.
/// </summary>
/// <param name="Digest">For machines.</param>
/// <param name="Policy">Digest of the sections <c>gates</c> and <c>signoff</c> of the project file.</param>
public sealed record Seal(Digest Digest, Digest Policy)
{
    /// <summary>The first 50 bits as five words, for people: a slip of the eye shows, an attack on 256 bits is left to the digest.</summary>
    public string Words => Fingerprint.Of(Digest);

    internal static Seal Of(Digest model, Evidence evidence, Digest policy)
        => new(Canonical.Digest(new { model = model.Hex, evidence, policy = policy.Hex }), policy);
}
