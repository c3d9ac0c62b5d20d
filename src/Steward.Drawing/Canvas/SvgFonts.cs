using System.Globalization;
using System.Text;

namespace Steward.Drawing;

/// <summary>The typefaces of a drawing as its own style sheet.</summary>
internal static class SvgFonts
{
    /// <summary>Families after ours, for a page that serves them itself.</summary>
    internal const string Fallback = "'Comic Neue','Comic Sans MS',sans-serif";

    internal static string Class(Typeface face) => (face.Family == "Steward Comic" ? "c" : "r") + (face.Weight == Weight.Bold ? "b" : "r");

    internal static string Family(Typeface face) => $"'{face.Family}',{Fallback}";

    internal static int Number(Weight weight) => weight == Weight.Bold ? 700 : 400;

    /// <summary>Rules for the faces used, each with the letters it is asked for.</summary>
    internal static string Sheet(string id, IEnumerable<(Typeface Face, IReadOnlySet<Rune> Letters)> used)
    {
        var sheet = new StringBuilder();
        foreach (var (face, letters) in used.OrderBy(one => Class(one.Face), StringComparer.Ordinal))
        {
            var (format, bytes) = Bytes(face, letters);
            sheet.Append(CultureInfo.InvariantCulture, $"@font-face{{font-family:'{face.Family}';font-weight:{Number(face.Weight)};src:url(data:font/{format};base64,{Convert.ToBase64String(bytes)})}}")
                .Append(CultureInfo.InvariantCulture, $"#{id} .{Class(face)}{{font-family:{Family(face)};font-weight:{Number(face.Weight)}}}");
        }
        return sheet.Append(CultureInfo.InvariantCulture, $"#{id} text{{font-kerning:none;font-variant-ligatures:none}}").ToString();
    }

    // Comic Neue goes whole and packed. Andika is 700 kB and may be cut only under another name, which "Steward Reading" is.
    private static (string Format, byte[] Bytes) Bytes(Typeface face, IReadOnlySet<Rune> letters)
        => face.Family == "Steward Comic"
            ? ("woff2", Lettering.File(face.Weight == Weight.Bold ? "ComicNeue-Bold.woff2" : "ComicNeue-Regular.woff2"))
            : ("ttf", FontCut.Of(face, letters));
}
