using System.Text.RegularExpressions;

namespace Steward.Packaging.Tests.Docker;

/// <summary>Dockerfiles as they are written; the approved ones lie in Golden, and a person has looked at them.</summary>
public class DockerTests
{
    private static readonly DateOnly Today = new(2026, 1, 15);

    public static TheoryData<string> Approved => ["python-2.6", "python-2.7", "python-3.6", "python-3.11", "conda-3.9", "r", "julia", "dotnet"];

    [Theory]
    [MemberData(nameof(Approved))]
    public void Each_is_as_it_was_approved(string name)
    {
        var files = Write(Sample(name)).Files;
        var written = string.Concat(files.Where(file => !file.Key.EndsWith("ignore", StringComparison.Ordinal)).Select(file => $"=== {file.Key}\n{file.Value}"));
        var golden = Path.Combine(AppContext.BaseDirectory, "Golden", name + ".txt");
        if (Environment.GetEnvironmentVariable("STEWARD_APPROVE") is { } folder)
            File.WriteAllText(Path.Combine(folder, name + ".txt"), written);
        Assert.Equal(File.ReadAllText(golden), written);
    }

    [Theory]
    [MemberData(nameof(Approved))]
    public void Every_line_is_pinned_and_nobody_is_root(string name)
    {
        var text = Write(Sample(name)).Files["Dockerfile"];
        foreach (Match from in Regex.Matches(text, @"^FROM (\S+)", RegexOptions.Multiline))
            Assert.Matches(@"^[^:]+:\d|^[^:]+:bookworm-\d{8}", from.Groups[1].Value);
        Assert.DoesNotMatch(@"latest|apt-get|curl |wget ", text);
        Assert.Matches(@"(?m)^USER 10001:10001$", text);
        Assert.True(text.LastIndexOf("USER 10001:10001", StringComparison.Ordinal) > text.LastIndexOf("FROM", StringComparison.Ordinal));
        Assert.Contains("ORT_DISABLE_TELEMETRY=\"1\"", text, StringComparison.Ordinal);
        Assert.Contains("HOME=\"/tmp\"", text, StringComparison.Ordinal);
        Assert.Matches(@"steward\.lock=""sha256:[0-9a-f]{64}""", text);
        if (Write(Sample(name)).Files.TryGetValue("steward.requirements.txt", out var list))
            Assert.All(list.Split('\n').Where(line => line.Length > 0 && line[0] is not ('#' or ' ')), line => Assert.Matches(@"^[a-z0-9-]+==[0-9.]+( \\)?$", line));
    }

    [Fact]
    public void Every_Python_from_2_6_on_has_a_Dockerfile_and_the_end_of_its_life_is_told()
    {
        Assert.Equal(["2.6", "2.7", "3.0", "3.14"], [.. PythonLife.Lines.Take(3).Select(line => line.Line), PythonLife.Lines[^1].Line]);
        foreach (var line in PythonLife.Lines)
        {
            var made = Write(Samples.Pip(line.Line));
            Assert.Equal(line.End < Today, made.Note is not null);
            if (made.Note is not null)
                Assert.Contains($"# Python {line.Line} is past its end of life: nobody mends it since {line.End:yyyy-MM-dd}.", made.Files["Dockerfile"], StringComparison.Ordinal);
        }

        Assert.Contains("2020-01-01", Write(Samples.Pip("2.7")).Note!, StringComparison.Ordinal);
        Assert.Contains("2021-12-23", Write(Samples.Pip("3.6")).Note!, StringComparison.Ordinal);
        Assert.Null(Write(Samples.Pip("3.11")).Note);
    }

    [Fact]
    public void Conda_installs_nothing_by_itself_when_the_lock_knows_what_packages_need()
    {
        LockedPackage Package(string name, params string[] needs) => new(name, World.Conda, "1.0", null, "h1_0", [], needs);
        var environment = new LockedRuntime(Runtime.Python, "3.9.18", "linux-x86_64", [Package("numpy", "libblas"), Package("libblas")]);
        var made = new DockerPlan(new([environment], []), environment, new Dictionary<string, string> { ["steward.lock"] = "x" }, null, [], new(2025, 1, 1)).Write();
        Assert.Null(made.Note);
        Assert.Contains("micromamba create --yes --no-deps", made.Files["Dockerfile"], StringComparison.Ordinal);
        Assert.Equal("python=3.9.18\nnumpy=1.0=h1_0\nlibblas=1.0=h1_0\n", made.Files["steward.conda.txt"]);
        Assert.Contains("the lock was made without an index", Write(Samples.Conda).Note!, StringComparison.Ordinal);
    }

