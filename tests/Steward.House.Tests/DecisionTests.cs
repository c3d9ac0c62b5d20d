using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Steward.House.Tests;

/// <summary>What the house rests on has a written reason, and nothing is carried along unused.</summary>
public class DecisionTests
{
    private static readonly IReadOnlyList<string> Packages = [.. XDocument.Load(Path.Combine(Repository.Root.FullName, "Directory.Packages.props")).Descendants("PackageVersion").Select(one => one.Attribute("Include")!.Value)];

    private static IEnumerable<(string Path, string Text)> Decisions => Repository.Texts(new(Path.Combine(Repository.Root.FullName, "docs", "decisions")), ".md");

    [Fact]
    public void Every_package_is_named_in_a_decision()
        => Assert.DoesNotContain(Packages, package => !Decisions.Any(decision => decision.Text.Contains($"`{package}`", StringComparison.Ordinal)));

    [Fact]
    public void Every_package_is_used_by_a_project()
    {
        var used = Repository.Texts(Repository.Root, ".csproj", ".props").Where(file => !file.Path.EndsWith("Directory.Packages.props", StringComparison.Ordinal)).SelectMany(file => Regex.Matches(file.Text, "PackageReference Include=\"([^\"]+)\"")).Select(match => match.Groups[1].Value).ToHashSet();
        Assert.Empty(Packages.Except(used));
    }

    [Fact]
    public void Every_decision_says_what_why_instead_of_what_and_at_which_price() => Assert.All(Decisions.Where(decision => !decision.Path.EndsWith("README.md", StringComparison.Ordinal)), decision =>
        Assert.All((string[])["**Chosen.**", "**Why.**", "**Instead of.**", "**Price.**"], part => Assert.Contains(part, decision.Text, StringComparison.Ordinal)));

    [Fact]
    public void Every_link_in_the_documents_leads_somewhere()
    {
        var lost = from file in Repository.Texts(Repository.Root, ".md")
                   from Match link in Regex.Matches(file.Text, @"\]\((?!https?:|mailto:|#)([^)#]+)")
                   let target = Path.Combine(Repository.Root.FullName, Path.GetDirectoryName(file.Path)!, link.Groups[1].Value)
                   where !Path.Exists(target)
                   select $"{file.Path}: {link.Groups[1].Value}";
        Assert.Empty(lost);
    }
}
