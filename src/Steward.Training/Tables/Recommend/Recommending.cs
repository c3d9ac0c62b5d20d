using Steward.Onnx;
using Steward.Statistics;

namespace Steward.Training;

/// <summary>Learns from who took what when, what to recommend to whom; judged on what people took afterwards.</summary>
internal sealed class Recommending : ITableLearner
{
    private const int K = 10, MostTested = 20_000, Batch = 256;

    // A customer of a segment is believed like this many of all.
    private const double Prior = 20;

    private readonly TrainSection _plan;
    private readonly string _data;
    private readonly Rows _rows;
    private readonly TextColumn _users, _items;
    private readonly TextColumn? _segments;
    private readonly double[] _weights;
    private readonly TimeColumn? _time;
    private List<LaterUser>? _later;

    public Recommending(TrainSection plan, Rows all, string data)
    {
        (_plan, _data) = (plan, data);
        var (user, item) = (all.Get(plan.Recommend.User, "train.recommend.user"), all.Get(plan.Recommend.Item, "train.recommend.item"));
        int[] named = [.. Enumerable.Range(0, all.Count).Where(row => !user.IsMissing(row) && !item.IsMissing(row))];
        _rows = all.Take(named);
        (_users, _items) = (Text(plan.Recommend.User), Text(plan.Recommend.Item));
        _segments = plan.Recommend.Segment is { } segment ? Text(segment) : null;
        var weight = plan.Target ?? plan.Recommend.Weight;
        _weights = weight is null ? [.. Enumerable.Repeat(1.0, _rows.Count)] : (_rows.Get(weight, plan.Target is null ? "train.recommend.weight" : "train.target") as NumberColumn)?.Values
            ?? throw ProblemException.Invalid("weight_not_a_number", $"The column '{Names.Shorten(weight)}' holds no numbers.", "Name a column that says how many, or how good.");
        for (var row = 0; row < _weights.Length; row++)
            if (!double.IsFinite(_weights[row]) || (plan.Target is null && _weights[row] < 0))
                _weights[row] = plan.Target is null ? 0 : _weights.Where(double.IsFinite).DefaultIfEmpty(0).Average();
        _time = plan.Time is { } time ? _rows.Get(time, "train.time") as TimeColumn ?? throw ProblemException.Invalid("not_a_time", $"The column '{Names.Shorten(time)}' holds no dates or times.", "Name another column under train.time.") : null;

        TextColumn Text(string name) => _rows.Get(name, "train.recommend") is var column && column is TextColumn text ? text : TextColumn.Of(name, Enumerable.Range(0, column.Count).Select(column.Say));
    }

    private bool IsRated => _plan.Target is not null;

    public List<TableTune> Run(Action<double, string> tell, Action<JobStep> step, CancellationToken stop)
    {
        var split = Split;
        var algorithms = _plan.Tried;
        var (valid, turn) = (new Dictionary<string, (double Ndcg, double Recall)>(), 0.0);
        var later = Later(split.Train, split.Valid);
        foreach (var algorithm in algorithms)
        {
            tell(turn++ / (2 * algorithms.Count), $"Tune {algorithm.Title}");
            var learned = Fit(algorithm, split.Train, _plan.Seed, round => step(new(algorithm.Title, round, new() { ["rounds"] = round })), stop);
            valid[algorithm.Title] = Judge(learned, later);
        }
        var (tested, popular) = Tested(stop);
        return [.. algorithms.Select(algorithm =>
        {
            tell(turn++ / (2 * algorithms.Count), $"Judging {algorithm.Title} on what people took afterwards");
            return Finish(algorithm, Fit(algorithm, split.Known, _plan.Seed, null, stop), popular, split, tested, valid[algorithm.Title], stop);
        })];
    }

    public double Try(TableAlgorithm algorithm, CancellationToken stop)
    {
        var split = Split;
        return Judge(Fit(algorithm, split.Train, _plan.Seed, null, stop), _later ??= Later(split.Train, split.Valid)).Ndcg;
    }

    public TableTune Leave(TableAlgorithm algorithm, double score, CancellationToken stop)
    {
        var (split, (tested, popular)) = (Split, Tested(stop));
        var tune = Finish(algorithm, Fit(algorithm, split.Known, _plan.Seed, null, stop), popular, split, tested, (score, double.NaN), stop);
        tune.Metrics.Remove("valid.recall@10");
        return tune;
    }

