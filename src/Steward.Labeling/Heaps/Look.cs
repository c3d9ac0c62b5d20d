namespace Steward.Labeling.Heaps;

/// <summary>A picture of 64 x 64 as the words see it: brightness, two colours that light does not change much, and how fast brightness changes.</summary>
internal sealed class Look
{
    /// <summary>Pixels along each edge; other pictures are brought to it.</summary>
    public const int Side = 64;

    /// <summary>Brightness, its square, red against green, both against blue, steepness.</summary>
    public const int Planes = 5;

    // The widest ring reaches so far over the edge, where the edge's pixels go on.
    private const int Rim = 12, Wide = Side + (2 * Rim), Half = Wide / 2;

    /// <summary>Places along each edge where words are looked up: every second pixel, three pixels from the edge.</summary>
    public const int Grid = 29;

    private const int First = 4;
    // Noise in dark corners must not become colour.
    private const float Dark = 10;

    // Each plane in four parts by odd and even places, so that every second pixel lies side by side.
    private readonly float[][] _parts = new float[Planes * 4][];

    public Look(ReadOnlySpan<byte> rgb)
    {
        Span<float> smooth = new float[Side * Side * 3];
        Smooth(rgb, smooth);
        var planes = new float[Planes][];
        for (var p = 0; p < Planes; p++)
            planes[p] = new float[Side * Side];
        for (var i = 0; i < Side * Side; i++)
        {
            float red = smooth[i * 3] + Dark, green = smooth[(i * 3) + 1] + Dark, blue = smooth[(i * 3) + 2] + Dark;
            planes[0][i] = MathF.Log((red + green + blue) / 3);
            planes[1][i] = planes[0][i] * planes[0][i];
            planes[2][i] = MathF.Log(red / green);
            planes[3][i] = MathF.Log(MathF.Sqrt(red * green) / blue);
        }

        for (var y = 1; y < Side - 1; y++)
            for (var x = 1; x < Side - 1; x++)
            {
                var at = (y * Side) + x;
                float across = planes[0][at + 1] - planes[0][at - 1], down = planes[0][at + Side] - planes[0][at - Side];
                planes[4][at] = MathF.Sqrt((across * across) + (down * down));
            }

        for (var p = 0; p < Planes; p++)
            Part(planes[p], p);
    }

    /// <summary>The value of a plane at an offset from every place of a row of the grid.</summary>
    public ReadOnlySpan<float> Row(int plane, int row, int dx, int dy)
    {
        int x = First + Rim + dx, y = First + Rim + dy + (2 * row);
        return _parts[(plane * 4) + ((y & 1) * 2) + (x & 1)].AsSpan((y / 2 * Half) + (x / 2), Grid);
    }

    private void Part(float[] plane, int p)
    {
        for (var part = 0; part < 4; part++)
            _parts[(p * 4) + part] = new float[Half * Half];
        for (var y = 0; y < Wide; y++)
            for (var x = 0; x < Wide; x++)
                _parts[(p * 4) + ((y & 1) * 2) + (x & 1)][(y / 2 * Half) + (x / 2)] = plane[(Math.Clamp(y - Rim, 0, Side - 1) * Side) + Math.Clamp(x - Rim, 0, Side - 1)];
    }

    /// <summary>A 3 x 3 mean with weights 1 2 1: grain goes, edges stay.</summary>
    private static void Smooth(ReadOnlySpan<byte> rgb, Span<float> to)
    {
        for (var y = 0; y < Side; y++)
            for (var x = 0; x < Side; x++)
                for (var c = 0; c < 3; c++)
                {
                    float sum = 0;
                    for (var dy = -1; dy <= 1; dy++)
                        for (var dx = -1; dx <= 1; dx++)
                            sum += (2 - Math.Abs(dx)) * (2 - Math.Abs(dy)) * rgb[(((Math.Clamp(y + dy, 0, Side - 1) * Side) + Math.Clamp(x + dx, 0, Side - 1)) * 3) + c];
                    to[(((y * Side) + x) * 3) + c] = sum / 16;
                }
    }
}
