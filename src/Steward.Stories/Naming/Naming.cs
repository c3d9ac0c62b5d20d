using Steward.Audit;
using Steward.Drawing;
using Steward.Events;
using Steward.Identity;
using Steward.Projects;
using Steward.Storage;

namespace Steward.Stories;

/// <summary>
/// Name it before the model does: guess, see, and beat your own last round. The score is what one knows, and nothing else
/// counts for it: no time, no streak, no other person. Only the person themselves can ask for it.
/// </summary>
internal sealed class Naming(Db db, NamingStore store, RealPictures pictures, IProjects projects, IAudit audit, IEvents events, TimeProvider clock)
{
    private static readonly string[] DrawnFruit = [.. Fruit.Known.Order(StringComparer.Ordinal)];

    /// <summary>Where this person stands; <c>game_off</c> where the project switched the game off.</summary>
    public async Task<NamingStanding> Standing(Who who, string project, CancellationToken stop)
    {
        await Demand(who, project, stop);
        var own = await store.Own(project, who.Id, 2, stop);
        return own switch
        {
            [{ IsOpen: true } open, ..] => new(open, own.ElementAtOrDefault(1)),
            _ => new(null, own.FirstOrDefault()) { Before = own.ElementAtOrDefault(1) },
        };
    }

    /// <summary>The round that is open for this person, or a new one.</summary>
    public async Task<NamingRound> Start(Who who, string project, CancellationToken stop)
    {
        await Demand(who, project, stop);
        // One look, not two: a round that is begun elsewhere after this look has the number that is wanted here, and is taken.
        var newest = (await store.Own(project, who.Id, 1, stop)).FirstOrDefault();
        if (newest is { IsOpen: true })
            return newest;
        var number = (newest?.Number ?? 0) + 1;
        var made = new NamingRound(Names.NewId(), project, who.Id, number, await Deal(project, QuizOrder.Key(project, who.Id, $"{number}"), stop), [], clock.Now(), null);
        return await db.Write(async tx =>
        {
            if (!await NamingStore.Add(tx, made))
                return (await NamingStore.Hold(tx, project, who.Id))!;
            await audit.Write(tx, who, "naming.started", project, $"round {number}", new { number, pictures = made.Pictures.Count });
            await events.Publish(tx, new NamingStarted(project, who.Id, number, made.Pictures.Count));
            return made;
        }, stop);
    }

    /// <summary>Names the picture at a place of the open round.</summary>
    public async Task<NamingRound> Say(Who who, string project, int? place, string? name, CancellationToken stop)
    {
        await Demand(who, project, stop);
        return await db.Write(async tx =>
        {
            var held = await NamingStore.Hold(tx, project, who.Id) ?? throw ProblemException.Conflict("no_round", "No round is open for you.", "Start one.");
            var after = held.With(place ?? 0, name, clock.Now());
            if (after == held)
                return held;
            await NamingStore.Keep(tx, after);
            await events.Publish(tx, new PictureNamed(project, who.Id, held.Number, after.Said.Count, after.Said[^1] == after.Pictures[after.Said.Count - 1].Truth));
            if (!after.IsOpen)
            {
                // That somebody played is in the audit; how well is theirs.
                await audit.Write(tx, who, "naming.ended", project, $"round {after.Number}", new { after.Number });
                await events.Publish(tx, new NamingEnded(project, who.Id, after.Number, after.Right, after.Pictures.Count));
            }

            return after;
        }, stop);
    }

    /// <summary>The project's own test pictures with what its model says about them; drawn fruit where there are too few.</summary>
    private async Task<IReadOnlyList<PictureToName>> Deal(string project, string seed, CancellationToken stop)
    {
        var real = await pictures.All(project, stop);
        var kinds = real.Select(one => one.Label).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToList();
        if (kinds.Count >= 2 && real.Count >= NamingRound.Most)
        {
            var dealt = real.OrderBy(one => QuizOrder.Key(seed, one.Picture.Hex), StringComparer.Ordinal).Take(NamingRound.Most).ToList();
            var said = await pictures.Ask(dealt, stop);
            return [.. dealt.Select((one, i) => new PictureToName(one.Picture, one.Label, Three(one.Label, kinds, $"{seed} {i}"), said[i] is null ? null : $"{one.Model}@{one.Version}", said[i]?.Label, said[i]?.Confidence))];
        }

        return [.. Enumerable.Range(0, NamingRound.Most).Select(i => DrawnFruit.MinBy(kind => QuizOrder.Key(seed, $"{i}", kind), StringComparer.Ordinal)!)
            .Select((kind, i) => new PictureToName(null, kind, Three(kind, DrawnFruit, $"{seed} {i}"), null, null, null))];
    }

    /// <summary>The right name among two others where there are so many, each place as likely.</summary>
    private static IReadOnlyList<string> Three(string right, IEnumerable<string> kinds, string seed)
        => [.. kinds.Where(kind => kind != right).OrderBy(kind => QuizOrder.Key(seed, kind), StringComparer.Ordinal).Take(2).Append(right).OrderBy(kind => QuizOrder.Key(seed, "place", kind), StringComparer.Ordinal)];

    private async Task Demand(Who who, string project, CancellationToken stop)
    {
        who.Demand(Permission.Read, project);
        if (!who.IsSignedIn || who.Id == Who.Steward.Id)
            throw ProblemException.Denied("A round is one person's own.", "Sign in as yourself.");
        if ((await projects.Get(project, stop)).File.Get<StorySection>("story").Game is StoryGame.Off)
            throw ProblemException.Conflict("game_off", $"'{project}' switched the game off.", "The key story: {game: on} of the project file switches it on.");
    }
}

/// <param name="Open">The round that waits for names.</param>
/// <param name="Last">The newest round that ended: the one to beat.</param>
internal sealed record NamingStanding(NamingRound? Open, NamingRound? Last)
{
    /// <summary>The one before the last; told when none is open.</summary>
    public NamingRound? Before { get; init; }
}
