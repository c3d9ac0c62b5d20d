using System.CommandLine;
using Steward.Cli;
using Steward.Kubernetes;

namespace Steward.Packaging.Kubernetes;

/// <summary><c>steward k8s</c>: manifests written from the records, compared with a folder, and checked without a cluster.</summary>
internal sealed class K8sVerbs(Server server)
{
    private readonly Option<ManifestForm?> _form = new("--form") { Description = "deployment (rolled over without a gap), canary (two Deployments behind one Service) or kserve." };
    private readonly Option<string?> _image = new("--image") { Description = "Where the cluster finds the image: host/name, without tag. By default what steward.yaml says under package: {push: …}, or this server." };
    private readonly Option<string?> _beside = new("--beside") { Description = "The version that a canary runs beside; the one that serves by default." };
    private readonly Option<int?> _share = new("--share") { Description = "Percent of the pods that run the canary; 10 by default." };
    private readonly Option<string?> _volume = new("--model-volume") { Description = "Mount the model from its own image, found at host/name, instead of using the one inside." };

    public static Command Tree(Server server) => new K8sVerbs(server).All();

    private Command All() => new("k8s", "Kubernetes: write manifests of a model, compare them, check any without a cluster.") { Write(), Diff(), Check() };

    private Command Write()
    {
        var which = Which();
        var to = new Option<string>("--to") { Description = "The folder; k8s by default.", DefaultValueFactory = _ => "k8s" };
        var force = new Option<bool>("--force") { Description = "Also over files that somebody changed or wrote." };
        var verb = new Command("write", "Write what a model needs in a cluster, hardened and checked, with a runbook. The same records give the same bytes.") { which, to, force, _form, _image, _beside, _share, _volume };
        verb.SetAction(async (line, stop) =>
        {
            var made = await server.Post<ManifestSet>(At(), Order(line, which), stop);
            var folder = line.GetRequiredValue(to);
            var (changed, gone) = new ManifestFolder(folder).Write(made.Files, line.GetValue(force));
            Show.Done(line, string.Join('\n', [
                changed.Count + gone.Count == 0 ? $"{folder} is as it was." : $"Written to {folder}: {string.Join(", ", changed)}.{(gone.Count == 0 ? "" : $" Taken away: {string.Join(", ", gone)}.")}",
                $"{made.Written.Model}@{made.Written.Version} is {made.Written.Image}", .. made.Notes, $"Apply it: kubectl apply -k {folder}"]),
                new { folder, files = made.Files.Keys, changed, gone, made.Written, made.Notes });
        });
        return verb;
    }

    private Command Diff()
    {
        var which = Which();
        var folder = new Argument<string>("folder") { Description = "Where the manifests lie; also what kustomize build made." };
        var added = new Option<bool>("--ignore-added") { Description = "What was only added, as overlays do, is no difference." };
        var verb = new Command("diff", "What lies in a folder against what would be written now, field by field. Exit code 3 when it differs.") { which, folder, added, _form, _image, _beside, _share, _volume };
        verb.SetAction(async (line, stop) =>
        {
            var made = await server.Post<ManifestSet>($"{At()}/draft", Order(line, which), stop);
            var wanted = made.Files.Where(file => file.Key.EndsWith(".yaml", StringComparison.Ordinal)).Select(file => new ManifestFile(file.Key, file.Value)).ToList();
            var (differences, unread) = ManifestDiff.Between(wanted, new ManifestFolder(line.GetRequiredValue(folder)).Manifests());
            if (unread is [var wrong, ..])
                throw ProblemException.Invalid("not_yaml", $"{wrong.File} line {wrong.Line}: {wrong.Why}", "See all of it: steward k8s check " + line.GetRequiredValue(folder));
            var isDifferent = differences.Any(one => one.Kind is not DifferenceKind.OwnObject && !(one.Kind is DifferenceKind.Added && line.GetValue(added)));
            if (line.GetValue(Show.AsJson))
                Console.WriteLine(Json.Write(new { model = $"{made.Written.Model}@{made.Written.Version}", made.Written.Form, same = !isDifferent, differences }));
            else if (differences.Count == 0)
                Console.WriteLine($"What lies there is what would be written for {made.Written.Model}@{made.Written.Version}.");
            else
                foreach (var one in differences)
                    Console.WriteLine(one.Line > 0 ? $"{one.File}:{one.Line}: {one.Sentence}" : one.Sentence);
            return isDifferent ? ProblemKind.Conflict.ExitCode() : 0;
        });
        return verb;
    }

    private static Command Check()
    {
        var paths = new Argument<string[]>("files") { Description = "Files, or folders of them.", Arity = ArgumentArity.OneOrMore };
        var elsewhere = new Option<string[]>("--elsewhere") { Description = "What the cluster has already: configmap/settings. Several: once each.", DefaultValueFactory = _ => [] };
        var custom = new Option<string[]>("--custom") { Description = "A group of custom resources that is not looked into: monitoring.coreos.com. Several: once each.", DefaultValueFactory = _ => [] };
        var verb = new Command("check", "Check manifests against Kubernetes 1.36 and each other: fields, types, amounts, selectors, ports, references. No cluster, no network. Exit code 3 when something is wrong.") { paths, elsewhere, custom };
        verb.SetAction(line =>
        {
            var read = line.GetRequiredValue(paths).Select(ManifestFolder.Read).ToList();
            var told = ManifestCheck.Run([.. read.SelectMany(one => one.Files).DistinctBy(file => file.Name)], new()
            {
                Elsewhere = line.GetRequiredValue(elsewhere), Custom = line.GetRequiredValue(custom), PassOver = read.Exists(one => one.IsFolder),
            });
            var wrong = told.Wrong.Count();
            if (line.GetValue(Show.AsJson))
                Console.WriteLine(Json.Write(new { right = wrong == 0, told.Objects, told.Findings, told.PassedOver }));
            else
                Tell(told, wrong);
            return wrong == 0 ? 0 : ProblemKind.Conflict.ExitCode();
        });
        return verb;
    }

    private static void Tell(CheckResult told, int wrong)
    {
        foreach (var one in told.Findings)
            Console.WriteLine($"{one.File}:{one.Line}: {(one.Level is Level.Advice ? "advice: " : "")}{string.Join(", ", new[] { one.Subject, one.Path }.Where(part => part.Length > 0))}: {one.Why}{(one.Try is null ? "" : $" {one.Try}")}");
        if (told.PassedOver.Count > 0)
            Console.WriteLine($"Without a manifest: {string.Join(", ", told.PassedOver)}.");
        Console.WriteLine($"{Say.Count(told.Objects, "object")}: {(wrong == 0 ? "nothing wrong" : Say.Count(wrong, "thing") + " wrong")}{(told.Advice.Any() ? $", {Say.Count(told.Advice.Count(), "advice", "pieces of advice")}" : "")}.");
    }

    private ManifestOrder Order(ParseResult line, Argument<string> which)
        => new(line.GetRequiredValue(which), line.GetValue(_form), line.GetValue(_image), line.GetValue(_beside), line.GetValue(_share), line.GetValue(_volume));

    private string At() => $"/api/projects/{Server.Segment(server.Project())}/manifests";

    private static Argument<string> Which() => new("model") { Description = "name@4, name@alias, or name for the one that serves." };
}
