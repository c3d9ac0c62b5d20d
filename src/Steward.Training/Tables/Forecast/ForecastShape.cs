using Steward.Onnx;

namespace Steward.Training;

/// <summary>
/// How a forecast looks at a series: from the last <see cref="History"/> values to <see cref="Horizon"/> steps ahead, all told
/// relative to the series' own level and to "as one season ago", so that one model fits series of any size.
/// </summary>
/// <param name="Step">Microseconds.</param>
/// <param name="LongSeason">0 for none.</param>
internal sealed record ForecastShape(int Horizon, int Season, int LongSeason, long Step)
{
    private const int Seasons = 4;

    /// <summary>Values that are looked back at.</summary>
    public int History => Math.Max(LongSeason > 0 ? LongSeason + Season : 0, Math.Max(Seasons * Season, Recent));

    private int Recent => Math.Max(4 * Season, 8);

    /// <summary>Features per step ahead.</summary>
    public int Features => Looks.Count + Means.Count + 1 + (Daily ? 23 : 0) + (Hourly ? 24 : 0);

    private bool Daily => Step <= 31 * 86_400_000_000;

    private bool Hourly => Step < 86_400_000_000;

    /// <summary>Single values looked at, as places in the history for each step ahead: the seasons before, the step of a long season ago and its neighbours, the last values.</summary>
    private List<long[]> Looks
    {
        get
        {
            var looks = new List<long[]>();
            for (var season = 1; season < Seasons; season++)
                looks.Add(Place(Season, season));
            if (LongSeason > 0)
                looks.AddRange([Place(LongSeason, 0), Shift(Place(LongSeason, 0), -1), Shift(Place(LongSeason, 0), 1)]);
            looks.AddRange([Last(1), Last(2)]);
            return looks;
        }
    }

    /// <summary>Stretches whose means are looked at: first place and length.</summary>
    private List<(int From, int Count)> Means
    {
        get
        {
            List<(int, int)> means = [(History - Season, Season), (History - Math.Min(2 * Season, History), Math.Min(2 * Season, History))];
            if (LongSeason > 0)
                means.AddRange([(History - LongSeason, Math.Min(Season, LongSeason)), (History - LongSeason - Season, Season)]);
            return means;
        }
    }

    /// <summary>Where the value of one season before each step ahead stands.</summary>
    private long[] Naive => Place(Season, 0);

    /// <summary>Writes the looking: float [N·H,D], what is added afterwards (DOUBLE [N,H]) and the level it is multiplied with (DOUBLE [N,1]).</summary>
    public (string Features, string Naive, string Level) Write(OnnxGraph graph)
    {
        var history = graph.Input("history", ElementType.Double, "N", History);
        var last = graph.Input("last_time", ElementType.Int64, "N");
        var level = graph.Max(Mean(graph, graph.Node("Abs", [history]), History - Recent, Recent), graph.Number(1e-9));
        var naive = Pick(graph, history, Naive);
        var columns = new List<string>();
        foreach (var look in Looks)
            columns.Add(Column(graph, graph.Div(graph.Sub(Pick(graph, history, look), naive), level)));
        foreach (var (from, count) in Means)
            columns.Add(Column(graph, graph.Div(graph.Sub(Mean(graph, history, from, count), naive), level)));
        var ahead = graph.Constant(OnnxTensor.Of([.. Enumerable.Range(1, Horizon).Select(step => step / (double)Horizon)], 1, Horizon));
        columns.Add(Column(graph, graph.Add(graph.Mul(naive, graph.Number(0.0)), ahead)));
        if (Daily)
            columns.AddRange(Calendar(graph, last));
        return (graph.Concat(1, [.. columns]), naive, level);
    }

    private IEnumerable<string> Calendar(OnnxGraph graph, string last)
    {
        var times = graph.Add(graph.Unsqueeze(last, 1), graph.Constant(OnnxTensor.Of([.. Enumerable.Range(1, Horizon).Select(step => step * Step)], 1, Horizon)));
        var flat = graph.Reshape(times, -1);
        var calendar = FeatureGraph.Calendar(graph, flat);
        yield return graph.OneHot(calendar.Weekday, 7);
        yield return graph.OneHot(graph.Sub(calendar.Month, graph.Number(1L)), 12);
        var angle = graph.Mul(graph.Cast(calendar.DayOfYear, ElementType.Float), graph.Number((float)(2 * Math.PI / 365.25)));
        yield return graph.Reshape(graph.Node("Sin", [angle]), -1, 1);
        yield return graph.Reshape(graph.Node("Cos", [angle]), -1, 1);
        // The first and the last days of months are days of their own: pay day, rent.
        yield return graph.Reshape(graph.Mul(graph.Cast(calendar.DayOfMonth, ElementType.Float), graph.Number(1 / 31f)), -1, 1);
        yield return graph.Reshape(graph.Cast(graph.Equal(calendar.DayOfMonth, graph.Number(1L)), ElementType.Float), -1, 1);
        if (Hourly)
            yield return graph.OneHot(graph.Div(graph.Sub(flat, graph.Mul(calendar.Days, graph.Number(86_400_000_000L))), graph.Number(3_600_000_000L)), 24);
    }

    /// <summary>The step some seasons before each step ahead; never later than the history's end.</summary>
    private long[] Place(int season, int more)
        => [.. Enumerable.Range(1, Horizon).Select(step => (long)Math.Max(0, History - 1 + step - (season * (((step + season - 1) / season) + more))))];

    private long[] Shift(long[] places, int by) => [.. places.Select(place => Math.Clamp(place + by, 0, History - 1))];

    private long[] Last(int before) => [.. Enumerable.Repeat((long)History - before, Horizon)];

    private static string Pick(OnnxGraph graph, string history, long[] places) => graph.Gather(history, graph.Constant(OnnxTensor.Of(places)), axis: 1);

    private static string Mean(OnnxGraph graph, string history, int from, int count) => graph.Node("ReduceMean",
        [graph.Node("Slice", [history, graph.Constant(OnnxTensor.Of<long>([from])), graph.Constant(OnnxTensor.Of<long>([from + count])), graph.Constant(OnnxTensor.Of<long>([1]))])],
        OnnxSetting.Ints("axes", 1), OnnxSetting.Int("keepdims", 1));

    /// <summary>[N,H] to float [N·H,1].</summary>
    private static string Column(OnnxGraph graph, string x) => graph.Reshape(graph.Cast(x, ElementType.Float), -1, 1);
}
