namespace Steward.Stories.Tests;

public class BlameTests
{
    [Theory]
    [InlineData("Juno broke the lamp.", "Juno broke")]
    [InlineData("Then Omar simply forgot the lamp.", "Omar simply forgot")]
    [InlineData("It is late, and the engineer failed to look.", "engineer failed")]
    [InlineData("{signer.1|name} did not check it.", "{signer.1|name} did not check")]
    [InlineData("That was Juno’s mistake.", "Juno’s mistake")]
    [InlineData("The lamp was broken by Juno.", "broken by Juno")]
    [InlineData("Somebody should have looked.", "Somebody should have")]
    [InlineData("Ngozi was careless.", "Ngozi was careless")]
    public void A_person_who_is_blamed_is_found(string text, string blame) => Assert.Equal([blame], Blame.In(text, Language.English, ["Ngozi"]).Select(slip => slip.Text));

    [Theory]
    [InlineData("Juno named the fruit that was hardest to guess.")]
    [InlineData("Pom 3 broke down, and Nell failed to see it.")]
    [InlineData("The lamp broke while Juno named the fruit.")]
    [InlineData("Juno did not agree, and Omar said no.")]
    [InlineData("Omar found what Pom forgot.")]
    [InlineData("{signers.n|word} of us checked it and signed.")]
    [InlineData("{model.name|text} failed.")]
    [InlineData("Juno was not wrong.")]
    public void People_who_name_check_sign_or_decline_are_not_blamed(string text) => Assert.Empty(Blame.In(text, Language.English));

    [Theory]
    [InlineData("Juno vergaß die Lampe.")]
    [InlineData("Omar hat {n|int} Früchte falsch benannt.")]
    [InlineData("Die Prüferin hat die Lampe übersehen.")]
    [InlineData("Das war Junos Fehler.")]
    [InlineData("Schuld war Juno.")]
    [InlineData("{signer.1|name} hat nicht aufgepasst.")]
    public void Blame_is_found_in_German(string text) => Assert.Single(Blame.In(text, Language.German));

    [Theory]
    [InlineData("Juno benannte die Früchte, die am schwersten waren.")]
    [InlineData("Pom 3 machte Fehler, als das Licht sich änderte.")]
    [InlineData("Juno sah, dass Pom die Form vergaß.")]
    [InlineData("Omar hat nichts vergessen.")]
    [InlineData("Juno hat nicht zugestimmt.")]
    public void German_that_tells_what_people_did_passes(string text) => Assert.Empty(Blame.In(text, Language.German));

    [Theory]
    [InlineData("en", "Oops! Pom fell. Haha, what a joke! 🎉", "Oops, Haha, joke, 🎉")]
    [InlineData("en", "Pom stepped back. The team is sorry that somebody was hurt.", "")]
    [InlineData("de", "Hoppla! Selber schuld, wie witzig. 🎉", "Hoppla, Selber schuld, witzig, 🎉")]
    [InlineData("de", "Pom ging zurück. Es tut uns leid, dass jemand zu Schaden kam.", "")]
    public void Nothing_jokes_where_somebody_was_harmed(string language, string text, string slips)
        => Assert.Equal(slips, string.Join(", ", Blame.Gloating(text, Language.Of(language)).Select(slip => slip.Text)));
}
