namespace Steward.Drawing;

public enum HairStyle { Bun, Cropped, Loose, Curls, Scarf, Bald, Bob, Tail }

/// <summary>How a person looks. One builder draws everybody.</summary>
public sealed record PersonLook(string Name, string Skin, string Hair, string Shirt, string Apron, HairStyle Style, bool Glasses = false, bool Beard = false);

/// <summary>The people of the stories. They appear by role, and no role has one face.</summary>
public static class People
{
    public static PersonLook Juno { get; } = new("Juno", "#B97A4E", "#3A2A2D", "#4D8CCB", "#F3B63A", HairStyle.Bun);

    public static PersonLook Omar { get; } = new("Omar", "#E8B58B", "#6B4A2E", "#5E9C6B", "#E9E2D2", HairStyle.Cropped);

    public static PersonLook Mei { get; } = new("Mei", "#F2CBA5", "#2C2A3A", "#C65F7E", "#CFE3F1", HairStyle.Bob, Glasses: true);

    public static PersonLook Kofi { get; } = new("Kofi", "#7A4B33", "#2A2023", "#E08A3C", "#DDEBD5", HairStyle.Curls, Beard: true);

    public static PersonLook Noor { get; } = new("Noor", "#D9A077", "#5A6DB8", "#7E6BB5", "#F2DDB8", HairStyle.Scarf);

    public static PersonLook Lars { get; } = new("Lars", "#F3CDB0", "#C9C4BC", "#54809C", "#E3D3C0", HairStyle.Bald, Glasses: true, Beard: true);

    public static PersonLook Ines { get; } = new("Ines", "#E5AE82", "#7B3F22", "#3F948C", "#F6D6CF", HairStyle.Loose);

    public static PersonLook Tala { get; } = new("Tala", "#A9683F", "#241B1E", "#B5524A", "#D8E2F0", HairStyle.Tail);

    public static IReadOnlyList<PersonLook> Roster { get; } = [Juno, Omar, Mei, Kofi, Noor, Lars, Ines, Tala];

    /// <summary>The same person for the same seed; the faces of a role differ from seed to seed, two of one story never meet their double
    /// when their <paramref name="place"/> differs.</summary>
    /// <param name="place">0 for the first person of a story, 1 for the second and so on.</param>
    public static PersonLook For(string seed, int place)
    {
        // A sum that is the same on every machine and in every run; string.GetHashCode is not.
        var sum = seed.Aggregate(17u, (hash, letter) => (hash * 31) + letter);
        return Roster[(int)((sum + (uint)(place * 3)) % (uint)Roster.Count)];
    }
}
