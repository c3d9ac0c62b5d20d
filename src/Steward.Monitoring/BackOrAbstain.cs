using Steward.Identity;
using Steward.Models;
using Steward.Projects;
using Steward.Serving;

namespace Steward.Monitoring;

/// <summary>
/// Back to the version before, if it doubts clearly less about the very same pictures; else answers that are unsure say
/// so. In three steps that each may be repeated: decide and keep the decision, act on what is still as it was, tell.
/// </summary>
internal sealed class BackOrAbstain(DeedStore store, DeedBook book, Evidence evidence, IEndpoints endpoints, IReleases releases, IPromotions promotions, IProjects projects)
{
    private const int FewestPictures = 20, MostPictures = 400;

    /// <summary>How probable the difference may be by chance: going back is easily done and hard to explain.</summary>
    private const double Clearly = 0.01;

    public async Task Do(Deed deed, CancellationToken stop)
    {
        var decision = await Decide(deed, stop);
        var done = await Act(decision, stop);
        await Tell(deed, decision, done, stop);
    }

    internal async Task<Decision> Decide(Deed deed, CancellationToken stop)
    {
        if (deed.Decision is { } kept)
            return Json.Read<Decision>(kept);
        var decision = await Weigh(deed, stop);
        return await store.Decide(deed.Id, Json.Write(decision), stop)
            ? decision
            : Json.Read<Decision>((await store.Find(deed.Id, stop))!.Decision!);
    }

    /// <summary>True when it is as decided now, by this call or one before; false when somebody else moved meanwhile.</summary>
    internal async Task<bool> Act(Decision decision, CancellationToken stop) => decision.Way switch
    {
        Way.Back => await GoBack(decision, stop),
        Way.Abstain => await Abstain(decision, stop),
        Way.Stop => await StopRelease(decision, stop),
        _ => true,
    };

    internal Task Tell(Deed deed, Decision decision, bool done, CancellationToken stop)
    {
        var (kind, text) = decision.Way switch
        {
            _ when !done => ("left", $"{decision.Why} Before this was done somebody changed what {deed.Endpoint} serves, so it was left as it is."),
            Way.Back => ("back", $"{decision.Why} That is clearly less, so {decision.Model}@{decision.To} serves again."),
            Way.Stop => ("back", $"{decision.Why} So its release is stopped, and {decision.Model}@{decision.To} serves everything."),
            Way.Abstain => ("abstain", $"{decision.Why} So {decision.Model}@{decision.From} stays, and answers under {Phrases.Percent(decision.Under)} say that a person should look."),
            _ => ("left", decision.Why),
        };
        return book.End(deed, kind, text, decision, stop: stop);
    }

    private async Task<Decision> Weigh(Deed deed, CancellationToken stop)
    {
        var incident = await book.IncidentOf(deed, stop);
        var endpoint = await endpoints.Find(deed.Endpoint, stop) ?? throw ProblemException.NotFound("endpoint", deed.Endpoint);
        var settings = (await projects.Get(deed.Project, stop)).File.Get<MonitorSection>("monitor");
        var under = settings.Confidence.Threshold > 0 ? settings.Confidence.Threshold : new ConfidenceWatch().Threshold;
        var plain = new Decision(Way.Abstain, incident.Model, endpoint.Name, deed.Version, null, endpoint.Epoch, under, endpoint.AbstainUnder, null, null, $"incident {deed.Incident}, round {deed.Round}", "");
        var release = await releases.Newest(endpoint.Name, stop) is { IsOver: false } running ? running : null;
        if (release?.Version == deed.Version)
            return plain with { Way = Way.Stop, To = release.Base, Why = $"{incident.Model}@{deed.Version} was being tried with {Phrases.Percent(release.Share / 100)} of the requests." };
        if (endpoint.LiveVersion != deed.Version)
            return plain with { Way = Way.Leave, Why = $"{incident.Model}@{deed.Version} does not serve any more, so nothing was changed." };
        if (await endpoints.WayBack(endpoint, stop) is not { } before)
            return plain with { Why = release is null ? $"No version served before {incident.Model}@{deed.Version}." : $"While {incident.Model}@{release.Version} is tried there is no other way back." };
        var seen = await evidence.First(deed, stop);
        var answers = seen.FindAll(answer => answer.Picture is not null);
        if (answers.Count < FewestPictures)
            return plain with { Why = $"{answers.Count} of the {seen.Count} answers kept their picture, too few to ask {incident.Model}@{before} about the same." };
        var step = (answers.Count + MostPictures - 1) / MostPictures;
        return await Compare(plain, before, answers.Where((_, i) => i % step == 0).ToList(), stop);
    }

