using System.Collections.Concurrent;
using Steward.Blobs;
using Steward.Models;
using Steward.Serving;
using Steward.Statistics;

namespace Steward.Monitoring;

internal sealed class Learning(IModels models, IEndpoints endpoints, IBlobs blobs) : ILearning
{
    // Progress is told after each of these.
    private const int Chunk = 500;
    private const int Seed = 1;

    // Fewer shared test pictures cannot tell 0.99 from less.
    private const int FewestShared = 30;
    private const int MostKept = 1000;

    // Files never change, so a pair is read once; half a megabyte each would be too slow for a page that names a picture a second.
    private readonly ConcurrentDictionary<(string, string), Agreement?> _known = new();

    public async Task<Doubted> Doubted(string project, string dataSet, IReadOnlyList<Digest> pictures, int count, Func<double?, string?, Task> report, CancellationToken stop)
    {
        if (await Of(project, dataSet, stop) is not { } model)
            return new("", 0, [], $"no model was made from {dataSet} yet");
        var version = model.Serving?.Version ?? model.Newest.Version;
        var pool = new List<Choice.Wanted>(pictures.Count);
        try
        {
            for (var i = 0; i < pictures.Count; i += Chunk)
            {
                await report((double)i / pictures.Count, $"{model.Name}@{version} looks at {Say.Count(pictures.Count, "picture")}");
                var some = pictures.Skip(i).Take(Chunk).ToList();
                pool.AddRange((await endpoints.Score(project, model.Name, version, some, stop)).Zip(some).Where(one => one.First is not null).Select(one => new Choice.Wanted(one.Second, one.First!)));
            }
        }
        catch (ProblemException refused) when (refused.Kind is ProblemKind.Conflict or ProblemKind.Invalid or ProblemKind.NotFound)
        {
            return new("", 0, [], $"{model.Name}@{version} cannot be asked: {refused.Message}");
        }

        var chosen = Choice.Of(pool, count, new Random(Seed));
        return chosen.Count == 0
            ? new("", 0, [], $"{model.Name}@{version} could read none of the pictures")
            : new(model.Name, version, chosen.ConvertAll(one => new DoubtedPicture(one.Picture, one.Said.Label, one.Said.Confidence)), null);
    }

    public async Task<IReadOnlyList<Agreement>> Agreements(string project, string dataSet, string? model, CancellationToken stop)
    {
        if ((model ?? (await Of(project, dataSet, stop))?.Name) is not { } name)
            return [];
        // Of versions of one snapshot the newest: the same pictures once more teach nothing new, and agree for that.
        var learned = (await models.Versions(project, name, stop)).DistinctBy(version => version.Data).Take(Teaching.Running + 1).OrderBy(version => version.Version).ToList();
        var pairs = new List<Agreement>();
        foreach (var (from, to) in learned.Zip(learned.Skip(1)))
            if (await Between(from, to, stop) is { } agreement)
                pairs.Add(agreement);
            else
                pairs.Clear();
        return pairs;
    }

    /// <summary>The model of a data set: one that serves before one that does not, then the newest.</summary>
    private async Task<RegisteredModel?> Of(string project, string dataSet, CancellationToken stop) => (await models.All(project, stop))
        .Where(model => model.Newest.Data.Split('@')[0] == dataSet)
        .OrderBy(model => model.Serving is null).ThenByDescending(model => model.Newest.CreatedAt).FirstOrDefault();

    private async Task<Agreement?> Between(ModelVersion from, ModelVersion to, CancellationToken stop)
    {
        var key = (from.Id, to.Id);
        if (_known.TryGetValue(key, out var known))
            return known;
        var found = Compare(from.Name, await TestAnswers.Of(from.Artifacts, blobs, stop), to.Name, await TestAnswers.Of(to.Artifacts, blobs, stop));
        if (_known.Count >= MostKept)
            _known.Clear();
        return _known.GetOrAdd(key, found);
    }

    private static Agreement? Compare(string from, TestAnswers? before, string to, TestAnswers? after)
    {
        if (before?.Keys is null || after?.Keys is null)
            return null;
        var said = before.Keys.Zip(before.Answers).ToDictionary(one => one.First, one => one.Second, StringComparer.Ordinal);
        var shared = after.Keys.Zip(after.Answers).Where(one => said.ContainsKey(one.First)).Select(one => (Before: said[one.First], After: one.Second)).ToList();
        return shared.Count < FewestShared
            ? null
            : new(from, to, shared.Count(pair => pair.Before == pair.After), shared.Count, CohensKappa.Of(shared.ConvertAll(pair => pair.Before), shared.ConvertAll(pair => pair.After)));
    }
}
