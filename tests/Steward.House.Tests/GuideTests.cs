namespace Steward.House.Tests;

/// <summary>What the documents tell people to type is typed, as it stands there.</summary>
public class GuideTests
{
    [Fact]
    public Task What_the_README_says_works() => Works("README.md");

    [Fact]
    public Task The_guide_works_from_its_first_page_to_its_last()
        => Works([.. Repository.Texts(new(Path.Combine(Repository.Root.FullName, "docs", "guide")), ".md").Select(file => file.Path).Order(StringComparer.Ordinal)]);

    private static async Task Works(params string[] documents)
    {
        var commands = documents.SelectMany(document => Guide.Commands(File.ReadAllText(Path.Combine(Repository.Root.FullName, document)))).ToList();
        Assert.NotEmpty(commands);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(TimeSpan.FromMinutes(20));
        var (good, said) = await Guide.Run(commands, patience.Token);
        Assert.True(good, said);
    }
}
