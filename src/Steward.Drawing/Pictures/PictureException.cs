namespace Steward.Drawing;

/// <summary>Bytes that cannot become a picture. Nothing else escapes from <see cref="Picture.Decode(ReadOnlySpan{byte}, PictureLimits)"/>.</summary>
/// <param name="code">Stable: one of the constants of this class.</param>
/// <param name="message">One sentence for the person who sent the picture.</param>
public sealed class PictureException(string code, string message) : Exception(message)
{
    public const string Empty = "picture_empty";
    public const string UnknownFormat = "picture_unknown_format";
    public const string TooLarge = "picture_too_large";
    public const string Broken = "picture_broken";

    public string Code { get; } = code;
}
