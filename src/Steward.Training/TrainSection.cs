using Steward.Drawing;
using Steward.Projects;

namespace Steward.Training;

/// <summary>The section <c>train</c>: what is learned from what, and which tunes are tried.</summary>
public sealed record TrainSection
{
    public static Section Section { get; } = Section.Of<TrainSection>("train", "What is learned from what, and which tunes are tried.", Complaints);

    public const string PictureClassification = "picture-classification", Regression = "regression", Classification = "classification", Recommendation = "recommendation", Forecasting = "forecasting";

    private static readonly string[] Tasks = [PictureClassification, Regression, Classification, Recommendation, Forecasting];

    /// <summary>What kind of learning: <c>picture-classification</c>, and from tables <c>regression</c>, <c>classification</c>, <c>recommendation</c> and <c>forecasting</c>.</summary>
    public string Task { get; init; } = PictureClassification;

    /// <summary>The data set it learns from.</summary>
    public string Data { get; init; } = "pictures";

    /// <summary>The registered model that the best tune becomes a version of; the project's name by default.</summary>
    public string? Model { get; init; }

    /// <summary>Every random choice follows from it.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>Pixels along the edge of the square that pictures are looked at in, 32 or 64; chosen by the pictures when not said.</summary>
    public int? Size { get; init; }

    /// <summary>How pictures become that square: <c>stretch</c>, <c>letterbox</c> with grey bars, or <c>crop</c> to the middle. What asks the model does the same.</summary>
    public Squaring Square { get; init; } = Squaring.Stretch;

    /// <summary>Patterns looked for in the pictures, two of three at half size, 8 to 512. Time grows with it.</summary>
    public int Filters { get; init; } = 192;

    /// <summary>Mirrored, turned, moved and relit copies of each picture that are learned from too, 0 to 20. Sets of more than 20,000
    /// pictures are varied enough without.</summary>
    public int Copies { get; init; } = 4;

    /// <summary>What pictures show is around their middle: some copies get the edges of other pictures, so that backgrounds are not learned.</summary>
    public bool Centred { get; init; } = true;

    /// <summary>How much a picture that people were asked to name counts against an imported one, 1 to 100.</summary>
    public double LabelWeight { get; init; } = 10;

    /// <summary>The ways that are tried; they share the features. With a search there are none but those that are listed.</summary>
    public IReadOnlyList<TunePlan> Tunes { get; init; } = TunePlan.Usual;

    /// <summary>Settings that are searched for, beside the tunes or algorithms that are listed.</summary>
    public SearchPlan? Search { get; init; }

    /// <summary>A command of the project's own, in its folder, instead of a built-in trainer: <c>python train.py --epochs ${epochs}</c>. No shell reads it.</summary>
    public string? Run { get; init; }

    /// <summary>Its parameters: in the command as <c>${name}</c>, in its environment as <c>PARAM_NAME</c>.</summary>
    public IReadOnlyDictionary<string, string> Params { get; init; } = new Dictionary<string, string>();

    /// <summary>The metric that a command is judged by.</summary>
    public string Primary { get; init; } = "valid.f1_macro";

    /// <summary>The table it learns from: <c>silver.orders</c>, the newest, or <c>silver.orders@12</c>.</summary>
    public string? From { get; init; }

    /// <summary>The column to be told: a number, a class, a rating, or the values of a series.</summary>
    public string? Target { get; init; }

    /// <summary>The columns it is told from; <c>auto</c> takes all that can teach something.</summary>
    public IReadOnlyList<string> Features { get; init; } = [Auto];

    /// <summary>Columns that <c>auto</c> leaves out.</summary>
    public IReadOnlyList<string> Ignore { get; init; } = [];

    /// <summary>How texts become features, where not as usual: <c>{city: hash}</c>; <c>one_hot</c>, <c>hash</c> or <c>target_mean</c>.</summary>
    public IReadOnlyDictionary<string, TextAs> Encode { get; init; } = new Dictionary<string, TextAs>();

    /// <summary>The column that says when; with it, the newest rows are held back.</summary>
    public string? Time { get; init; }

    /// <summary>Rows with the same value here stay on one side of every split.</summary>
    public string? Group { get; init; }

    /// <summary>The column that names a row; its number by default. Versions are compared row by row where their keys are the same.</summary>
    public string? Key { get; init; }

    /// <summary>What is held back to test on: <c>last_7d</c>, <c>last_20%</c>, <c>20%</c> by chance.</summary>
    public string? Holdout { get; init; }

