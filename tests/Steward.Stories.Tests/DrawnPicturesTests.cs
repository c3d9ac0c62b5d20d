namespace Steward.Stories.Tests;

public class DrawnPicturesTests
{
    [Fact]
    public void What_was_drawn_is_not_drawn_again_and_the_longest_unwanted_goes_first()
    {
        var (kept, drawn) = (new DrawnPictures(100), new List<string>());
        byte[] Get(string tag, int bytes = 40) => kept.Get(tag, () =>
        {
            drawn.Add(tag);
            return new byte[bytes];
        });
        Assert.Same(Get("a"), Get("a"));
        Get("b");
        Get("a");
        Get("c");
        Assert.Equal(80, kept.Bytes);
        Get("a");
        Get("b");
        Assert.Equal(["a", "b", "c", "b"], drawn);
        Get("large", 101);
        Get("large", 101);
        Assert.Equal((6, 80L), (drawn.Count, kept.Bytes));
    }

    [Fact]
    public void Many_at_once_get_what_they_asked_for_and_the_bound_holds()
    {
        var kept = new DrawnPictures(5000);
        Parallel.For(0, 4000, i =>
        {
            var wanted = (byte)(i * 7919 % 200);
            Assert.All(kept.Get($"{wanted}", () => [.. Enumerable.Repeat(wanted, 1 + wanted)]), one => Assert.Equal(wanted, one));
            Assert.InRange(kept.Bytes, 0, 5000);
        });
    }
}
