using CsCheck;

namespace Steward.Stories.Tests;

public class QuizChanceTests
{
    [Theory]
    [InlineData(2, 0.01235, 0.03658)]
    [InlineData(3, 0.00960, 0.02853)]
    public void Blind_guessing_hardly_ever_passes(int mustKnow, double once, double inThree)
    {
        var chance = QuizChance.Of(mustKnow);
        Assert.Equal((once, inThree), (Math.Round(chance.Once, 5), Math.Round(chance.In(3), 5)));
    }

    [Fact]
    public void Without_must_knows_a_shorter_quiz_would_be_easier_to_guess()
    {
        var chance = QuizChance.Of(mustKnow: 0, items: 5, need: 4);
        Assert.Equal((0.045, 0.130), (Math.Round(chance.Once, 3), Math.Round(chance.In(3), 3)));
    }

    [Fact]
    public void It_is_what_counting_every_sheet_gives() => Gen.Select(Gen.Int[1, 6], Gen.Int[0, 6], Gen.Int[0, 6], Gen.Int[2, 4]).Where((items, must, need, _) => must <= items && need <= items).Sample((items, must, need, options) =>
    {
        var sheets = Enumerable.Range(0, (int)Math.Pow(options, items));
        bool Right(int sheet, int item) => sheet / (int)Math.Pow(options, item) % options == 0;
        var passing = sheets.Count(sheet => Enumerable.Range(0, must).All(item => Right(sheet, item)) && Enumerable.Range(0, items).Count(item => Right(sheet, item)) >= need);
        Assert.Equal(new(passing, (int)Math.Pow(options, items)), QuizChance.Of(must, items, need, options));
    }, iter: 60);

    [Fact]
    public void A_quiz_that_cannot_be_is_refused() => Assert.Throws<ArgumentOutOfRangeException>(() => QuizChance.Of(mustKnow: 7));
}
