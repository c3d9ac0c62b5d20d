using System.Globalization;
using Steward.Drawing;

namespace Steward.Stories;

/// <summary>
/// Every fair question about one telling. A question shows a number and asks what it is, or asks to which of three names
/// something applies: each thing stands as an answer in several items and is right in one, so that guessing by what is
/// usual gains nothing. Wrong answers are true of the same story; what cannot be asked fairly is not asked.
/// </summary>
/// <param name="Story">The telling whose panels answer the items.</param>
public sealed record QuizBank(Story Story, IReadOnlyList<QuizItem> Items)
{
    /// <summary>From so many items on another try can draw three that were not asked before, half of a sheet.</summary>
    public const int Ample = 9;

    /// <summary>How many items a sheet leaves for the next one.</summary>
    public int Others => Items.Count - QuizChance.Items;

    /// <summary>What another try brings, in a sentence.</summary>
    public string Again => Items.Count >= Ample
        ? $"Another sheet draws others: {Items.Count} fair questions can be asked about this telling."
        : $"This version has little on record: {Items.Count} fair questions can be asked about this telling, so another sheet has {Others} that the one before had not, and the rest in another order.";

    /// <summary>Of the rules that make the items; recorded with every try.</summary>
    public const string Version = "1";

    /// <summary>The bank of a telling; <c>quiz_refused</c> with the reason when too little can be asked fairly.</summary>
    public static QuizBank Of(Story story)
    {
        var plan = QuizPlan.Of(story.Book.Kind);
        var items = new QuizMaker(story, plan).Items();
        string? why = items.Count < plan.Fewest ? $"only {Say.Count(items.Count, "fair question")} can be asked about its panels, and another try must draw others: {plan.Fewest} are needed"
            : items.All(item => item is not { Kind: QuizKind.Limit, MustKnow: true }) ? "nothing in it can be asked about its limits, and they must be known"
            : plan.Signed && items.All(item => item is not { Kind: QuizKind.WayBack, MustKnow: true }) ? "it tells of no way back that could be asked for, and that must be known"
            : items.Count(item => item.MustKnow) < 2 ? "fewer than two of its questions are about what must be known"
            : null;
        return why is null ? new(story, items) : throw ProblemException.Conflict("quiz_refused", $"There is no quiz about {story.Book.Kind}/{Names.Shorten(story.Book.Subject)} yet: {why}.", "It grows with the story: make it again when more is on record, or choose another level.");
    }
}

/// <summary>Makes the items of one telling.</summary>
internal sealed class QuizMaker(Story story, QuizPlan plan)
{
    private readonly Catalogue _language = story.Catalogue;
    private readonly Dictionary<string, Cite> _shown = story.Cites
        .Where(cite => cite is { Panel: > 0 } && cite.Slot is not ("drawn" or "alt") && cite.Format is not ("when" or "mark"))
        .GroupBy(cite => cite.Fact).ToDictionary(cites => cites.Key, cites => cites.First(), StringComparer.Ordinal);

    public List<QuizItem> Items()
    {
        List<QuizItem?> all = [.. plan.Values.Where(value => !value.OnlyBeside).Select(Value), .. Gaps(), .. plan.Names.Select(Name), .. plan.Said.Select(Said)];
        return QuizOrder.Spread([.. all.OfType<QuizItem>()], story.Hash.Hex);
    }

    /// <summary>"One number in the story is 18 out of 20. What is it?"</summary>
    private QuizItem? Value(AskedValue asked)
    {
        if (Told(asked.Fact) is not { } value)
            return null;
        var right = Thing(asked.Fact);
        var beside = plan.Values.Where(other => other.Fact != asked.Fact && _shown.ContainsKey(other.Fact) && Differs(asked.Fact, value, other.Fact))
            .Where(other => other.Family == asked.Family || other.Family == asked.Also || other.Also == asked.Family)
            .OrderByDescending(other => other.Family == asked.Family).ThenBy(other => other.OnlyBeside)
            // Of another family, what is nearest in size: the others could not be meant.
            .ThenBy(other => other.Family == asked.Family ? 0 : Math.Abs(Math.Log((story.Book.Facts[other.Fact].Value + 1) / (story.Book.Facts[asked.Fact].Value + 1)))).ThenBy(other => QuizOrder.Key(story.Hash.Hex, asked.Fact, other.Fact), StringComparer.Ordinal);
        return Beside(right, beside.Select(other => (other.Fact, Text: Thing(other.Fact)))) is not { } wrong
            ? null
            : new($"is-{asked.Fact}", asked.Kind, Text($"stems.{asked.Family}", value), [
                new(right, true, Text("because.right", value, right, _shown[asked.Fact].Panel)),
                .. wrong.Select(one => new QuizOption(one.Text, false, Text(asked.Family == QuizPlan.Moment ? "because.moment" : "because.other", value, one.Text, _shown[one.Fact].Panel)))],
                asked.Must, _shown[asked.Fact].Panel, [asked.Fact, .. wrong.Select(one => one.Fact)]);
    }

