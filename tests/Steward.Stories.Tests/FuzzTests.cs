using CsCheck;
using Steward.Drawing;

namespace Steward.Stories.Tests;

/// <summary>Histories that nobody thought of: each is told clean, or refused with a reason.</summary>
public class FuzzTests
{
    private const int Histories = 1000;

    private static readonly Gen<string> Name = Gen.OneOf(Gen.Const("fruit"), Gen.String[Gen.Char["abcdefghijklmnopqrstuvwxyzäöüßéł ČŽ<>&\"'@-_0123456789"], 1, 60], Gen.Const("\u202Eevil"), Gen.Const("🍎🍌"), Gen.Const("名前"));

    private static readonly Gen<(double Old, double New, double OldTold, double NewTold, int N)> Shares = Gen.Select(Gen.Double[0, 1], Gen.Double[0, 1], Gen.Double[0, 1], Gen.Double[0, 1], Gen.Int[1, 5_000_000]);

    private static readonly Gen<(int Signers, int Gates, int Passed, int Named, int Windows, int Flags)> Counts = Gen.Select(Gen.Int[0, 40], Gen.Int[0, 30], Gen.Int[0, 30], Gen.Int[0, 100_000], Gen.Int[1, 60], Gen.Int[0, 63]);

    [Fact]
    public void A_random_history_is_told_clean_or_refused_with_a_reason()
    {
        var (told, refused) = (0, 0);
        Gen.Select(Shares, Counts, Name, Gen.Double[0, 20]).Sample((shares, counts, name, peak) =>
        {
            var kind = Books.Kinds.Of(counts.Flags % 2 == 0 ? "incident" : "release");
            var book = History(kind.Name, shares, counts, name, peak);
            try
            {
                var level = (Level)(counts.Flags % 3);
                var story = Storyteller.Tell(kind, book, Catalogue.All[counts.Flags / 2 % 2], level);
                Assert.Empty(ComicChecks.Of(ComicPress.Draw(story.Comic, counts.Flags % 5 == 0 ? PageForm.Phone : PageForm.Page, Palette.Day)));
                Interlocked.Increment(ref told);
            }
            catch (RefusedException why)
            {
                Assert.True(why.Message.Length > 20);
                Interlocked.Increment(ref refused);
            }
            catch (MissingGlyphException glyph)
            {
                Assert.False(string.IsNullOrEmpty(glyph.Message));
                Interlocked.Increment(ref refused);
            }
        }, iter: Histories, seed: "0N0XIzNsQ0O2", threads: 2);
        Assert.True(told > Histories / 3, $"{told} told, {refused} refused");
    }

    private static FactBook History(string kind, (double Old, double New, double OldTold, double NewTold, int N) shares, (int Signers, int Gates, int Passed, int Named, int Windows, int Flags) counts, string name, double peak)
    {
        var all = kind is "incident" ? Books.Incident() : Books.Release();
        all.Name("model", name).Name("endpoint", name).Name("new.weakest", name).Name("kind.1", name)
            .Share("old.right", shares.Old, shares.N, Books.From("version"), default, "test:pictures@2").Share("new.right", shares.New, shares.N, Books.From("version"), default, "test:pictures@2")
            .Share("old.told", shares.OldTold, shares.N, Books.From("endpoint"), default, "since:1").Share("new.told", shares.NewTold, shares.N, Books.From("endpoint"), default, "since:1")
            .Count("signers", counts.Signers, Books.From("sign-off"), default).Count("gates", Math.Max(counts.Gates, counts.Passed), Books.From("gate"), default).Count("gates.passed", Math.Min(counts.Gates, counts.Passed), Books.From("gate"), default)
            .Count("named", counts.Named, Books.From("incident"), default).Count("new.learned", shares.N, Books.From("version"), default)
            .Add(new("watch.peak", peak, Unit.Ratio, Books.From("window")) { N = 100 })
            .Line(new("watch", [.. Enumerable.Range(1, counts.Windows).Select(i => (double)i)], [.. Enumerable.Range(1, counts.Windows).Select(i => peak * i / counts.Windows)], Unit.Ratio, false, Books.From("window")));
        if ((counts.Flags & 4) != 0)
            all.Flag("back").Number("back.version", 1 + (counts.Flags % 9), Books.From("incident"), default);
        if ((counts.Flags & 8) != 0)
            all.Share("trial.first", shares.OldTold, 0, Books.From("endpoint"), default, "traffic").Count("trial.answers", shares.N, Books.From("endpoint"), default).Count("trial.steps", 3, Books.From("endpoint"), default).Count("trial.failed", 0, Books.From("endpoint"), default).Number("trial.base", 1, Books.From("endpoint"), default);
        return all.Close();
    }
}
