using Steward.Drawing;
using Steward.Host.Templates.Fruit;
using Steward.Labeling.Heaps;
using Steward.Statistics;

namespace Steward.Labeling.Tests;

/// <summary>Pictures of one kind come to lie together, though nobody said what they show.</summary>
public class PictureHeapsTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public void Fruit_before_cluttered_backgrounds_comes_into_heaps_that_a_person_can_name()
    {
        var fruit = FruitPictures.Many(1, FruitPictures.KnownStyles, 0, 800);
        var truth = fruit.Select(one => FruitPictures.Kinds.ToList().IndexOf(one.Label)).ToArray();
        var heaps = Sort([.. fruit.Select(one => Picture.Decode(one.Png, 1 << 20).Rgb)], new HeapOrder("p", "d", 1, null, "mia").HeapsFor(800));
        Assert.Equal(40, heaps.Distinct().Count());
        // A person gives every heap the name of most of its pictures.
        var named = heaps.Select(heap => heaps.Zip(truth).Where(one => one.First == heap).CountBy(one => one.Second).MaxBy(kind => kind.Value).Key).ToArray();
        Assert.InRange(AdjustedRand.Index(named, truth), 0.8, 1);
        Assert.Equal(FruitPictures.Kinds.Count, named.Distinct().Count());
    }

    [Fact]
    public void The_same_pictures_give_the_same_heaps()
    {
        var pictures = FruitPictures.Many(2, FruitPictures.KnownStyles, 0, 48).Select(one => Picture.Decode(one.Png, 1 << 20).Rgb).ToList();
        Assert.Equal(Sort(pictures, 8), Sort(pictures, 8));
    }

    [Theory]
    [InlineData(2)]
    [InlineData(5)]
    public void Few_pictures_and_pictures_that_are_all_alike_are_sorted_too(int count)
    {
        var grey = Enumerable.Range(0, count).Select(_ => Enumerable.Repeat((byte)99, Heaps.Look.Side * Heaps.Look.Side * 3).ToArray()).ToList();
        Assert.Equal(count, Sort(grey, 2).Length);
        grey[0] = [.. grey[0].Select((_, i) => (byte)(i % 251))];
        Assert.Equal(count, Sort(grey, 2).Length);
    }

    [Fact]
    public void Without_being_told_there_are_more_heaps_for_more_pictures_up_to_forty()
        => Assert.Equal([2, 20, 40, 40], new[] { 2, 200, 800, 10_000 }.Select(new HeapOrder("p", "d", 1, null, "mia").HeapsFor));

    private static int[] Sort(IReadOnlyList<byte[]> pictures, int heaps) => [.. new PictureHeaps((_, _) => { }, Stop).Sort(pictures, heaps, 1).Select(one => one.Heap)];
}
