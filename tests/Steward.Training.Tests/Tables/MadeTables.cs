using System.Globalization;

namespace Steward.Training.Tests.Tables;

/// <summary>Tables made by rules that a test knows.</summary>
internal static class MadeTables
{
    public static readonly DateTime Start = new(2015, 11, 20, 0, 0, 0, DateTimeKind.Utc);

    /// <summary>Orders whose revenue follows from price, amount, city and weekday, with some noise; some values are missing.</summary>
    public static Rows Orders(int count, int seed, int cities = 12, double missing = 0.05)
    {
        var chance = new Random(seed);
        var (price, amount, city, channel, day, revenue, kind) = (new double[count], new double[count], new string?[count], new string?[count], new long[count], new double[count], new string?[count]);
        for (var i = 0; i < count; i++)
        {
            var at = Start.AddHours(i * 7);
            var (where, how) = (chance.Next(cities), chance.Next(3));
            (price[i], amount[i]) = (Math.Round(5 + (40 * chance.NextDouble()), 2), chance.Next(1, 9));
            revenue[i] = (price[i] * amount[i] * (how == 0 ? 0.8 : 1)) + (15 * (where % 5)) + (at.DayOfWeek is DayOfWeek.Saturday ? 40 : 0) + (8 * Normal(chance));
            kind[i] = revenue[i] > 160 ? "large" : where % 3 == 0 ? "local" : "small";
            (city[i], channel[i], day[i]) = ($"city {where.ToString(CultureInfo.InvariantCulture)}", ((string[])["shop", "web", "phone, fax"])[how], TimeColumn.Of(at));
            if (chance.NextDouble() < missing)
                price[i] = double.NaN;
            if (chance.NextDouble() < missing)
                city[i] = null;
            if (chance.NextDouble() < missing / 2)
                day[i] = TimeColumn.Missing;
        }
        return new([new NumberColumn("price", price), new NumberColumn("amount", amount), TextColumn.Of("city", city), TextColumn.Of("channel", channel), new TimeColumn("ordered", day), new NumberColumn("revenue", revenue), TextColumn.Of("kind", kind)]);
    }

    /// <summary>Customers of some tastes who take things of their taste, and now and then what is popular.</summary>
    public static Rows Purchases(int users, int items, int tastes, int each, int seed)
    {
        var chance = new Random(seed);
        var (who, what, when, segment) = (new List<string>(), new List<string>(), new List<long>(), new List<string>());
        for (var user = 0; user < users; user++)
            for (var i = 0; i < each; i++)
            {
                var taste = user % tastes;
                var item = chance.NextDouble() < 0.75 ? taste + (tastes * chance.Next(items / tastes)) : (int)(items * Math.Pow(chance.NextDouble(), 3));
                who.Add($"u{user}");
                what.Add($"item {item}");
                when.Add(TimeColumn.Of(Start.AddHours((i * 24.0) + chance.Next(24))));
                segment.Add(user % 2 == 0 ? "home" : "office");
            }
        return new([TextColumn.Of("customer", who), TextColumn.Of("product", what), new TimeColumn("at", [.. when]), TextColumn.Of("segment", segment)]);
    }

    /// <summary>Daily values with a weekly and a yearly rhythm, a trend and noise.</summary>
    public static Rows Daily(int days, int seed, params string[] names)
    {
        var chance = new Random(seed);
        var (name, at, value) = (new List<string?>(), new List<long>(), new List<double>());
        foreach (var (one, n) in names.DefaultIfEmpty("").Select((one, n) => (one, n)))
            for (var day = 0; day < days; day++)
            {
                var date = Start.AddDays(day);
                name.Add(one);
                at.Add(TimeColumn.Of(date));
                value.Add((n + 1) * (100 + (day * 0.02) + (30 * Math.Sin(2 * Math.PI * date.DayOfYear / 365.25)) + (date.DayOfWeek is DayOfWeek.Saturday or DayOfWeek.Sunday ? 45 : 0) + (4 * Normal(chance))));
            }
        return new([TextColumn.Of("shop", name), new TimeColumn("day", [.. at]), new NumberColumn("sales", [.. value])]);
    }

    private static double Normal(Random chance) => Math.Sqrt(-2 * Math.Log(1 - chance.NextDouble())) * Math.Cos(2 * Math.PI * chance.NextDouble());
}
