using CsCheck;

namespace Steward.Stories.Tests;

public class PseudoTests
{
    [Fact]
    public void A_text_is_told_in_accents_and_its_placeholders_stay()
        => Assert.Equal("Thîîš îîš á möödéél. Îît lééárñééd frööm {train.n|int} früüîtšš.", Pseudo.Of("This is a model. It learned from {train.n|int} fruits."));

    [Theory]
    [InlineData("The fruit looks orange now, and the lamp is new.")]
    [InlineData("Rhythm myth crypt.")]
    [InlineData("Juno named the fruits that were hardest to guess.")]
    public void It_is_a_third_longer(string text)
    {
        var letters = text.Count(char.IsAsciiLetter);
        Assert.InRange(Pseudo.Of(text).Length - text.Length, (letters * Pseudo.Growth) - 2, (letters * Pseudo.Growth) + 1);
    }

    [Fact]
    public void Words_stay_as_many_as_they_were() => Gen.String[Gen.Char["abc EO.,9"], 0, 60].Sample(text
        => Assert.Equal(text.Split(' ').Length, Pseudo.Of(text).Split(' ').Length));

    [Fact]
    public void A_brace_that_is_never_closed_is_text() => Assert.Equal("{á", Pseudo.Of("{a"));
}
