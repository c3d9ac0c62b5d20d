using Steward.Onnx;

namespace Steward.Training.Tests.Tables;

/// <summary>Who may like what.</summary>
public class RecommendTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private static TrainSection Plan(string item = "product", double l2 = 0.05) => new()
    {
        Task = TrainSection.Recommendation, From = "silver.purchases", Time = "at", Holdout = "last_20%", Valid = "last_20%", Seed = 1,
        Recommend = new() { User = "customer", Item = item, Top = 10, Segment = "segment" },
        Algorithms = [new() { Als = new() { Factors = 12, Rounds = 10, L2 = l2 } }, new() { Popular = new() }],
    };

    [Fact]
    public void Tastes_are_found_and_are_better_than_what_is_popular_beyond_chance()
    {
        var tunes = new Recommending(Plan(), MadeTables.Purchases(400, 120, 6, 30, 1), "silver.purchases@1").Run((_, _) => { }, _ => { }, Stop);
        var als = tunes[0];
        Assert.True(als.Metrics["test.ndcg@10.low"] > als.Metrics["popular.ndcg@10"], $"{als.Metrics["test.ndcg@10"]:0.000} ({als.Metrics["test.ndcg@10.low"]:0.000}) against {als.Metrics["popular.ndcg@10"]:0.000}");
        Assert.True(als.Metrics["valid.ndcg@10"] > tunes[1].Metrics["valid.ndcg@10"]);
        Assert.True(als.Metrics["test.coverage"] > als.Metrics["popular.coverage"]);
        // The baseline measured beside a tune is the tune called so.
        Assert.Equal(tunes[1].Metrics["test.ndcg@10"], als.Metrics["popular.ndcg@10"], 1e-9);
    }

    [Fact]
    public void The_file_ranks_as_the_factors_do_and_leaves_out_what_must_not_come_again()
    {
        var chance = new Random(4);
        float[] Some(int count) => [.. Enumerable.Range(0, count).Select(_ => (chance.NextSingle() * 2) - 1)];
        string[] users = [.. Enumerable.Range(0, 30).Select(i => $"u{i}")], items = [.. Enumerable.Range(0, 50).Select(i => $"i{i}")];
        var made = new Recommender(users, items, Some(30 * 8), Some(50 * 8), 8, Some(50), ["home", "office"], Some(3 * 50));
        using var run = new ModelRun(made.Write("customer", "segment", 10));
        (string Who, string Segment, string[] Without)[] asked = [.. users.Select((user, i) => (user, i % 2 == 0 ? "home" : "office", new[] { $"i{i}", "" })), ("stranger", "office", ["i3", "no such thing"]), ("", "", ["", ""]), ("u1", "moon", ["i1", "i1"])];
        var inputs = new Dictionary<string, OnnxValue>
        {
            ["customer"] = OnnxValue.OfTexts([.. asked.Select(one => one.Who)], asked.Length),
            ["segment"] = OnnxValue.OfTexts([.. asked.Select(one => one.Segment)], asked.Length),
            ["exclude"] = OnnxValue.OfTexts([.. asked.SelectMany(one => one.Without)], asked.Length, 2),
        };
        run.Once(inputs, ["items", "scores"], outputs =>
        {
            var (names, scores) = (outputs[0].Texts(), outputs[1].Data<float>().ToArray());
            for (var i = 0; i < asked.Length; i++)
            {
                var (user, segment) = (Array.IndexOf(users, asked[i].Who), Array.IndexOf(["home", "office"], asked[i].Segment));
                var own = new float[50];
                made.Scores(user, segment, own);
                var without = asked[i].Without.Select(name => Array.IndexOf(items, name)).ToHashSet();
                var best = made.Best(user, segment, without, 10);
                Assert.Equal(best.Select(item => items[item]), names[(i * 10)..((i + 1) * 10)]);
                Assert.All(best.Select((item, place) => (item, place)), one => Assert.Equal(own[one.item], scores[(i * 10) + one.place], 1e-5));
            }
        }, Stop);
    }

    [Fact]
    public void Every_customer_has_a_list_without_what_was_bought_lately_and_new_ones_have_what_their_segment_likes()
    {
        var rows = MadeTables.Purchases(60, 40, 4, 12, 2);
        var plan = Plan() with { Recommend = new() { User = "customer", Item = "product", Top = 5, Segment = "segment", ExcludeBought = TimeSpan.FromDays(4) } };
        var tune = new Recommending(plan, rows, "silver.purchases@1").Run((_, _) => { }, _ => { }, Stop)[0];
        var lists = System.Text.Encoding.UTF8.GetString(tune.More!["lists.csv"]).Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(1).Select(line => line.Split(',')).ToList();
        Assert.Equal(60, lists.Select(line => line[0]).Distinct().Count());
        Assert.All(lists.GroupBy(line => line[0]), list => Assert.Equal(["1", "2", "3", "4", "5"], list.Select(line => line[1])));
        var (who, what, when) = (rows.Get("customer", ""), rows.Get("product", ""), (TimeColumn)rows.Get("at", ""));
        var from = when.Micros.Max() - (long)TimeSpan.FromDays(4).TotalMicroseconds;
        var lately = Enumerable.Range(0, rows.Count).Where(row => when.Micros[row] > from).Select(row => (who.Say(row), what.Say(row))).ToHashSet();
        Assert.DoesNotContain(lists, line => lately.Contains((line[0], line[2])));
    }

    [Fact]
    public void Ratings_are_told_closer_than_their_means()
    {
        var chance = new Random(9);
        var (users, items) = (Enumerable.Range(0, 80).Select(_ => (chance.NextDouble() * 2) - 1).ToArray(), Enumerable.Range(0, 60).Select(_ => (chance.NextDouble() * 2) - 1).ToArray());
        var all = (from user in Enumerable.Range(0, 80) from item in Enumerable.Range(0, 60) where chance.NextDouble() < 0.5 select (user, item, (float)(2 * users[user] * items[item]))).ToList();
        var (known, held) = (all.Where((_, i) => i % 5 > 0), all.Where((_, i) => i % 5 == 0).ToList());
        var als = Als.Explicit(Interactions.Of(80, 60, known), 4, 15, 0.02, 1, null, Stop);
        Assert.True(held.Average(one => Math.Pow(als.Score(one.user, one.item) - one.Item3, 2)) < 0.1 * held.Average(one => one.Item3 * one.Item3));
    }

    [Fact]
    public void Each_half_step_is_the_exact_answer_of_the_plain_equations()
    {
        var chance = new Random(2);
        var taken = Interactions.Of(9, 13, Enumerable.Range(0, 60).Select(_ => (chance.Next(9), chance.Next(13), (float)chance.Next(1, 4))).ToList());
        const int factors = 5;
        var (l2, trust) = (0.3, 7.0);
        var als = Als.Implicit(taken, factors, 3, l2, trust, 1, null, Stop);
        double Y(int item, int f) => als.Users[(item * als.Stride) + f];
        // The items were solved last, from the users as they are now.
        for (var item = 0; item < 13; item++)
        {
            var (matrix, right) = (Enumerable.Range(0, factors).Select(_ => new double[factors]).ToArray(), new double[factors]);
            for (var user = 0; user < 9; user++)
            {
                var place = taken.ByItem.Of(item).IndexOf(user);
                var more = place < 0 ? 0 : trust * Math.Log2(1 + taken.ByItem.WeightsOf(item)[place]);
                for (var i = 0; i < factors; i++)
                {
                    right[i] += place < 0 ? 0 : (1 + more) * Y(user, i);
                    for (var j = 0; j < factors; j++)
                        matrix[i][j] += (1 + more) * Y(user, i) * Y(user, j);
                }
            }
            for (var i = 0; i < factors; i++)
                matrix[i][i] += l2;
            if (taken.ByItem.Of(item).IsEmpty)
                continue;
            LinearFit.Solve(matrix, right);
            Assert.All(Enumerable.Range(0, factors), f => Assert.Equal(right[f], als.Items[(item * als.Stride) + f], 1e-3));
        }
    }

    [Fact]
    public void A_pair_that_comes_twice_counts_both_times_and_both_sides_tell_the_same()
    {
        var taken = Interactions.Of(2, 3, [(0, 2, 1), (1, 0, 4), (0, 2, 2), (0, 1, 1)]);
        Assert.Equal([1, 2], taken.ByUser.Of(0).ToArray());
        Assert.Equal([1f, 3f], taken.ByUser.WeightsOf(0).ToArray());
        Assert.Equal([0], taken.ByItem.Of(2).ToArray());
        Assert.Equal([3f], taken.ByItem.WeightsOf(2).ToArray());
    }

    [Fact]
    public void Real_orders_have_lists_and_the_comparison_with_what_is_popular_is_told_as_it_is()
    {
        var plan = Plan() with { Time = "order_date", Holdout = "last_90d", Valid = "last_90d", Recommend = new() { User = "customer_id", Item = "subcategory", Top = 10, Segment = "segment", Weight = "quantity" } };
        var tunes = new Recommending(plan, RealTables.Orders(), "silver.orders@1").Run((_, _) => { }, _ => { }, Stop);
        foreach (var tune in tunes)
            TestContext.Current.SendDiagnosticMessage($"{tune.Name}: {string.Join(", ", tune.Metrics.Where(metric => metric.Key.Contains('@', StringComparison.Ordinal)).Select(metric => $"{metric.Key} {metric.Value:0.0000}"))}");
        Assert.All(tunes, tune => Assert.Equal(793, System.Text.Encoding.UTF8.GetString(tune.More!["lists.csv"]).Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(1).Select(line => line.Split(',')[0]).Distinct().Count()));
        var scores = tunes[0].Scores.Metrics["test.ndcg@10"].Of;
        Assert.Equal(tunes[0].Metrics["test.ndcg@10"], scores["model"].Average(), 1e-12);
        Assert.Equal(tunes[0].Metrics["popular.ndcg@10"], scores["popular"].Average(), 1e-12);
    }
}
