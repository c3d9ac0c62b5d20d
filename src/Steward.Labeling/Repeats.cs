using Steward.Identity;
using Steward.Projects;

namespace Steward.Labeling;

/// <summary>
/// A few pictures of a queue are asked a second time without a word, of whoever comes then: the only way for people to learn
/// how sure their own names are. What comes of it is shown to the person who named, and to nobody else.
/// </summary>
internal sealed class Repeats(QueueStore store, IProjects projects)
{
    /// <summary>One in so many pictures comes twice; a queue of fewer has no repeats.</summary>
    internal const int OneIn = 10;

    /// <summary>Whether a project wants them: its game is on.</summary>
    public async Task<bool> Wanted(string project, CancellationToken stop) => (await projects.Find(project, stop))?.File.Get<StorySection>("story").Game is not StoryGame.Off;

    /// <summary>
    /// Which pictures of a queue come twice, by their numbers from 1: chosen like chance from the first third, asked again in
    /// the second half and before the last picture, so that several others lie between.
    /// </summary>
    public static List<Again> Among(int pictures, string wish)
    {
        var count = pictures / OneIn;
        return [.. Enumerable.Range(1, pictures / 3).OrderBy(number => Digest.Of($"{wish} {number}").Hex, StringComparer.Ordinal).Take(count).Order()
            .Select((number, place) => new Again(number, Math.Min(pictures - 1, (pictures / 2) + ((place + 1) * (pictures / 2) / (count + 1)))))];
    }

    /// <summary>How often this person named a picture that came twice as the first time, and as other people did.</summary>
    public async Task<OwnLabels> Own(Who who, string project, CancellationToken stop)
    {
        who.Demand(Permission.Read, project);
        return await Wanted(project, stop) ? await store.Own(project, who.Id, stop) : new(false, new(0, 0), new(0, 0));
    }
}

/// <summary>A picture that is asked a second time.</summary>
/// <param name="Number">Its number in the queue.</param>
/// <param name="After">The number of the picture after which it comes again.</param>
internal sealed record Again(int Number, int After);

/// <summary>What one person is told about their own labels, and nobody else.</summary>
/// <param name="Game">False when the project switched it off: nothing is asked twice and nothing told.</param>
/// <param name="Self">Of the pictures that this person named both times, those with the same name.</param>
/// <param name="Others">Of the pictures that this person and somebody else named, those with the same name.</param>
public sealed record OwnLabels(bool Game, Alike Self, Alike Others)
{
    internal string Words => string.Join(" ", ((string[])[Said(Self, "you gave the name that you had given before"), Said(Others, "you and somebody else gave the same name")]).Where(words => words.Length > 0));

    private static string Said(Alike one, string what) => one.Of == 0 ? "" : $"For {one.Count} of {Say.Count(one.Of, "picture")} that came twice {what}.";
}

public sealed record Alike(int Count, int Of);
