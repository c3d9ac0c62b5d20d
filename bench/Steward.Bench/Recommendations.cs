using System.Diagnostics;
using System.Globalization;
using Steward.Training;

namespace Steward.Bench;

/// <summary>What factors for 10,000,000 things taken cost, beside a plain loop and beside one entry at a time with vectors.</summary>
internal static class Recommendations
{
    private const int Users = 200_000, Items = 20_000, Factors = 32, Rounds = 1, Drawn = 11_500_000;
    private const double L2 = 0.1, Trust = 20;

    public static Task<string> Run(string folder)
    {
        var taken = Interactions.Of(Users, Items, new Draws());
        var pairs = taken.ByUser.Others.Length;
        // Three numbers of four bytes each, as any program would hold them.
        var data = 12L * pairs;
        GC.Collect(2, GCCollectionMode.Aggressive, true);
        var before = Environment.WorkingSet;
        var (peak, watched) = (before, true);
        var watch = new Thread(() =>
        {
            for (; Volatile.Read(ref watched); Thread.Sleep(20))
                peak = Math.Max(peak, Environment.WorkingSet);
        });
        watch.Start();
        var (ours, als) = Timed(() => Als.Implicit(taken, Factors, Rounds, L2, Trust, 1, null, CancellationToken.None));
        watched = false;
        watch.Join();
        var held = taken.Bytes + (4L * (als.Users.Length + als.Items.Length));
        // All three solve every eighth user only: the whole would take minutes, and users are drawn alike.
        const int part = 8;
        var (plain, apart) = Used(() => PlainAls.Users(taken, als.Items, als.Stride, Factors, (float)L2, (float)Trust, part, vectors: false));
        var (vectors, _) = Used(() => PlainAls.Users(taken, als.Items, als.Stride, Factors, (float)L2, (float)Trust, part, vectors: true));
        var (blocked, same) = Used(() => als.SolveUsers(taken, L2, Trust, part));
        var off = apart.Zip(same, (a, b) => Math.Abs(a - b)).Max();
        string[][] rows =
        [
            ["plain loop", Report.Number(plain * 1000), Report.Ratio(1)],
            ["vectors, one entry at a time", Report.Number(vectors * 1000), Report.Ratio(vectors / plain)],
            ["ours: blocks of four entries and two rows", Report.Number(blocked * 1000), Report.Ratio(blocked / plain)],
        ];
        return Task.FromResult(
            string.Create(CultureInfo.InvariantCulture, $"{pairs:#,0} different pairs of {Users:#,0} users and {Items:#,0} items (popular ones far more often), {Factors} factors, 32-bit numbers, all cores. ")
            + string.Create(CultureInfo.InvariantCulture, $"One whole round (users and items) took {ours:0.0} s. The data are {data >> 20:#,0} MiB as triples; both sides and all factors hold {held >> 20:#,0} MiB, {(double)held / data:0.00} x the data, ")
            + string.Create(CultureInfo.InvariantCulture, $"and the round took {(peak - before) >> 20:#,0} MiB more of the machine's memory while it ran (factors included).\n\nThe users' half alone, one core, one user of {part}; answers of the plain loop and ours differ by at most {off:0.000000}:\n\n")
            + Report.Table(["way", "CPU, ms", "of the plain loop"], rows));
    }

    private static (double Seconds, T Made) Timed<T>(Func<T> make)
    {
        var began = Stopwatch.GetTimestamp();
        var made = make();
        return (Stopwatch.GetElapsedTime(began).TotalSeconds, made);
    }

    /// <summary>CPU time: of one core's work it tells the same on a machine that others use.</summary>
    private static (double Seconds, T Made) Used<T>(Func<T> make)
    {
        var began = Environment.CpuUsage.TotalTime;
        var made = make();
        return ((Environment.CpuUsage.TotalTime - began).TotalSeconds, made);
    }

    /// <summary>The same draws at every walk; nothing is held.</summary>
    private sealed class Draws : IEnumerable<(int User, int Item, float Weight)>
    {
        public IEnumerator<(int User, int Item, float Weight)> GetEnumerator()
        {
            var chance = new Random(11);
            for (var i = 0; i < Drawn; i++)
            {
                var popular = chance.NextDouble();
                yield return (chance.Next(Users), (int)(Items * popular * popular), 1);
            }
        }

        System.Collections.IEnumerator System.Collections.IEnumerable.GetEnumerator() => GetEnumerator();
    }
}
