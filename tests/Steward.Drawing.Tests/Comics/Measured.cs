namespace Steward.Drawing.Tests.Comics;

/// <summary>Strings that stories are made of, for comparing widths.</summary>
internal static class Measured
{
    private static readonly string[] Starts = ["Stop!", "Früchte", "AVAVA To Ty", "At 1 o’clock", "office fluffy", "Pom 3", "“Yes”", "İpek ğ", "Ж мир", "92,5 %"];

    private static readonly string[] Ends = ["are sure!", "out of 20 right", "fiel", "– a new lamp came on", "WAVE", "1 2 3 4", "Grenze", "ffi fl", "j", "looks at colour and shape.", "Tao", "y.", "über alles", "“no”", "(a)", "k/m", "1:2", "Rill", "Terrace", "?!"];

    /// <summary>Two hundred.</summary>
    public static IEnumerable<string> Strings() => from start in Starts from end in Ends select $"{start} {end}";
}
