namespace Steward.Packaging.Tests.Reading;

/// <summary>Files as people have them.</summary>
public class ReaderTests
{
    private const string Hash = "sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

    [Fact]
    public void Requirements_with_comments_extras_conditions_and_hashes_are_read()
    {
        var read = Read(("requirements.txt", $"""
            # what we need
            --index-url https://mirror.example/simple
            numpy==1.26.4 \
                --hash={Hash}
            Requests[Socks,security] >= 2.8.1, < 3   # the web
            tomli>=1.1 ; python_version < "3.11" and sys_platform != 'win32'
            """));
        Assert.Empty(read.Complaints);
        Assert.Equal(["numpy==1.26.4", "requests[security,socks]>=2.8.1,<3", "tomli>=1.1"], read.Wanted.Select(one => one.Text));
        Assert.Equal(["requirements.txt:3", "requirements.txt:5", "requirements.txt:6"], read.Wanted.Select(one => one.At.ToString()));
        Assert.Equal([Hash], read.Wanted[0].Hashes);
        Assert.True(read.Wanted[2].When!.Holds(new("3.10", "linux-x86_64")));
        Assert.False(read.Wanted[2].When!.Holds(new("3.10", "win-amd64")));
        Assert.False(read.Wanted[2].When!.Holds(new("3.11", "linux-x86_64")));
        Assert.Contains("--index-url", Assert.Single(read.Notes), StringComparison.Ordinal);
    }

    [Fact]
    public void Other_files_are_followed_and_constraints_only_limit()
    {
        var read = Read(("requirements.txt", "-r more/base.txt\n-c limits.txt\nflask\n"), ("more/base.txt", "-r ../requirements.txt\nclick>=8\n"), ("limits.txt", "click<8.2\nnever-asked-for==1\n"));
        Assert.Empty(read.Complaints);
        Assert.Equal([("click>=8", false), ("click<8.2", true), ("never-asked-for==1", true), ("flask", false)], read.Wanted.Select(one => (one.Text, one.IsLimit)));
        var told = Assert.Single(WantedEnvironment.Of(read, [], "3.11", "--python", "linux-x86_64").Explain());
        Assert.Equal(["click >=8,<8.2", "flask"], told.Packages.Select(package => $"{package.Name} {package.Range}".Trim()));
    }