    /// <summary>"Two are 3 out of 20 apart. Which two?" Asked only when all three gaps are wider than rounding and tell apart.</summary>
    private IEnumerable<QuizItem> Gaps()
    {
        if (plan.Pair.Count != 3 || !plan.Pair.All(_shown.ContainsKey))
            return [];
        (int, int)[] pairs = [(0, 1), (0, 2), (1, 2)];
        var gaps = pairs.Select(pair => (Gap: GapOf(plan.Pair[pair.Item1], plan.Pair[pair.Item2]), One: plan.Pair[pair.Item1], Other: plan.Pair[pair.Item2])).ToList();
        if (gaps.Exists(gap => gap.Gap is null) || gaps.Select(gap => gap.Gap).Distinct().Count() < gaps.Count)
            return [];
        var texts = gaps.Select((_, place) => Text($"pairs.{story.Book.Kind}.{place + 1}")).ToList();
        return gaps.Select((gap, place) => new QuizItem($"gap-{place + 1}", QuizKind.Comparison, Text("stems.gap", gap.Gap!), [.. gaps.Select((other, at)
            => new QuizOption(texts[at], at == place, at == place
                ? Text("because.right", gap.Gap!, texts[at], Panel(other))
                : Text("because.gap", other.Gap!, texts[at], Panel(other))))], false, Panel(gap), plan.Pair)).Where(IsFair);

        int Panel((string?, string One, string Other) gap) => Math.Max(_shown[gap.One].Panel, _shown[gap.Other].Panel);
    }

    private QuizItem? Name(AskedName asked)
    {
        if (PanelOf(asked.Beat) is not { } panel || NameOf(asked.Right) is not { } right)
            return null;
        if (asked.Gap is { } gap && (!_shown.ContainsKey(gap.One) || !_shown.ContainsKey(gap.Other) || GapOf(gap.One, gap.Other) is null))
            return null;
        var others = asked.Others.Select(other => (Fact: other, Text: NameOf(other)!)).Where(other => other.Text is not null).OrderBy(other => QuizOrder.Key(story.Hash.Hex, asked.Id, other.Fact), StringComparer.Ordinal);
        return Beside(right, others) is not { } wrong
            ? null
            : new(asked.Id, asked.Kind, Text($"names.{asked.Id}.stem"), [new(right, true, Text($"names.{asked.Id}.right", "", right, panel)), .. wrong.Select(one => new QuizOption(one.Text, false, Text($"names.{asked.Id}.other", "", one.Text, panel)))],
                asked.Must, panel, []);
    }

    private QuizItem? Said(AskedSaid asked)
    {
        if ((asked.OnlyChild && story.Level is not Level.Child) || !asked.Needs.All(story.Book.Has) || PanelOf(asked.Beat) is not { } panel)
            return null;
        var path = $"said.{story.Book.Kind}.{asked.Kind}";
        var right = Text($"{path}.{asked.Id}");
        var others = asked.Wrong.Where(option => PanelOf(option.Beat) is > 0).DistinctBy(option => option.Key)
            .Select(option => (Fact: option.Key, Text: Text($"{path}.{option.Key}"), Panel: PanelOf(option.Beat)!.Value)).OrderBy(option => QuizOrder.Key(story.Hash.Hex, asked.Id, option.Fact), StringComparer.Ordinal).ToList();
        return Beside(right, others.Select(option => (option.Fact, option.Text))) is not { } wrong
            ? null
            : new($"{asked.Kind}-{asked.Id}", asked.Kind, Text($"{path}.stem"), [
                new(right, true, Text(panel == 0 ? "because.band" : "because.said", "", right, panel)),
                .. wrong.Select(one => new QuizOption(one.Text, false, Text($"{path}.why.{one.Fact}", "", one.Text, others.First(option => option.Fact == one.Fact).Panel)))],
                asked.Must, panel, []);
    }

