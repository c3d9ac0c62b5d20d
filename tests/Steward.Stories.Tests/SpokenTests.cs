using CsCheck;

namespace Steward.Stories.Tests;

public class SpokenTests
{
    [Theory]
    [InlineData("It learned from 600 fruits.", "It learned from six hundred fruits.")]
    [InlineData("568,092 answers", "five hundred sixty eight thousand ninety two answers")]
    [InlineData("568 092 answers", "five hundred sixty eight thousand ninety two answers")]
    [InlineData("At 14:00 and 9:05.", "At fourteen hundred and nine oh five.")]
    [InlineData("At 9:00, at 9:30", "At nine o’clock, at nine thirty")]
    [InlineData("96% right, 2.5 % wrong", "ninety six percent right, two point five percent wrong")]
    [InlineData("PSI 3.15 from the API", "P S I three point one five from the A P I")]
    [InlineData("STOP, said the APIs", "STOP, said the A P Is")]
    [InlineData("p95 is 20 ms, not 1 s", "p ninety five is twenty milliseconds, not one second")]
    [InlineData("12 May 2026", "twelve May two thousand twenty six")]
    [InlineData("2026-05-12", "twelve May two thousand twenty six")]
    [InlineData("the 1st, 22nd and 30th try", "the first, twenty second and thirtieth try")]
    [InlineData("10-20 fruits", "ten to twenty fruits")]
    [InlineData("from -3 to 4", "from minus three to four")]
    public void English_is_told_as_it_is_read_aloud(string written, string spoken) => Assert.Equal(spoken, Language.English.Spoken(written));

    [Theory]
    [InlineData("Es hat an 600 Früchten gelernt.", "Es hat an sechshundert Früchten gelernt.")]
    [InlineData("568.092 Antworten", "fünfhundertachtundsechzigtausendzweiundneunzig Antworten")]
    [InlineData("Um 14:30 Uhr", "Um vierzehn Uhr dreißig")]
    [InlineData("Um 1 Uhr, um 13:00", "Um ein Uhr, um dreizehn Uhr")]
    [InlineData("96 % richtig, 2,5 % falsch", "sechsundneunzig Prozent richtig, zwei Komma fünf Prozent falsch")]
    [InlineData("21 von 101", "einundzwanzig von hunderteins")]
    [InlineData("am 12. Mai 2026", "am zwölften Mai zweitausendsechsundzwanzig")]
    [InlineData("am 3. März, am 21. Juni", "am dritten März, am einundzwanzigsten Juni")]
    [InlineData("20 ms, 1 s", "zwanzig Millisekunden, eine Sekunde")]
    [InlineData("2.000.001 Zeilen aus der API", "zwei Millionen eins Zeilen aus der A P I")]
    public void German_is_told_as_it_is_read_aloud(string written, string spoken) => Assert.Equal(spoken, Language.German.Spoken(written));

    [Fact]
    public void No_digit_is_left_to_be_read() => Gen.Select(Gen.Long[0, long.MaxValue], Gen.OneOf<string>("", " %", " ms", ":30", ".5", ",5", "th", "-7"), Gen.OneOf<Language>(Language.English, Language.German)).Sample((number, after, language)
        => Assert.DoesNotContain(language.Spoken($"about {number}{after} of it"), char.IsDigit));
}