    private async Task<Decision> Compare(Decision plain, int before, List<Prediction> answers, CancellationToken stop)
    {
        IReadOnlyList<Scored?> scores;
        try
        {
            scores = await endpoints.Score(plain.Endpoint, before, answers.ConvertAll(answer => answer.Picture!.Value), stop);
        }
        catch (ProblemException problem) when (problem.Kind is ProblemKind.Conflict or ProblemKind.Invalid or ProblemKind.NotFound)
        {
            return plain with { Why = $"{plain.Model}@{before} could not be asked about the same pictures: {problem.Message}" };
        }

        var pairs = answers.Zip(scores).Where(pair => pair.Second is not null).Select(pair => (Now: !(pair.First.Confidence >= plain.Under), Then: !(pair.Second!.Confidence >= plain.Under))).ToList();
        var (now, then) = (new Doubts(pairs.Count(pair => pair.Now), pairs.Count), new Doubts(pairs.Count(pair => pair.Then), pairs.Count));
        var p = SignTest(pairs.Count(pair => pair is (true, false)), pairs.Count(pair => pair is (false, true)));
        var seen = plain with { Now = now, Then = then };
        var said = $"{plain.Model}@{plain.From} was unsure about {now.Count} of {now.Of} pictures, {plain.Model}@{before}, which served before, about {then.Count} of the same {then.Of}.";
        return pairs.Count >= FewestPictures && p <= Clearly
            ? seen with { Way = Way.Back, To = before, Why = said }
            : seen with { Why = $"{said} That is not clearly less." };
    }

    private async Task<bool> GoBack(Decision decision, CancellationToken stop)
    {
        var project = (await endpoints.Find(decision.Endpoint, stop))!.Project;
        var reason = $"{decision.Reason}: {decision.Then!.Count} of {decision.Then.Of} unsure instead of {decision.Now!.Count}";
        if ((await promotions.Current(project, decision.Model, stop: stop))?.Epoch == decision.Epoch)
            try
            {
                await promotions.Back(Who.Steward, project, decision.Model, Promotion.Production, reason, decision.Epoch, decision.To, stop);
                return true;
            }
            catch (ProblemException raced) when (raced.Kind is ProblemKind.Conflict)
            {
            }

        // Somebody moved it since the decision: we ourselves, before a crash or on another server, or another will.
        return (await promotions.History(project, decision.Model, Promotion.Production, 1000, stop))
            .Exists(move => move.Epoch == decision.Epoch + 1 && move.Kind is MoveKind.Back && move.Reason == reason && move.By == Who.Steward.Name);
    }

    private async Task<bool> StopRelease(Decision decision, CancellationToken stop)
    {
        try
        {
            await releases.Abort(Who.Steward, decision.Endpoint, $"Its answers were not as usual ({decision.Reason}).", stop);
            return true;
        }
        catch (ProblemException over) when (over.Code == "release_over")
        {
            return await releases.Newest(decision.Endpoint, stop) is { State: ReleaseState.Aborted, Version: var version } && version == decision.From;
        }
    }

    private async Task<bool> Abstain(Decision decision, CancellationToken stop)
    {
        var endpoint = (await endpoints.Find(decision.Endpoint, stop))!;
        if (endpoint.LiveVersion != decision.From)
            return false;
        if (!(endpoint.AbstainUnder >= decision.Under))
            await endpoints.AbstainUnder(Who.Steward, endpoint.Name, decision.Under, decision.Reason, stop);
        return true;
    }

    /// <summary>How probable it is that at least so many of the changed answers changed to the better, when changing either way is equally likely.</summary>
    internal static double SignTest(int better, int worse)
    {
        var n = better + worse;
        double sum = 0, term = n * Math.Log(0.5); // as a logarithm: half to the power of a thousand is no double
        for (var k = 0; k <= n; k++)
        {
            if (k >= better)
                sum += Math.Exp(term);
            term += Math.Log((double)(n - k) / (k + 1));
        }

        return Math.Min(1, sum);
    }

    internal enum Way { Back, Abstain, Leave, Stop }

    internal sealed record Doubts(int Count, int Of);

    /// <param name="Epoch">Of the promotion that was looked at: when it moved on, the decision is about something else.</param>
    /// <param name="Was">The endpoint's threshold before; it comes back when all is quiet.</param>
    /// <param name="Reason">Goes into the histories of promotions and endpoints; it tells this deed from every other.</param>
    internal sealed record Decision(Way Way, string Model, string Endpoint, int From, int? To, long Epoch, double Under, double? Was, Doubts? Now, Doubts? Then, string Reason, string Why);
}
