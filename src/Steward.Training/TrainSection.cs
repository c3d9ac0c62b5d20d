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

    /// <summary>Pixels along the edge of the square that pictures are looked at in, 32 or 64; chosen by the pictures when not said.</summary>
    public int? Size { get; init; }

    /// <summary>Patterns looked for in the pictures, two of three at half size, 8 to 512. Time grows with it.</summary>
    public int Filters { get; init; } = 192;

    /// <summary>Mirrored, turned, moved and relit copies of each picture that are learned from too, 0 to 20. Sets of more than 20,000
    /// pictures are varied enough without.</summary>
    public int Copies { get; init; } = 4;

    /// <summary>What pictures show is around their middle: some copies get the edges of other pictures, so that backgrounds are not learned.</summary>
    public bool Centred { get; init; } = true;

    /// <summary>How much a picture that people were asked to name counts against an imported one, 1 to 100.</summary>
    public double LabelWeight { get; init; } = 10;

    /// <summary>The ways that are tried; they share the features.</summary>
    public IReadOnlyList<TunePlan> Tunes { get; init; } = 
    [
        new() { Name = "plain" },
        new() { Name = "strict", L2 = 0.5 },
        new() { Name = "wide", Hidden = 480 },
        new() { Name = "forgetful", Dropout = 0.5 },
        new() { Name = "hasty", LearningRate = 0.005, Epochs = 6 },
        new() { Name = "straight", Hidden = 0 },
    ];

    public TrainLimits Limits { get; init; } = new();

    /// <summary>The engine that runs the tunes, each as a task of its own, as <c>steward engine list</c> names it; without one, this server trains them together in one process.</summary>
    public string? On { get; init; }

    private static IEnumerable<(string Path, string Why)> Complaints(TrainSection train)
    {
        if (train.Task != "picture-classification")
            yield return ("train.task", $"'{Names.Shorten(train.Task)}' is not known; write picture-classification.");
        foreach (var (path, what, name) in new[] { ("train.data", "data set", train.Data), ("train.model", "model", train.Model ?? "model"), ("train.on", "engine", train.On ?? "process") })
            if (Complaint(what, name) is { } why)
                yield return (path, why);
        if (train.Size is not (null or 32 or 64))
            yield return ("train.size", "pictures are looked at in 32 or 64 pixels; leave it out to let the pictures choose.");
        if (train.Copies is < 0 or > 20)
            yield return ("train.copies", "a picture has 0 to 20 copies.");
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
            else if (tune.L2 is not (>= 0 and <= 1000) || tune.LearningRate is not (> 0 and <= 1) || tune.Epochs is < 1 or > 1000)
                yield return ($"train.tunes[{i}]", "l2 is 0 to 1000, learning_rate above 0 and at most 1, epochs 1 to 1000.");
            else if (tune.Hidden is < 0 or > 2048 || tune.Dropout is not (>= 0 and <= 0.9))
                yield return ($"train.tunes[{i}]", "hidden is 0 to 2048, dropout 0 to 0.9.");
        if (train.Limits.Cpus is < 1 or > 1024)
            yield return ("train.limits", "a tune gets 1 to 1024 processors.");
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
    public double L2 { get; init; } = 0.2;

    /// <summary>The first step size; it falls to nothing along a half cosine.</summary>
    public double LearningRate { get; init; } = 0.002;

    /// <summary>Walks over the training pictures.</summary>
    public int Epochs { get; init; } = 12;

    /// <summary>Units between features and kinds; 0 draws straight borders.</summary>
    public int Hidden { get; init; } = 320;

    /// <summary>Share of hidden units left out at random in each step, so that none relies on another.</summary>
    public double Dropout { get; init; } = 0.3;
}

public sealed record TrainLimits
{
    /// <summary>Bytes the training process may hold: <c>2GiB</c>.</summary>
    public long Memory { get; init; } = 2L << 30;

    public TimeSpan Time { get; init; } = TimeSpan.FromMinutes(30);

    /// <summary>Processors that an engine sets aside for each tune.</summary>
    public int Cpus { get; init; } = 1;
}
