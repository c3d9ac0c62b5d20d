namespace Steward.Stories.Tests;

/// <summary>Tellings that were broken on purpose: each is caught, by the rule that is there for it.</summary>
public class MutationTests
{
    private const string Setting = "stories.incident.beats.setting.child.", Problem = "stories.incident.beats.problem.child.", Notice = "stories.incident.beats.notice.child.";

    [Theory]
    [InlineData("claim", Setting + "pom", "I name 7 pictures a day.")]
    [InlineData("claim", Problem + "pom", "Oh! Every picture looks strange! What now?")]
    [InlineData("claim", Notice + "nell", "Stop! Half of them look odd!")]
    [InlineData("claim", Problem + "caption", "The pictures never looked like this.")]
    [InlineData("claim", "stories.incident.moral.child", "Twice as good.")]
    [InlineData("unbound", Setting + "pom", "I know {no.such.fact|n} pictures.")]
    [InlineData("unbound", Setting + "pom", "I live in {no-such-name}.")]
    [InlineData("text", Setting + "sign", "{old.learned|of} right")]
    [InlineData("text", Problem + "caption", "At {old.right|clock} it began.")]
    [InlineData("text", Setting + "sign", "{old.right|ms} right")]
    [InlineData("text", Setting + "sign", "{old.right|nosuchformat} right")]
    [InlineData("text", Setting + "caption", null)]
    [InlineData("text", Problem + "nobody", "Who am I?")]
    [InlineData("glyph", Problem + "pom", "Oh! \u4f60?")]
    [InlineData("room", Notice + "nell", "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaftsgründung!")]
    [InlineData("room", Setting + "sign", "{old.right|of} of the many pictures that I was shown here came out right in the end, so I am glad about it and happy")]
    [InlineData("sentence", Problem + "pom", "Oh what are these pictures that come here now and look so new to me today?")]
    [InlineData("bubble", Problem + "pom", "Oh! What is this? It is new. I do not know it. I am not sure. Who can help me now? Can you?")]
    [InlineData("caption", Problem + "caption", "On {since|weekday} it began. The pictures came in. They did look new. They did look odd. Pom saw them. Pom did not know them. Oh dear.")]
    [InlineData("lexicon", Problem + "caption", "Heteroscedastic covariate distributions disoriented the classification apparatus irrecoverably yesterday.")]
    [InlineData("jargon", Problem + "caption", "The embedding did look new.")]
    [InlineData("blame", "stories.incident.beats.learn.child.caption", "Juno forgot {named|n picture/pictures}.")]
    [InlineData("one-idea", Setting + "caption", "{old.learned|n picture/pictures}, {old.tested|n test/tests}, {answers|n answer/answers}. What now?")]
    [InlineData("one-idea", Setting + "caption", "It learned from {old.learned|n picture/pictures}. What now?")]
    [InlineData("one-idea", Problem + "caption", "On {since|weekday} there were {answers|n answer/answers}.")]
    [InlineData("one-idea", "stories.incident.beats.result.child.caption", "Before, {old.right|of} were right.")]
    [InlineData("conditions", "stories.incident.beats.result.child.sign-two", "Pom {new.version|v}: {new.right|of}")]
    [InlineData("alt-missing", "stories.incident.beats.problem.alt", "x")]
    public void A_broken_telling_is_caught(string rule, string path, string? text)
    {
        var broken = English(path, text);
        var found = StoryLint.Of(Books.Kinds.Of("incident"), Books.Of("incident"), broken, Level.Child).Concat(CatalogueLint.Of(broken)).Select(finding => finding.Rule).ToHashSet();
        Assert.Contains(rule, found);
    }

    [Fact]
    public void The_unbroken_telling_is_not() => Assert.Empty(StoryLint.Of(Books.Kinds.Of("incident"), Books.Of("incident"), Catalogue.English, Level.Child));

    [Fact]
    public void A_telling_that_asks_nothing_is_caught()
    {
        var flat = Catalogue.English.With("en", (path, text) => path.Contains(".child.", StringComparison.Ordinal) ? text.Replace('?', '.') : text);
        Assert.Contains("question", StoryLint.Of(Books.Kinds.Of("incident"), Books.Of("incident"), flat, Level.Child).Select(finding => finding.Rule));
    }

    [Fact]
    public void A_telling_that_is_too_long_is_caught()
    {
        var wordy = Catalogue.English.With("en", (path, text) => path.EndsWith(".child.caption", StringComparison.Ordinal) ? text + " Look here. See it now. It is so. Is it?" : text);
        Assert.Contains("length", StoryLint.Of(Books.Kinds.Of("incident"), Books.Of("incident"), wordy, Level.Child).Select(finding => finding.Rule));
    }

    [Fact]
    public void Counts_that_contradict_their_share_cannot_be_drawn()
    {
        var book = Books.Incident().Share("old.right", 0.9999, 100_000, Books.From("version"), default, "test:pictures@2").Close();
        Assert.DoesNotContain(Storyteller.Tell(Books.Kinds.Of("incident"), book, Catalogue.English, Level.Child).Cites, cite => cite.Fact == "old.right" && cite.Shown.StartsWith("20 ", StringComparison.Ordinal));
    }

    private static Catalogue English(string path, string? text)
    {
        var broken = Catalogue.English.With("en", (there, was) => there == path ? text ?? "" : was);
        return text is null ? broken.Without(path) : broken.Paths.Contains(path) ? broken : broken.And(path, text);
    }
}
