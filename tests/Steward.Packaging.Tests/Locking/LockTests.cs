using Steward.Testing;

namespace Steward.Packaging.Tests.Locking;

/// <summary>The lock: exact, canonical, and trusted only as far as it can be checked.</summary>
public class LockTests
{
    private const string Hash = "sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

    private const string Index = """
        {
          "steward_index": 1,
          "pip": {
            "requests": {
              "2.31.0": {"interpreter": ">=3.7", "requires": ["urllib3>=1.21.1,<3", "idna<4,>=2.5", "PySocks!=1.5.7,>=1.5.6; extra == 'socks'"]},
              "2.32.0rc1": {"requires": []}
            },
            "urllib3": {"1.26.18": {}, "2.2.1": {"interpreter": ">=3.8"}},
            "idna": {"3.6": {"hashes": ["sha256:aaaa456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"]}},
            "pysocks": {"1.7.1": {}}
          }
        }
        """;

    [Fact]
    public async Task The_same_input_gives_the_same_bytes_wherever_it_lies()
    {
        var (one, two) = (Requests(), Requests());
        Assert.Equal((0, 0), ((await one.Steward("env", "lock", "--index", "index.json")).Exit, (await two.Steward("env", "lock", "--index", "index.json")).Exit));
        Assert.Equal(one.Read("steward.lock"), two.Read("steward.lock"));
        var read = LockReader.Open(Path.Combine(one.Folder, "steward.lock"));
        Assert.Equal(["idna 3.6", "pysocks 1.7.1", "requests 2.31.0", "urllib3 2.2.1"], read.Environments[0].Packages.Select(package => $"{package.Name} {package.Version}"));
        Assert.Equal([Hash], read.Environments[0].Packages[2].Hashes);
        Assert.Equal(["idna", "pysocks", "urllib3"], read.Environments[0].Packages[2].Needs);
        Assert.Equal("3.11.9", read.Environments[0].Version);
        Assert.Equal(read.Bytes(), File.ReadAllBytes(Path.Combine(one.Folder, "steward.lock")));
    }

