namespace Steward.Oci;

/// <summary>Something about an image or a registry that the caller can understand and act on.</summary>
/// <param name="trouble">What kind of trouble it is.</param>
/// <param name="why">One sentence for a person.</param>
/// <param name="tryThis">One thing to try, when there is one.</param>
public sealed class OciException(OciTrouble trouble, string why, string? tryThis = null, Exception? inner = null) : Exception(why, inner)
{
    public OciTrouble Trouble { get; } = trouble;

    public string? Try { get; } = tryThis;

    internal static OciException Invalid(string why, string? tryThis = null) => new(OciTrouble.Invalid, why, tryThis);

    internal static OciException NotFound(string why, string? tryThis = null) => new(OciTrouble.NotFound, why, tryThis);

    internal static OciException TooLarge(string why, string? tryThis = null) => new(OciTrouble.TooLarge, why, tryThis);

    /// <summary>Bytes that are not what their digest says: nobody should use them.</summary>
    internal static OciException Differs(string why) => new(OciTrouble.Differs, why, "Fetch it again; when it stays so, do not trust where it comes from.");
}

public enum OciTrouble
{
    /// <summary>Malformed, or refused because it is dangerous.</summary>
    Invalid,
    NotFound,

    /// <summary>The registry wants other credentials.</summary>
    Denied,

    /// <summary>The bytes are not those that the digest names.</summary>
    Differs,
    TooLarge,

    /// <summary>A registry that does not answer, or not as registries do.</summary>
    Unavailable,
}