    public void Dispose()
    {
    }

    private TableSplit Split => field ??= TableSplit.Of(_rows.Count, _time, null, _plan.TestRows, _plan.ValidRows, _plan.Seed, _plan.Seed);

    /// <summary>Who is tested, and what everybody would be given otherwise.</summary>
    private (List<LaterUser> Tested, Recommender Popular) Tested(CancellationToken stop)
    {
        var tested = Later(Split.Known, Split.Test);
        return tested.Count > 0
            ? (tested, Fit(new() { Popular = new() }, Split.Known, _plan.Seed, null, stop))
            : throw ProblemException.Invalid("nothing_to_test", "Nobody took anything new in the time that is held back to test on.", "Hold back more: train.holdout: last_30d, for example.");
    }

    private static (double Ndcg, double Recall) Judge(Recommender learned, List<LaterUser> later)
    {
        var lists = later.ConvertAll(one => learned.Best(one.User, one.Segment, one.Without, K));
        return (later.Zip(lists, Ndcg).DefaultIfEmpty(0).Average(), later.Zip(lists, (one, list) => RankingScores.Recall(Gains(one, list), one.Wanted.Count, K)).DefaultIfEmpty(0).Average());
    }

    /// <summary>Learns from some of the rows.</summary>
    private Recommender Fit(TableAlgorithm algorithm, int[] rows, int seed, Action<int>? told, CancellationToken stop)
    {
        stop.ThrowIfCancellationRequested();
        var (popular, segments) = (Popularity(rows), _segments?.Words ?? []);
        if (algorithm.Als is not { } plan)
            return new(_users.Words, _items.Words, [], [], 1, [], segments, popular);
        var offsets = new float[_items.Words.Count];
        var mean = IsRated ? rows.Average(row => _weights[row]) : 0;
        if (IsRated)
            foreach (var item in rows.GroupBy(row => _items.Codes[row]))
                offsets[item.Key] = (float)(item.Sum(row => _weights[row] - mean) / (item.Count() + Prior));
        var taken = Interactions.Of(_users.Words.Count, _items.Words.Count, rows.Select(row => (_users.Codes[row], _items.Codes[row], (float)(IsRated ? _weights[row] - mean - offsets[_items.Codes[row]] : _weights[row]))));
        var als = IsRated ? Als.Explicit(taken, plan.Factors, plan.Rounds, plan.L2, seed, told, stop) : Als.Implicit(taken, plan.Factors, plan.Rounds, plan.L2, plan.Trust, seed, told, stop);
        // Who took nothing in these rows is new to the model.
        int[] known = [.. Enumerable.Range(0, taken.Users).Where(user => taken.ByUser.Of(user).Length > 0)];
        var factors = new float[known.Length * als.Stride];
        for (var i = 0; i < known.Length; i++)
            als.Users.AsSpan(known[i] * als.Stride, als.Stride).CopyTo(factors.AsSpan(i * als.Stride));
        return new([.. known.Select(user => _users.Words[user])], _items.Words, factors, als.Items, als.Stride, IsRated ? [.. offsets.Select(offset => (float)(offset + mean))] : offsets, segments, popular);
    }

    /// <summary>What share of the customers took each item: a row per segment, drawn towards all where it is small, and one for all.</summary>
    private float[] Popularity(int[] rows)
    {
        var (items, segments) = (_items.Words.Count, _segments?.Words.Count ?? 0);
        var (takers, people) = (new double[(segments + 1) * items], new double[segments + 1]);
        foreach (var user in rows.GroupBy(row => _users.Codes[row]))
        {
            var segment = SegmentOf(user.Last());
            people[segments]++;
            if (segment >= 0)
                people[segment]++;
            foreach (var item in user.Select(row => _items.Codes[row]).Distinct())
            {
                takers[(segments * items) + item]++;
                if (segment >= 0)
                    takers[(segment * items) + item]++;
            }
        }
        var shares = new float[takers.Length];
        for (var segment = 0; segment <= segments; segment++)
            for (var item = 0; item < items; item++)
            {
                var all = takers[(segments * items) + item] / people[segments];
                shares[(segment * items) + item] = (float)(segment == segments ? all : (takers[(segment * items) + item] + (Prior * all)) / (people[segment] + Prior));
            }
        return shares;
    }

    private int SegmentOf(int row) => _segments is { } column ? column.Codes[row] : -1;

