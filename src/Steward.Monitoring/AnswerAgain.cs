using Steward.Identity;
using Steward.Serving;

namespace Steward.Monitoring;

/// <summary>Takes back what an incident made an endpoint abstain from, once it is quiet again. What a person set stays.</summary>
internal sealed class AnswerAgain(DeedStore store, DeedBook book, IEndpoints endpoints)
{
    public async Task Do(Deed deed, CancellationToken stop)
    {
        var ours = await store.LastDone(deed.Endpoint, DeedKind.BackOrAbstain, stop);
        var lifted = await store.LastDone(deed.Endpoint, DeedKind.AnswerAgain, stop);
        if (ours?.Decision is not { } kept || lifted?.DoneAt > ours.DoneAt || Json.Read<BackOrAbstain.Decision>(kept) is not { Way: BackOrAbstain.Way.Abstain } decision)
        {
            await book.End(deed, null, "", new { }, stop: stop);
            return;
        }

        // After a crash in between it is set already: then only the telling is left.
        if (await endpoints.Find(deed.Endpoint, stop) is { } endpoint && endpoint.AbstainUnder == decision.Under)
            await endpoints.AbstainUnder(Who.Steward, deed.Endpoint, decision.Was, $"incident {deed.Incident}, round {deed.Round}: quiet again", stop);
        await book.End(deed, "answers", $"{decision.Model}@{deed.Version} answers everything again{(decision.Was is { } was ? $" above {Phrases.Percent(was)}, as before" : "")}.", new { version = deed.Version, under = decision.Was }, stop: stop);
    }
}
