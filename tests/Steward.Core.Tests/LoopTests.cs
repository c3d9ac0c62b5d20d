using Steward.Projects;

namespace Steward.Core.Tests;

public class LoopTests
{
    private static readonly ProjectFileReader Reader = new([LoopRule.Section]);

    [Fact]
    public void Deeds_are_bare_words_or_words_with_settings()
    {
        var file = Read("""
              - {when: low_confidence, then: [back_or_abstain, ask_for_labels: {batch: 12}]}
              - {when: drift,          then: [ask_for_labels, retrain]}
            """);
        Assert.Equal([true, false], file.Deeds(LoopWhen.LowConfidence).Select(deed => deed.BackOrAbstain));
        Assert.Equal(12, file.Deeds(LoopWhen.LowConfidence)[1].AskForLabels!.Batch);
        Assert.Equal(40, file.Deeds(LoopWhen.Drift)[0].AskForLabels!.Batch);
        Assert.True(file.Retrains());
    }

    [Fact]
    public void A_file_without_a_loop_does_nothing_by_itself()
    {
        var file = Reader.Read("steward: 1\nproject: fruit").File!;
        Assert.Empty(file.Deeds(LoopWhen.Drift, LoopWhen.LowConfidence));
        Assert.False(file.Retrains());
    }

    [Theory]
    [InlineData("- {when: drift, then: [retrian]}", "retrian")]
    [InlineData("- {when: full_moon, then: [retrain]}", "full_moon")]
    [InlineData("- {when: drift, then: [ask_for_labels: {bach: 3}]}", "bach")]
    public void A_word_that_nobody_knows_is_said(string rule, string word)
        => Assert.Contains(word, Assert.Single(Reader.Read($"steward: 1\nproject: fruit\nloop:\n  {rule}").Complaints).Why, StringComparison.Ordinal);

    [Fact]
    public void The_schema_lets_an_editor_offer_the_bare_words()
        => Assert.Contains("\"retrain\"", ProjectSchema.Of(Reader.Sections).ToJsonString(), StringComparison.Ordinal);

    private static ProjectFile Read(string rules)
    {
        var (file, complaints) = Reader.Read($"steward: 1\nproject: fruit\nloop:\n{rules}");
        Assert.Empty(complaints);
        return file!;
    }
}
