using CsCheck;

namespace Steward.Stories.Tests;

public class ClaimsTests
{
    [Theory]
    [InlineData("I guess 7 fruits a day.", "7")]
    [InlineData("Pom v3 was 96.5 % right at 14:00.", "v3, 96.5 %, 14:00")]
    [InlineData("A third of {n|int}, or ½ of them", "third, ½")]
    [InlineData("We named forty-two fruits and one hundred and six more.", "forty-two, one hundred and six")]
    [InlineData("The second try took ten times as long.", "second, ten")]
    [InlineData("Oh no! Every fruit looks orange!", "Every")]
    [InlineData("All fruit was right, and nobody was hurt.", "All, nobody")]
    [InlineData("No fruit fell. None of it, never.", "No, None, never")]
    [InlineData("Half of it was twice as good.", "Half, twice")]
    [InlineData("Most guesses were right; the majority, mostly.", "Most, majority, mostly")]
    [InlineData("Only one fruit fell, and not one more.", "Only one, not one")]
    [InlineData("Only Pom 2 knew.", "Only, 2")]
    [InlineData("It ran without mistakes.", "without mistakes")]
    [InlineData("Both checks passed.", "Both")]
    [InlineData("Each fruit was right.", "Each")]
    [InlineData("I can sort any fruit.", "any")]
    [InlineData("No one has checked blue light.", "No one")]
    [InlineData("It was perfectly fair, in total.", "perfectly, total")]
    [InlineData("A tenfold gain.", "tenfold")]
    [InlineData("all {fruit}, all {", "all, all")]
    public void English_claims_are_found(string template, string claims) => Assert.Equal(claims, Text(Claims.In(template, Language.English)));

    [Theory]
    [InlineData("It learned from {train.n|int} fruits.")]
    [InlineData("Only {sure.atstop|k20} are sure, at {lamp.hour|clock}.")]
    [InlineData("{signers.n|word} of us checked it. {swap.failed|none} fruit fell!")]
    [InlineData("It took {seconds|int} seconds; wait a second.")]
    [InlineData("Nell checks how sure it is, all day long. At first, not at all.")]
    [InlineData("Oh no! No, thanks.")]
    [InlineData("What is this one? It looks a bit like both.")]
    [InlineData("One of us checked it. Look at colour first.")]
    [InlineData("It looks at both colour and shape.")]
    [InlineData("I guess each fruit by its colour.")]
    [InlineData("First it got {trial|of} of the work, while the older one did the rest. Please look twice.")]
    [InlineData("Is there any fruit in blue light?")]
    [InlineData("Ask about what puzzles you most.")]
    [InlineData("The inputs no longer match.")]
    [InlineData("Not checked yet: {limits}.")]
    [InlineData("Some were wrong, a few were hard, many were easy, and the hardest came last.")]
    [InlineData("A bone, a tone, an allotment, some zeroes-free halved-ish nonesuch.")]
    public void English_that_counts_nothing_passes(string template) => Assert.Equal("", Text(Claims.In(template, Language.English)));

    [Theory]
    [InlineData("Ich rate 7 Früchte am Tag.", "7")]
    [InlineData("Wir benannten einundzwanzig von zweihundert.", "einundzwanzig, zweihundert")]
    [InlineData("Beim zweiten Mal war es dreimal so gut.", "zweiten, dreimal")]
    [InlineData("Alle Früchte waren richtig, und niemand kam zu Schaden.", "Alle, niemand")]
    [InlineData("Keine Frucht fiel, nie.", "Keine, nie")]
    [InlineData("Die Hälfte war doppelt so gut, die meisten immer.", "Hälfte, doppelt, meisten, immer")]
    [InlineData("Nur Pom 2 wusste es.", "Nur, 2")]
    [InlineData("Jede Frucht war richtig.", "Jede")]
    [InlineData("Beide Prüfungen gelangen.", "Beide")]
    [InlineData("Die ganze Reihe lief ohne Fehler.", "ganze, ohne Fehler")]
    [InlineData("Es war die einzige, ein Viertel, die Mehrheit.", "die einzige, Viertel, Mehrheit")]
    [InlineData("Um eins und um ein Uhr", "eins, ein Uhr")]
    public void German_claims_are_found(string template, string claims) => Assert.Equal(claims, Text(Claims.In(template, Language.German)));

    [Theory]
    [InlineData("Es hat an {train.n|int} Früchten gelernt.")]
    [InlineData("Um {lamp.hour|uhr} ging eine neue Lampe an. Nur {sure|k20} sind sicher!")]
    [InlineData("Nell prüft den ganzen Tag, wie sicher Pom ist.")]
    [InlineData("Ich rate jede Frucht nach ihrer Farbe.")]
    [InlineData("Ein einfaches Spiel, noch einmal, und ein Zweifel im Dreieck.")]
    [InlineData("Vor allem: keine Sorge, alles klar. Immer noch nicht geprüft.")]
    [InlineData("Einige waren falsch, ein paar schwer, viele leicht.")]
    [InlineData("Ich warte hier, für alle Fälle. Schaut bitte zweimal hin!")]
    [InlineData("Zuerst zurück, dann lernen. Was ist das hier?")]
    public void German_that_counts_nothing_passes(string template) => Assert.Equal("", Text(Claims.In(template, Language.German)));

    [Fact]
    public void A_claim_says_what_it_is_and_where() => Assert.Equal(
        [new(ClaimKind.Quantifier, "All", 0), new(ClaimKind.Number, "ten", 14), new(ClaimKind.Ordinal, "the first", 19), new(ClaimKind.Digit, "7", 30)],
        Claims.In("All {n|int} - ten, the first, 7.", Language.English));

    [Fact]
    public void Whatever_number_is_written_out_is_one_claim() => Gen.Select(Gen.Long[2, 999_999_999], Gen.OneOf<Language>(Language.English, Language.German)).Sample((number, language) =>
    {
        var words = language.Spoken(number.ToString(System.Globalization.CultureInfo.InvariantCulture));
        // "eine Million": the article may belong to the number or not; the number behind it is what is found.
        var bare = words.StartsWith("eine ", StringComparison.Ordinal) ? words["eine ".Length..] : words;
        var found = Text(Claims.In($"Pom {words} Obst", language)).Replace(", ", " ", StringComparison.Ordinal);
        Assert.Equal(bare, found.StartsWith("eine ", StringComparison.Ordinal) ? found["eine ".Length..] : found);
    });

    [Fact]
    public void A_placeholder_hides_what_it_holds_and_nothing_else() => Gen.Select(Gen.String[Gen.Char["alnoe 7{}|.?"], 0, 40], Gen.OneOf<Language>(Language.English, Language.German)).Sample((text, language) =>
    {
        Assert.Equal(text.Length, Template.Blank(text).Length);
        var claims = Claims.In(text, language);
        Assert.All(claims, claim => Assert.Equal(claim.Text, text.Substring(claim.At, claim.Text.Length)));
        Assert.Equal(Template.Pieces(text).Where(piece => !piece.Placeholder).SelectMany(piece => piece.Text).Count(char.IsDigit), claims.SelectMany(claim => claim.Text).Count(char.IsDigit));
    });

    private static string Text(IEnumerable<Claim> claims) => string.Join(", ", claims.Select(claim => claim.Text));
}
