using Steward.Blobs;

namespace Steward.Tracking.Comparing;

/// <summary>Which runs are meant: named ones, the tunes of a study, or the newest of an experiment or the project.</summary>
/// <param name="Runs">Ids; when there are any, the rest is not looked at.</param>
/// <param name="Metric">What to compare by; else what the runs say themselves.</param>
internal sealed record Choice(IReadOnlyList<string> Runs, string? Study, string? Experiment, string? Metric, string? Direction)
{
    public static Choice Of(string[]? run, string? study, string? experiment, string? metric, string? direction)
        => new([.. (run ?? []).Where(id => id.Length > 0).Distinct()], Blank(study), Blank(experiment), Blank(metric), Blank(direction));

    /// <summary>The same choice as the query of an address.</summary>
    public string Query => string.Join('&', Runs.Select(run => ("run", (string?)run)).Append(("study", Study)).Append(("experiment", Experiment)).Append(("metric", Metric)).Append(("direction", Direction))
        .Where(pair => pair.Item2 is not null).Select(pair => $"{pair.Item1}={Uri.EscapeDataString(pair.Item2!)}"));

    private static string? Blank(string? text) => string.IsNullOrWhiteSpace(text) ? null : text;
}

/// <summary>Reads the runs of a choice and puts them side by side.</summary>
internal sealed class Comparisons(Studies studies, IRuns runs, IBlobs blobs)
{
    /// <summary>More than anybody can look at; a page stays quick with it.</summary>
    internal const int Most = 200;

    public async Task<Comparison> Of(string project, Choice choice, CancellationToken stop)
    {
        var (chosen, study) = await Chosen(project, choice, stop);
        var all = Comparison.Of(chosen, PrimaryOf(chosen, study, choice));
        return all is { Primary: { } primary, Certainty: { } certainty }
            ? all with { Certainty = certainty with { Paired = await Paired.Of(certainty.Best.Runs[0], certainty.Next.Runs[0], primary, runs, blobs, stop) } }
            : all;
    }

    private async Task<(List<Run> Runs, Run? Study)> Chosen(string project, Choice choice, CancellationToken stop)
    {
        if (choice.Runs.Count > Most)
            throw ProblemException.Invalid("too_many", $"{choice.Runs.Count} runs are too many to compare; at most {Most} are taken.", "Name fewer, or a study: steward runs compare --study STUDY");
        if (choice.Runs.Count > 0)
        {
            var found = await studies.Several(project, choice.Runs, stop);
            if (choice.Runs.FirstOrDefault(id => !found.Exists(run => run.Id == id)) is { } missing)
                throw RunEndpoints.NotThere(missing);
            // A study stands for its tunes.
            var tunes = await studies.With(found, stop);
            return ([.. tunes.SelectMany(one => one.Tunes.Count > 0 ? one.Tunes : [one.Run]).DistinctBy(run => run.Id).Take(Most)], tunes.Count == 1 ? tunes[0].Run : null);
        }

        if (choice.Study is not null)
        {
            var study = await studies.Find(project, choice.Study, stop) ?? throw RunEndpoints.NotThere(choice.Study);
            return ([.. study.Tunes.Take(Most)], study.Run);
        }

        var newest = await studies.Newest(project, choice.Experiment, Most, stop);
        return ([.. newest.SelectMany(one => one.Tunes.Count > 0 ? one.Tunes : [one.Run]).Take(Most)], newest.FirstOrDefault(one => one.Primary is not null)?.Run);
    }

    /// <summary>What was asked for; else what the study says, or the first run that says anything.</summary>
    private static Primary? PrimaryOf(List<Run> runs, Run? study, Choice choice)
    {
        var said = (study is null ? null : Primary.Of(study)) ?? runs.Select(run => Primary.Of(run, study)).FirstOrDefault(primary => primary is not null);
        if (choice.Metric is null)
            return said;
        return new(choice.Metric, choice.Direction is not null ? Primary.Read(choice.Direction) : Primary.Guess(choice.Metric));
    }
}