    /// <summary>Who took what in rows that come later, and what must not be given them again.</summary>
    private List<LaterUser> Later(int[] known, int[] later)
    {
        var before = known.GroupBy(row => _users.Codes[row]).ToDictionary(user => user.Key, user => user.ToList());
        var from = _time is null ? 0 : later.Min(row => _time.Micros[row]);
        var numbers = before.Keys.Order().Select((user, i) => (user, i)).ToDictionary();
        var users = new List<LaterUser>();
        foreach (var user in later.GroupBy(row => _users.Codes[row]))
        {
            var without = Bought(before.GetValueOrDefault(user.Key, []), from);
            var wanted = user.GroupBy(row => _items.Codes[row]).Where(item => !without.Contains(item.Key) && (!IsRated || item.Max(row => _weights[row]) >= Liked)).ToDictionary(item => item.Key, _ => 1.0);
            if (wanted.Count > 0)
                users.Add(new(_users.Words[user.Key], numbers.GetValueOrDefault(user.Key, -1), SegmentOf(user.First()), wanted, without));
        }
        return [.. users.OrderBy(user => user.Name, StringComparer.Ordinal).Take(MostTested)];
    }

    /// <summary>Of rated things only the better half of all ratings counts as liked.</summary>
    private double Liked => field > 0 ? field : field = _weights.Order().ElementAt(_weights.Length / 2);

    private HashSet<int> Bought(List<int> rows, long from) => _plan.Recommend.ExcludeBought is not { } span ? []
        : [.. rows.Where(row => _time is null || _time.Micros[row] > from - (long)span.TotalMicroseconds).Select(row => _items.Codes[row])];

    private TableTune Finish(TableAlgorithm algorithm, Recommender learned, Recommender popular, TableSplit split, List<LaterUser> tested, (double Ndcg, double Recall) valid, CancellationToken stop)
    {
        // Ten are judged, however few are given.
        var top = Math.Max(K, _plan.Recommend.Top);
        var onnx = learned.Write(_plan.Recommend.User, _plan.Recommend.Segment, top);
        using var run = new ModelRun(onnx);
        var lists = Ask(run, tested, stop);
        var theirs = tested.ConvertAll(one => popular.Best(-1, one.Segment, one.Without, K));
        int[] knownBy = [.. Enumerable.Range(0, _items.Words.Count).Select(_ => 0)];
        foreach (var (_, item) in split.Known.Select(row => (_users.Codes[row], _items.Codes[row])).Distinct())
            knownBy[item]++;
        var people = split.Known.Select(row => _users.Codes[row]).Distinct().Count();

        var figures = new ItemFigures([.. tested.Select(one => one.Name)], "popular", _plan.Seed);
        void Add(string name, Func<LaterUser, int[], double> score) => figures.Add(name, [.. tested.Zip(lists, score)], [.. tested.Zip(theirs, score)]);
        Add("ndcg@10", Ndcg);
        Add("map@10", (one, list) => RankingScores.AveragePrecision(Gains(one, list), one.Wanted.Count, K));
        Add("recall@10", (one, list) => RankingScores.Recall(Gains(one, list), one.Wanted.Count, K));
        Add("novelty", (_, list) => RankingScores.Novelty(list, knownBy, people, K));
        var metrics = new SortedDictionary<string, double>(StringComparer.Ordinal);
        figures.Into(metrics);
        (metrics["test.coverage"], metrics["popular.coverage"]) = (RankingScores.Coverage(lists, _items.Words.Count, K), RankingScores.Coverage(theirs, _items.Words.Count, K));
        (metrics["valid.ndcg@10"], metrics["valid.recall@10"]) = valid;
        (metrics["train.n"], metrics["train.users"], metrics["train.items"]) = (split.Known.Length, people, knownBy.Count(takers => takers > 0));
        var slices = _segments is null ? null : Slicing.Of([new(_segments.Name, [.. tested.Select(one => one.Segment < 0 ? "" : _segments.Words[one.Segment])])],
            [Slicing.OfMeans("ndcg@10", [.. tested.Zip(lists, Ndcg)])], lessIsBetter: false, tested.Count, _plan.Seed);
        var card = new
        {
            data = _data, tune = algorithm.Title, task = _plan.Task, algorithm = algorithm.Algorithm, baseline = "popular", user = _plan.Recommend.User, item = _plan.Recommend.Item, segment = _plan.Recommend.Segment,
            top, excludeBought = _plan.Recommend.ExcludeBought?.TotalDays, metrics,
        };
        var items = tested.Zip(lists, (one, list) => new { key = one.Name, truth = one.Wanted.Keys.Select(item => _items.Words[item]), answer = list.Take(K).Select(item => _items.Words[item]) });
        var reference = new { keys = tested.Select(one => one.Name), users = tested.Count, catalogue = _items.Words.Count };
        return new(algorithm.Title, onnx, metrics, card, new { task = _plan.Task, items }, reference, figures.Scores(), new Dictionary<string, byte[]> { ["lists.csv"] = Lists(run, stop) }) { Slices = slices };
    }

