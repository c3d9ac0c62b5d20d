namespace Steward.Stories.Tests;

public class TemplateTests
{
    [Fact]
    public void A_template_is_its_words_and_its_placeholders_in_order() => Assert.Equal(
        [new("At ", 0, false), new("{lamp.hour|clock}", 3, true), new(", a lamp", 20, false)], Template.Pieces("At {lamp.hour|clock}, a lamp"));

    [Fact]
    public void Placeholders_may_hold_braces() => Assert.Equal([new("{n|plural {fruit} {fruits}}", 0, true), new("!", 27, false)], Template.Pieces("{n|plural {fruit} {fruits}}!"));

    [Fact]
    public void An_open_brace_hides_nothing() => Assert.Equal([new("all {fruit ", 0, false), new("{n|int}", 11, true)], Template.Pieces("all {fruit {n|int}"));

    [Fact]
    public void Blanking_keeps_every_word_in_its_place()
    {
        var blank = Template.Blank("At {lamp.hour|clock}, a lamp");
        Assert.Equal(21, blank.IndexOf(" a lamp", StringComparison.Ordinal));
        Assert.DoesNotContain("clock", blank, StringComparison.Ordinal);
    }
}
