using System.Diagnostics;
using CsCheck;
using Steward.Packaging.Ci;
using Steward.Testing;
using YamlDotNet.RepresentationModel;

namespace Steward.Packaging.Tests.Ci;

/// <summary>Files of build services: as they were approved, as their services read them, and closed to whatever people call their things.</summary>
public sealed class CiWriteTests(GitHubReader github) : IClassFixture<GitHubReader>
{
    private static readonly CiPlan Plain = new("fruit", "Name that fruit", "models/fruit", "main", "registry.example.com/ml/agent:1", null, "production", "models/fruit/steward.lock");

    private static readonly CiPlan Small = new("fruit", "Name that fruit", ".", "main", null, "builders", "production", null);

    public static TheoryData<string> Services => ["github", "gitlab", "azure-pipelines"];

    [Theory]
    [MemberData(nameof(Services))]
    public void Each_is_as_it_was_approved(string service)
    {
        var written = Write(service, Plain);
        if (Environment.GetEnvironmentVariable("STEWARD_APPROVE") is { } folder)
            File.WriteAllText(Path.Combine(folder, $"ci-{service}.yml"), written);
        Assert.Equal(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Golden", $"ci-{service}.yml")), written);
    }

    [Theory]
    [MemberData(nameof(Services))]
    public void Each_is_read_by_its_service_and_a_wrong_key_is_not(string service)
    {
        foreach (var plan in new[] { Plain, Small })
            Assert.Empty(Complaints(service, Write(service, plan)));
        var wrong = service switch { "github" => ("runs-on", "runz-on"), "gitlab" => ("resource_group", "resource_grupp"), _ => ("displayName", "displayname") };
        Assert.NotEmpty(Complaints(service, Write(service, Plain).Replace(wrong.Item1, wrong.Item2, StringComparison.Ordinal)));
    }

    [Theory]
    [MemberData(nameof(Services))]
    public void All_run_the_same_stages_in_the_same_order_as_one_does_here(string service)
    {
        var text = Write(service, Plain);
        var stages = System.Text.RegularExpressions.Regex.Matches(text, @"steward ci run --only ([a-z-]+)").Select(match => match.Groups[1].Value);
        Assert.Equal(CiStage.All.Select(stage => stage.Name), stages);
    }

    [Fact]
    public void Rights_are_the_least_actions_are_pinned_by_commit_and_a_proposed_change_sees_no_secret()
    {
        var text = Write("github", Plain);
        Assert.Contains("permissions:\n  contents: read\n", text, StringComparison.Ordinal);
        Assert.All(text.Split('\n').Where(line => line.Contains("uses:", StringComparison.Ordinal)), line => Assert.Matches(@"uses: actions/[a-z-]+@[0-9a-f]{40} # v\d", line));
        foreach (var (service, from, to) in new[] { ("github", "\n  check:\n", "\n  model:\n"), ("azure-pipelines", "- stage: check\n", "- stage: model\n") })
        {
            var whole = Write(service, Plain);
            var check = whole[whole.IndexOf(from, StringComparison.Ordinal)..whole.IndexOf(to, StringComparison.Ordinal)];
            Assert.Contains("--only lint", check, StringComparison.Ordinal);
            Assert.DoesNotContain("STEWARD_TOKEN", check, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Waiting_for_people_is_told_as_waiting_and_everything_else_as_it_is()
    {
        foreach (var service in new[] { "github", "azure-pipelines" })
            foreach (var (code, ends, says) in new[] { (0, 0, false), (1, 1, false), (4, 4, false), (5, 0, true) })
            {
                var script = Scripts(Write(service, Small)).Single(one => one.Contains("--only deploy", StringComparison.Ordinal));
                var (exit, said, outputs) = Shell(script, ".", code);
                Assert.Equal((ends, says), (exit, said.Contains(service == "github" ? "::warning title=Waiting for people" : "result=SucceededWithIssues", StringComparison.Ordinal)));
                if (service == "github")
                    Assert.Equal(says ? "waiting=true\n" : "", outputs);
            }

        Assert.Contains("allow_failure:\n    exit_codes: [5]", Write("gitlab", Small), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Services))]
    public void Whatever_people_call_their_things_stays_a_value_and_changes_nothing_else(string service)
    {
        var plain = Flat(Write(service, Small));
        var (taken, files) = (0, new List<string>());
        Hostile.Sample((title, folder, branch) =>
        {
            string text;
            try
            {
                text = Write(service, (Small with { Title = title, Folder = folder, Branch = branch }).Checked());
            }
            catch (ProblemException)
            {
                return;
            }

            taken++;
            var flat = Flat(text);
            Assert.Equal(plain.Keys, flat.Keys);
            foreach (var (path, value) in flat)
                if (Named(path))
                    Assert.Contains(service == "github" ? value.Replace("${{ '${{' }}", "${{", StringComparison.Ordinal) : value, new[] { folder, branch, "refs/heads/" + branch, branch.Replace("+", "\\+", StringComparison.Ordinal), "\\" + branch.Replace("+", "\\+", StringComparison.Ordinal) });
                else if (service != "github" || !path.EndsWith("/if", StringComparison.Ordinal))
                    Assert.Equal(plain[path], value);
            if (service != "github")
                Assert.Empty(Complaints(service, text));
            else if (files.Count < 40)
                files.Add(text);
        }, iter: 400, threads: 1);
        Assert.True(taken > 20, $"only {taken} were taken");
        if (files.Count > 0)
            Assert.Empty(github.Complaints(files));

        static bool Named(string path) => !path.EndsWith("/expand", StringComparison.Ordinal) && (path.Contains("STEWARD_FOLDER", StringComparison.Ordinal) || path.Contains("STEWARD_BRANCH", StringComparison.Ordinal) || path.Contains("branches", StringComparison.Ordinal) || path == "/variables/1/value");
    }

    [Fact]
    public void A_shell_hands_the_name_on_as_it_is()
    {
        string[] hostile = ["it's", "a b", "\"; touch evil; \"", "$(touch evil)", "`touch evil`", "${HOME}", "a;b&&c|d>e", "-x", "*", "~", "фрукты", "\\"];
        foreach (var service in Services.Select(row => row.Data))
            foreach (var name in hostile)
                foreach (var script in Scripts(Write(service, Small)).Where(script => script.Contains("steward ci run", StringComparison.Ordinal)))
                {
                    var (_, said, _) = Shell(script, name, 0);
                    Assert.Contains($"<--folder={name}>", said, StringComparison.Ordinal);
                }
    }

    private static readonly string[] Signs = ["'", "\"", "\\", "`", "$(touch evil)", "${{ secrets.STEWARD_TOKEN }}", "${{", "}}", "$[", "#", ": ", "- ", "|", ">", "&a", "*a", "!x", "%", "@", "\n", "\r", "\t", "\0", "\u2028", "\u0085", "\ufeff", "\u202e", "name: x", "run: evil", "😀", "{", "}", "[", "]", ",", "..", "/", "~", "+", "é", " "];

    private static readonly Gen<string> Odd = Gen.Int[0, Signs.Length + 25].Select(i => i < Signs.Length ? Signs[i] : $"{(char)('a' + i - Signs.Length)}").List[1, 6].Select(parts => string.Concat(parts));

    private static readonly Gen<(string, string, string)> Hostile = Gen.Select(Odd, Odd, Gen.Select(Gen.Bool, Odd).Select((usual, odd) => usual ? "main" : odd));

    private static string Write(string service, CiPlan plan) => service switch { "github" => GitHubFile.Write(plan), "gitlab" => GitLabFile.Write(plan), _ => AzureFile.Write(plan) };

    private IReadOnlyList<string> Complaints(string service, string text) => service switch { "github" => github.Complaints([text]), "gitlab" => ServiceFiles.GitLab(text), _ => ServiceFiles.Azure(text) };

    /// <summary>Every value by its place.</summary>
    private static SortedDictionary<string, string> Flat(string text)
    {
        var stream = new YamlStream();
        stream.Load(new StringReader(text));
        var all = new SortedDictionary<string, string>(StringComparer.Ordinal);
        Walk(stream.Documents.Single().RootNode, "");
        return all;

        void Walk(YamlNode node, string path)
        {
            switch (node)
            {
                case YamlMappingNode map:
                    foreach (var (key, value) in map.Children)
                        Walk(value, $"{path}/{((YamlScalarNode)key).Value}");
                    break;
                case YamlSequenceNode list:
                    foreach (var (value, i) in list.Select((value, i) => (value, i)))
                        Walk(value, $"{path}/{i}");
                    break;
                default:
                    all[path] = ((YamlScalarNode)node).Value ?? "";
                    break;
            }
        }
    }

    private static IEnumerable<string> Scripts(string text) => Flat(text).Where(one => one.Key.EndsWith("/run", StringComparison.Ordinal) || one.Key.EndsWith("/script", StringComparison.Ordinal) || one.Key.Contains("/script/", StringComparison.Ordinal)).Select(one => one.Value);

    /// <summary>Runs a script as the services do, with a program in the place of ours that says what it was given.</summary>
    private static (int Exit, string Said, string Outputs) Shell(string script, string folder, int code)
    {
        var at = TestFolder.New();
        var program = Path.Combine(at, "steward");
        File.WriteAllText(program, $"#!/bin/sh\nprintf '<%s>' \"$@\"\nexit {code}\n");
        File.SetUnixFileMode(program, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var start = new ProcessStartInfo("sh", ["-e", "-c", script]) { WorkingDirectory = at, RedirectStandardOutput = true };
        start.Environment["PATH"] = $"{at}:{Environment.GetEnvironmentVariable("PATH")}";
        start.Environment["STEWARD_FOLDER"] = folder;
        start.Environment["GITHUB_OUTPUT"] = Path.Combine(at, "outputs");
        File.WriteAllText(Path.Combine(at, "outputs"), "");
        using var process = Process.Start(start)!;
        var said = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.False(File.Exists(Path.Combine(at, "evil")), script);
        return (process.ExitCode, said, File.ReadAllText(Path.Combine(at, "outputs")));
    }
}

/// <summary>GitHub's own reader of workflows, as the npm registry has it, in the versions of a lock.</summary>
public sealed class GitHubReader
{
    private readonly Lazy<string> _folder = new(Install);

    internal IReadOnlyList<string> Complaints(IReadOnlyList<string> texts)
    {
        var files = texts.Select(text =>
        {
            var file = Path.Combine(TestFolder.New(), "steward.yml");
            File.WriteAllText(file, text);
            return file;
        });
        var (code, said) = Run(_folder.Value, "node", ["github.mjs", .. files]);
        Assert.True(code == 0, said);
        return said.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    private static string Install()
    {
        var folder = Path.Combine(AppContext.BaseDirectory, "Ci", "Readers");
        if (Directory.Exists(Path.Combine(folder, "node_modules")))
            return folder;
        var (code, said) = Run(folder, "npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund"]);
        Assert.True(code == 0, said);
        return folder;
    }

    private static (int, string) Run(string folder, string program, string[] words)
    {
        using var process = Process.Start(new ProcessStartInfo(program, words) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true })!;
        var wrong = process.StandardError.ReadToEndAsync();
        var said = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, process.ExitCode == 0 ? said : said + wrong.GetAwaiter().GetResult());
    }
}
