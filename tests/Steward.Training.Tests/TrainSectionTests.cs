using Steward.Host.Templates.Fruit;
using Steward.Projects;

namespace Steward.Training.Tests;

public class TrainSectionTests
{
    private static readonly ProjectFileReader Reader = new([TrainSection.Section]);

    [Theory]
    [InlineData("{size: 48}", "32 or 64 pixels")]
    [InlineData("{copies: 21}", "0 to 20 copies")]
    [InlineData("{centred: perhaps}", "true or false")]
    [InlineData("{filters: 4}", "8 to 512")]
    [InlineData("{label_weight: 0}", "1 to 100 times")]
    [InlineData("{tunes: []}", "1 to 50 tunes")]
    [InlineData("{tunes: [{name: a}, {name: a}]}", "'a' is there twice")]
    [InlineData("{tunes: [{name: a, dropout: 1}]}", "dropout 0 to 0.9")]
    [InlineData("{tunes: [{name: a, hidden: -1}]}", "hidden is 0 to 2048")]
    [InlineData("{tunes: [{name: a, l2: -1}]}", "l2 is 0 to 1000")]
    [InlineData("{tunes: [{name: a, epochs: 0}]}", "epochs 1 to 1000")]
    public void What_cannot_be_trained_is_told_in_words(string train, string why)
        => Assert.Contains(why, Assert.Single(Reader.Read($"steward: 1\nproject: fruit\ntrain: {train}").Complaints).Why, StringComparison.Ordinal);

    [Fact]
    public void Without_a_word_there_are_six_tunes_that_differ()
    {
        var tunes = Reader.Read("steward: 1\nproject: fruit").File!.Get<TrainSection>("train").Tunes;
        Assert.Equal(6, tunes.Count);
        Assert.Equal(6, tunes.Select(tune => tune with { Name = "" }).Distinct().Count());
    }

    [Fact]
    public void The_template_of_fruit_tries_what_is_tried_without_a_word()
    {
        using var file = typeof(FruitPictures).Assembly.GetManifestResourceStream("template/fruit/steward.yaml")!;
        var train = new System.Text.StringBuilder("steward: 1\nproject: fruit\n");
        var within = false;
        foreach (var line in new StreamReader(file).ReadToEnd().Split('\n'))
            if ((within = line.StartsWith("train:", StringComparison.Ordinal) || (within && (line.Length == 0 || line[0] == ' '))))
                train.AppendLine(line);
        var read = Reader.Read(train.ToString());
        Assert.Empty(read.Complaints);
        Assert.Equal(new TrainSection().Tunes, read.File!.Get<TrainSection>("train").Tunes);
    }
}
