using System.Globalization;
using System.Reflection;
using Steward.Packaging.Kubernetes;
using YamlDotNet.RepresentationModel;

namespace Steward.Stories;

/// <summary>
/// Reads a deployment from the manifests that were written for it. What a cluster made of them is not on record here: until
/// a project has written some, the story is told of an example with a manifest and the events that followed, and headed as one.
/// </summary>
internal sealed class DeploymentFacts(IManifests manifests)
{
    /// <summary>The newest, or the newest of a model or of objects of that name.</summary>
    public async Task<FactBook> Gather(string project, string? subject, CancellationToken stop)
        => (await manifests.All(project, stop: stop)).Find(one => subject is null || one.Name == subject || one.Model == subject) is { } written ? Read(written) : Example(project);

    /// <summary>What was asked for, and not what became of it.</summary>
    internal static FactBook Read(WrittenManifests written)
    {
        var source = new Source("manifests", $"{written.Model}@{written.Version}", $"/api/projects/{written.Project}/manifests?model={written.Model}");
        return new Recorder(written.Project, "deployment", written.Name)
            .Name("deployment", written.Name).Name("image", written.Image.Split(':')[^1][..12])
            .Moment("written", written.At, source).Count("rooms", written.Facts.Least, source, written.At).Count("rooms.most", written.Facts.Most, source, written.At)
            .Add(new("memory", written.Facts.MemoryBytes, Unit.Bytes, source) { At = written.At })
            .Took("knock", TimeSpan.FromSeconds(written.Facts.ReadyEverySeconds), source, written.At).Took("restart", TimeSpan.FromSeconds(written.Facts.RestartAfterSeconds), source, written.At)
            .Close();
    }

    /// <summary>The manifest and the events that the example is read from.</summary>
    public static string ExampleText()
    {
        using var text = new StreamReader(Assembly.GetExecutingAssembly().GetManifestResourceStream("examples/deployment.yaml")!);
        return text.ReadToEnd();
    }

    public static FactBook Example(string project)
    {
        var yaml = new YamlStream();
        yaml.Load(new StringReader(ExampleText()));
        return Read(project, (YamlMappingNode)yaml.Documents[0].RootNode, (YamlSequenceNode)yaml.Documents[1].RootNode);
    }

    private static FactBook Read(string project, YamlMappingNode manifest, YamlSequenceNode told)
    {
        var events = told.Select(one => new Event(DateTimeOffset.Parse(Word(one["at"]), CultureInfo.InvariantCulture), int.Parse(Word(one["ready"]), CultureInfo.InvariantCulture), Word(one["what"]))).OrderBy(one => one.At).ToList();
        var name = Word(manifest["metadata"]["name"]);
        var container = (YamlMappingNode)((YamlSequenceNode)manifest["spec"]["template"]["spec"]["containers"])[0];
        var source = new Source("deployment", $"deployment {name}", $"/api/projects/{project}/stories/examples/deployment");
        var all = new Recorder(project, "deployment", name) { IsExample = true };
        all.Name("deployment", name).Name("image", Word(container["image"]).Split(':')[^1][..12])
            .Count("rooms", int.Parse(Word(manifest["spec"]["replicas"]), CultureInfo.InvariantCulture), source, events[0].At)
            .Moment("applied", events[0].At, source)
            .Add(new("memory", Mebibytes(Word(container["resources"]["limits"]["memory"])), Unit.Bytes, source) { At = events[0].At })
            .Line(new FactSeries("ready", [.. events.Select(one => (double)one.At.ToUnixTimeSeconds())], [.. events.Select(one => (double)one.Ready)], Unit.Count, Moments: true, source));
        if (events.Find(one => one.What == "available") is { } up)
            all.Took("start", up.At - events[0].At, source, up.At).Count("lit", up.Ready, source, up.At);
        if (events.Find(one => one.What == "probe_failed") is { } down)
        {
            all.Moment("failed", down.At, source).Count("lit.after", down.Ready, source, down.At);
            if (events.Find(one => one.At > down.At && one.What == "started") is { } back)
                all.Took("healed", back.At - down.At, source, back.At).Count("lit.again", back.Ready, source, back.At);
        }

        return all.Close();
    }

    /// <summary>A Kubernetes quantity of memory; the example writes whole mebibytes.</summary>
    private static double Mebibytes(string quantity) => double.Parse(quantity.Replace("Mi", "", StringComparison.Ordinal), CultureInfo.InvariantCulture) * 1024 * 1024;

    private static string Word(YamlNode node) => ((YamlScalarNode)node).Value!;

    private sealed record Event(DateTimeOffset At, int Ready, string What);
}
