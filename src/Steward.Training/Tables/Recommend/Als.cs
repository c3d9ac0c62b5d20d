namespace Steward.Training;

/// <summary>
/// Factors of users and items by alternating least squares: a user's factors are the exact answer while the items' hold still,
/// and the other way round. Without ratings after Hu, Koren and Volinsky (2008): everything not taken counts a little as not
/// wanted. With ratings after Zhou et al. (2008): the cost of factors grows with how much is known.
/// </summary>
public sealed class Als
{
    private Als(int factors, int users, int items) => (Factors, Users, Items) = (factors, new float[(long)users * Width(factors)], new float[(long)items * Width(factors)]);

    /// <summary>Numbers per user and per item.</summary>
    public int Factors { get; }

    /// <summary>Rows of <see cref="Stride"/> floats, the first <see cref="Factors"/> of them used.</summary>
    public float[] Users { get; }

    public float[] Items { get; }

    public int Stride => Width(Factors);

    /// <summary>Learns from what was taken.</summary>
    /// <param name="taken">Weights say how often.</param>
    /// <param name="factors">Numbers per user and item.</param>
    /// <param name="rounds">Walks over both.</param>
    /// <param name="l2">What factors cost.</param>
    /// <param name="trust">How much more a thing taken once counts than one not taken; more often counts more by the logarithm.</param>
    /// <param name="seed">Of the first factors.</param>
    /// <param name="told">After each round.</param>
    /// <param name="stop">Ends it.</param>
    public static Als Implicit(Interactions taken, int factors, int rounds, double l2, double trust, int seed, Action<int>? told, CancellationToken stop)
    {
        var als = new Als(factors, taken.Users, taken.Items);
        als.Start(als.Items, seed);
        for (var round = 1; round <= rounds; round++)
        {
            als.Half(taken.ByUser, als.Items, als.Users, (float)l2, (float)trust, stop);
            als.Half(taken.ByItem, als.Users, als.Items, (float)l2, (float)trust, stop);
            told?.Invoke(round);
        }
        return als;
    }

    /// <summary>Learns from ratings, which the caller has freed of their means.</summary>
    public static Als Explicit(Interactions rated, int factors, int rounds, double l2, int seed, Action<int>? told, CancellationToken stop)
    {
        var als = new Als(factors, rated.Users, rated.Items);
        als.Start(als.Items, seed);
        for (var round = 1; round <= rounds; round++)
        {
            als.Half(rated.ByUser, als.Items, als.Users, (float)l2, null, stop);
            als.Half(rated.ByItem, als.Users, als.Items, (float)l2, null, stop);
            told?.Invoke(round);
        }
        return als;
    }

    /// <summary>How well a user and an item go together.</summary>
    public float Score(int user, int item) => System.Numerics.Tensors.TensorPrimitives.Dot<float>(Users.AsSpan(user * Stride, Stride), Items.AsSpan(item * Stride, Stride));

    /// <summary>The factors of one user of so many, from the items as they are, on one core: half a round, to be measured beside others.</summary>
    /// <returns>Rows of <see cref="Factors"/>.</returns>
    public float[] SolveUsers(Interactions taken, double l2, double trust, int every)
    {
        var (all, equations, answer) = (Gram(Items, CancellationToken.None), new NormalEquations(Factors), new float[Stride]);
        var solved = new float[taken.Users / every * Factors];
        for (var user = 0; user + every <= taken.Users; user += every)
        {
            equations.Begin(all, (float)l2);
            equations.Add(Items, taken.ByUser.Of(user), taken.ByUser.WeightsOf(user), (float)trust);
            equations.Solve(answer);
            answer.AsSpan(0, Factors).CopyTo(solved.AsSpan(user / every * Factors));
        }
        return solved;
    }

    /// <summary>Solves one side while the other holds still.</summary>
    /// <param name="trust">Null for ratings.</param>
    private void Half(Interactions.Side side, float[] others, float[] own, float l2, float? trust, CancellationToken stop)
    {
        var all = trust is null ? null : Gram(others, stop);
        // Pieces of equal count have very unequal work where few are popular: many small ones even that out.
        const int piece = 256;
        Parallel.For(0, (side.Count + piece - 1) / piece, new ParallelOptions { CancellationToken = stop, MaxDegreeOfParallelism = Environment.ProcessorCount }, () => new NormalEquations(Factors), (p, _, equations) =>
        {
            for (var one = p * piece; one < Math.Min(side.Count, (p + 1) * piece); one++)
            {
                var entries = side.Of(one);
                var answer = own.AsSpan(one * Stride, Stride);
                if (entries.IsEmpty)
                {
                    answer.Clear();
                    continue;
                }
                equations.Begin(all, trust is null ? l2 * entries.Length : l2);
                equations.Add(others, entries, side.WeightsOf(one), trust);
                equations.Solve(answer);
            }
            return equations;
        }, _ => { });
    }

    /// <summary>Every row times itself, added up: what all things not taken say together.</summary>
    private float[] Gram(float[] rows, CancellationToken stop)
    {
        var sum = new double[Stride * Stride];
        var (count, gate) = (rows.Length / Stride, new Lock());
        const int piece = 4096;
        Parallel.For(0, (count + piece - 1) / piece, new ParallelOptions { CancellationToken = stop, MaxDegreeOfParallelism = Environment.ProcessorCount }, p =>
        {
            var own = new NormalEquations(Factors);
            own.Begin(null, 0);
            own.AddAll(rows, p * piece, Math.Min(count, (p + 1) * piece));
            lock (gate)
                for (var i = 0; i < sum.Length; i++)
                    sum[i] += own.Matrix[i];
        });
        return Array.ConvertAll(sum, value => (float)value);
    }

    /// <summary>Small numbers by chance, so that no two factors begin alike.</summary>
    private void Start(float[] rows, int seed)
    {
        var (chance, size) = (new Random(seed), 1 / MathF.Sqrt(Factors));
        for (var i = 0; i < rows.Length; i++)
            rows[i] = i % Stride < Factors ? (chance.NextSingle() - 0.5f) * size : 0;
    }

    /// <summary>Rows begin at whole vectors.</summary>
    internal static int Width(int factors) => (factors + System.Numerics.Vector<float>.Count - 1) / System.Numerics.Vector<float>.Count * System.Numerics.Vector<float>.Count;
}
