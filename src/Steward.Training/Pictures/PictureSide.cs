using Steward.Drawing;

namespace Steward.Training;

/// <summary>In how many pixels pictures are looked at.</summary>
public static class PictureSide
{
    /// <summary>So many pictures tell the size of all.</summary>
    public const int Enough = 50;

    private const int Small = 32, Usual = 64;

    /// <summary>32 when most of them are hardly larger than that, else 64: enlarging teaches nothing and costs three times as much.</summary>
    public static int For(IReadOnlyList<Picture> some)
        => some.Select(picture => Math.Max(picture.Width, picture.Height)).Order().ElementAt(some.Count / 2) <= Small * 5 / 4 ? Small : Usual;
}
