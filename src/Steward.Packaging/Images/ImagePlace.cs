using Steward.Oci;

namespace Steward.Packaging.Images;

/// <summary>Where an image comes from or goes to, as a person types it: <c>layout:DIR</c>, <c>archive:FILE</c>, <c>folder:DIR</c>, or a registry's <c>host/name:tag</c>.</summary>
internal abstract record ImagePlace(string Said)
{
    public sealed record Layout(string Said, string Path) : ImagePlace(Said);

    public sealed record Archive(string Said, string Path) : ImagePlace(Said);

    /// <summary>A root file system, unpacked.</summary>
    public sealed record Folder(string Said, string Path) : ImagePlace(Said);

    public sealed record InRegistry(string Said, ImageReference Reference) : ImagePlace(Said);

    public static ImagePlace Parse(string said)
    {
        var colon = said.IndexOf(':', StringComparison.Ordinal);
        var rest = colon < 0 ? "" : said[(colon + 1)..];
        if (colon > 0 && said[..colon] is "layout" or "oci" or "archive" or "oci-archive" or "docker-archive" or "folder" && rest.Length == 0)
            throw ProblemException.Invalid("place_invalid", $"'{Names.Shorten(said)}' names no file or folder.", "Write layout:DIR, archive:FILE, folder:DIR or host/name:tag.");
        return colon < 0 ? Registry(said) : said[..colon] switch
        {
            "layout" or "oci" => new Layout(said, System.IO.Path.GetFullPath(rest)),
            "archive" or "oci-archive" or "docker-archive" => new Archive(said, System.IO.Path.GetFullPath(rest)),
            "folder" => new Folder(said, System.IO.Path.GetFullPath(rest)),
            _ => Registry(said),
        };

        static ImagePlace Registry(string said)
        {
            try
            {
                return new InRegistry(said, ImageReference.Parse(said));
            }
            catch (OciException refused)
            {
                throw ProblemException.Invalid("place_invalid", refused.Message, "Write layout:DIR, archive:FILE, folder:DIR or host/name:tag.");
            }
        }
    }
}
