using System.CommandLine;
using Steward.Cli;
using Steward.Models;

namespace Steward.Packaging;

/// <summary><c>steward env</c>: works on the files of a folder, and needs neither a server nor a network.</summary>
internal sealed class EnvVerbs(Server server)
{
    private readonly Option<string> _folder = new("--folder") { Description = "The project's folder; this one by default.", DefaultValueFactory = _ => "." };
    private readonly Option<string[]> _from = new("--from") { Description = "A file that lists packages. Several: once each. By default what steward.yaml says, or all that are known by name.", DefaultValueFactory = _ => [] };
    private readonly Option<string[]> _index = new("--index") { Description = "A local index (JSON) that knows versions and what they need. Several: once each.", DefaultValueFactory = _ => [] };
    private readonly Option<string?> _python = new("--python") { Description = "The version of Python, when the files do not say it or you want another: 3.11." };
    private readonly Option<string?> _platform = new("--platform") { Description = $"Where it will run: {string.Join(", ", MarkerWorld.Platforms)}." };
    private readonly Option<string?> _lock = new("--lock") { Description = $"The lock; {EnvironmentLock.FileName} by default." };

    public static Command Tree(Server server) => new EnvVerbs(server).All();

    private Command All()
    {
        var tree = new Command("env", "Environments: lock them, explain why versions clash, write Dockerfiles, compare with what runs, build them aside and swap them in whole.") { Explain(), Lock(), Docker(), Check() };
        foreach (var verb in new EnvBuildVerbs(_folder, _lock).All)
            tree.Subcommands.Add(verb);
        return tree;
    }

    private Command Explain()
    {
        var verb = new Command("explain", "Can these packages be installed together? If not: who demands what, and the smallest change that works. Exit code 3 when they cannot.") { _folder, _from, _index, _python, _platform };
        verb.SetAction(line =>
        {
            var asked = Read(line);
            var told = asked.Explain();
            EnvWords.Explained(line, asked, told);
            return told.All(one => one.Fits) ? 0 : ProblemKind.Conflict.ExitCode();
        });
        return verb;
    }

    private Command Lock()
    {
        var verb = new Command("lock", $"Write {EnvironmentLock.FileName}: exact versions, hashes, interpreter, platform. The same input gives the same bytes. Exit code 3 when versions clash.") { _folder, _from, _index, _python, _platform, _lock };
        verb.SetAction(line =>
        {
            var asked = Read(line);
            var told = asked.Explain();
            if (!told.All(one => one.Fits))
            {
                EnvWords.Explained(line, asked, told);
                return ProblemKind.Conflict.ExitCode();
            }

            var made = asked.Lock(told);
            var path = LockPath(line, _folder, _lock);
            Replace(path, made.Bytes());
            EnvWords.Locked(line, asked, made, Path.GetRelativePath(Environment.CurrentDirectory, path));
            return 0;
        });
        return verb;
    }

    private Command Docker()
    {
        var into = new Option<string?>("--output") { Description = "The folder to write to; the project's by default." };
        var image = new Option<string?>("--base") { Description = "The image to build on, best with its digest: python:3.11.9-slim-bookworm@sha256:…" };
        var run = new Option<string[]>("--run") { Description = "What runs in it, one word each: --run python --run serve.py.", DefaultValueFactory = _ => [] };
        var label = new Option<string[]>("--label") { Description = "A label more: name=value. Several: once each.", DefaultValueFactory = _ => [] };
        var model = new Option<string?>("--model") { Description = "The model it is for, as fruit@4: where it comes from goes into the labels. Needs a server." };
        var runtime = new Option<Runtime?>("--runtime") { Description = "Which one, when the lock has several." };
        var force = new Option<bool>("--force") { Description = "Also over files that Steward did not write." };
        var verb = new Command("docker", "Write a Dockerfile from the lock: every line pinned, a user without rights, ready for a read-only root.") { _folder, _lock, into, image, run, label, model, runtime, force };
        verb.SetAction(async (line, stop) =>
        {
            var made = LockReader.Open(LockPath(line, _folder, _lock));
            var environment = One(made, line.GetValue(runtime));
            var labels = Labels(made, environment, EnvironmentSection.In(line.GetRequiredValue(_folder)).Project, line.GetRequiredValue(label));
            if (line.GetValue(model) is { } named)
                await Lineage(labels, named, stop);
            var files = new DockerPlan(made, environment, labels, line.GetValue(image), line.GetRequiredValue(run), DateOnly.FromDateTime(TimeProvider.System.GetUtcNow().UtcDateTime)).Write();
            var folder = line.GetValue(into) ?? line.GetRequiredValue(_folder);
            Spare(folder, files, line.GetValue(force));
            Directory.CreateDirectory(folder);
            foreach (var (name, text) in files.Files)
                Replace(Path.Combine(folder, name), System.Text.Encoding.UTF8.GetBytes(text));
            Show.Done(line, string.Join('\n', [$"Written: {string.Join(", ", files.Files.Keys)}.", .. files.Note is null ? Array.Empty<string>() : [files.Note]]), new { folder, files = files.Files.Keys, files.Note, labels });
        });
        return verb;
    }

