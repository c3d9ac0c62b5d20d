using Steward.Oci;

namespace Steward.Packaging.Images;

/// <summary>What a task of kind <c>image</c> is asked to do.</summary>
/// <param name="Base">The manifest of a base that was sent before; null for this server's own system.</param>
/// <param name="BaseName">What the person called it.</param>
internal sealed record ImageOrder(string Project, string Model, int Version, Descriptor? Base, string? BaseName, string By)
{
    /// <summary>Names of the project's own steps, whose layers were sent before.</summary>
    public IReadOnlyList<string> Steps { get; init; } = [];

    public const string Kind = "image";
}

internal sealed record ImageDone(string Build, string Image, string Digest, string ModelDigest, long Size, long NewBytes, double Seconds, bool Cached);
