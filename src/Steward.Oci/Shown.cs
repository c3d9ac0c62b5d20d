namespace Steward.Oci;

/// <summary>Foreign text inside our sentences.</summary>
internal static class Shown
{
    public static string Short(string? text, int most = 100)
    {
        var clean = new string([.. (text ?? "").Where(c => !char.IsControl(c))]);
        return clean.Length <= most ? clean : clean[..most] + "…";
    }
}
