namespace Steward.Statistics.Tests.Teaching;

/// <summary>How a model gets better while names are asked for, batch by batch.</summary>
internal static class Lesson
{
    public enum Way { Chance, Margin, Entropy, Ours }

    /// <param name="Labels">Names given so far.</param>
    /// <param name="Right">Share of the held-back rows that are answered rightly.</param>
    /// <param name="Kappa">How far the answers on the pool agree with those of the round before.</param>
    public sealed record Mark(int Labels, double Right, double Kappa);

    public static List<Mark> Learn(Pool pool, Way way, int start, bool typicalStart, int batch, int most, int seed)
    {
        var random = new Random(seed);
        var flat = pool.Rows.SelectMany(row => row).ToArray();
        var dimensions = pool.Rows[0].Length;
        List<int> named = [.. typicalStart ? Statistics.Teaching.Typical(flat, dimensions, start, random) : Drawn([.. Enumerable.Range(0, pool.Rows.Length)], start, random)];
        var learner = new Learner(dimensions, pool.Kinds);
        var (marks, before) = (new List<Mark>(), Array.Empty<int>());
        while (true)
        {
            learner.Learn([.. named.Select(i => pool.Rows[i])], [.. named.Select(i => pool.Labels[i])]);
            var said = Array.ConvertAll(pool.Rows, learner.Probabilities);
            var answers = Array.ConvertAll(said, p => Array.IndexOf(p, p.Max()));
            marks.Add(new(named.Count, pool.TestRows.Zip(pool.TestLabels).Average(one => learner.Answer(one.First) == one.Second ? 1.0 : 0), before.Length == 0 ? 0 : CohensKappa.Of(before, answers)));
            before = answers;
            if (named.Count + batch > most)
                return marks;
            var taken = named.ToHashSet();
            int[] left = [.. Enumerable.Range(0, pool.Rows.Length).Where(i => !taken.Contains(i))];
            named.AddRange(way switch
            {
                Way.Chance => Drawn(left, batch, random),
                Way.Margin => left.OrderBy(i => Margin(said[i])).Take(batch),
                Way.Entropy => left.OrderByDescending(i => -said[i].Sum(p => p * Math.Log(p + 1e-12))).Take(batch),
                _ => Statistics.Teaching.Doubtful([.. left.Select(i => Margin(said[i]))], [.. left.SelectMany(i => pool.Rows[i])], dimensions, batch, random).Select(i => left[i]),
            });
        }
    }

    /// <summary>The mean over several lessons.</summary>
    public static List<Mark> Mean(IEnumerable<List<Mark>> lessons) => [.. lessons.SelectMany(marks => marks).GroupBy(mark => mark.Labels).OrderBy(marks => marks.Key)
        .Select(marks => new Mark(marks.Key, marks.Average(mark => mark.Right), marks.Average(mark => mark.Kappa)))];

    /// <summary>Names until so many answers are right; null when it never comes to that.</summary>
    public static int? Until(IEnumerable<Mark> marks, double right) => marks.FirstOrDefault(mark => mark.Right >= right - 1e-9)?.Labels;

    /// <summary>The same between two rounds, on the line from one to the other.</summary>
    public static double Crossing(IReadOnlyList<Mark> marks, double right)
    {
        var after = Enumerable.Range(0, marks.Count).First(i => marks[i].Right >= right);
        if (after == 0)
            return marks[0].Labels;
        var (from, to) = (marks[after - 1], marks[after]);
        return from.Labels + ((to.Labels - from.Labels) * (right - from.Right) / (to.Right - from.Right));
    }

    private static int[] Drawn(int[] from, int count, Random random)
    {
        random.Shuffle(from);
        return from[..count];
    }

    private static double Margin(float[] probabilities)
    {
        var two = probabilities.OrderDescending().Take(2).ToArray();
        return two[0] - two[1];
    }
}