    [Fact]
    public async Task An_older_Python_gets_versions_that_run_on_it()
    {
        var here = Requests();
        Assert.Equal(0, (await here.Steward("env", "lock", "--index", "index.json", "--python", "3.7")).Exit);
        Assert.Contains("1.26.18", here.Read("steward.lock"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_an_index_it_works_on_the_files_and_says_so()
    {
        var here = new Here(("requirements.txt", "numpy==1.26.4\n"));
        var (exit, said, _) = await here.Steward("env", "lock", "--python", "3.11");
        Assert.Equal(0, exit);
        Assert.Contains("No index is known: this rests on the files alone.", said, StringComparison.Ordinal);
        here.Write("requirements.txt", "numpy>=1.26\npandas\n");
        var (open, _, why) = await here.Steward("env", "lock", "--python", "3.11");
        Assert.Equal(1, open);
        Assert.Contains("numpy >=1.26, pandas", why, StringComparison.Ordinal);
        Assert.Contains("--index", why, StringComparison.Ordinal);
        Assert.Contains("1.26.4", here.Read("steward.lock"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_kind_of_file_gives_the_same_lock_twice()
    {
        foreach (var files in Samples.All)
        {
            var (one, two) = (new Here(files), new Here([.. files.Reverse()]));
            var (exit, said, wrong) = await one.Steward("env", "lock");
            Assert.True(exit == 0, said + wrong);
            Assert.Equal(0, (await two.Steward("env", "lock")).Exit);
            Assert.Equal(one.Read("steward.lock"), two.Read("steward.lock"));
        }
    }

    [Theory]
    [InlineData("\"2.31.0\"", "\"2.31.1\"", "digest")]
    [InlineData("\"name\": \"idna\"", "\"name\": \"idna; rm -rf /\"", "name")]
    [InlineData("\"version\": \"3.6\"", "\"version\": \"$(id)\"", "version")]
    [InlineData("sha256:aaaa", "sha256:`id`", "hash")]
    [InlineData("\"steward_lock\": 1", "\"steward_lock\": 2", "another version")]
    [InlineData("{", "[", "JSON")]
    public async Task A_lock_that_somebody_changed_is_not_used(string from, string to, string why)
    {
        var here = Requests();
        await here.Steward("env", "lock", "--index", "index.json");
        here.Write("steward.lock", here.Read("steward.lock").Replace(from, to, StringComparison.Ordinal));
        var (exit, _, wrong) = await here.Steward("env", "docker");
        Assert.Equal(1, exit);
        Assert.Contains(why, wrong, StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(here.Folder, "Dockerfile")));
    }

    [Theory]
    [InlineData("[]", "no index")]
    [InlineData("{\"steward_index\": 1, \"pip\": {\"x\": []}}", "names and values")]
    [InlineData("{\"steward_index\": 1, \"pip\": {\"x y\": {\"1\": {}}}}", "no name")]
    [InlineData("{\"steward_index\": 1,", "not JSON")]
    public void An_index_with_a_mistake_says_which(string text, string why)
    {
        var path = Path.Combine(TestFolder.New(), "index.json");
        File.WriteAllText(path, text);
        Assert.Contains(why, Assert.Throws<ProblemException>(() => PackageIndex.Open(path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_conflict_ends_with_3_says_why_and_writes_nothing()
    {
        var here = new Here(("environment.yml", "dependencies:\n  - python=3.11\n  - numpy=1.21\n"), ("requirements.txt", "numpy>=1.24\n"));
        var (exit, said, _) = await here.Steward("env", "lock");
        Assert.Equal(3, exit);
        Assert.Contains("environment.yml:3 asks for numpy=1.21", said, StringComparison.Ordinal);
        Assert.Contains("requirements.txt:1 asks for numpy>=1.24", said, StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(here.Folder, "steward.lock")));
        Assert.Equal(3, (await here.Steward("env", "explain", "--json")).Exit);
    }

    [Fact]
    public async Task The_project_file_says_where_the_lists_are()
    {
        var here = new Here(("steward.yaml", "steward: 1\nproject: fruit\nenvironment:\n  python: \"3.9\"\n  from: [lists/needs.txt]\n  lock: locks/fruit.lock\nunknown_elsewhere: {}\n"), ("lists/needs.txt", "six==1.16.0\n"), ("requirements.txt", "numpy\n"), ("locks/keep", ""));
        Assert.Equal(0, (await here.Steward("env", "lock")).Exit);
        Assert.Contains("\"3.9.25\"", here.Read("locks/fruit.lock"), StringComparison.Ordinal);
        here.Write("steward.yaml", "steward: 1\nproject: fruit\nenvironment: {pyton: \"3.9\"}\n");
        Assert.Contains("Did you mean 'python'?", (await here.Steward("lint")).Said.Replace("\n", " ", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Lint_says_when_the_lock_is_not_there_or_not_of_its_files_any_more()
    {
        var here = Requests();
        Assert.Contains("steward.lock is not there", Flat(await here.Steward("lint")), StringComparison.Ordinal);
        Assert.Equal(0, (await here.Steward("env", "lock")).Exit);
        Assert.DoesNotContain("steward.lock", Flat(await here.Steward("lint")), StringComparison.Ordinal);
        here.Write("requirements.txt", "requests==2.31.0\n");
        var (exit, said, _) = await here.Steward("lint");
        Assert.Equal(0, exit);
        Assert.Contains("steward.lock is not of the files any more: requirements.txt has changed since the lock was written. Try: steward env lock", Flat((exit, said, "")), StringComparison.Ordinal);
        here.Write("steward.lock", "{");
        Assert.Contains("Try: steward env lock", Flat(await here.Steward("lint")), StringComparison.Ordinal);
        here.Write("steward.yaml", "steward: 1\nproject: fruit\n");
        Assert.DoesNotContain("Try", Flat(await here.Steward("lint")), StringComparison.Ordinal);

        static string Flat((int Exit, string Said, string) told) => System.Text.RegularExpressions.Regex.Replace(told.Said, "\\s+", " ");
    }

    private static Here Requests() => new(("requirements.txt", $"requests[socks]==2.31.0 --hash={Hash}\n"), ("index.json", Index), ("steward.yaml", "steward: 1\nproject: fruit\nenvironment: {python: \"3.11.9\"}\n"));
}
