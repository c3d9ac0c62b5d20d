using System.Diagnostics;
using System.Text.Json;

namespace Steward.Packaging.Tests.Checking;

/// <summary>What runs against what was locked.</summary>
public class CheckTests
{
    [Fact]
    public async Task A_real_Python_is_compared_difference_by_difference()
    {
        var here = new Here(("requirements.txt", "nobody-has-this==1.0\n"));
        var version = (await Python("import sys; print('%d.%d.%d' % sys.version_info[:3])")).Trim();
        var installed = (await Python("from importlib.metadata import distributions\nfor d in distributions(): print(d.metadata['Name'])")).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(name => name.ToLowerInvariant().Replace('_', '-').Replace('.', '-')).ToHashSet();
        Assert.Equal(0, (await here.Steward("env", "lock", "--python", version)).Exit);
        var (exit, said, wrong) = await here.Steward("env", "check", "--json");
        Assert.True(exit == 3, wrong);
        var told = JsonDocument.Parse(said).RootElement.GetProperty("differences").EnumerateArray().Select(one => (Kind: one.GetProperty("kind").GetString(), Name: one.GetProperty("name").GetString()!)).ToList();
        Assert.Contains(("missing", "nobody-has-this"), told);
        Assert.DoesNotContain(told, one => one.Kind == "interpreter");
        Assert.Equal(installed.Except(["pip", "setuptools", "wheel"]).Order(StringComparer.Ordinal), told.Where(one => one.Kind == "not_locked").Select(one => one.Name).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Nothing_in_the_folder_of_a_person_is_run_while_looking()
    {
        var here = new Here(("requirements.txt", "six==1.16.0\n"), ("json.py", "open('ran', 'w').close()\n"), ("importlib/metadata.py", "open('ran', 'w').close()\n"));
        await here.Steward("env", "lock", "--python", "3.11");
        await here.Steward("env", "check");
        Assert.False(File.Exists(Path.Combine(here.Folder, "ran")));
    }

    [Fact]
    public async Task A_program_that_is_not_there_is_said_and_never_a_shell_line()
    {
        var here = new Here(("requirements.txt", "six==1.16.0\n"));
        await here.Steward("env", "lock", "--python", "3.11");
        var (exit, _, wrong) = await here.Steward("env", "check", "--with", "touch ran; python3");
        Assert.Equal(1, exit);
        Assert.Contains("There is no program", wrong, StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(here.Folder, "ran")));
        var r = new Here(Samples.R);
        await r.Steward("env", "lock");
        Assert.Contains("no program 'no-such-Rscript'", (await r.Steward("env", "check", "--with", "no-such-Rscript")).Wrong.Replace("\n", " ", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_build_of_DotNet_tells_its_packages_itself()
    {
        var here = new Here([.. Samples.DotNet, ("bin/Release/net8.0/Shop.deps.json", """
            {"runtimeTarget": {"name": ".NETCoreApp,Version=v8.0"}, "libraries": {"Shop/1.0.0": {"type": "project"}, "Dapper/2.1.28": {"type": "package"}, "Serilog/4.0.0": {"type": "package"}}}
            """)]);
        await here.Steward("env", "lock");
        var (exit, said, _) = await here.Steward("env", "check");
        Assert.Equal(3, exit);
        Assert.Equal("dapper 2.1.35 is locked, 2.1.28 is installed.\nserilog 4.0.0 is installed and not locked.\n", said);
    }

    [Fact]
    public async Task A_list_that_changed_after_the_lock_is_a_difference()
    {
        var here = new Here([.. Samples.DotNet, ("bin/Shop.deps.json", """{"runtimeTarget": {"name": ".NETCoreApp,Version=v8.0"}, "libraries": {"Dapper/2.1.35": {"type": "package"}}}""")]);
        await here.Steward("env", "lock");
        Assert.Equal((0, "What runs is what was locked: 1 package.\n"), (await here.Steward("env", "check")) is var same ? (same.Exit, same.Said) : default);
        here.Write("Shop.csproj", Samples.DotNet[0].Item2 + "\n");
        Assert.Equal((3, "Shop.csproj has changed since the lock was written.\n"), (await here.Steward("env", "check")) is var changed ? (changed.Exit, changed.Said) : default);
    }

    [Fact]
    public void Every_kind_of_difference_is_told_in_a_sentence()
    {
        var locked = new LockedRuntime(Runtime.Python, "3.11.9", "linux-x86_64", [Package("numpy", "1.26.4"), Package("six", "1.16.0"), Package("attrs", "23.1.0")]);
        var here = new Installed("3.9.2", new Dictionary<string, string> { ["numpy"] = "1.26.4.0", ["six"] = "1.15.0", ["rich"] = "13.0", ["pip"] = "24.0" });
        Assert.Equal(["Python 3.11.9 is locked, 3.9.2 runs here.", "six 1.16.0 is locked, 1.15.0 is installed.", "attrs 23.1.0 is locked and not installed.", "rich 13.0 is installed and not locked."],
            Difference.Between(locked, here).Select(one => one.Sentence));
    }

    private static LockedPackage Package(string name, string version) => new(name, World.Pip, version, null, null, [], []);

    private static async Task<string> Python(string script)
    {
        using var process = Process.Start(new ProcessStartInfo("python3", ["-c", script]) { RedirectStandardOutput = true, WorkingDirectory = "/" })!;
        var said = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return said;
    }
}