    private Command Check()
    {
        var with = new Option<string?>("--with") { Description = "The interpreter to ask (python3, Rscript, julia), or the .deps.json of a .NET build." };
        var runtime = new Option<Runtime?>("--runtime") { Description = "Which one, when the lock has several." };
        var verb = new Command("check", "Compare what is installed here with the lock, difference by difference. Exit code 3 when there are any.") { _folder, _lock, with, runtime };
        verb.SetAction(async (line, stop) =>
        {
            var (made, folder) = (LockReader.Open(LockPath(line, _folder, _lock)), Path.GetFullPath(line.GetRequiredValue(_folder)));
            var environment = One(made, line.GetValue(runtime));
            List<Difference> differences = [.. Difference.Between(environment, await Installed.Look(environment.Runtime, line.GetValue(with), folder, stop)), .. Difference.Since(made, folder)];
            if (line.GetValue(Show.AsJson))
                Console.WriteLine(Json.Write(new { runtime = environment.Runtime, made.Digest, same = differences.Count == 0, differences }));
            else if (differences.Count == 0)
                Console.WriteLine($"What runs is what was locked: {Say.Count(environment.Packages.Count, "package")}.");
            else
                differences.ForEach(one => Console.WriteLine(one.Sentence));
            return differences.Count == 0 ? 0 : ProblemKind.Conflict.ExitCode();
        });
        return verb;
    }

    private WantedEnvironment Read(ParseResult line)
    {
        var folder = line.GetRequiredValue(_folder);
        if (!Directory.Exists(folder))
            throw ProblemException.NotFound("folder", folder, "Look at the path.");
        var (section, _) = EnvironmentSection.In(folder);
        var files = EnvironmentFiles.Read(folder, line.GetRequiredValue(_from) is { Length: > 0 } named ? named : section.From);
        if (files.Complaints.Count > 0)
            throw ProblemException.Invalid("list_invalid", string.Join('\n', files.Complaints.Select(one => $"{one.At}: {one.Why}{(one.Try is null ? "" : $" {one.Try}")}")), "Mend these lines.");
        var indexes = line.GetRequiredValue(_index).Concat(section.Index.Select(name => Path.Combine(folder, name))).Select(PackageIndex.Open);
        var (python, by) = line.GetValue(_python) is { } said ? (said, "--python") : (section.Python, "steward.yaml");
        return WantedEnvironment.Of(files, [.. indexes], python, by, line.GetValue(_platform) ?? section.Platform);
    }

    internal static string LockPath(ParseResult line, Option<string> folder, Option<string?> file) => Path.GetFullPath(line.GetValue(file) ?? Path.Combine(line.GetRequiredValue(folder), EnvironmentSection.In(line.GetRequiredValue(folder)).Section.Lock));

    private static LockedRuntime One(EnvironmentLock made, Runtime? wanted) => made.Environments.Where(one => wanted is null || one.Runtime == wanted).ToList() switch
    {
        [var only] => only,
        [] => throw ProblemException.NotFound("runtime", $"{wanted}", $"The lock has: {string.Join(", ", made.Environments.Select(one => one.Runtime))}."),
        var several => throw ProblemException.Invalid("runtime_unclear", $"The lock has several runtimes: {string.Join(", ", several.Select(one => one.Runtime.Title()))}.", $"Say which: --runtime {several[0].Runtime.ToString().ToLowerInvariant()}"),
    };

    private static Dictionary<string, string> Labels(EnvironmentLock made, LockedRuntime environment, string? project, IEnumerable<string> more)
    {
        var labels = new Dictionary<string, string>(StringComparer.Ordinal) { ["steward.lock"] = made.Digest, ["steward.runtime"] = $"{environment.Runtime.ToString().ToLowerInvariant()} {environment.Version}".Trim() };
        if (project is not null)
            labels["org.opencontainers.image.title"] = project;
        foreach (var label in more)
            labels[DockerText.LabelName(label.Split('=')[0])] = label.Contains('=', StringComparison.Ordinal) ? label[(label.IndexOf('=', StringComparison.Ordinal) + 1)..] : throw ProblemException.Invalid("label_invalid", $"'{Names.Shorten(label)}' has no value.", "Write it like --label org.example.team=fruit");
        return labels;
    }

    /// <summary>Which version, from which run and data, under which seal.</summary>
    private async Task Lineage(Dictionary<string, string> labels, string model, CancellationToken stop)
    {
        var reference = Reference.Parse("model", model);
        var version = await server.Get<ModelVersion>($"api/projects/{server.Project()}/models/{Server.Segment(reference.Name)}/versions/{Server.Segment(reference.Version?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? reference.Alias!)}", stop);
        labels["org.opencontainers.image.version"] = version.Name;
        labels["steward.model.onnx"] = version.Onnx.ToString();
        labels["steward.model.run"] = version.Run;
        labels["steward.model.data"] = version.Data;
        if (version.Code is { } code)
            labels["org.opencontainers.image.revision"] = code;
    }

    /// <summary>Files of a person are theirs.</summary>
    private static void Spare(string folder, DockerFiles files, bool force)
    {
        foreach (var name in files.Files.Keys.Select(name => Path.Combine(folder, name)).Where(name => !force && File.Exists(name)))
            if (name.EndsWith(DockerFiles.Main, StringComparison.Ordinal) || name.EndsWith(".dockerignore", StringComparison.Ordinal))
                if (!File.ReadLines(name).Take(1).Any(first => first.StartsWith("# Written by: steward env docker", StringComparison.Ordinal)))
                    throw ProblemException.Conflict("file_there", $"{name} is there already, and Steward did not write it.", "Write elsewhere: --output FOLDER, or over it: --force");
    }

    /// <summary>All of it or nothing.</summary>
    private static void Replace(string path, byte[] bytes)
    {
        var draft = $"{path}.{Path.GetRandomFileName()}";
        File.WriteAllBytes(draft, bytes);
        File.Move(draft, path, overwrite: true);
    }
}
