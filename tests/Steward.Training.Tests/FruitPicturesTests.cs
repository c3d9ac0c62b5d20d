using Steward.Drawing;
using Steward.Host.Templates.Fruit;

namespace Steward.Training.Tests;

public class FruitPicturesTests
{
    [Fact]
    public void A_picture_depends_on_its_seed_kind_style_and_index_alone()
    {
        var one = FruitPictures.Make(3, "kiwi", "noto", 5);
        Assert.Equal(one.Png, FruitPictures.Make(3, "kiwi", "noto", 5).Png);
        Assert.NotEqual(one.Png, FruitPictures.Make(4, "kiwi", "noto", 5).Png);
        Assert.NotEqual(one.Png, FruitPictures.Make(3, "kiwi", "noto", 6).Png);
        Assert.NotEqual(one.Png, FruitPictures.Make(3, "kiwi", "fluent", 5).Png);
    }

    [Fact]
    public void A_part_of_a_set_is_the_same_as_in_the_whole()
        => Assert.Equal(FruitPictures.Many(3, FruitPictures.KnownStyles, 0, 60).Skip(40).Select(fruit => fruit.Png), FruitPictures.Many(3, FruitPictures.KnownStyles, 40, 20).Select(fruit => fruit.Png));

    [Fact]
    public void Kinds_and_styles_take_turns_and_no_picture_comes_twice()
    {
        var fruit = FruitPictures.Many(3, FruitPictures.KnownStyles, 0, 160);
        Assert.All(fruit.CountBy(one => (one.Label, one.Style)), group => Assert.Equal(10, group.Value));
        Assert.Equal(160, fruit.Select(one => Convert.ToHexString(one.Png)).Distinct().Count());
    }

    [Fact]
    public void Every_drawing_shows_on_its_background()
        => Assert.All(FruitPictures.KnownStyles.Append(FruitPictures.NewStyle).SelectMany(style => FruitPictures.Kinds.Select(kind => FruitPictures.Make(1, kind, style, 0))), fruit =>
        {
            var picture = Picture.Decode(fruit.Png, 100_000);
            Assert.Equal((64, 64), (picture.Width, picture.Height));
            Assert.InRange(picture.Rgb.Distinct().Count(), 30, 256);
        });
}
