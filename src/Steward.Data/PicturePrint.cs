using Steward.Drawing;

namespace Steward.Data;

/// <summary>What is known of a picture's looks without decoding it again.</summary>
/// <param name="Pixels">Digest of size and decoded pixels: the same for one picture in several lossless formats.</param>
/// <param name="Look">What a person sees who glances at it.</param>
internal sealed record PicturePrint(Digest Pixels, PictureHash Look)
{
    public static PicturePrint Of(Picture picture) => new(Digest.Of($"{picture.Width} x {picture.Height} {Digest.Of(picture.Rgb)}"), PictureHash.Of(picture));
}