    /// <summary>What the model's file recommends.</summary>
    private List<int[]> Ask(ModelRun run, IReadOnlyList<LaterUser> users, CancellationToken stop)
    {
        var numbers = _items.Words.Select((word, i) => (word, i)).ToDictionary(StringComparer.Ordinal);
        var lists = new List<int[]>(users.Count);
        Each(run, users, (_, items, scores) => lists.Add([.. items.Where((_, place) => scores[place] > Recommender.Never).Select(item => numbers[item])]), stop);
        return lists;
    }

    private void Each(ModelRun run, IReadOnlyList<LaterUser> users, Action<LaterUser, string[], float[]> use, CancellationToken stop)
    {
        foreach (var some in users.Chunk(Batch))
        {
            var widest = Math.Max(1, some.Max(user => user.Without.Count));
            var inputs = new Dictionary<string, OnnxValue>
            {
                [_plan.Recommend.User] = OnnxValue.OfTexts([.. some.Select(user => user.Name)], some.Length),
                ["exclude"] = OnnxValue.OfTexts([.. some.SelectMany(user => user.Without.Select(item => _items.Words[item]).Concat(Enumerable.Repeat("", widest)).Take(widest))], some.Length, widest),
            };
            if (_plan.Recommend.Segment is { } segment)
                inputs[segment] = OnnxValue.OfTexts([.. some.Select(user => user.Segment < 0 ? "" : _segments!.Words[user.Segment])], some.Length);
            run.Once(inputs, ["items", "scores"], values =>
            {
                var (items, width) = (values[0].Texts(), (int)values[0].Shape[1]);
                var scores = values[1].Data<float>();
                for (var i = 0; i < some.Length; i++)
                    use(some[i], items[(i * width)..((i + 1) * width)], scores.Slice(i * width, width).ToArray());
            }, stop);
        }
    }

    /// <summary>The lists of all customers as of the end of the data: who, place, what, score.</summary>
    private byte[] Lists(ModelRun run, CancellationToken stop)
    {
        var end = _time?.Micros.Where(micros => micros != TimeColumn.Missing).DefaultIfEmpty(0).Max() ?? 0;
        var users = Enumerable.Range(0, _rows.Count).GroupBy(row => _users.Codes[row]).OrderBy(user => _users.Words[user.Key], StringComparer.Ordinal)
            .Select(user => new LaterUser(_users.Words[user.Key], -1, SegmentOf(user.Last()), new Dictionary<int, double>(), Bought([.. user], end))).ToList();
        var text = new System.Text.StringBuilder($"{Csv.Field(_plan.Recommend.User)},place,{Csv.Field(_plan.Recommend.Item)},score\n");
        Each(run, users, (user, items, scores) =>
        {
            for (var place = 0; place < Math.Min(_plan.Recommend.Top, items.Length) && scores[place] > Recommender.Never; place++)
                text.Append(System.Globalization.CultureInfo.InvariantCulture, $"{Csv.Field(user.Name)},{place + 1},{Csv.Field(items[place])},{scores[place]:R}\n");
        }, stop);
        return System.Text.Encoding.UTF8.GetBytes(text.ToString());
    }

    private static double[] Gains(LaterUser user, int[] list) => [.. list.Select(item => user.Wanted.GetValueOrDefault(item))];

    private static double Ndcg(LaterUser user, int[] list) => RankingScores.Ndcg(Gains(user, list), [.. user.Wanted.Values], K);

    /// <param name="User">Number among those that were learned from; -1 for a new one.</param>
    /// <param name="Wanted">What they took, and what that is worth.</param>
    /// <param name="Without">What they took before and must not be given.</param>
    private sealed record LaterUser(string Name, int User, int Segment, IReadOnlyDictionary<int, double> Wanted, IReadOnlySet<int> Without);
}
