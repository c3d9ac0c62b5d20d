using Steward.Data;
using Steward.Drawing;

namespace Steward.Training;

/// <summary>What the training process reads from its folder: the plan, and where in <see cref="Pictures"/> each picture lies.</summary>
/// <param name="Labels">Names of the kinds, sorted.</param>
/// <param name="Size">As the project file says; null lets the pictures choose.</param>
internal sealed record TrainJob(IReadOnlyList<string> Labels, int Seed, int? Size, int Filters, int Copies, bool Centred, IReadOnlyList<TunePlan> Tunes, IReadOnlyList<JobPicture> Items, string Data)
{
    public const string File = "job.json", Pictures = "pictures.bin";

    public Squaring Square { get; init; }

    /// <summary>Each tune is a task of its own on an engine; otherwise one process trains them all.</summary>
    public bool TuneByTask { get; init; }

    /// <summary>What is searched beside the tunes; on an engine it is the last task.</summary>
    public SearchPlan? Search { get; init; }

    /// <summary>The processes that do it: all tunes in one (null), or the numbers of tunes.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public IEnumerable<int?> Parts => TuneByTask ? Enumerable.Range(0, Tunes.Count + (Search is null ? 0 : 1)).Select(tune => (int?)tune) : [null];

    public static string Steps(int? part) => part is { } tune ? $"steps-{tune}.jsonl" : "steps.jsonl";

    /// <summary>Plans a training; refuses data that nothing can be learned from.</summary>
    public static TrainJob Of(TrainSection plan, Snapshot snapshot, IReadOnlyList<Item> items, IReadOnlyList<long> sizes)
    {
        string[] labels = [.. items.Where(item => item.Split is Split.Train).Select(item => item.Label).Distinct().Order(StringComparer.Ordinal)];
        if (labels.Length < 2)
            throw ProblemException.Invalid("too_few_kinds", $"{snapshot.Reference} has {labels.Length} kind to learn; telling apart needs at least two.", $"Add pictures of another kind: steward data add {snapshot.DataSet} FOLDER");
        foreach (var split in Enum.GetValues<Split>())
            if (!items.Any(item => item.Split == split))
                throw ProblemException.Invalid("split_empty", $"{snapshot.Reference} has no pictures in its split '{split.ToString().ToLowerInvariant()}'.", "Give shares for it under data.split in steward.yaml, and add the pictures again.");
        if (items.FirstOrDefault(item => Array.IndexOf(labels, item.Label) < 0) is { } unknown)
            throw ProblemException.Invalid("kind_not_in_train", $"'{Names.Shorten(unknown.Key)}' shows '{Names.Shorten(unknown.Label)}', and no picture in train does.", "Add some of that kind to train.");
        var offset = 0L;
        var pictures = new List<JobPicture>(items.Count);
        foreach (var (item, size) in items.Zip(sizes))
        {
            pictures.Add(new(item.Key, offset, (int)size, Array.IndexOf(labels, item.Label), item.Split, item.Source == "labels" ? (float)plan.LabelWeight : 1) { Source = item.Source });
            offset += size;
        }

        return new(labels, plan.Seed, plan.Size, plan.Filters, plan.Copies, plan.Centred, plan.Listed, pictures, snapshot.Reference) { Square = plan.Square, Search = plan.Search };
    }
}

/// <param name="Key">Named when the picture is broken.</param>
internal sealed record JobPicture(string Key, long Offset, int Size, int Label, Split Split, float Weight)
{
    /// <summary>Where it came from.</summary>
    public string Source { get; init; } = "";

    /// <summary>The folders it lay in, without those that say what it shows. What people named lay in none.</summary>
    public string Folder(string label) => Source != "labels" && Key.Split('/')[..^1].Where(folder => folder != label).ToList() is { Count: > 0 } folders ? string.Join('/', folders) : "none";
}

/// <summary>A line of the steps file: the figures of a tune after a step, which is an epoch, a round or a seed.</summary>
internal sealed record JobStep(string Tune, int Step, Dictionary<string, double> Metrics)
{
    /// <summary>A trial begins, with these settings.</summary>
    public IReadOnlyDictionary<string, string>? Params { get; init; }

    /// <summary>The tune is done.</summary>
    public TuneOutcome? Outcome { get; init; }
}

/// <summary>What a tune leaves.</summary>
/// <param name="Files">Artifact name to file name in the folder.</param>
internal sealed record TuneOutcome(string Tune, IReadOnlyDictionary<string, double> Metrics, IReadOnlyDictionary<string, string> Files)
{
    /// <summary>A trial that fell behind was stopped after so many epochs or trees.</summary>
    public int? StoppedAfter { get; init; }
}
