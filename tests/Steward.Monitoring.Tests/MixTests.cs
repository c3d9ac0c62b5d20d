using CsCheck;

namespace Steward.Monitoring.Tests;

public sealed class MixTests
{
    private static readonly Dictionary<string, int> Usual = new() { ["apple"] = 120, ["kiwi"] = 100, ["lime"] = 20 };

    [Fact]
    public void The_kind_that_stands_out_is_named_with_its_direction_and_limit()
    {
        var many = Of(apple: 20, kiwi: 80, lime: 0);
        Assert.Equal(("kiwi", true, 80, 100, 240), (many.Kind, many.More, many.Count, many.ReferenceCount, many.ReferenceOf));
        Assert.True(many.Alarms && many.Count >= many.Limit && many.Ratio > 1, many.ToString());
        var few = Of(apple: 90, kiwi: 3, lime: 7);
        Assert.Equal(("kiwi", false, true), (few.Kind, few.More, few.Alarms));
        Assert.True(few.Count <= few.Limit, few.ToString());
    }

    [Fact]
    public void The_same_mix_does_not_alarm_and_a_kind_that_was_never_answered_does()
    {
        Assert.False(Of(apple: 50, kiwi: 42, lime: 8).Alarms);
        var unknown = Mix.Of(Usual, [.. Enumerable.Repeat("apple", 45), .. Enumerable.Repeat("kiwi", 35), .. Enumerable.Repeat("pear", 20)], 1e-4, Against.TestSplit, 1)!;
        Assert.Equal(("pear", 0, true), (unknown.Kind, unknown.ReferenceCount, unknown.Alarms));
    }

    [Fact]
    public void Without_a_reference_nothing_is_judged() => Assert.Null(Mix.Of(new Dictionary<string, int>(), ["apple"], 1e-4, Against.TestSplit, 1));

    [Fact]
    public void A_count_alarms_exactly_from_its_limit_on() => Gen.Select(Gen.Int[0, 100], Gen.Int[1, 400], Gen.Bool).Sample((before, more, up) =>
    {
        var rows = before + more;
        for (var count = 0; count <= 50; count++)
        {
            var p = up ? Statistics.ShareShift.PValue(before, rows, count, 50) : Statistics.ShareShift.PValue(rows - before, rows, 50 - count, 50);
            Assert.Equal(p <= 1e-4, Mix.Limit(before, rows, 50, up, 1e-4) is { } limit && (up ? count >= limit : count <= limit));
        }
    }, iter: 100);

    [Fact]
    public void Chance_alarms_no_more_often_than_it_may_however_many_kinds_there_are()
    {
        var (random, alarms) = (new Random(1), 0);
        for (var round = 0; round < 2000; round++)
        {
            string Kind() => $"{random.Next(8)}";
            var reference = Enumerable.Range(0, 240).Select(_ => Kind()).CountBy(kind => kind).ToDictionary();
            alarms += Mix.Of(reference, [.. Enumerable.Range(0, 100).Select(_ => Kind())], 0.05, Against.TestSplit, 1)!.Alarms ? 1 : 0;
        }

        Assert.InRange(alarms, 0, 100);
    }

    [Fact]
    public void Mistakes_that_are_too_few_in_one_batch_alarm_in_many()
    {
        Assert.Null(Judge(6, 1).Alarm);
        Assert.Equal((4, 24, 80), Judge(6, 8).Alarm);
        Assert.Equal(1, Judge(16, 8).Alarm!.Value.Batches);
        Assert.Null(Mistakes.Judge(new(), 0, 0, 20, 20, []).Limit);

        ((int Batches, int Wrong, int Of)? Alarm, int _) Judge(int wrong, int batches)
        {
            var judged = Mistakes.Judge(new(), 20, 240, wrong, 20, [.. Enumerable.Repeat((wrong, 20), batches - 1)]);
            return (judged.Wrong >= judged.Limit ? (judged.Batches, judged.Wrong, judged.Of) : null, 0);
        }
    }

    private static KindShare Of(int apple, int kiwi, int lime)
        => Mix.Of(Usual, [.. Enumerable.Repeat("apple", apple), .. Enumerable.Repeat("kiwi", kiwi), .. Enumerable.Repeat("lime", lime)], 1e-4, Against.TestSplit, 1)!;
}
