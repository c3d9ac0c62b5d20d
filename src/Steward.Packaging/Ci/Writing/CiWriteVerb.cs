using System.CommandLine;
using Steward.Cli;
using Steward.Models;

namespace Steward.Packaging.Ci;

/// <summary><c>steward ci write github|gitlab|azure-pipelines</c>.</summary>
internal static class CiWriteVerb
{
    private static readonly IReadOnlyDictionary<string, (string Path, Func<CiPlan, string> Write)> Services = new SortedDictionary<string, (string, Func<CiPlan, string>)>(StringComparer.Ordinal)
    {
        ["azure-pipelines"] = (AzureFile.Path, AzureFile.Write),
        ["github"] = (GitHubFile.Path, GitHubFile.Write),
        ["gitlab"] = (GitLabFile.Path, GitLabFile.Write),
    };

    public static Command Tree(Server server)
    {
        var service = new Argument<string>("service") { Description = string.Join(", ", Services.Keys) + "." };
        var folder = new Option<string>("--folder") { Description = "The folder of the steward.yaml, from the root of the repository.", DefaultValueFactory = _ => "." };
        var to = new Option<string?>("--to") { Description = "The file; the service's own place in this folder by default." };
        var branch = new Option<string>("--branch") { Description = "What is on it is sent, trained and served.", DefaultValueFactory = _ => "main" };
        var agent = new Option<string?>("--agent") { Description = "The image that jobs run in, as steward image agent made it; with a shell, which these services need." };
        var runner = new Option<string?>("--runner") { Description = "A label of your own machines (github), a tag (gitlab) or a pool (azure-pipelines)." };
        var environment = new Option<bool>("--environment") { Description = "Also build the Python environment of the lock in the job, kept by the lock's digest." };
        var force = new Option<bool>("--force") { Description = "Also over a file that Steward did not write." };
        var verb = new Command("write", "Write the file of a build service; it runs the same stages as steward ci run.") { service, folder, to, branch, agent, runner, environment, force };
        verb.SetAction(line =>
        {
            var asked = line.GetRequiredValue(service);
            if (!Services.TryGetValue(asked, out var one))
                throw ProblemException.Invalid("service_unknown", $"There is no file for '{Names.Shorten(asked)}'.", $"Choose one of: {string.Join(", ", Services.Keys)}.");
            var run = new CiRun(server, Path.GetFullPath(line.GetRequiredValue(folder)), Path.GetTempPath(), new(null, false, TimeSpan.Zero));
            var plan = new CiPlan(run.File.Project, run.File.Title, line.GetRequiredValue(folder), line.GetRequiredValue(branch), line.GetValue(agent), line.GetValue(runner), run.File.Get<SignOffSection>("signoff").Stage,
                line.GetValue(environment) ? Lock(line.GetRequiredValue(folder), run.File.Get<EnvironmentSection>("environment").Lock) : null).Checked();
            var path = line.GetValue(to) ?? one.Path;
            if (File.Exists(path) && !line.GetValue(force) && !File.ReadLines(path).Take(1).Any(first => first.StartsWith("# Written by: steward ci write", StringComparison.Ordinal)))
                throw ProblemException.Conflict("file_there", $"{path} is there already, and Steward did not write it.", "Write elsewhere: --to FILE, or over it: --force");
            var text = one.Write(plan);
            if (Path.GetDirectoryName(Path.GetFullPath(path)) is { } parent)
                Directory.CreateDirectory(parent);
            File.WriteAllText(path, text);
            Show.Done(line, $"Written: {path}. It runs {string.Join(", ", CiStage.All.Select(stage => stage.Name))}.\nWhat it needs is in its second line.", new { path, service = asked, stages = CiStage.All.Select(stage => stage.Name) });
        });
        return verb;
    }

    /// <summary>Services read it as a pattern, so only plain signs are taken.</summary>
    private static string Lock(string folder, string name)
    {
        var path = folder is "." ? name : $"{folder.TrimEnd('/')}/{name}";
        return path.All(c => char.IsAsciiLetterOrDigit(c) || c is '/' or '.' or '-' or '_') ? path
            : throw ProblemException.Invalid("lock_name_invalid", $"'{Names.Shorten(path)}' cannot be the key of a cache.", "Use letters, digits, dots and dashes, or leave out --environment.");
    }
}
