using Steward.Projects;

namespace Steward.Training;

/// <summary>The section <c>train</c>: what is learned from what, and which tunes are tried.</summary>
public sealed record TrainSection
{
    public static Section Section { get; } = Section.Of<TrainSection>("train", "What is learned from what, and which tunes are tried.", Complaints);

    /// <summary>What kind of learning; <c>picture-classification</c> is what Steward has.</summary>
    public string Task { get; init; } = "picture-classification";

    /// <summary>The data set it learns from.</summary>
    public string Data { get; init; } = "pictures";

    /// <summary>The registered model that the best tune becomes a version of; the project's name by default.</summary>
    public string? Model { get; init; }

    /// <summary>Every random choice follows from it.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>Patterns looked for in the pictures, 8 to 512. Time grows with it.</summary>
    public int Filters { get; init; } = 128;

    /// <summary>How much a picture that people were asked to name counts against an imported one, 1 to 100.</summary>
    public double LabelWeight { get; init; } = 12;

    /// <summary>The ways that are tried; they share the features.</summary>
    public IReadOnlyList<TunePlan> Tunes { get; init; } = [new() { Name = "gentle", L2 = 0.1 }, new() { Name = "strict", L2 = 1 }, new() { Name = "quick", L2 = 0.3, LearningRate = 0.003, Epochs = 6 }];

    public TrainLimits Limits { get; init; } = new();

    private static IEnumerable<(string Path, string Why)> Complaints(TrainSection train)
    {
        if (train.Task != "picture-classification")
            yield return ("train.task", $"'{Names.Shorten(train.Task)}' is not known; write picture-classification.");
        foreach (var (path, what, name) in new[] { ("train.data", "data set", train.Data), ("train.model", "model", train.Model ?? "model") })
            if (Complaint(what, name) is { } why)
                yield return (path, why);
        if (train.Filters is < 8 or > 512)
            yield return ("train.filters", "the number of patterns is 8 to 512.");
        if (train.LabelWeight is < 1 or > 100)
            yield return ("train.label_weight", "a label counts 1 to 100 times.");
        if (train.Tunes.Count is < 1 or > 50)
            yield return ("train.tunes", "there are 1 to 50 tunes.");
        if (train.Tunes.GroupBy(tune => tune.Name).FirstOrDefault(same => same.Count() > 1) is { } twice)
            yield return ("train.tunes", $"the tune '{Names.Shorten(twice.Key)}' is there twice.");
        foreach (var (tune, i) in train.Tunes.Select((tune, i) => (tune, i)))
            if (Complaint("tune", tune.Name) is { } why)
                yield return ($"train.tunes[{i}].name", why);
            else if (tune.L2 < 0 || tune.LearningRate is <= 0 or > 1 || tune.Epochs is < 1 or > 1000)
                yield return ($"train.tunes[{i}]", "l2 is at least 0, learning_rate above 0 and at most 1, epochs 1 to 1000.");
        if (train.Limits.Memory < 256L << 20 || train.Limits.Time < TimeSpan.FromSeconds(1))
            yield return ("train.limits", "a training needs at least 256MiB and 1s.");
    }

    private static string? Complaint(string what, string name)
    {
        try
        {
            Names.Check(what, name);
            return null;
        }
        catch (ProblemException problem)
        {
            return problem.Message;
        }
    }
}

/// <summary>One tune of a study.</summary>
public sealed record TunePlan
{
    public string Name { get; init; } = "";

    /// <summary>Weight decay: higher trusts single features less.</summary>
    public double L2 { get; init; } = 0.1;

    /// <summary>The first step size; it falls to nothing along a half cosine.</summary>
    public double LearningRate { get; init; } = 0.001;

    /// <summary>Walks over the training pictures.</summary>
    public int Epochs { get; init; } = 12;
}

public sealed record TrainLimits
{
    /// <summary>Bytes the training process may hold: <c>2GiB</c>.</summary>
    public long Memory { get; init; } = 2L << 30;

    public TimeSpan Time { get; init; } = TimeSpan.FromMinutes(30);
}