    /// <summary>What of the rest is held back to choose by, in the same words.</summary>
    public string? Valid { get; init; }

    /// <summary>How often each algorithm is tried with another seed, 1 to 20.</summary>
    public int Repeats { get; init; } = 1;

    /// <summary>What to do when a column tells the target by itself: <c>stop</c>, or <c>allow</c> when it is really known in time.</summary>
    public LeakPolicy Leaks { get; init; } = LeakPolicy.Stop;

    /// <summary>The algorithms tried on a table: <c>[linear, lightgbm: {trees: 300}]</c>; the usual ones of the task by default.</summary>
    public IReadOnlyList<TableAlgorithm> Algorithms { get; init; } = [];

    /// <summary>Columns whose values part the test rows, each part judged by itself: <c>[city, age]</c>; numbers are cut into quarters. Of pictures
    /// <c>source</c>, <c>folder</c> and <c>size</c> are known without a word.</summary>
    public IReadOnlyList<string> Slices { get; init; } = [];

    public RecommendPlan Recommend { get; init; } = new();

    public ForecastPlan Forecast { get; init; } = new();

    public TrainLimits Limits { get; init; } = new();

    /// <summary>The engine that runs the tunes of pictures, each as a task of its own, as <c>steward engine list</c> names it (<c>hpc</c>, <c>agents:onprem</c>); without one, this server trains them together in one process.</summary>
    public string? RunOn { get; init; }

    internal const string Auto = "auto";

    internal bool IsTable => Task != PictureClassification;

    internal IReadOnlyList<TableAlgorithm> Tried => Algorithms.Count > 0 || Search is not null ? Algorithms : TableAlgorithm.Usual(Task);

    internal IReadOnlyList<TunePlan> Listed => Search is not null && ReferenceEquals(Tunes, TunePlan.Usual) ? [] : Tunes;

    /// <summary>The plan without what an earlier attempt finished.</summary>
    internal TrainSection Without(IReadOnlyList<DoneTune> done) => this with { Algorithms = [.. Algorithms.Where(one => done.All(other => other.Name != one.Title))] };

    /// <summary>What a search tunes, with the settings of a trial.</summary>
    internal TableAlgorithm Trial(string name, IReadOnlyDictionary<string, double> values)
    {
        var usual = TableAlgorithm.Of(Searched, name, new Dictionary<string, double>())!;
        return TableAlgorithm.Of(Searched, name, new Dictionary<string, double>(values.Concat(Search!.Fixed(usual.Resource)).DistinctBy(one => one.Key)))!;
    }

    /// <summary>The algorithm that a search tunes.</summary>
    internal string Searched => Search?.Algorithm ?? (Task == Recommendation ? "als" : "lightgbm");

    /// <summary>What it does, in a few words; <paramref name="data"/> when it is known which snapshot it is.</summary>
    public string InWords(string project, string? data = null) => Run is not null
        ? $"the project's own command for the model {Model ?? project}"
        : $"{Task} from {data ?? (IsTable ? From : Data)}{(IsTable ? $" by {string.Join(", ", Tried.Select(one => one.Title).Concat(Search is null ? [] : [$"a search of {Searched}"]))}" : "")} for the model {Model ?? project}";

    internal Holdout TestRows => Training.Holdout.Read(Holdout ?? (Time is null ? "20%" : "last_20%"))!;

    internal Holdout ValidRows => Training.Holdout.Read(Valid ?? (Time is null ? "20%" : "last_20%"))!;

