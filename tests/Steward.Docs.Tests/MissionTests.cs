using System.Text.RegularExpressions;

namespace Steward.Docs.Tests;

/// <summary>The page of what works says nothing that no test proves.</summary>
public partial class MissionTests
{
    private static readonly string Root = Repository();

    private static readonly Mission Page = Mission.Read(File.ReadAllText(Path.Combine(Root, "docs", "mission.md")));

    private static readonly HashSet<string> Known = Promises.Under(Path.Combine(Root, "tests"));

    [Fact]
    public void Every_proof_exists()
        => Assert.Empty(Page.Rows.SelectMany(row => row.Proofs.Where(proof => !Exists(proof)).Select(proof => $"{row.Id}: {proof}")));

    [Fact]
    public void What_works_has_a_proof_and_what_does_not_claims_none()
        => Assert.Empty(Page.Rows.Where(row => row.State is "works" or "partly" != row.Proofs.Count > 0).Select(row => row.Id));

    [Fact]
    public void What_works_partly_says_which_part_in_a_few_words()
    {
        Assert.Empty(Page.Rows.Where(row => row.State is "partly" != row.Part is not null).Select(row => row.Id));
        Assert.All(Page.Rows.Where(row => row.Part is not null), row => Assert.True(row.Part!.Split(' ').Length <= 8, $"{row.Id}: {row.Part}"));
    }

    [Fact]
    public void Every_row_is_there_once_and_in_order() => Assert.All(Page.Groups, group =>
        Assert.Equal(Enumerable.Range(1, group.Rows.Count).Select(number => $"{group.Letter}{number:00}"), group.Rows.Select(row => row.Id)));

    [Fact]
    public void Every_row_says_what_it_is_about()
    {
        Assert.NotEmpty(Page.Rows);
        Assert.All(Page.Rows, row => Assert.True(row.Capability.Length > 5, row.Id));
        Assert.Equal(Page.Groups.Count, Page.Groups.DistinctBy(group => group.Letter).Count());
    }

    [Fact]
    public void The_figures_at_the_top_are_right()
    {
        Assert.Equal([.. Page.Groups.Select(group => group.Name), "all"], Page.Counts.Keys);
        Assert.All(Page.Groups, group => Assert.Equal(Counted(group.Rows), Page.Counts[group.Name]));
        Assert.Equal(Counted([.. Page.Rows]), Page.Counts["all"]);
    }

    private static int[] Counted(List<Mission.Row> rows) => [.. Mission.States.Select(state => rows.Count(row => row.State == state)), rows.Count];

    private static bool Exists(string proof) => Figures().IsMatch(proof) ? File.Exists(Path.Combine(Root, proof)) : Known.Contains(proof);

    private static string Repository()
    {
        var at = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(at.FullName, "Steward.slnx")))
            at = at.Parent ?? throw new DirectoryNotFoundException("The tests do not lie inside the repository.");
        return at.FullName;
    }

    [GeneratedRegex(@"^bench/results/[\w.-]+$")]
    private static partial Regex Figures();
}
