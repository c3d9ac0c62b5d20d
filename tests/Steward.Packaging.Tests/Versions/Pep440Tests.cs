namespace Steward.Packaging.Tests.Versions;

/// <summary>Versions and ranges of Python as Python's own library reads them: pep440.py wrote down what it says.</summary>
public class Pep440Tests
{
    private static readonly ILookup<string, string[]> Said = File.ReadLines(Path.Combine(AppContext.BaseDirectory, "Versions", "pep440.tsv")).Select(line => line.Split('\t')).ToLookup(cells => cells[0]);

    [Fact]
    public void Versions_stand_in_the_order_of_the_library()
    {
        Assert.NotEmpty(Said["order"]);
        Assert.All(Said["order"], pair => Assert.Equal(pair[3], $"{Math.Sign(VersionScheme.Pep440.Version(pair[1]).CompareTo(VersionScheme.Pep440.Version(pair[2])))}"));
    }

    [Fact]
    public void A_range_allows_what_the_library_allows()
    {
        var other = Said["in"].Where(one => (VersionScheme.Pep440.Range(one[1]).Contains(VersionScheme.Pep440.Version(one[2])) ? "1" : "0") != one[3]).Select(one => $"{one[2]} in {one[1]}: {one[3]}");
        Assert.NotEmpty(Said["in"]);
        Assert.Empty(other);
    }

    [Fact]
    public void Every_spelling_has_one_normal_form()
        => Assert.All(Said["normal"], one => Assert.Equal(one[2], VersionScheme.Pep440.Version(one[1]).Text));

    [Theory]
    [InlineData("1.0.*", "no operator")]
    [InlineData("=>1.0", "is no operator")]
    [InlineData("~=1", "two numbers")]
    [InlineData("==1.0a1.*", "plain numbers")]
    [InlineData(">=1.0+local", "local version")]
    [InlineData(">=french toast", "no version")]
    [InlineData("==99999999999999999999", "too long")]
    public void What_is_no_range_is_refused_with_a_reason(string range, string why)
        => Assert.Contains(why, Assert.Throws<FormatException>(() => VersionScheme.Pep440.Range(range)).Message, StringComparison.Ordinal);
}
