using System.Diagnostics;
using System.Globalization;
using Steward.Packaging;

namespace Steward.Bench;

/// <summary>How long it takes to say that packages fit, or why they do not and what to write instead.</summary>
internal static class Environments
{
    private const int Versions = 12, Rounds = 5;

    public static Task<string> Run(string folder)
    {
        var rows = new List<string[]>();
        foreach (var packages in (int[])[50, 300, 1_000, 3_000])
            foreach (var kind in Enum.GetValues<Kind>())
                rows.Add(Row(packages, kind));
        return Task.FromResult($"A graph of packages with {Versions} versions each; every version needs two to five packages below it, in ranges of several versions; thirty packages are asked for. *clash at the leaf*: two of them need a package at the bottom in ranges that have nothing in common, and the lines that lead there are six needs away. *clash with Python*: the newest interpreter is too new for one of them. Times are from the records in memory to the explanation with its ways out, each of them tried.\n\n"
            + Report.Table(["packages", "what", "answer", "milliseconds, best of five", "the first"], rows));
    }

    private enum Kind { Fits, ClashAtTheLeaf, ClashWithPython }

    /// <summary>A person meets the first round: it is told as it came.</summary>
    private static string[] Row(int packages, Kind kind)
    {
        var (wanted, index) = Graph(packages, kind);
        var interpreter = Interpreter.Choose(Runtime.Python, [], "3.11", "--python");
        index.Add(interpreter.Candidates());
        var times = new List<double>();
        Explanation? told = null;
        for (var round = 0; round < Rounds; round++)
        {
            var clock = Stopwatch.StartNew();
            told = Explanation.Of(interpreter, "linux-x86_64", wanted, index);
            times.Add(clock.Elapsed.TotalMilliseconds);
        }

        var answer = told!.Fits ? Say.Count(told.Packages.Count, "package") + " fit" : $"{Say.Count(told.Conflicts[0].Lines.Count, "line")}, {Say.Count(told.Conflicts[0].Ways.Count, "way")} out";
        return [packages.ToString("N0", CultureInfo.InvariantCulture), kind switch { Kind.Fits => "fits", Kind.ClashAtTheLeaf => "clash at the leaf", _ => "clash with Python" }, answer, Report.Number(times.Min()), Report.Number(times[0])];
    }

    /// <summary>Package i needs packages after it, so that there is an end; the same seed gives the same graph.</summary>
    private static (List<Wanted> Wanted, PackageIndex Index) Graph(int packages, Kind kind)
    {
        var (chance, index) = (new Random(7), new PackageIndex());
        for (var i = 0; i < packages; i++)
        {
            var needs = Enumerable.Range(0, i >= packages - 5 ? 0 : chance.Next(2, 6)).Select(_ => chance.Next(Math.Max(3, i + 1), Math.Min(packages, i + packages / 6 + 2))).Distinct().ToList();
            for (var version = 1; version <= Versions; version++)
            {
                List<string> requires = [.. needs.Select(need => $"p{need}>={Math.Max(1, version - 4)},<={Math.Min(Versions, version + 4)}")];
                if (kind is Kind.ClashAtTheLeaf && i < 2 && version > 3)
                    requires.Add($"chain{i}x0");
                Add(index, $"p{i}", version, requires, kind is Kind.ClashWithPython && i == 2 ? "<3.10" : null);
            }
        }

        for (var chain = 0; chain < 2; chain++)
            for (var link = 0; link < 6; link++)
                for (var version = 1; version <= Versions; version++)
                    Add(index, $"chain{chain}x{link}", version, [link < 5 ? $"chain{chain}x{link + 1}" : chain == 0 ? "leaf<6" : "leaf>=6"], null);
        for (var version = 1; version <= Versions; version++)
            Add(index, "leaf", version, [], null);
        return ([.. Enumerable.Range(0, 30).Select(i => new Wanted(World.Pip, $"p{i}", ">=4", VersionScheme.Pep440.Range(">=4"), new("requirements.txt", i + 1)))], index);
    }

    private static void Add(PackageIndex index, string name, int version, List<string> requires, string? interpreter)
        => index.Add(World.Pip, name, new(World.Pip, VersionScheme.Pep440.Version($"{version}.0"), $"{version}.0", requires) { Interpreter = interpreter });
}