    [Theory]
    [InlineData("git+https://example.org/x.git#egg=x", "address or a path")]
    [InlineData("./local", "address or a path")]
    [InlineData("numpy @ https://example.org/numpy.whl", "address")]
    [InlineData("-e .", "editable")]
    [InlineData("-r https://example.org/r.txt", "address")]
    [InlineData("-r not-there.txt", "not there")]
    [InlineData("numpy=1.21", "is no operator")]
    [InlineData("numpy==1.0; python_version ~ 3", "condition")]
    [InlineData("numpy==1.0 --hash=sha256:beef", "no hash")]
    [InlineData("numpy==1.0 --global-option=x", "cannot stand")]
    [InlineData("--frobnicate", "not known")]
    [InlineData("$(touch x)==1", "no requirement")]
    [InlineData("a;rm -rf /", "condition")]
    public void What_says_no_version_is_refused_with_its_line_and_a_reason(string line, string why)
    {
        var complaint = Assert.Single(Read(("requirements.txt", $"flask\n{line}\n")).Complaints);
        Assert.Equal("requirements.txt:2", complaint.At.ToString());
        Assert.Contains(why, complaint.Why, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public void Conda_environments_are_read_with_their_pip_packages()
    {
        var read = Read(("environment.yml", """
            name: work
            channels: [conda-forge]
            dependencies:
              - python=3.9
              - conda-forge::numpy=1.21=py39*
              - scipy>=1.7,<1.9
              - pytorch 1.10.*
              - pip
              - pip:
                - pandas==1.3.5
            """));
        Assert.Empty(read.Complaints);
        Assert.Equal(["python=3.9", "numpy==1.21", "scipy>=1.7,<1.9", "pytorch 1.10.*", "pip", "pandas==1.3.5"], read.Wanted.Select(one => one.Text));
        Assert.Equal("py39*", read.Wanted[1].Build);
        Assert.Equal("torch", read.Wanted[3].Name);
        Assert.Equal(10, read.Wanted[5].At.Line);
    }

    [Theory]
    [InlineData("dependencies:\n  - numpy==1.*.2\n", "star")]
    [InlineData("dependencies:\n  - {a: b}\n", "neither a package")]
    [InlineData("dependencies:\n  - ../local.tar.bz2\n", "address or a path")]
    [InlineData("dependecies:\n  - numpy\n", "no key")]
    [InlineData("dependencies: &all\n  - numpy\n", "Anchors")]
    [InlineData("dependencies: [\n", "not YAML")]
    public void A_conda_environment_with_a_mistake_says_where(string text, string why)
        => Assert.Contains(Read(("environment.yml", text)).Complaints, complaint => complaint.Why.Contains(why, StringComparison.Ordinal) && complaint.At.Line > 0);

    [Fact]
    public void Projects_of_both_kinds_of_pyproject_are_read()
    {
        var standard = Read(("pyproject.toml", "[project]\nname = 'x'\nrequires-python = '>=3.9,<3.13'\ndependencies = [\n  'httpx',\n  \"gidgethub[httpx]>4.0.0\",\n  'django>2.1; os_name != \"nt\"',\n]\n"));
        Assert.Empty(standard.Complaints);
        Assert.Equal(["python>=3.9,<3.13", "httpx", "gidgethub[httpx]>4.0.0", "django>2.1"], standard.Wanted.Select(one => one.Text));
        Assert.Equal(6, standard.Wanted[2].At.Line);
        var poetry = Read(("pyproject.toml", "[tool.poetry.dependencies]\npython = '^3.8'\nnumpy = '^1.21.3'\nsix = '~1.15'\nattrs = '22.1'\nall = '*'\nrequests = { version = '>=2,<3', extras = ['socks'] }\ntomli = { version = '^0.2', python = '<3.11' }\nspare = { version = '1', optional = true }\n"));
        Assert.Empty(poetry.Complaints);
        Assert.Equal(["python>=3.8,<4.0", "numpy>=1.21.3,<2.0.0", "six>=1.15,<1.16", "attrs==22.1", "all", "requests[socks]>=2,<3", "tomli>=0.2,<0.3"], poetry.Wanted.Select(one => one.Text));
        Assert.False(poetry.Wanted[^1].When!.Holds(new("3.11", "linux-x86_64")));
    }

    [Theory]
    [InlineData("[project]\ndependencies = [\n'numpy=1'\n]\n", 3, "is no operator")]
    [InlineData("[project\n", 1, "not TOML")]
    [InlineData("[tool.poetry.dependencies]\nx = {git = 'https://example.org/x'}\n", 2, "address")]
    [InlineData("[tool.poetry.dependencies]\nx = '^1 || ^2'\n", 2, "one range")]
    public void A_pyproject_with_a_mistake_says_where(string text, int line, string why)
    {
        var complaint = Assert.Single(Read(("pyproject.toml", text)).Complaints);
        Assert.Equal(line, complaint.At.Line);
        Assert.Contains(why, complaint.Why, StringComparison.Ordinal);
    }

    [Fact]
    public void Deep_nesting_is_refused_and_ends_nothing()
        => Assert.Contains("not TOML", Assert.Single(Read(("pyproject.toml", "x = " + new string('[', 9_000))).Complaints).Why, StringComparison.Ordinal);

    [Fact]
    public void Locks_of_R_are_read()
    {
        var read = Read(("renv.lock", """
            {
              "R": { "Version": "4.2.2", "Repositories": [] },
              "Packages": {
                "dplyr": { "Package": "dplyr", "Version": "1.1.0", "Source": "Repository", "Hash": "d3c34618017e7ae252d46d79a1b9ec32", "Requirements": ["R", "R6", "rlang", "utils"] },
                "rlang": { "Package": "rlang", "Version": "1.0.6", "Source": "Repository" },
                "mine": { "Package": "mine", "Version": "0.1", "Source": "GitHub" }
              }
            }
            """));
        Assert.Equal(["r == 4.2.2", "dplyr == 1.1.0", "rlang == 1.0.6"], read.Wanted.Select(one => one.Text));
        Assert.Equal(["R", "R6", "rlang"], Assert.Single(read.Known.Of(World.R, "dplyr")).Requires);
        Assert.Equal("renv.lock:6", Assert.Single(read.Complaints).At.ToString());
    }

    [Fact]
    public void Projects_and_manifests_of_Julia_are_read()
    {
        var read = Read(
            ("Project.toml", "[deps]\nJSON = \"682c06a0-de6a-54ab-a142-c8b1cf79cde6\"\nStatistics = \"10745b16-79ce-11e8-11f9-7d13ad32a3b2\"\n\n[compat]\nJSON = \"0.21\"\njulia = \"1.6\"\n"),
            ("Manifest.toml", "julia_version = \"1.9.3\"\nmanifest_format = \"2.0\"\n\n[[deps.JSON]]\ndeps = [\"Parsers\"]\ngit-tree-sha1 = \"31e996f0a15c7b280ba9f76636b3ff9e2ae58c9a\"\nuuid = \"682c06a0-de6a-54ab-a142-c8b1cf79cde6\"\nversion = \"0.21.4\"\n\n[[deps.Parsers]]\ngit-tree-sha1 = \"716e24b21538abc91f6205fd1d8363f39b442851\"\nuuid = \"69de0a69-1ddd-5017-9359-2bf0b02dc9f0\"\nversion = \"2.7.2\"\n\n[[deps.Statistics]]\nuuid = \"10745b16-79ce-11e8-11f9-7d13ad32a3b2\"\n"));
        Assert.Empty(read.Complaints);
        var told = Assert.Single(WantedEnvironment.Of(read, [], null, "", "linux-x86_64").Explain());
        Assert.Equal(["JSON 0.21.4 git-tree:31e996f0a15c7b280ba9f76636b3ff9e2ae58c9a", "Parsers 2.7.2 git-tree:716e24b21538abc91f6205fd1d8363f39b442851"], told.Packages.Select(package => $"{package.Name} {package.Version} {package.Hashes[0]}"));
        Assert.Equal("1.9.3", told.Interpreter);
    }

    [Fact]
    public void Packages_of_a_csproj_are_read_with_central_versions_and_their_lock()
    {
        var read = Read(
            ("Shop.csproj", "<Project Sdk=\"Microsoft.NET.Sdk\">\n<PropertyGroup><TargetFramework>net8.0</TargetFramework></PropertyGroup>\n<ItemGroup>\n<PackageReference Include=\"Dapper\" />\n<PackageReference Include=\"Newtonsoft.Json\"><Version>13.0.3</Version></PackageReference>\n<PackageReference Include=\"Secret\" Version=\"$(SecretVersion)\" />\n</ItemGroup>\n</Project>\n"),
            ("Directory.Packages.props", "<Project>\n<ItemGroup>\n<PackageVersion Include=\"Dapper\" Version=\"[2.1.35]\" />\n</ItemGroup>\n</Project>\n"),
            ("packages.lock.json", "{\n\"version\": 1,\n\"dependencies\": {\n\"net8.0\": {\n\"Dapper\": { \"type\": \"Direct\", \"resolved\": \"2.1.35\", \"contentHash\": \"YKRwjVfrG7GYOovlGyQoMvr1/IJdn+7QzNXJxyMh0YfFF5yvDmTYaJOVYWsckreNjGsGSEtrMTpnzxTUq/tZQw==\" }\n}\n}\n}\n"));
        Assert.Equal(["dotnet [8.0.0]", "dapper [2.1.35]", "newtonsoft.json 13.0.3", "dapper [2.1.35]"], read.Wanted.Select(one => one.Text));
        Assert.Equal(["Shop.csproj:2", "Directory.Packages.props:3", "Shop.csproj:5", "packages.lock.json:5"], read.Wanted.Select(one => one.At.ToString()));
        Assert.StartsWith("sha512:YKRw", Assert.Single(Assert.Single(read.Known.Of(World.NuGet, "dapper")).Hashes), StringComparison.Ordinal);
        Assert.Contains("property", Assert.Single(read.Complaints).Why, StringComparison.Ordinal);
    }

    [Fact]
    public void Entities_of_XML_are_not_read()
        => Assert.Contains("not XML", Assert.Single(Read(("Shop.csproj", "<!DOCTYPE x [<!ENTITY a SYSTEM \"file:///etc/passwd\">]>\n<Project>&a;</Project>")).Complaints).Why, StringComparison.Ordinal);

    [Fact]
    public void Conda_and_pip_are_merged_and_what_is_there_twice_is_named_with_both_places()
    {
        var read = Read(("environment.yml", "dependencies:\n  - python=3.11\n  - numpy=1.26\n  - pytorch=2.1\n  - pip:\n    - torch>=2.0\n"), ("requirements.txt", "numpy>=2\nrich; python_version < '3'\nrich; python_version >= '3'\n"));
        var twice = WantedEnvironment.Of(read, [], null, "", "linux-x86_64").Doubles();
        Assert.Equal(
            [new("numpy", "numpy=1.26 (conda, environment.yml:3)", "numpy>=2 (pip, requirements.txt:1)", false), new("torch", "pytorch=2.1 (conda, environment.yml:4)", "torch>=2.0 (pip, environment.yml:6)", true)],
            twice);
    }

    [Fact]
    public void Limits_hold()
    {
        Assert.Equal("too_large", Refused(("requirements.txt", new string('#', 5 << 20))));
        Assert.Equal("line_too_long", Refused(("requirements.txt", "x" + new string('y', 20_000))));
        Assert.Equal("not_text", Refused(("requirements.txt", "a\0b")));
        Assert.Equal("too_many_packages", Refused(("requirements.txt", string.Concat(Enumerable.Range(0, 20_001).Select(i => $"p{i}\n")))));
        Assert.Equal("too_deep", Refused([.. Enumerable.Range(0, 13).Select(i => (i == 0 ? "requirements.txt" : $"r{i}.txt", $"-r r{i + 1}.txt\n")), ("r13.txt", "")]));
        Assert.Equal("list_of_packages_not_found", Refused());
    }

    private static string Refused(params (string, string)[] files) => Assert.Throws<ProblemException>(() => Read(files)).Code;

    private static EnvironmentFiles Read(params (string Name, string Text)[] files) => EnvironmentFiles.Read(new Here(files).Folder, []);
}
