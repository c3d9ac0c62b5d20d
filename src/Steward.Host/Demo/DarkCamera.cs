using Steward.Drawing;

namespace Steward.Host.Demo;

/// <summary>The same pictures as a camera in the dark would take them: less light, and the noise that comes with it.</summary>
internal static class DarkCamera
{
    /// <summary>How much of the light is left, from dusk to night.</summary>
    public static IReadOnlyList<double> Light { get; } = [0.35, 0.2, 0.1];

    public static byte[] Take(byte[] bytes, double light, int seed)
    {
        var (picture, chance) = (Picture.Decode(bytes, bytes.Length), new Random(seed));
        return Picture.FromRgb(picture.Width, picture.Height, [.. picture.Rgb.Select(value => (byte)Math.Clamp((value * light) + ((chance.NextDouble() + chance.NextDouble() - 1) * 24), 0, 255))]).EncodePng();
    }
}