    [Fact]
    public void A_base_with_a_digest_is_taken_as_it_is()
    {
        var image = "python:3.11.9-slim-bookworm@sha256:" + new string('a', 64);
        var text = Write(Samples.Pip("3.11"), image).Files["Dockerfile"];
        Assert.Equal(2, Regex.Count(text, $"^FROM {Regex.Escape(image)}", RegexOptions.Multiline));
        Assert.DoesNotContain("To pin its bytes", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("python:3.11\nRUN id")]
    [InlineData("python:3.11 AS x")]
    [InlineData("$BASE")]
    [InlineData("python@sha256:short")]
    [InlineData("--platform=x")]
    [InlineData("`id`")]
    public void A_base_that_is_no_image_is_refused(string image)
        => Assert.Equal("image_invalid", Assert.Throws<ProblemException>(() => Write(Samples.Pip("3.11"), image)).Code);

    [Theory]
    [InlineData("$(touch owned) `id` ${HOME} \"; RUN id; \\")]
    [InlineData("a\" evil=\"b")]
    [InlineData("back\\slash at the end\\")]
    public void Signs_of_a_shell_in_labels_and_arguments_stay_values(string words)
    {
        var text = Plan(Samples.Pip("3.11"), null, new() { ["team"] = words }, [words]).Write().Files["Dockerfile"];
        // Read back as Docker reads a quoted word: what was put in comes out.
        var label = Regex.Match(text, @"team=""((?:[^""\\]|\\.)*)""").Groups[1].Value;
        Assert.DoesNotMatch(@"(?<!\\)(?:\\\\)*\$", label);
        Assert.Equal(words, Regex.Replace(label, @"\\(.)", "$1"));
        Assert.Equal([words], System.Text.Json.JsonSerializer.Deserialize<string[]>(Regex.Match(text, "^CMD (.*)$", RegexOptions.Multiline).Groups[1].Value)!);
        Assert.Equal(Instructions(Plan(Samples.Pip("3.11"), null, new() { ["team"] = "plain" }, ["plain"]).Write().Files["Dockerfile"]), Instructions(text));
    }

    [Theory]
    [InlineData("one\ntwo")]
    [InlineData("one\rtwo")]
    [InlineData("\u2028two\u0000")]
    public void A_label_of_several_lines_is_refused(string words)
        => Assert.Equal("label_invalid", Assert.Throws<ProblemException>(() => Plan(Samples.Pip("3.11"), null, new() { ["team"] = words }, []).Write()).Code);

    [Theory]
    [InlineData("a b")]
    [InlineData("a=b\nRUN id")]
    [InlineData("$(id)")]
    [InlineData("")]
    public void A_label_with_a_strange_name_is_refused(string name)
        => Assert.Equal("label_invalid", Assert.Throws<ProblemException>(() => Plan(Samples.Pip("3.11"), null, new() { [name] = "x" }, []).Write()).Code);

    [Theory]
    [InlineData("$(id).csproj")]
    [InlineData("a\"b.csproj")]
    [InlineData("-x.csproj")]
    [InlineData("a;id.csproj")]
    public void A_project_whose_name_is_a_command_is_refused(string name)
        => Assert.Equal("name_unsafe", Assert.Throws<ProblemException>(() => Write([(name, Samples.DotNet[0].Item2), Samples.DotNet[1]])).Code);

    [Fact]
    public async Task The_verb_writes_files_that_are_its_own_and_spares_those_of_a_person()
    {
        var here = new Here(Samples.Pip("3.11"));
        await here.Steward("env", "lock");
        Assert.Equal(0, (await here.Steward("env", "docker", "--run", "python", "--run", "serve.py", "--label", "org.example.team=fruit")).Exit);
        Assert.Equal(0, (await here.Steward("env", "docker")).Exit);
        Assert.Contains("org.opencontainers.image.title=\"fruit\"", here.Read("Dockerfile"), StringComparison.Ordinal);
        here.Write("Dockerfile", "FROM scratch\n");
        var (exit, _, wrong) = await here.Steward("env", "docker");
        Assert.Equal(3, exit);
        Assert.Contains("Steward did not write it", wrong.Replace("\n", " ", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.Equal("FROM scratch\n", here.Read("Dockerfile"));
        Assert.Equal(0, (await here.Steward("env", "docker", "--force")).Exit);
    }

    private static List<string> Instructions(string text) => [.. text.Split('\n').Where(line => line.Length > 0 && char.IsAsciiLetterUpper(line[0])).Select(line => line.Split(' ')[0])];

    private static (string, string)[] Sample(string name) => name switch
    {
        "r" => Samples.R,
        "julia" => Samples.Julia,
        "dotnet" => Samples.DotNet,
        "conda-3.9" => Samples.Conda,
        _ => Samples.Pip(name.Split('-')[1]),
    };

    private static DockerFiles Write((string, string)[] files, string? image = null) => Plan(files, image, [], []).Write();

    private static DockerPlan Plan((string, string)[] files, string? image, Dictionary<string, string> labels, string[] run)
    {
        var folder = new Here(files).Folder;
        var read = EnvironmentFiles.Read(folder, []);
        Assert.Empty(read.Complaints);
        var asked = WantedEnvironment.Of(read, [], EnvironmentSection.In(folder).Section.Python, "steward.yaml", "linux-x86_64");
        var made = asked.Lock(asked.Explain());
        labels["steward.lock"] = made.Digest;
        return new(made, made.Environments[0], labels, image, run, Today);
    }
}