    private static IEnumerable<(string Path, string Why)> Complaints(TrainSection train)
    {
        if (!Tasks.Contains(train.Task))
            yield return ("train.task", $"'{Names.Shorten(train.Task)}' is not known; write {string.Join(", ", Tasks[..^1])} or {Tasks[^1]}.");
        foreach (var complaint in train.Run is not null ? CommandComplaints(train) : train.IsTable ? TableComplaints(train) : PictureComplaints(train))
            yield return complaint;
        foreach (var (path, what, name) in (IEnumerable<(string, string, string)>)[("train.data", "data set", train.Data), ("train.model", "model", train.Model ?? "model"), .. (train.RunOn ?? "process").Split(':', '+').Select(part => ("train.run_on", "engine", part))])
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
        if (train.Slices.Count > 20 || train.Slices.Distinct(StringComparer.Ordinal).Count() < train.Slices.Count)
            yield return ("train.slices", "at most 20 columns part the test rows, each named once.");
        if (train.Tunes.Count > 50 || (train.Tunes.Count == 0 && train.Search is null))
            yield return ("train.tunes", "there are 1 to 50 tunes.");
        if (train.Tunes.GroupBy(tune => tune.Name).FirstOrDefault(same => same.Count() > 1) is { } twice)
            yield return ("train.tunes", $"the tune '{Names.Shorten(twice.Key)}' is there twice.");
        foreach (var (tune, i) in train.Tunes.Select((tune, i) => (tune, i)))
            if (Complaint("tune", tune.Name) is { } why)
                yield return ($"train.tunes[{i}].name", why);
            else if (tune.Complaint() is { } wrong)
                yield return ($"train.tunes[{i}]", wrong + ".");
            else if (train.Search is not null && DoneTune.IsNameOfTrial(tune.Name))
                yield return ($"train.tunes[{i}].name", "trials of the search are called so; take another name.");
        if (train.Search is { } search)
            foreach (var complaint in SearchComplaints(train, search))
                yield return complaint;
        if (train.Limits.Cpus is < 1 or > 1024)
            yield return ("train.limits", "a tune gets 1 to 1024 processors.");
        if (train.Limits.Memory < 256L << 20 || train.Limits.Time < TimeSpan.FromSeconds(1))
            yield return ("train.limits", "a training needs at least 256MiB and 1s.");
    }

    private static IEnumerable<(string Path, string Why)> SearchComplaints(TrainSection train, SearchPlan search)
    {
        if (train.Run is not null)
            return [("train.search", "a command of the project's own is searched by that command; search is for the built-in trainers.")];
        if (!train.IsTable)
            return search.Algorithm is not null ? [("train.search.algorithm", "pictures are learned in one way; algorithm is for tables.")] : search.Complaints(TunePlan.Tunable, "epochs", values => new TunePlan().With(values).Complaint());
        if (TableAlgorithm.Of(train.Searched, "search", new Dictionary<string, double>()) is not { } tuned || tuned.Complaint(train.Task) is not null)
            return [("train.search.algorithm", $"'{Names.Shorten(train.Searched)}' cannot be tuned for {train.Task}; write {TableAlgorithm.Tunable(train.Task)}.")];
        if (train.Algorithms.Any(one => DoneTune.IsNameOfTrial(one.Title)))
            return [("train.algorithms", "trials of the search are called so; take another name.")];
        return search.Complaints([.. tuned.Params.Select(one => one.Key)], tuned.Resource, values => TableAlgorithm.Of(train.Searched, "search", values)!.Complaint(train.Task));
    }

    private static IEnumerable<(string Path, string Why)> CommandComplaints(TrainSection train)
    {
        string? why = null;
        try
        {
            CommandLineOf.Read(train.Run!, train.Params);
        }
        catch (ProblemException problem)
        {
            why = $"{problem.Message} {problem.Try}";
        }
        if (why is not null)
            yield return ("train.run", why);
        if (train.Params.Keys.FirstOrDefault(name => !name.All(c => char.IsAsciiLetterOrDigit(c) || c == '_')) is { } odd)
            yield return ("train.params", $"'{Names.Shorten(odd)}' cannot be the name of a parameter: use letters, digits and underscores.");
    }

    private static IEnumerable<(string Path, string Why)> PictureComplaints(TrainSection train)
    {
        if (train is not { From: null, Target: null, Time: null, Group: null, Key: null, Holdout: null, Valid: null, Algorithms: [], Features: [Auto], Ignore: [], Slices: [] })
            yield return ("train", "from, target, features, ignore, time, group, key, holdout, valid, slices and algorithms are about tables: write task: regression, classification, recommendation or forecasting.");
    }

