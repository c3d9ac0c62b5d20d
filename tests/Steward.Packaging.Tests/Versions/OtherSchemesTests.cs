namespace Steward.Packaging.Tests.Versions;

/// <summary>The examples that each world's own documents give.</summary>
public class OtherSchemesTests
{
    /// <summary>From the documentation of conda's VersionOrder.</summary>
    [Fact]
    public void Conda_versions_stand_in_the_order_of_its_documentation()
    {
        string[] order = ["0.4", "0.4.1.rc", "0.4.1", "0.5a1", "0.5b3", "0.5c1", "0.5", "0.9.6", "0.960923", "1.0", "1.1dev1", "1.1a1", "1.1.0dev1", "1.1.a1", "1.1.0rc1", "1.1.0", "1.1.0post1", "1.1post1", "1996.07.12", "1!0.4.1", "1!3.1.1.6", "2!0.4.1"];
        var versions = order.Select(VersionScheme.Conda.Version).ToList();
        Assert.Equal(order, versions.Order().Select(version => version.Text).ToArray());
        Assert.Equal(VersionScheme.Conda.Version("0.4"), VersionScheme.Conda.Version("0.4.0"));
    }

    [Theory]
    [InlineData("=1.11", "1.11,1.11.0,1.11.5,1.11a1", "1.110,1.12,1.1")]
    [InlineData("1.11.*", "1.11,1.11.5", "1.110,1.12")]
    [InlineData("1.11", "1.11,1.11.0", "1.11.1")]
    [InlineData("==1.1.1k", "1.1.1k", "1.1.1,1.1.1l")]
    [InlineData(">=1.8,<2|1.7", "1.8,1.9.9,1.7", "2.0,1.7.1")]
    [InlineData("!=1.8.*", "1.7,1.9", "1.8,1.8.3")]
    [InlineData("~=1.4.2", "1.4.2,1.4.9", "1.5,1.4.1")]
    [InlineData("*", "0,99", "")]
    public void Conda_ranges(string range, string inside, string outside) => Holds(VersionScheme.Conda, range, inside, outside);

    /// <summary>From the section on compatibility in the documentation of Pkg.</summary>
    [Theory]
    [InlineData("1.2.3", "1.2.3,1.9.0", "1.2.2,2.0.0,2.0.0-rc1")]
    [InlineData("^0.2.3", "0.2.3,0.2.9", "0.3.0")]
    [InlineData("^0.0.3", "0.0.3", "0.0.4,0.0.2")]
    [InlineData("^0.0", "0.0.0,0.0.9", "0.1.0")]
    [InlineData("^0", "0.0.0,0.9.9", "1.0.0")]
    [InlineData("~1.2.3", "1.2.3,1.2.99", "1.3.0")]
    [InlineData("~1", "1.0.0,1.9.0", "2.0.0")]
    [InlineData("~0.0.3", "0.0.3", "0.0.4")]
    [InlineData("=1.2.3, =1.2.5", "1.2.3,1.2.5", "1.2.4")]
    [InlineData("0.4, 1", "0.4.7,1.3.0", "0.5.0,2.0.0")]
    [InlineData("1.2.3 - 4.5.6", "1.2.3,4.5.6", "1.2.2,4.5.7")]
    [InlineData("0.2 - 0.5", "0.2.0,0.5.11", "0.6.0")]
    [InlineData(">= 1.2.3", "1.2.3,9.0.0", "1.2.2")]
    [InlineData("< 1.2.3", "1.2.2", "1.2.3")]
    public void Julia_ranges(string range, string inside, string outside) => Holds(VersionScheme.Julia, range, inside, outside);

    [Theory]
    [InlineData(">= 3.5.0", "3.5.0,4.0", "3.4.9")]
    [InlineData(">= 1.2-3", "1.2-3,1.2.4", "1.2-2")]
    [InlineData("== 1.0", "1.0", "1.0.0")]
    [InlineData(">= 1.0, < 2.0", "1.5", "2.0,2.1")]
    public void R_ranges(string range, string inside, string outside) => Holds(VersionScheme.R, range, inside, outside);

    /// <summary>From the reference of version ranges of NuGet.</summary>
    [Theory]
    [InlineData("1.0", "1.0,2.0", "0.9")]
    [InlineData("(1.0,)", "1.1", "1.0")]
    [InlineData("[1.0]", "1.0,1.0.0", "1.0.1")]
    [InlineData("(,1.0]", "1.0,0.1", "1.0.1")]
    [InlineData("(,1.0)", "0.9", "1.0")]
    [InlineData("[1.0,2.0]", "1.0,2.0", "2.0.1")]
    [InlineData("(1.0,2.0)", "1.5", "1.0,2.0")]
    [InlineData("1.*", "1.0,1.9.9", "2.0,0.9")]
    [InlineData("[1.0.0-beta,1.0.0]", "1.0.0-beta,1.0.0-rc,1.0.0", "1.0.0-alpha")]
    public void NuGet_ranges(string range, string inside, string outside) => Holds(VersionScheme.NuGet, range, inside, outside);

    [Theory]
    [InlineData("nuget", "(1.0)")]
    [InlineData("nuget", "[1.0,2.0")]
    [InlineData("nuget", "(,)")]
    [InlineData("julia", "!1.2")]
    [InlineData("julia", "1.2.3.4")]
    [InlineData("r", "3.5")]
    [InlineData("conda", ">=1.*.2")]
    [InlineData("conda", "$(id)")]
    public void What_is_no_range_is_refused(string world, string range)
    {
        VersionScheme scheme = world switch { "nuget" => VersionScheme.NuGet, "julia" => VersionScheme.Julia, "r" => VersionScheme.R, _ => VersionScheme.Conda };
        Assert.Throws<FormatException>(() => scheme.Range(range));
    }

    private static void Holds(VersionScheme scheme, string range, string inside, string outside)
    {
        var set = scheme.Range(range);
        Assert.All(inside.Split(','), version => Assert.True(set.Contains(scheme.Version(version)), $"{version} in {range}: {set}"));
        Assert.All(outside.Split(',', StringSplitOptions.RemoveEmptyEntries), version => Assert.False(set.Contains(scheme.Version(version)), $"{version} in {range}: {set}"));
    }
}
