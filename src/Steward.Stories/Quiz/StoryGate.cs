using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Steward.Models;

namespace Steward.Stories;

/// <summary>
/// A published story of the version that is told within two minutes: <c>{gate: story}</c>; <c>op</c> and <c>value</c> set other
/// seconds. The story tells the results of the other gates; this one is left out of what it counts, so that neither waits for
/// the other.
/// </summary>
/// <param name="all">Looked up when asked: stories read versions, and versions are checked here.</param>
internal sealed class StoryGate(IServiceProvider all) : IGate
{
    public const string GateName = "story";
    private const double Usual = 120;

    public string Name => GateName;

    public async Task<GateResult> Check(ModelVersion version, GateSpec config, CancellationToken stop)
    {
        var stories = all.GetRequiredService<IStories>();
        var (op, most) = (config.Op ?? "<=", config.Value ?? Usual);
        var title = string.Create(CultureInfo.InvariantCulture, $"a published story, read aloud in {op} {most:0.#} s");
        var limit = string.Create(CultureInfo.InvariantCulture, $"{op} {most:0.#} s");
        if (await stories.Find(version.Project, "release", version.Name, null, stop) is not { } edition)
            return new(GateName, title, false, "no story", limit, $"Nobody told the story of {version.Name} yet.", $"steward story make release {version.Name}, then: steward model check {version.Name}", Varies: true);
        if (!edition.IsPublished)
            return new(GateName, title, false, "not published", limit, edition.Findings.Count > 0 ? $"Its checks found something: {edition.Findings[0].What}" : "Its owner did not publish it yet.",
                edition.Findings.Count > 0 ? $"steward story lint release {version.Name}" : $"steward story publish release {version.Name}, then: steward model check {version.Name}", Varies: true);
        var seconds = Seconds(edition, all.GetRequiredService<StoryReader>());
        var passed = Holds(op, Math.Round(seconds, 1), most);
        return new(GateName, title, passed, string.Create(CultureInfo.InvariantCulture, $"{seconds:0.#} s"), limit, passed ? $"Edition {edition.Number} is published." : "Its longest telling takes longer.",
            passed ? null : $"Shorten its tellings, or ask for more seconds: steward story show release {version.Name}", Varies: true);
    }

    /// <summary>Of the longest telling.</summary>
    private static double Seconds(Edition edition, StoryReader reader) => Catalogue.All.SelectMany(language => Enum.GetValues<Level>().Select(level => StoryReader.Spoken(reader.Tell(edition, language, level)).SecondsAloud)).Max();

    private static bool Holds(string op, double measured, double limit) => op switch { "<" => measured < limit, ">" => measured > limit, ">=" => measured >= limit, _ => measured <= limit };
}
