using CsCheck;
using Steward.Projects;

namespace Steward.Core.Tests;

public class ProjectFileTests
{
    private sealed record Train
    {
        public int Epochs { get; init; } = 8;
        public double Rate { get; init; } = 0.5;
        public TimeSpan Every { get; init; } = TimeSpan.FromHours(1);
        public IReadOnlyList<Step> Steps { get; init; } = [];
        public IReadOnlyDictionary<string, double> Limits { get; init; } = new Dictionary<string, double>();
    }

    private sealed record Step
    {
        public string Name { get; init; } = "";
        public long MaxBytes { get; init; }
        public DayOfWeek? Day { get; init; }
    }

    private static readonly ProjectFileReader Reader = new([Section.Of<Train>("train", "How it learns.", train => train.Epochs > 100 ? [("train.epochs", "More than 100 epochs only heat the room.")] : [])]);

    [Fact]
    public void A_whole_file_becomes_records()
    {
        var (file, complaints) = Reader.Read("""
            steward: 1
            project: fruit
            title: Name that fruit
            owners: {data_scientist: maria}
            train:
              epochs: 12
              every: 90s
              steps: [{name: warm, max_bytes: 8MiB, day: friday}]
              limits: {loss: 0.25}
            """);
        Assert.Empty(complaints);
        var train = file!.Get<Train>("train");
        Assert.Equal((12, 0.5, 90.0, 0.25), (train.Epochs, train.Rate, train.Every.TotalSeconds, train.Limits["loss"]));
        Assert.Equal(new Step { Name = "warm", MaxBytes = 8 << 20, Day = DayOfWeek.Friday }, Assert.Single(train.Steps));
    }

    [Theory]
    [InlineData("tain: {}", "Did you mean 'train'?", 4)]
    [InlineData("train: {epoch: 3}", "Did you mean 'epochs'?", 4)]
    [InlineData("train:\n  steps: [{nam: x}]", "Did you mean 'name'?", 5)]
    public void A_misspelt_key_is_an_error_with_a_suggestion(string text, string suggestion, int line)
    {
        var (file, complaints) = Reader.Read("steward: 1\nproject: fruit\n\n" + text);
        Assert.Null(file);
        var complaint = Assert.Single(complaints);
        Assert.Equal((suggestion, line), (complaint.Try, complaint.Line));
    }

    [Theory]
    [InlineData("train: {epochs: many}", "whole number")]
    [InlineData("train: {every: soon}", "10m")]
    [InlineData("train: [1]", "keys and values")]
    [InlineData("train: {rate: .nan}", "number")]
    [InlineData("train: {steps: [{max_bytes: 9999999TiB}]}", "8MiB")]
    [InlineData("train: {epochs: 101}", "heat the room")]
    [InlineData("train: &a {epochs: 3}\ntitle: *a", "Anchors")]
    [InlineData("train: !!python/object {epochs: 3}", "Tags")]
    [InlineData("train: {", "not YAML")]
    [InlineData("train: [[[[[[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]]]]]]", "too deep")]
    public void A_value_that_cannot_be_is_said_in_words(string text, string why)
        => Assert.Contains(why, Assert.Single(Reader.Read("steward: 1\nproject: fruit\n" + text).Complaints).Why, StringComparison.Ordinal);

    [Fact]
    public void Every_complaint_is_told_not_only_the_first()
        => Assert.Equal(4, Reader.Read("steward: 2\nproject: Not A Name\ntrian: 1\ntrain: {epochs: x}").Complaints.Count);

    [Fact]
    public void No_text_whatever_breaks_the_reader()
        => Gen.String[0, 200].Sample(text => Reader.Read(text).File is null, iter: 2000);

    [Fact]
    public void The_schema_knows_every_key_that_the_reader_knows()
    {
        var schema = ProjectSchema.Of(Reader.Sections)["properties"]!.AsObject();
        Assert.Equal(["steward", "project", "title", "owners", "train"], schema.Select(pair => pair.Key));
        Assert.Equal(["epochs", "rate", "every", "steps", "limits"], schema["train"]!["properties"]!.AsObject().Select(pair => pair.Key));
    }
}
