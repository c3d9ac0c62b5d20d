namespace Steward.Packaging.Scanning;

/// <summary>Files that run code when they are opened as what they are: pickles, and archives of them.</summary>
internal static class PickleSigns
{
    private static readonly string[] Endings = [".pkl", ".pickle", ".joblib", ".pt", ".pth", ".dill"];

    /// <summary>Why a file must not be there; null when it is none. Nothing of it is run or taken apart.</summary>
    public static string? In(string path, ReadOnlySpan<byte> head)
    {
        if (IsPickle(head))
            return "It is a pickle: opening it runs whatever it says.";
        if (head.StartsWith("PK\x03\x04"u8) && (head.IndexOf("data.pkl"u8) >= 0 || head.IndexOf(".pkl"u8) >= 0))
            return "It is an archive with a pickle in it: opening it runs whatever it says.";
        return Endings.Any(ending => path.EndsWith(ending, StringComparison.OrdinalIgnoreCase)) ? "By its name it is a pickle: opening it runs whatever it says." : null;
    }

    /// <summary>Protocols 2 to 5 begin with 0x80 and their number; from 4 on a frame of 8 bytes follows (PEP 307, PEP 3154, PEP 574).</summary>
    private static bool IsPickle(ReadOnlySpan<byte> head) => head.Length > 10 && head[0] == 0x80 && head[1] switch
    {
        2 or 3 => head[2] is (byte)'c' or (byte)'}' or (byte)']' or (byte)'(' or (byte)'X' or (byte)'K' or (byte)'J' or (byte)'M' or (byte)'G' or (byte)'\x8a',
        4 or 5 => head[2] == 0x95,
        _ => false,
    };
}
