using CsCheck;

namespace Steward.Packaging.Tests.Solving;

/// <summary>The solver against a search that tries everything, in small worlds.</summary>
public class SolverTests
{
    private const int Packages = 5, Versions = 3;

    /// <summary>For each package and version, ranges of other packages that it needs; and what the file asks for.</summary>
    private static readonly Gen<Small> Worlds = Gen.Select(
        Gen.Select(Gen.Int[0, Packages - 1], Ranges()).Array[0, 2].Array[Packages * Versions],
        Gen.Select(Gen.Int[0, Packages - 1], Ranges()).Array[1, 4]).Select((needs, asked) => new Small(needs, asked));

    [Fact]
    public void It_finds_versions_exactly_when_there_are_some() => Worlds.Sample(world =>
    {
        var (explanation, _) = Explain(world);
        Assert.Equal(world.Possible(), explanation.Fits);
    }, iter: 2_000);

    [Fact]
    public void What_it_finds_pleases_everybody_and_holds_nothing_else() => Worlds.Sample(world =>
    {
        var (explanation, _) = Explain(world);
        if (explanation.Fits)
            Assert.True(world.Pleases(explanation.Packages.ToDictionary(package => Number(package.Name), package => int.Parse(package.Version!, null))));
    }, iter: 2_000);

    [Fact]
    public void The_lines_of_a_conflict_cannot_all_be_right_and_none_can_be_spared() => Worlds.Sample(world =>
    {
        var (explanation, wanted) = Explain(world);
        foreach (var conflict in explanation.Conflicts)
        {
            var lines = conflict.Lines.Select(line => Array.IndexOf(wanted, line)).ToList();
            Assert.False((world with { Asked = [.. lines.Select(line => world.Asked[line])] }).Possible());
            foreach (var spared in lines)
                Assert.True((world with { Asked = [.. lines.Where(line => line != spared).Select(line => world.Asked[line])] }).Possible());
        }
    }, iter: 2_000);

    [Fact]
    public void A_conflict_says_who_demands_what() => Worlds.Sample(world =>
    {
        foreach (var conflict in Explain(world).Explanation.Conflicts)
        {
            Assert.NotEmpty(conflict.Clashes);
            Assert.All(conflict.Clashes, clash => Assert.True(clash.Demands.Count > 1 || clash.Nothing is not null));
        }
    }, iter: 2_000);

    [Fact]
    public void Every_way_out_leads_out() => Worlds.Sample(world =>
    {
        var (explanation, wanted) = Explain(world);
        if (explanation.Conflicts is not [var conflict])
            return;
        foreach (var way in conflict.Ways)
        {
            var asked = world.Asked.ToArray();
            foreach (var change in way)
                asked[int.Parse(change.At.Split(':')[1], null) - 1] = (asked[int.Parse(change.At.Split(':')[1], null) - 1].Package, change.To[2..]);
            Assert.True((world with { Asked = asked }).Possible(), $"{string.Join("; ", way)} in {world}");
        }
    }, iter: 2_000);

    [Fact]
    public void The_same_world_gives_the_same_answer() => Worlds.Sample(world => Assert.Equal(Json.Write(Explain(world).Explanation), Json.Write(Explain(world).Explanation)), iter: 300);

    private static Gen<string> Ranges() => Gen.Select(Gen.OneOf<string>("==", ">=", "<=", "!="), Gen.Int[1, Versions + 1]).Select((sign, version) => $"{sign}{version}");

    private static (Explanation Explanation, string[] Lines) Explain(Small world)
    {
        var index = new PackageIndex();
        for (var package = 0; package < Packages; package++)
            for (var version = 1; version <= Versions; version++)
                index.Add(World.Pip, Name(package), new(World.Pip, VersionScheme.Pep440.Version($"{version}"), $"{version}", [.. world.Of(package, version).Select(need => Name(need.Package) + need.Range)]));
        List<Wanted> wanted = [.. world.Asked.Select((one, line) => new Wanted(World.Pip, Name(one.Package), one.Range, VersionScheme.Pep440.Range(one.Range), new("requirements.txt", line + 1)))];
        var explanation = Explanation.Of(new(Runtime.Python, "3.11.4", [], null), "linux-x86_64", wanted, index);
        return (explanation, [.. wanted.Select(one => $"{one.Text} ({one.At})")]);
    }

    private static string Name(int package) => $"{(char)('a' + package)}x";

    private static int Number(string name) => name[0] - 'a';

    private sealed record Small((int Package, string Range)[][] Needs, (int Package, string Range)[] Asked)
    {
        public IEnumerable<(int Package, string Range)> Of(int package, int version) => Needs[package * Versions + version - 1].Where(need => need.Package != package);

        /// <summary>Tries every version of every package, 0 being "not installed".</summary>
        public bool Possible()
        {
            for (var one = 0; one < Math.Pow(Versions + 1, Packages); one++)
            {
                var (chosen, rest) = (new Dictionary<int, int>(), one);
                for (var package = 0; package < Packages; package++, rest /= Versions + 1)
                    if (rest % (Versions + 1) is > 0 and var version)
                        chosen[package] = version;
                if (Pleases(chosen))
                    return true;
            }

            return false;
        }

        public bool Pleases(Dictionary<int, int> chosen) => Asked.All(one => Holds(chosen, one)) && chosen.All(one => Of(one.Key, one.Value).All(need => Holds(chosen, need)));

        private static bool Holds(Dictionary<int, int> chosen, (int Package, string Range) one) => chosen.TryGetValue(one.Package, out var version) && (one.Range[..2], int.Parse(one.Range[2..].Split(',')[0], null)) switch
        {
            ("==", var limit) => version == limit,
            (">=", var limit) when one.Range.Contains(',', StringComparison.Ordinal) => version >= limit && version <= int.Parse(one.Range.Split("<=")[1], null),
            (">=", var limit) => version >= limit,
            ("<=", var limit) => version <= limit,
            (_, var limit) => version != limit,
        };

        public override string ToString() => Json.Write(new { needs = Needs.Select((all, i) => string.Join(' ', all.Select(need => $"{Name(i / Versions)}{i % Versions + 1}->{Name(need.Package)}{need.Range}"))), asked = Asked.Select(one => Name(one.Package) + one.Range) });
    }
}
