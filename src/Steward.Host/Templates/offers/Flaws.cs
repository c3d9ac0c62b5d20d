namespace Steward.Host.Templates.Offers;

/// <summary>What is wrong with the files on purpose, by the hour of the day whose file has it.</summary>
internal static class Flaws
{
    /// <summary>Orders of this hour come with the file of <see cref="LateTo"/>: a till was offline.</summary>
    public const int LateFrom = 7, LateTo = 15;

    /// <summary>The export of this hour broke off many lines; a right one comes later.</summary>
    public const int Broken = 14;

    /// <summary>Somebody of whom the customer file knows nothing: a good row, whose fact gets the unknown member.</summary>
    public const int Stranger = 13;

    /// <summary>Rows that cannot be read, more of them than lines that could: each is set aside, and why.</summary>
    public static IReadOnlyDictionary<int, string> Bad { get; } = new Dictionary<int, string>
    {
        [9] = "GEN-2017-900001,1,2017-12-30T09:12:44,GEN-00017,Consumer",
        [10] = "GEN-2017-900002,1,2017-12-30T10:03:02,GEN-00023,Corporate,OFF-PA-10000174,two,0,20.56",
        [11] = "GEN-2017-900003,1,2017-02-30T11:40:10,GEN-00031,Consumer,OFF-PA-10000174,2,0,20.56",
        [16] = "GEN-2017-900004,1,2017-12-30T16:20:00,GEN-00042,Home Office,OFF-PA-10000174,1,0,10.28,10,28",
        [18] = ",1,2017-12-30T18:01:59,GEN-00055,Consumer,OFF-PA-10000174,1,0,10.28",
    };

    /// <summary>A line of the broken export: cut off in the middle of the product.</summary>
    public static string Cut(string line) => line[..(line.IndexOf(',', line.IndexOf('T') + 1) + 6)];
}
