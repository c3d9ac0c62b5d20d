namespace Steward.Training;

/// <summary>The same picture seen a little differently; what it shows stays.</summary>
internal static class PictureVariants
{
    private const int Side = PictureFeatures.Side;

    internal static byte[] Mirror(byte[] rgb) => Moved(rgb, true, 0, 0);

    /// <summary>Perhaps mirrored, moved by up to 6 pixels (edges repeat), lighter or darker by up to a fifth.</summary>
    internal static byte[] Any(byte[] rgb, Random chance)
    {
        var moved = Moved(rgb, chance.Next(2) == 0, chance.Next(-6, 7), chance.Next(-6, 7));
        var gain = 0.8 + (0.4 * chance.NextDouble());
        for (var i = 0; i < moved.Length; i++)
            moved[i] = (byte)Math.Min(255, moved[i] * gain);
        return moved;
    }

    private static byte[] Moved(byte[] rgb, bool mirror, int right, int down)
    {
        var to = new byte[rgb.Length];
        for (var y = 0; y < Side; y++)
            for (var x = 0; x < Side; x++)
            {
                var (fromX, fromY) = (Math.Clamp((mirror ? Side - 1 - x : x) - right, 0, Side - 1), Math.Clamp(y - down, 0, Side - 1));
                rgb.AsSpan(((fromY * Side) + fromX) * 3, 3).CopyTo(to.AsSpan(((y * Side) + x) * 3));
            }
        return to;
    }
}