    private static IEnumerable<(string Path, string Why)> TableComplaints(TrainSection train)
    {
        if (string.IsNullOrWhiteSpace(train.From))
            yield return ("train.from", "name the table to learn from, such as silver.orders.");
        if (train.Target is null && train.Task != Recommendation)
            yield return ("train.target", "name the column to be told.");
        if (train.Time is null && train.Task == Forecasting)
            yield return ("train.time", "name the column that says when; a forecast needs it.");
        if (train.Task == Recommendation && (train.Recommend.User == "" || train.Recommend.Item == ""))
            yield return ("train.recommend", "name the columns of who and what: {user: customer_id, item: product_id}.");
        if (train.Slices.Count > 0 && train.Task is (Recommendation or Forecasting))
            yield return ("train.slices", train.Task == Recommendation ? "recommendations are judged by the segment of the customer: name it under train.recommend.segment." : "forecasts are judged by series: name the column under train.forecast.series.");
        if (train.Recommend.Top is < 1 or > 1000)
            yield return ("train.recommend.top", "each one is given 1 to 1000.");
        if (train.Recommend.Weight is not null && train.Target is not null)
            yield return ("train.recommend.weight", "a rating (target) and a weight are two ways to say how much; write one.");
        if (train.Forecast.Horizon is < 1 or > 366 || train.Forecast.Season is < 1 or > 10_000 || train.Forecast.LongSeason is < 0 or > 10_000)
            yield return ("train.forecast", "horizon is 1 to 366 steps, season 1 to 10000, long_season 0 to 10000.");
        foreach (var (key, said) in new[] { ("holdout", train.Holdout), ("valid", train.Valid) })
            if (said is not null && Training.Holdout.Read(said) is not { } holdout)
                yield return ($"train.{key}", $"'{Names.Shorten(said)}' is no part of the rows; write 20%, last_20% or last_7d.");
            else if (said is not null && train.Time is null && Training.Holdout.Read(said)!.ByTime)
                yield return ($"train.{key}", $"'{said}' needs to know when: name the column under time.");
        if (train.Features.Count == 0 || (train.Features.Contains(Auto) && train.Features.Count > 1))
            yield return ("train.features", "write auto, or the list of columns.");
        if (train.Features.Contains(train.Target))
            yield return ("train.features", $"'{Names.Shorten(train.Target)}' is to be told; it cannot be told from itself.");
        if (train.Repeats is < 1 or > 20)
            yield return ("train.repeats", "an algorithm is tried with 1 to 20 seeds.");
        foreach (var (algorithm, i) in train.Algorithms.Select((algorithm, i) => (algorithm, i)))
            if (algorithm.Complaint(train.Task) is { } why)
                yield return ($"train.algorithms[{i}]", why + ".");
            else if (Complaint("tune", algorithm.Title) is { } wrong)
                yield return ($"train.algorithms[{i}].name", wrong);
        if (train.Tried.GroupBy(one => one.Title).FirstOrDefault(same => same.Count() > 1) is { } twice)
            yield return ("train.algorithms", $"'{Names.Shorten(twice.Key)}' is there twice; give one of them a name.");
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

/// <summary>What happens when a column tells the target by itself.</summary>
public enum LeakPolicy
{
    Stop,

    Allow,
}

/// <summary>One tune of a study of pictures.</summary>
public sealed record TunePlan
{
    /// <summary>What is tried without a word.</summary>
    internal static IReadOnlyList<TunePlan> Usual { get; } =
    [
        new() { Name = "plain" },
        new() { Name = "strict", L2 = 0.5 },
        new() { Name = "wide", Hidden = 480 },
        new() { Name = "forgetful", Dropout = 0.5 },
        new() { Name = "hasty", LearningRate = 0.005, Epochs = 6 },
        new() { Name = "straight", Hidden = 0 },
    ];

    /// <summary>The settings that a search may vary.</summary>
    internal static IReadOnlyList<string> Tunable { get; } = ["dropout", "epochs", "hidden", "l2", "learning_rate"];

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

    internal TunePlan With(IReadOnlyDictionary<string, double> values) => this with
    {
        L2 = values.GetValueOrDefault("l2", L2), LearningRate = values.GetValueOrDefault("learning_rate", LearningRate), Epochs = (int)values.GetValueOrDefault("epochs", Epochs),
        Hidden = (int)values.GetValueOrDefault("hidden", Hidden), Dropout = values.GetValueOrDefault("dropout", Dropout),
    };

    internal string? Complaint() => L2 is not (>= 0 and <= 1000) || LearningRate is not (> 0 and <= 1) || Epochs is < 1 or > 1000 ? "l2 is 0 to 1000, learning_rate above 0 and at most 1, epochs 1 to 1000"
        : Hidden is < 0 or > 2048 || Dropout is not (>= 0 and <= 0.9) ? "hidden is 0 to 2048, dropout 0 to 0.9" : null;
}

public sealed record TrainLimits
{
    /// <summary>Bytes the training process may hold: <c>2GiB</c>.</summary>
    public long Memory { get; init; } = 2L << 30;

    public TimeSpan Time { get; init; } = TimeSpan.FromMinutes(30);

    /// <summary>Processors that an engine sets aside for each tune.</summary>
    public int Cpus { get; init; } = 1;
}
