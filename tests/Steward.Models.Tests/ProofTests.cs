using System.Security.Cryptography;
using Steward.Identity;
using Steward.Testing;

namespace Steward.Models.Tests;

/// <summary>A sign-off's file proves by itself who said what about which bytes.</summary>
public sealed class ProofTests : IAsyncLifetime
{
    private readonly House _house = new(Databases.Sqlite());
    private SignOffView _file = null!;
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        await _house.Policy("""
            signoff:
              parties:
                - {party: ops, approvers: [dev], need: 1}
                - {party: business, approvers: [coo], need: 1}
            """);
        var version = await _house.Version();
        var asked = await _house.SignOffs.Request(_house.Editor, _house.Project, "fruit", version.Version, Stop);
        await _house.Vote(asked, "dev", "ops", Decision.Ask);
        await _house.Vote(asked, "dev", "ops");
        var end = await _house.Vote(asked, "coo", "business");
        _file = SignOffView.Of(end, _house.Clock.GetUtcNow()) with { Keys = [await Public("dev"), await Public("coo")] };
    }

    [Fact]
    public void A_whole_file_says_which_key_and_person_and_that_it_is_approved()
    {
        var proof = Proof.Of(Proof.Read(Json.Write(_file)), [], _file.Onnx);
        Assert.Empty(proof.Complaints);
        Assert.IsType<Verdict.Approved>(proof.Verdict);
        Assert.Equal([("dev", "ops", Decision.Ask), ("dev", "ops", Decision.Approve), ("coo", "business", Decision.Approve)], proof.Votes.Select(vote => (vote.By, vote.Party, vote.Decision)));
        Assert.All(proof.Votes, vote => Assert.Equal(5, vote.Words.Split('-').Length));
    }

    [Fact]
    public void Every_changed_word_of_a_vote_shows()
    {
        Assert.All([
            One(vote => vote with { Decision = Decision.Reject }), One(vote => vote with { Reason = "never seen" }), One(vote => vote with { Party = "business" }), One(vote => vote with { Voter = "sam" }),
            One(vote => vote with { At = vote.At.AddHours(1) }), One(vote => vote with { KeyId = _file.Keys![1].Hint }), One(vote => vote with { Envelope = "{}" }), One(vote => vote with { Envelope = "no" }),
        ], changed => Assert.Contains("does not hold", Complaint(changed), StringComparison.Ordinal));
    }

    [Fact]
    public void A_file_about_other_bytes_another_seal_or_other_rules_shows()
    {
        Assert.Contains("something else", Complaint(_file with { Onnx = Digest.Of("other") }), StringComparison.Ordinal);
        Assert.Contains("something else", Complaint(_file with { Policy = Digest.Of("other") }), StringComparison.Ordinal);
        Assert.Contains("something else", Complaint(_file with { Number = 2 }), StringComparison.Ordinal);
        Assert.Contains("words", Complaint(_file with { Seal = Digest.Of("other") }), StringComparison.Ordinal);
        Assert.Contains("not the one that was voted on", Assert.Single(Proof.Of(_file, [], Digest.Of("other")).Complaints), StringComparison.Ordinal);
    }

    [Fact]
    public void A_vote_left_out_is_missed_when_it_decided()
    {
        var proof = Proof.Of(_file with { Votes = [.. _file.Votes.Take(2)] }, [], null);
        Assert.IsType<Verdict.Open>(proof.Verdict);
        Assert.Equal("The file says approved, and the votes that hold come to open.", Assert.Single(proof.Complaints));
    }

    [Fact]
    public void A_forged_key_in_the_file_does_not_count_among_those_that_are_trusted()
    {
        using var forged = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var vote = _file.Votes[2];
        var envelope = Dsse.Sign(Dsse.InToto, Json.Read<Dsse>(vote.Envelope).Body(), forged);
        var file = _file with
        {
            Keys = [_file.Keys![0], new(PersonKey.HintOf(forged), "coo", "default", PersonKey.PemOf(forged), default, null)],
            Votes = [_file.Votes[0], _file.Votes[1], vote with { Envelope = Json.Write(envelope), KeyId = PersonKey.HintOf(forged) }],
        };
        Assert.Empty(Proof.Of(file, [], null).Complaints);
        using var dev = _file.Keys[0].Open();
        using var coo = _file.Keys[1].Open();
        Assert.Contains("none of those that you trust", Proof.Of(file, [dev, coo], null).Complaints[0], StringComparison.Ordinal);
        Assert.Empty(Proof.Of(_file, [dev, coo], null).Complaints);
    }

    [Fact]
    public void A_key_of_somebody_else_or_one_revoked_before_does_not_count()
    {
        Assert.Contains("its key is dev's", Complaint(_file with { Keys = [_file.Keys![0], _file.Keys[1] with { Person = "dev" }] }), StringComparison.Ordinal);
        Assert.Contains("revoked", Complaint(_file with { Keys = [_file.Keys![0], _file.Keys[1] with { RevokedAt = _file.AskedAt }] }), StringComparison.Ordinal);
        Assert.Empty(Proof.Of(_file with { Keys = [_file.Keys![0], _file.Keys[1] with { RevokedAt = _file.AskedAt.AddDays(1) }] }, [], null).Complaints);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("[1]")]
    [InlineData("{\"number\":1,\"votes\":null}")]
    public void What_is_no_such_file_is_refused_in_words(string text)
        => Assert.Equal("proof_unreadable", Assert.Throws<ProblemException>(() => Proof.Read(text)).Code);

    public ValueTask DisposeAsync() => _house.DisposeAsync();

    private SignOffView One(Func<Vote, Vote> change) => _file with { Votes = [_file.Votes[0], change(_file.Votes[1]), _file.Votes[2]] };

    private static string Complaint(SignOffView file) => Proof.Of(file, [], null).Complaints[0];

    private async Task<PersonKey> Public(string person)
    {
        var key = await _house.Key(person);
        return new(PersonKey.HintOf(key), person, "default", PersonKey.PemOf(key), default, null);
    }
}
