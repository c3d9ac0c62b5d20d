using Steward.Models;

namespace Steward.Stories;

/// <summary>Who agreed to a version, by which gates it came, and where the way back leads.</summary>
internal static class SignOffFacts
{
    public static async Task Add(Recorder all, ISignOffs signOffs, IPromotions promotions, ModelVersion version, CancellationToken stop)
    {
        var page = VersionFacts.Source(version);
        // The gate that asks for the story itself is not part of what it tells: neither could come first.
        var gates = version.Gates.Where(gate => gate.Gate != StoryGate.GateName).ToList();
        if (gates.Count > 0 && version.CheckedAt is { } checkedAt)
            all.Count("gates", gates.Count, page with { Kind = "gate" }, checkedAt).Count("gates.passed", gates.Count(gate => gate.Passed), page with { Kind = "gate" }, checkedAt)
                .Flag("gates-passed", gates.TrueForAll(gate => gate.Passed));
        if (await signOffs.Last(version.Project, version.Model, version.Version, stop) is { } asked)
        {
            var source = new Source("sign-off", $"sign-off {asked.Number}", $"/projects/{version.Project}/signoffs/{asked.Number}");
            var yes = asked.Asked.Parties.SelectMany(party => asked.Approvals(party.Party)).ToList();
            all.Number("signoff", asked.Number, source, asked.AskedAt).Count("parties", asked.Asked.Parties.Count, source, asked.AskedAt)
                .Name("seal.words", asked.Words).Moment("asked.at", asked.AskedAt, source);
            if (yes.Count > 0)
                all.Count("signers", yes.Select(vote => vote.Voter).Distinct().Count(), source, yes.Max(vote => vote.At)).Moment("signed.at", yes.Max(vote => vote.At), source);
            var approved = asked.Asked.Parties.All(party => asked.Approvals(party.Party).Count() >= party.Need);
            all.Flag("approved", approved).Flag("not-approved", !approved);
        }

        var moves = await promotions.History(version.Project, version.Model, Promotion.Production, 1000, stop);
        var brought = moves.Find(move => move.Version == version.Version && move.Kind is MoveKind.Promote);
        if (brought is not null)
            all.Moment("promoted", brought.At, Alias(version, brought.Epoch));
        // Of what served when it came, or serves while it waits: the same record before the promotion and after it.
        var before = brought is null ? moves.FirstOrDefault() : moves.Find(move => move.Epoch < brought.Epoch);
        if (before is not null && before.Version != version.Version)
            all.Number("back.to", before.Version, Alias(version, before.Epoch), before.At);
    }

    public static Source Alias(ModelVersion version, long epoch) => new("promotion", $"{version.Model} production, epoch {epoch}", $"/projects/{version.Project}/models/{version.Model}");
}
