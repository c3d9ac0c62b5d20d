using Steward.Oci;

namespace Steward.Packaging.Images;

internal static class OciProblems
{
    /// <summary>The library's trouble in the platform's words.</summary>
    public static ProblemException AsProblem(this OciException error) => new(error.Trouble switch
    {
        OciTrouble.NotFound => ProblemKind.NotFound,
        OciTrouble.Denied => ProblemKind.Denied,
        OciTrouble.TooLarge => ProblemKind.TooLarge,
        OciTrouble.Unavailable => ProblemKind.Unavailable,
        OciTrouble.Differs => ProblemKind.Conflict,
        _ => ProblemKind.Invalid,
    }, error.Trouble switch
    {
        OciTrouble.NotFound => "image_not_found",
        OciTrouble.Denied => "registry_denied",
        OciTrouble.TooLarge => "image_too_large",
        OciTrouble.Unavailable => "registry_unavailable",
        OciTrouble.Differs => "digest_differs",
        _ => "image_invalid",
    }, error.Message, error.Try);
}
