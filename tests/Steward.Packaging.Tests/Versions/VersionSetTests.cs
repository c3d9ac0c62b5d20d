using CsCheck;

namespace Steward.Packaging.Tests.Versions;

/// <summary>The algebra of ranges agrees with membership, in every scheme.</summary>
public class VersionSetTests
{
    private static readonly Gen<string> Numbers = Gen.Int[0, 3].Array[1, 3].Select(numbers => string.Join('.', numbers));

    private static readonly Gen<string> Python = Gen.Select(Gen.OneOf<string>("", "1!"), Numbers, Gen.OneOf<string>("", "a1", "b2", "rc1"), Gen.OneOf<string>("", ".post1", ".post2"), Gen.OneOf<string>("", ".dev0", ".dev3"), Gen.OneOf<string>("", "+1", "+abc", "+abc.2"))
        .Select((epoch, numbers, pre, post, dev, local) => epoch + numbers + pre + post + dev + local);

    private static readonly Gen<string> Conda = Gen.Select(Numbers, Gen.OneOf<string>("", "a", "b1", ".dev0", ".post1", "rc2", "k")).Select((numbers, tail) => numbers + tail);

    private static readonly Gen<string> Semantic = Gen.Select(Gen.Int[0, 2].Array[3].Select(numbers => string.Join('.', numbers)), Gen.OneOf<string>("", "-alpha", "-alpha.1", "-beta", "-2")).Select((numbers, tail) => numbers + tail);

    private static readonly Gen<(VersionScheme Scheme, Gen<string> Versions, Gen<string> Ranges)> Worlds = Gen.OneOf<(VersionScheme, Gen<string>, Gen<string>)>(
        (VersionScheme.Pep440, Python, Ranges("==", "!=", ">=", "<=", ">", "<").Where(range => !range.Contains('+', StringComparison.Ordinal) || range[1] == '=' && range[0] is '=' or '!')),
        (VersionScheme.Conda, Conda, Ranges("==", "!=", ">=", "<=", ">", "<", "=")),
        (VersionScheme.Julia, Semantic, Ranges("^", "~", "=", ">=", "<=", ">", "<")),
        (VersionScheme.R, Gen.Select(Numbers, Gen.OneOf<string>("", "-1", "-12")).Select((numbers, tail) => numbers + tail), Gen.Select(Gen.OneOf<string>("==", "!=", ">=", "<=", ">", "<"), Numbers).Select((sign, version) => $"{sign} {version}")),
        (VersionScheme.NuGet, Semantic, Gen.Select(Gen.OneOf<string>("[", "("), Semantic, Semantic, Gen.OneOf<string>("]", ")")).Select((open, low, high, close) => $"{open}{low},{high}{close}")));

    [Fact]
    public void The_order_of_versions_is_total() => Worlds.SelectMany(world => Gen.Select(world.Versions, world.Versions, world.Versions).Select((a, b, c) => (world.Scheme, a, b, c))).Sample(one =>
    {
        var (a, b, c) = (one.Scheme.Version(one.a), one.Scheme.Version(one.b), one.Scheme.Version(one.c));
        Assert.Equal(Math.Sign(a.CompareTo(b)), -Math.Sign(b.CompareTo(a)));
        Assert.Equal(a == b, a.CompareTo(b) == 0);
        if (a == b)
            Assert.Equal(a.GetHashCode(), b.GetHashCode());
        if (a <= b && b <= c)
            Assert.True(a <= c, $"{a} <= {b} <= {c}");
    });

    [Fact]
    public void The_normal_form_is_the_same_version_and_its_own_normal_form() => Worlds.SelectMany(world => world.Versions.Select(text => (world.Scheme, text))).Sample(one =>
    {
        var version = one.Scheme.Version(one.text);
        Assert.Equal(version, one.Scheme.Version(version.Text));
        Assert.Equal(version.Text, one.Scheme.Version(version.Text).Text);
    });

    [Fact]
    public void A_set_of_ranges_holds_what_its_ranges_hold() => Worlds.SelectMany(world => Gen.Select(world.Ranges, world.Ranges, world.Versions).Select((a, b, version) => (world.Scheme, a, b, version))).Sample(one =>
    {
        var (a, b, version) = (one.Scheme.Range(one.a), one.Scheme.Range(one.b), one.Scheme.Version(one.version));
        Assert.Equal(a.Contains(version) && b.Contains(version), a.Intersect(b).Contains(version));
        Assert.Equal(a.Contains(version) || b.Contains(version), a.Union(b).Contains(version));
        Assert.Equal(!a.Contains(version), a.Complement().Contains(version));
        Assert.Equal(a, a.Complement().Complement());
        Assert.Equal(a.Intersect(b), b.Intersect(a));
        Assert.True(a.Intersect(a.Complement()).IsEmpty);
        Assert.True(a.Union(a.Complement()).IsAny);
    });

    [Fact]
    public void An_exact_range_holds_its_version() => Worlds.SelectMany(world => world.Versions.Select(text => (world.Scheme, text))).Sample(one =>
        Assert.True(one.Scheme.Range(one.Scheme.Exactly(one.Scheme.Version(one.text).Text)).Contains(one.Scheme.Version(one.text))));

    private static Gen<string> Ranges(params string[] signs) => Gen.Select(Gen.OneOf<string>(signs), signs.Contains("~") ? Semantic : signs.Contains("=") ? Conda : Python).Select((sign, version) => sign + version);
}
