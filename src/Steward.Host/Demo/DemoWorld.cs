using Steward.Host.Templates.Fruit;

namespace Steward.Host.Demo;

/// <summary>The outside world of the demo: it has pictures, sends them, and knows what they really show.</summary>
internal sealed class DemoWorld(int seed)
{
    /// <summary>Pictures of the first data set: for training, for choosing, for judging.</summary>
    public const int Train = 3200, Valid = 400, Test = 640;

    private readonly Dictionary<string, string> _truth = [];
    private int _known = Train + Valid + Test, _new;

    /// <summary>The pictures of the first data set; what is sent later is never among them.</summary>
    public IReadOnlyList<FruitPicture> First() => FruitPictures.Many(seed, FruitPictures.KnownStyles, 0, Train + Valid + Test);

    /// <summary>Fresh pictures in the styles that the first data set has.</summary>
    public IReadOnlyList<FruitPicture> Known(int count) => Remember(FruitPictures.Many(seed, FruitPictures.KnownStyles, (_known += count) - count, count));

    /// <summary>Fresh pictures in the style that comes later.</summary>
    public IReadOnlyList<FruitPicture> Changed(int count) => Remember(FruitPictures.Many(seed, [FruitPictures.NewStyle], (_new += count) - count, count));

    /// <summary>What a picture that was sent really shows.</summary>
    public string Truth(byte[] png) => _truth[Digest.Of(png).Hex];

    private IReadOnlyList<FruitPicture> Remember(IReadOnlyList<FruitPicture> pictures)
    {
        foreach (var picture in pictures)
            _truth[Digest.Of(picture.Png).Hex] = picture.Label;
        return pictures;
    }
}
