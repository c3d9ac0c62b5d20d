using Steward.Data;
using Steward.Models;

namespace Steward.Stories;

/// <summary>Reads the way of a data set: what came, how it was split, what people named, where it is kept, and who learned from it.</summary>
internal sealed class DataFacts(IDataSets data, IModels models)
{
    public async Task<FactBook> Gather(string project, string? subject, CancellationToken stop)
    {
        var snapshot = await Find(project, subject, stop);
        var all = new Recorder(project, "data", snapshot.Reference);
        var source = new Source("snapshot", snapshot.Reference, $"/projects/{project}/data/{snapshot.DataSet}");
        var items = await data.Items(snapshot, stop);
        var versions = (await data.Versions(project, snapshot.DataSet, 1000, stop)).FindAll(one => one.Version <= snapshot.Version);
        var first = versions[^1];
        all.Name("data", snapshot.DataSet).Number("version", snapshot.Version, source, snapshot.At)
            .Count("first", first.Items, source with { Entity = first.Reference }, first.At)
            .Count("items", items.Count, source, snapshot.At).Count("versions", versions.Count, source, snapshot.At)
            .Add(new("bytes", versions.Sum(one => one.NewBytes), Unit.Bytes, source) { At = snapshot.At })
            .Count("named", items.Count(item => item.IsNamed), source, snapshot.At).Count("unnamed", items.Count(item => !item.IsNamed), source, snapshot.At)
            .Count("sources", items.Select(item => item.Source).Distinct().Count(), source, snapshot.At)
            .Name("digest", snapshot.Manifest.Hex[..12]).Flag("some-unnamed", items.Any(item => !item.IsNamed));
        Split(all, items, source, snapshot);
        Kinds(all, items, source, snapshot);
        var asked = versions.FindAll(one => one.Reason is Reason.Labels);
        if (asked.Count > 0)
            all.Count("labelled", asked.Sum(one => one.NewItems), source, asked[0].At).Count("rounds", asked.Count, source, asked[0].At).Flag("labels");
        await Readers(all, project, snapshot, stop);
        return all.Close();
    }

    private async Task<Snapshot> Find(string project, string? subject, CancellationToken stop)
    {
        if (subject is null)
            return (await data.All(project, stop)).OrderByDescending(one => one.At).FirstOrDefault()
                ?? throw ProblemException.NotFound("data set", "any", "Add pictures first: steward data add.");
        var named = Reference.Parse("data set", subject);
        return await data.Find(project, named.Name, named.Version, stop) ?? throw ProblemException.NotFound("data set", Names.Shorten(subject), "steward data list shows those of the project.");
    }

    private static void Split(Recorder all, IReadOnlyList<Item> items, Source source, Snapshot snapshot)
    {
        foreach (var (id, split) in new[] { ("train", Data.Split.Train), ("valid", Data.Split.Valid), ("test", Data.Split.Test) })
            all.Count(id, items.Count(item => item.Split == split), source, snapshot.At);
    }

    private static void Kinds(Recorder all, IReadOnlyList<Item> items, Source source, Snapshot snapshot)
    {
        var kinds = items.Where(item => item.IsNamed).CountBy(item => item.Label).OrderByDescending(kind => kind.Value).ThenBy(kind => kind.Key, StringComparer.Ordinal).ToList();
        if (kinds.Count == 0)
            return;
        all.Kinds(kinds.Select(kind => kind.Key)).Count("kinds", kinds.Count, source, snapshot.At).Name("most", kinds[0].Key).Count("most.items", kinds[0].Value, source, snapshot.At)
            .Name("fewest", kinds[^1].Key).Count("fewest.items", kinds[^1].Value, source, snapshot.At).Flag("even", kinds[0].Value == kinds[^1].Value)
            .Line(new FactSeries("kinds.items", [.. kinds.Select((_, i) => (double)i)], [.. kinds.Select(kind => (double)kind.Value)], Unit.Count, Moments: false, source) { Names = [.. kinds.Select(kind => kind.Key)] });
    }

    private async Task Readers(Recorder all, string project, Snapshot snapshot, CancellationToken stop)
    {
        var readers = new List<ModelVersion>();
        foreach (var model in await models.All(project, stop))
            readers.AddRange((await models.Versions(project, model.Name, stop)).Where(version => Reference.Parse("data set", version.Data).Name == snapshot.DataSet));
        if (readers.OrderByDescending(version => version.CreatedAt).FirstOrDefault() is not { } newest)
            return;
        all.Count("readers", readers.Count, VersionFacts.Source(newest), newest.CreatedAt);
        VersionFacts.Add(all, "new", newest);
    }
}
