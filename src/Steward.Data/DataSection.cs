using Steward.Projects;

namespace Steward.Data;

/// <summary>The section <c>data</c> of the project file: data sets by name.</summary>
internal static class DataSection
{
    public static Section Of() => Section.Of<IReadOnlyDictionary<string, DataSetPlan>>("data", "Data sets by name: where they come from, how they are split, what is expected of them.", Complaints);

    /// <summary>The plan of a data set; the defaults when the file does not name it.</summary>
    public static DataSetPlan PlanOf(this Project project, string dataSet)
        => project.File.Get<Dictionary<string, DataSetPlan>>("data").TryGetValue(dataSet, out var plan) ? plan : new();

    private static IEnumerable<(string Path, string Why)> Complaints(IReadOnlyDictionary<string, DataSetPlan> sets)
        => sets.SelectMany(pair => pair.Value.Complaints().Select(complaint => ($"{pair.Key}.{complaint.Path}", complaint.Why)));
}

/// <summary>What the project says about one data set.</summary>
public sealed record DataSetPlan
{
    /// <summary>What the items are. <c>image-set</c>: pictures with one label each.</summary>
    public string Kind { get; init; } = "image-set";

    /// <summary>The folder that <c>steward data add</c> takes when it is given none.</summary>
    public string? Path { get; init; }

    /// <summary>How pictures that are not sorted into train, valid and test are split.</summary>
    public SplitShares Split { get; init; } = new();

    /// <summary>Data tests: every snapshot passes them, or is not added.</summary>
    public IReadOnlyList<DataTest> Expect { get; init; } = [];

    internal IEnumerable<(string Path, string Why)> Complaints()
    {
        if (Kind != "image-set")
            yield return ("kind", $"'{Kind}' is not known; write image-set.");
        if (!Split.AddUp)
            yield return ("split", "the shares of train, valid and test are numbers from 0 to 1 that add up to 1.");
        foreach (var (test, i) in Expect.Select((test, i) => (test, i)))
            if (test.Complaint is { } why)
                yield return ($"expect[{i}].check", why);
    }
}

/// <summary>Shares of the pictures, and the seed that makes the same split every time.</summary>
public sealed record SplitShares
{
    public double Train { get; init; } = 0.7;
    public double Valid { get; init; } = 0.15;
    public double Test { get; init; } = 0.15;
    public int Seed { get; init; } = 7;

    internal double Of(Split split) => split switch
    {
        Data.Split.Train => Train,
        Data.Split.Valid => Valid,
        _ => Test,
    };

    internal bool AddUp => new[] { Train, Valid, Test }.All(share => share is >= 0 and <= 1) && Math.Abs(Train + Valid + Test - 1) < 1e-6;
}