    /// <summary>Two answers beside the right one: other words, and none so short that the right one stands out.</summary>
    private static List<(string Fact, string Text)>? Beside(string right, IEnumerable<(string Fact, string Text)> others)
    {
        var all = others.Where(other => !string.Equals(other.Text.Trim(), right.Trim(), StringComparison.OrdinalIgnoreCase)).DistinctBy(other => other.Text.Trim(), StringComparer.OrdinalIgnoreCase).ToList();
        for (var one = 0; one < all.Count; one++)
            for (var other = one + 1; other < all.Count; other++)
                if (right.Length <= QuizLint.StandsOut * Math.Max(all[one].Text.Length, all[other].Text.Length))
                    return [all[one], all[other]];
        return null;
    }

    private static bool IsFair(QuizItem item)
    {
        var right = item.Options.First(option => option.Right);
        return right.Text.Length <= QuizLint.StandsOut * item.Options.Where(option => !option.Right).Max(option => option.Text.Length) && item.Options.Select(option => option.Text).Distinct(StringComparer.OrdinalIgnoreCase).Count() == item.Options.Count;
    }

    /// <summary>The value as its panel shows it, without the word it counts: that would give the answer away.</summary>
    private string? Told(string id)
    {
        if (!_shown.TryGetValue(id, out var cite))
            return null;
        var fact = story.Book.Facts[id];
        var format = (fact.Unit, cite.Format) switch { (Unit.Count, _) => "n", (Unit.Share, "k") => "of", (Unit.Moment, "moment") => "clock", var (_, shown) => shown };
        return Format.Of(format, fact).Say(new(fact, _language, story.OutOf, null));
    }

    /// <summary>Two that read the same after rounding cannot be told apart; those of another unit always can.</summary>
    private bool Differs(string asked, string value, string other)
    {
        var (one, two) = (story.Book.Facts[asked], story.Book.Facts[other]);
        return one.Unit != two.Unit || Format.Of(FormatOf(asked), two).Say(new(two, _language, story.OutOf, null)) != value;
    }

    private string FormatOf(string id) => (story.Book.Facts[id].Unit, _shown[id].Format) switch { (Unit.Count, _) => "n", (Unit.Share, "k") => "of", (Unit.Moment, "moment") => "clock", var (_, shown) => shown };

    /// <summary>How far two shares are apart, as their panels count; null when rounding could hide it.</summary>
    private string? GapOf(string one, string other)
    {
        var (first, second) = (story.Book.Facts[one], story.Book.Facts[other]);
        if (Math.Abs(first.Value - second.Value) <= NaturalFrequency.Tolerance || FormatOf(one) != FormatOf(other))
            return null;
        if (FormatOf(one) == "of")
        {
            var apart = Math.Abs(NaturalFrequency.Nearest(first.Value, story.OutOf, first.Better) - NaturalFrequency.Nearest(second.Value, story.OutOf, second.Better));
            return apart == 0 ? null : _language.Text("formats.out_of").Replace("{k}", $"{apart}", StringComparison.Ordinal).Replace("{n}", $"{story.OutOf}", StringComparison.Ordinal);
        }

        var digits = FormatOf(one) == "pct1" ? 1 : 0;
        var points = Math.Abs(Math.Round(first.Value * 100, digits) - Math.Round(second.Value * 100, digits));
        return points == 0 ? null : _language.Text("quiz.points").Replace("{n}", points.ToString(digits == 1 ? "0.0" : "0", _language.Culture), StringComparison.Ordinal);
    }

    /// <summary>The panel of a beat; 0 for the band under the panels.</summary>
    private int? PanelOf(string beat) => story.Panels.FirstOrDefault(panel => panel.Beat == beat)?.Number ?? (beat == "limits" ? 0 : null);

    /// <summary>A name on record, or the day of a moment.</summary>
    private string? NameOf(string id) => story.Book.Names.TryGetValue(id, out var name) ? Lettering.Name(name)
        : story.Book.Facts.TryGetValue(id, out var fact) ? Format.Of("weekday", fact).Say(new(fact, _language, story.OutOf, null)) : null;

    private string Thing(string fact) => Text($"things.{story.Book.Kind}.{fact}");

    private string Text(string path, string value = "", string thing = "", int panel = 0)
    {
        var (level, found) = (story.Level is Level.Child ? "child" : "grown", (string?)null);
        found = _language.Find($"quiz.{path}.{level}") ?? _language.Text($"quiz.{path}");
        var bound = new Binder(story.Book, _language, story.OutOf).Bind(found.Replace("{value}", "\u0001", StringComparison.Ordinal).Replace("{thing}", "\u0002", StringComparison.Ordinal).Replace("{panel}", "\u0003", StringComparison.Ordinal), 0, "quiz").Plain;
        return bound.Replace("\u0001", value, StringComparison.Ordinal).Replace("\u0002", thing, StringComparison.Ordinal).Replace("\u0003", panel.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal);
    }
}
