using System.Diagnostics;
using System.Text.Json.Nodes;
using Steward.Packaging.Tests.Images;
using Steward.Testing;

namespace Steward.Packaging.Tests.Building;

/// <summary>Environments are built aside by the real pip from wheels made here, and swapped in whole or not at all.</summary>
public class EnvBuildTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public void It_is_built_aside_compared_with_the_lock_swapped_in_and_back()
    {
        var tools = Locked("shop", "1.0");
        tools.Run("steward", "env", "build", "--wheels", "wheels", "--use");
        Assert.Equal("1.0", Version(tools));
        tools.Run("steward", "env", "check", "--with", ".steward-env/current/bin/python");

        Lock(tools, "shop", "2.0");
        tools.Run("steward", "env", "build", "--wheels", "wheels");
        Assert.Equal("1.0", Version(tools));
        tools.Run("steward", "env", "use");
        Assert.Equal("2.0", Version(tools));
        Assert.Equal("2.0", tools.Run(tools.At(".steward-env/current/bin/python"), "-c", "import shop; print(shop.VERSION)").Trim());
        tools.Run("steward", "env", "back");
        Assert.Equal("1.0", Version(tools));
        Assert.NotEqual(0, tools.Try("steward", "env", "back").Code);
        Assert.Equal("1.0", Version(tools));
        Assert.Contains("stands here already", tools.Run("steward", "env", "build", "--wheels", "wheels"), StringComparison.Ordinal);
    }

    [Fact]
    public void What_cannot_be_built_whole_leaves_the_one_in_use_and_nothing_half()
    {
        var tools = Locked("shop", "1.0");
        tools.Run("steward", "env", "build", "--wheels", "wheels", "--use");
        Lock(tools, "shop", "2.0");
        // Another file under the same name: its hash is not the lock's.
        Wheels.Add(tools.Folder, "shop", "2.0", "EVIL = True\n");
        var (code, said) = tools.Try("steward", "env", "build", "--wheels", "wheels", "--use");
        Assert.True(code != 0 && Words(said).Contains("DO NOT MATCH THE HASHES", StringComparison.Ordinal), said);
        File.Delete(tools.At("wheels/shop-2.0-py3-none-any.whl"));
        Assert.NotEqual(0, tools.Try("steward", "env", "build", "--wheels", "wheels", "--use").Code);
        var (other, why) = tools.Try("steward", "env", "build", "--wheels", "wheels", "--with", "no-such-python");
        Assert.True(other != 0 && why.Contains("program_not_found", StringComparison.Ordinal), why);
        Assert.Equal("1.0", Version(tools));
        Assert.Single(Built(tools));
    }

    [Fact]
    public async Task Killed_at_its_last_package_it_leaves_the_old_one_and_the_next_build_goes_well()
    {
        var tools = Locked("shop", "1.0");
        tools.Run("steward", "env", "build", "--wheels", "wheels", "--use");
        const int many = 120;
        for (var i = 0; i < many; i++)
            Wheels.Add(tools.Folder, $"part{i:000}", "1.0");
        Lock(tools, [("shop", "2.0"), .. Enumerable.Range(0, many).Select(i => ($"part{i:000}", "1.0"))]);
        var old = Built(tools);
        using (var build = tools.Start("steward", "env", "build", "--wheels", "wheels", "--use"))
        {
            await Eventually.True("one of the last packages is there", () => build.HasExited || Built(tools).Except(old).Any(folder => Directory.EnumerateFiles(folder, $"part{many - 1:000}.py", new EnumerationOptions { RecurseSubdirectories = true, IgnoreInaccessible = true }).Any()), Stop);
            Assert.False(build.HasExited, "It was over before it could be killed.");
            build.Kill();
            await build.WaitForExitAsync(Stop);
        }

        Assert.Equal("1.0", Version(tools));
        tools.Run("steward", "env", "build", "--wheels", "wheels", "--use");
        Assert.Equal("2.0", Version(tools));
        Assert.Equal(2, JsonNode.Parse(tools.Run("steward", "env", "list", "--json"))!.AsArray().Count);
        // The package installer of the killed build is nobody's child now, and may write for another moment.
        await Eventually.True("the killed build's rest is cleaned away", () => tools.Run("steward", "env", "clean") is not null && Built(tools).Count == 2, Stop);
    }

    [Fact]
    public async Task Two_at_once_build_once()
    {
        var tools = Locked("shop", "1.0");
        var both = await Task.WhenAll(Enumerable.Range(0, 2).Select(_ => Task.Run(() => tools.Run("steward", "env", "build", "--wheels", "wheels", "--use", "--json"), Stop)));
        Assert.Equal([false, true], both.Select(said => JsonNode.Parse(said)!["isNew"]!.GetValue<bool>()).Order());
        Assert.Single(Built(tools));
        Assert.Equal("1.0", Version(tools));
    }

    [Fact]
    public async Task What_runs_keeps_the_one_it_started_with_until_it_ends()
    {
        var tools = Locked("shop", "1.0");
        tools.Run("steward", "env", "build", "--wheels", "wheels", "--use");
        // It imports only once the file is there, long after others were swapped in and old ones cleaned away.
        using var runs = tools.Start("steward", "env", "run", "--", "python", "-c", "import os, time\nopen('runs', 'w').close()\nwhile not os.path.exists('go'): time.sleep(0.01)\nimport shop\nprint(shop.VERSION)\nraise SystemExit(7)");
        await Eventually.True("it runs", () => File.Exists(tools.At("runs")), Stop);
        foreach (var version in new[] { "2.0", "3.0", "4.0" })
        {
            Lock(tools, "shop", version);
            tools.Run("steward", "env", "build", "--wheels", "wheels", "--use");
            tools.Run("steward", "env", "clean");
        }

        // 4.0 in use, 3.0 the way back, 1.0 because it runs; 2.0 is gone.
        Assert.Equal(3, Built(tools).Count);
        await File.WriteAllTextAsync(tools.At("go"), "", Stop);
        Assert.Equal("1.0", (await runs.StandardOutput.ReadToEndAsync(Stop)).Trim());
        await runs.WaitForExitAsync(Stop);
        Assert.Equal(7, runs.ExitCode);
        tools.Run("steward", "env", "clean");
        Assert.Equal(2, Built(tools).Count);
    }

    [Fact]
    public void A_full_disk_is_told_and_the_old_one_goes_on()
    {
        var tools = Locked("shop", "1.0");
        Lock(tools, "shop", "1.0");
        File.Copy(tools.At("steward.lock"), tools.At("one.lock"));
        Lock(tools, "shop", "2.0");
        Directory.CreateDirectory(tools.At("disk"));
        string[] root = Environment.UserName == "root" ? [] : ["--user", "--map-root-user"];
        var program = Path.Combine(AppContext.BaseDirectory.Replace("Steward.Packaging.Tests", "Steward.Host", StringComparison.Ordinal), "steward");
        var said = tools.Run("unshare", ["--mount", .. root, "bash", "-c", """
            mount -t tmpfs -o size=200m tmpfs disk
            "$0" env build --shelf disk --lock one.lock --wheels wheels --use > /dev/null
            head -c 1G /dev/zero > disk/filler 2> /dev/null
            truncate -s -2M disk/filler
            "$0" env build --shelf disk --wheels wheels --use --json
            echo "ended $?"
            "$0" env run --shelf disk -- python -c 'import shop; print("still", shop.VERSION)'
            """, program]);
        Assert.Contains("\"disk_full\"", said, StringComparison.Ordinal);
        Assert.Contains("ended 1", said, StringComparison.Ordinal);
        Assert.Contains("still 1.0", said, StringComparison.Ordinal);
    }

    private static string Version(Tools tools) => tools.Run("steward", "env", "run", "--", "python", "-c", "import shop; print(shop.VERSION)").Trim();

    private static List<string> Built(Tools tools) => [.. Directory.EnumerateDirectories(tools.At(".steward-env/built"))];

    private static Tools Locked(string name, string version)
    {
        var tools = new Tools();
        Lock(tools, name, version);
        return tools;
    }

    private static void Lock(Tools tools, string name, string version) => Lock(tools, [(name, version)]);

    private static void Lock(Tools tools, IReadOnlyList<(string Name, string Version)> packages)
    {
        foreach (var (name, version) in packages)
            Wheels.Add(tools.Folder, name, version);
        File.WriteAllLines(tools.At("requirements.txt"), packages.Select(package => $"{package.Name}=={package.Version}"));
        tools.Run("steward", "env", "lock", "--index", "wheels", "--python", Python.Value);
    }

    private static string Words(string said) => string.Join(' ', said.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    /// <summary>The line of this machine's Python.</summary>
    private static readonly Lazy<string> Python = new(() =>
    {
        using var process = Process.Start(new ProcessStartInfo("python3", ["-c", "import sys; print('%d.%d' % sys.version_info[:2])"]) { RedirectStandardOutput = true })!;
        return process.StandardOutput.ReadToEnd().Trim();
    });
}
