using System.Globalization;
using Steward.Cli;
using Steward.Models;

namespace Steward.Packaging.Ci;

/// <summary>People are asked, and what they agreed on serves. A machine never answers for them.</summary>
internal static class PeopleStages
{
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromSeconds(2);

    public static async Task<CiSaid> Request(CiRun run, CancellationToken stop)
    {
        var version = await run.Version(stop);
        switch (version.Stage)
        {
            case Stage.Approved { SignOff: null }:
                return new("The project file asks nobody.");
            case Stage.Approved { SignOff: { } number }:
                return new($"Everybody agreed before, in sign-off {number}.");
            case Stage.AwaitingSignOff waits:
                return new($"Asked before: sign-off {waits.SignOff} waits for {string.Join(", ", waits.Missing)}.", Facts: new { waits.SignOff, waits.Missing });
            case Stage.Rejected no:
                return Refused(version, no);
        }

        var asked = await run.Server.Post<Asked>($"{run.Api}/models/{version.Model}/versions/{version.Version}/signoff", null, stop);
        return new($"Sign-off {asked.Number} asks {string.Join(", ", asked.Parties.Select(party => party.Party))} about {version.Name}, fingerprint {asked.Words}.", Facts: new { signOff = asked.Number });
    }

    public static async Task<CiSaid> Deploy(CiRun run, CancellationToken stop)
    {
        var until = TimeProvider.System.GetTimestamp();
        while (true)
        {
            var version = await run.Version(stop);
            run.Keep("version.json", version);
            switch (version.Stage)
            {
                case Stage.Approved:
                    return await Serve(run, version, stop);
                case Stage.Rejected no:
                    return Refused(version, no);
                case Stage.AwaitingSignOff waits when TimeProvider.System.GetElapsedTime(until) >= run.Options.Wait:
                    return new($"Sign-off {waits.SignOff} about {version.Name} waits for {string.Join(", ", waits.Missing)}, until {waits.Until.ToString("u", CultureInfo.InvariantCulture)}.", ProblemKind.WaitingForPeople.ExitCode(),
                        $"steward signoff show {waits.SignOff}. After the votes, run this again: it goes on from here.", new { waits.SignOff, waits.Missing, waits.Until });
                case Stage.AwaitingSignOff:
                    await Task.Delay(BetweenLooks, stop);
                    break;
                case Stage.GateFailed or Stage.Registered:
                    return new($"{version.Name} has not passed its gates ({version.Stage.Words}).", ProblemKind.GateFailed.ExitCode(), "steward ci run --only gates");
                default:
                    return new($"{version.Name} was not agreed upon ({version.Stage.Words}).", ProblemKind.WaitingForPeople.ExitCode(), "steward ci run --only request");
            }
        }
    }

    private static async Task<CiSaid> Serve(CiRun run, ModelVersion version, CancellationToken stop)
    {
        var alias = run.File.Get<SignOffSection>("signoff").Stage;
        if (await Serving(run, version.Model, alias, stop) is { } now && now.Version == version.Version)
            return new($"{version.Model}@{alias} is version {version.Version}.");
        var moved = await run.Server.Post<Promotion>($"{run.Api}/models/{version.Model}/aliases/{Server.Segment(alias)}/promote", new { version.Version, reason = "steward ci run" }, stop);
        return new($"{moved.Model}@{moved.Alias} is version {moved.Version} now (epoch {moved.Epoch}).", Facts: moved);
    }

    private static async Task<ModelVersion?> Serving(CiRun run, string model, string alias, CancellationToken stop)
    {
        try
        {
            return await run.Server.Get<ModelVersion>($"{run.Api}/models/{model}/versions/{Server.Segment(alias)}", stop);
        }
        catch (ProblemException none) when (none.Kind is ProblemKind.NotFound)
        {
            return null;
        }
    }

    private static CiSaid Refused(ModelVersion version, Stage.Rejected no) => new($"{no.By} rejected {version.Name} in sign-off {no.SignOff}: {no.Reason}", 1, "Mend what they named, and train again.");

    private sealed record Asked(int Number, string Words, IReadOnlyList<PartyAsked> Parties);

    private sealed record PartyAsked(string Party);
}
