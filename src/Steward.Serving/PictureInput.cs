using Steward.Drawing;
using Steward.Onnx;

namespace Steward.Serving;

/// <summary>The input of a model that takes pictures: <c>uint8[N,H,W,3]</c>, with fixed or free sides.</summary>
/// <param name="Name">Its name in the graph.</param>
/// <param name="Height">Rows, null when the model takes any.</param>
/// <param name="Width">Columns, null when the model takes any.</param>
/// <param name="Square">How pictures became squares when it learned.</param>
internal sealed record PictureInput(string Name, int? Height, int? Width, Squaring Square)
{
    /// <summary>Sides of a picture for a model that takes any: beyond it there is nothing to see for a classifier, and memory to lose.</summary>
    private const int LongestSide = 1024;

    /// <param name="square">What the model's file says under <c>square</c>; null when it says nothing.</param>
    public static PictureInput? Of(Signature signature, string? square)
        => signature.Inputs is [{ Type: ElementType.UInt8, Shape: [var batch, var height, var width, { Size: 3 }] } only] && batch.Size is null or 1
            ? new(only.Name, (int?)height.Size, (int?)width.Size, Enum.TryParse<Squaring>(square, ignoreCase: true, out var how) ? how : Squaring.Stretch)
            : null;

    /// <summary>Decodes within limits and brings the picture to the model's size.</summary>
    /// <exception cref="ProblemException">No picture, broken, or too large.</exception>
    public Picture Read(ReadOnlySpan<byte> bytes, long mostBytes)
    {
        try
        {
            var picture = Picture.Decode(bytes, mostBytes).Square(Square);
            var shrink = Math.Min(1, (double)LongestSide / Math.Max(picture.Width, picture.Height));
            return picture.Resize(Width ?? Math.Max(1, (int)(picture.Width * shrink)), Height ?? Math.Max(1, (int)(picture.Height * shrink)));
        }
        catch (PictureException error)
        {
            throw new ProblemException(error.Code == PictureException.TooLarge ? ProblemKind.TooLarge : ProblemKind.Invalid, error.Code, error.Message, "Send one JPEG, PNG, WebP, GIF or BMP picture as the body.");
        }
    }
}
