using System.Diagnostics;
using System.Text;
using Steward.Testing;

namespace Steward.Data.Tests.Tables;

/// <summary>A disk that fills up while tables are written: the program itself, on a small disk of its own.</summary>
public sealed class FullDiskTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_full_disk_is_told_loses_nothing_and_all_works_again_once_there_is_room()
    {
        var folder = TestFolder.New();
        await File.WriteAllTextAsync(Path.Combine(folder, "steward.yaml"), $"steward: 1\nproject: shop\nconnections:\n  lake: {{ kind: folder, path: \"{folder}/lake\" }}\n", Stop);
        await File.WriteAllTextAsync(Path.Combine(folder, "few.csv"), "id,note\n1,a\n2,b\n3,c\n", Stop);
        // Ten megabytes that no format makes much smaller.
        var (random, many) = (new Random(4), new StringBuilder("id,note\n"));
        for (var i = 0; i < 80_000; i++)
            many.Append(i).Append(',').Append(random.GetHexString(120, lowercase: true)).Append('\n');
        await File.WriteAllTextAsync(Path.Combine(folder, "many.csv"), many.ToString(), Stop);
        var said = await Run(folder, """
            mount -t tmpfs -o size=80m tmpfs disk
            mount -t tmpfs -o size=4m tmpfs lake
            mkdir -p disk/data/inbox/shop
            export STEWARD_DATA="$PWD/disk/data"
            leave() { rm -f disk/filler; head -c $(( $(df --output=avail -B1 disk | tail -1) - $1 * 1000000 )) /dev/zero > disk/filler; }
            "$0" project send > /dev/null
            "$0" table import few.csv --as silver.few > /dev/null; echo "few $?"
            cp many.csv disk/data/inbox/shop/
            leave 6
            told=$("$0" table import many.csv --as silver.many --json 2>&1); echo "upload $?"; echo $told | sed 's/^/upload /'
            leave 14
            told=$("$0" table import many.csv --as silver.many --json 2>&1); echo "staging $?"; echo $told | sed 's/^/staging /'
            rm disk/filler
            told=$("$0" copy inbox:many.csv lake: --json 2>&1); echo "copy $?"; echo $told | sed 's/^/copy /'
            echo "left $(ls lake)"
            mount -o remount,size=40m lake
            "$0" table query 'SELECT count(*) AS still FROM silver.few' --json
            "$0" table import many.csv --as silver.many > /dev/null; echo "again $?"
            "$0" table query 'SELECT count(*) AS all_of_them FROM silver.many' --json
            "$0" copy inbox:many.csv lake: > /dev/null; cmp many.csv lake/many.csv && echo same
            """);
        foreach (var what in (string[])["upload", "staging", "copy"])
        {
            Assert.Contains(said, line => line.StartsWith(what + " ", StringComparison.Ordinal) && line.Contains("disk_full", StringComparison.Ordinal));
            Assert.Contains($"{what} 1", said);
        }

        Assert.Contains("few 0", said);
        Assert.Contains("left ", said);
        Assert.Contains(said, line => line.Contains("still", StringComparison.Ordinal) && line.Contains("[[\"3\"]]", StringComparison.Ordinal));
        Assert.Contains("again 0", said);
        Assert.Contains(said, line => line.Contains("all_of_them", StringComparison.Ordinal) && line.Contains("[[\"80000\"]]", StringComparison.Ordinal));
        Assert.Contains("same", said);
    }

    private static async Task<List<string>> Run(string folder, string script)
    {
        Directory.CreateDirectory(Path.Combine(folder, "disk"));
        Directory.CreateDirectory(Path.Combine(folder, "lake"));
        string[] root = Environment.UserName == "root" ? [] : ["--user", "--map-root-user"];
        var program = Path.Combine(AppContext.BaseDirectory.Replace("Steward.Data.Tests", "Steward.Host", StringComparison.Ordinal), "steward");
        using var shell = Process.Start(new ProcessStartInfo("unshare", ["--mount", .. root, "bash", "-c", script, program]) { WorkingDirectory = folder, RedirectStandardOutput = true })!;
        var said = await shell.StandardOutput.ReadToEndAsync(Stop);
        await shell.WaitForExitAsync(Stop);
        return [.. said.Split('\n', StringSplitOptions.RemoveEmptyEntries)];
    }
}
