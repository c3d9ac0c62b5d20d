namespace Steward.Training;

/// <summary>Who took what, and how much of it, held twice: by user and by item. Each pair is there once, its weights added up.</summary>
public sealed class Interactions
{
    private Interactions(Side users, Side items) => (ByUser, ByItem) = (users, items);

    public Side ByUser { get; }

    public Side ByItem { get; }

    public int Users => ByUser.Count;

    public int Items => ByItem.Count;

    /// <summary>Bytes that both sides hold.</summary>
    public long Bytes => ByUser.Bytes + ByItem.Bytes;

    /// <param name="users">How many there are.</param>
    /// <param name="items">How many there are.</param>
    /// <param name="entries">User, item and weight of each; walked over twice and never held.</param>
    /// <exception cref="ArgumentException">A number is out of range.</exception>
    public static Interactions Of(int users, int items, IEnumerable<(int User, int Item, float Weight)> entries)
    {
        var starts = new int[users + 1];
        foreach (var (user, item, _) in entries)
        {
            if ((uint)user >= (uint)users || (uint)item >= (uint)items)
                throw new ArgumentException($"There is no user {user} or no item {item}.", nameof(entries));
            starts[user + 1]++;
        }
        for (var user = 0; user < users; user++)
            starts[user + 1] += starts[user];
        var (others, weights, next) = (new int[starts[^1]], new float[starts[^1]], starts[..^1]);
        foreach (var (user, item, weight) in entries)
            (others[next[user]], weights[next[user]++]) = (item, weight);
        var byUser = Merged(starts, others, weights);
        return new(byUser, byUser.Turned(items));
    }

    private static Side Merged(int[] starts, int[] others, float[] weights)
    {
        var write = 0;
        for (var one = 0; one < starts.Length - 1; one++)
        {
            var (from, to) = (starts[one], starts[one + 1]);
            Array.Sort(others, weights, from, to - from);
            starts[one] = write;
            for (var i = from; i < to; i++)
                if (write > starts[one] && others[write - 1] == others[i])
                    weights[write - 1] += weights[i];
                else
                    (others[write], weights[write++]) = (others[i], weights[i]);
        }
        starts[^1] = write;
        return write == others.Length ? new(starts, others, weights) : new(starts, others[..write], weights[..write]);
    }

    /// <summary>One side: entries of each user (or item), one after the other.</summary>
    /// <param name="Starts">Where each begins, and the end of the last.</param>
    /// <param name="Others">The items (or users), ascending.</param>
    public sealed record Side(int[] Starts, int[] Others, float[] Weights)
    {
        public int Count => Starts.Length - 1;

        public long Bytes => 4L * (Starts.Length + Others.Length + Weights.Length);

        public ReadOnlySpan<int> Of(int one) => Others.AsSpan(Starts[one]..Starts[one + 1]);

        public ReadOnlySpan<float> WeightsOf(int one) => Weights.AsSpan(Starts[one]..Starts[one + 1]);

        internal Side Turned(int count)
        {
            var starts = new int[count + 1];
            foreach (var other in Others)
                starts[other + 1]++;
            for (var i = 0; i < count; i++)
                starts[i + 1] += starts[i];
            var (others, weights, next) = (new int[Others.Length], new float[Others.Length], starts[..^1]);
            for (var one = 0; one < Count; one++)
                for (var i = Starts[one]; i < Starts[one + 1]; i++)
                    (others[next[Others[i]]], weights[next[Others[i]]++]) = (one, Weights[i]);
            return new(starts, others, weights);
        }
    }
}
