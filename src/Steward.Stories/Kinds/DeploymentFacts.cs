using System.Globalization;
using System.Reflection;
using YamlDotNet.RepresentationModel;

namespace Steward.Stories;

/// <summary>
/// Reads a deployment from its manifest and the events that followed. Until there is a room that deploys, the only one it
/// reads is an example, and the story is headed as one.
/// </summary>
internal static class DeploymentFacts
{
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
