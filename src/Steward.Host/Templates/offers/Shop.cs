namespace Steward.Host.Templates.Offers;

/// <param name="Price">Of one, without discount.</param>
/// <param name="Sold">Real lines of it: how popular it is.</param>
internal sealed record Product(string Id, string Title, string Category, string Subcategory, decimal Price, int Sold, DateTime LastSold);

internal sealed record Customer(string Id, string Segment, string Region);

/// <param name="At">When it was ordered: the day is real for real orders, the hour never is.</param>
/// <param name="Arrives">The hour whose file it comes with; later than ordered when a till was offline.</param>
internal sealed record OrderLine(string Order, int Line, DateTime At, DateTime Arrives, string Customer, string Segment, string Product, int Quantity, decimal Discount, decimal Sales);

/// <summary>
/// A shop: the real orders with an hour of day made up, and beside them customers that do not exist. The made-up ones have
/// tastes, as people do and as the real data, which were made for teaching, do not show: each kind of customer leans to some
/// sub-categories, each customer has favourites there and buys them again. Their ids begin with <see cref="MadeUp"/>.
/// The same seed gives the same shop.
/// </summary>
internal sealed class Shop
{
    /// <summary>The first midnight of the history, and the day that is told hour by hour: the last one with real orders.</summary>
    public static readonly DateTime First = new(2014, 1, 1), Day = new(2017, 12, 30);

    /// <summary>The hour of <see cref="Day"/> from which changed prices hold.</summary>
    public static readonly DateTime Changes = Day.AddHours(8);

    /// <summary>What ids of made-up customers and orders begin with.</summary>
    public const string MadeUp = "GEN-";

    /// <summary>A customer that no customer file names.</summary>
    public const string Unknown = "X-77777";

    private const int Generated = 1500, OrdersOfDay = 420, SubcategoriesLiked = 3, FavouritesInEach = 4;
    private const double Favourite = 0.75, Liked = 0.15;

    /// <summary>How many times as often as everybody a kind of customer buys from a sub-category.</summary>
    private static readonly Dictionary<string, Dictionary<string, double>> Leanings = new()
    {
        ["Consumer"] = new() { ["Art"] = 4, ["Phones"] = 3, ["Furnishings"] = 3, ["Tables"] = 2 },
        ["Corporate"] = new() { ["Copiers"] = 5, ["Machines"] = 4, ["Chairs"] = 3, ["Storage"] = 2, ["Paper"] = 2 },
        ["Home Office"] = new() { ["Accessories"] = 4, ["Bookcases"] = 3, ["Labels"] = 3, ["Envelopes"] = 3 },
    };

    /// <summary>How much is ordered in each hour of a day, in shares of the busiest; nothing while people sleep.</summary>
    private static readonly double[] Rhythm = [0.1, 0.05, 0, 0, 0, 0.05, 0.2, 0.4, 0.7, 0.9, 1, 1, 0.9, 0.8, 0.8, 0.8, 0.9, 1, 1, 0.9, 0.7, 0.5, 0.4, 0.2];

    private readonly Random _chance;
    private readonly Dictionary<string, List<Product>> _shelves;
    private int _orders;

    public Shop(int seed)
    {
        _chance = new(seed);
        var real = RealOrders.Read();
        Products = [.. real.GroupBy(line => line.Product).OrderBy(one => one.Key, StringComparer.Ordinal).Select(ProductOf)];
        // It is deleted, so nobody who is made up buys it.
        Deleted = Products.Where(one => one.LastSold < Day.AddYears(-1)).MinBy(one => (one.Sold, one.Id))!;
        _shelves = Products.Where(one => one != Deleted).GroupBy(one => one.Subcategory).ToDictionary(one => one.Key, one => one.ToList());
        Dearer = [.. Products.OrderByDescending(one => one.Sold).ThenBy(one => one.Id, StringComparer.Ordinal).Take(3)];
        Moved = _shelves["Supplies"].MaxBy(one => (one.Sold, one.Id))!;
        var lines = new List<OrderLine>();
        foreach (var order in real.GroupBy(line => line.Order))
        {
            var at = order.First().Day + TimeOfDay();
            lines.AddRange(order.Select((line, i) => new OrderLine(line.Order, i + 1, at, Hour(at), line.Customer, line.Segment, line.Product, line.Quantity, line.Discount, line.Sales)));
        }

        var people = real.GroupBy(line => line.Customer).Select(one => new Customer(one.Key, one.Last().Segment, one.Last().Region)).OrderBy(one => one.Id, StringComparer.Ordinal).ToList();
        var tastes = Enumerable.Range(1, Generated).Select(i => Taste($"{MadeUp}{i:00000}", real[_chance.Next(real.Count)])).ToList();
        foreach (var taste in tastes)
            for (var left = _chance.Next(4, 13); left > 0; left--)
                lines.AddRange(Order(taste, real[_chance.Next(real.Count)].Day is var day && day < Day ? day + TimeOfDay() : First + TimeOfDay()));
        for (var left = OrdersOfDay; left > 0; left--)
            lines.AddRange(Order(tastes[_chance.Next(tastes.Count)], Day + TimeOfDay()));
        Customers = [.. people, .. tastes.Select(taste => taste.Who)];
        Lines = [.. lines.OrderBy(line => line.At).ThenBy(line => line.Order, StringComparer.Ordinal).ThenBy(line => line.Line)];
    }

    public IReadOnlyList<Product> Products { get; }

    public IReadOnlyList<Customer> Customers { get; }

    /// <summary>All that was ordered, the oldest first.</summary>
    public IReadOnlyList<OrderLine> Lines { get; }

    /// <summary>Products that cost a tenth more from <see cref="Changes"/> on, one that moves to another category then, and one that is no longer sold.</summary>
    public IReadOnlyList<Product> Dearer { get; }

    public Product Moved { get; }

    public Product Deleted { get; }

    public static decimal PriceAfter(Product one) => Math.Round(one.Price * 1.1m, 2);

    public static DateTime Hour(DateTime at) => at.Date.AddHours(at.Hour);

    /// <summary>The price is that of its first order: what was paid for one, before the discount.</summary>
    private static Product ProductOf(IGrouping<string, RealOrders.Line> lines)
    {
        var first = lines.First();
        return new(first.Product, first.Title, first.Category, first.Subcategory, Math.Round(first.Sales / first.Quantity / (1 - first.Discount), 2), lines.Count(), lines.Last().Day);
    }

    private TimeSpan TimeOfDay() => TimeSpan.FromHours(Drawn(Rhythm)) + TimeSpan.FromSeconds(_chance.Next(3600));

    /// <summary>Of the kind and the region of somebody real, with a few favourites.</summary>
    private Buyer Taste(string id, RealOrders.Line like)
    {
        var names = _shelves.Keys.Order(StringComparer.Ordinal).ToList();
        var weights = names.ConvertAll(name => _shelves[name].Sum(one => (double)one.Sold) * Leanings[like.Segment].GetValueOrDefault(name, 0.5));
        var (liked, favourites) = (new List<string>(), new List<Product>());
        while (liked.Count < SubcategoriesLiked)
        {
            var i = Drawn(weights);
            weights[i] = 0;
            liked.Add(names[i]);
        }

        foreach (var shelf in liked.Select(name => _shelves[name]))
            for (var left = FavouritesInEach; left > 0; left--)
                favourites.Add(Popular(shelf));
        return new(new(id, like.Segment, like.Region), liked, favourites);
    }

    private IEnumerable<OrderLine> Order(Buyer buyer, DateTime at)
    {
        var id = $"{MadeUp}{at:yyyy}-{++_orders:000000}";
        var late = at.Date == Day && at.Hour == Flaws.LateFrom && _orders % 3 == 0;
        return [.. Enumerable.Range(0, _chance.Next(1, 5)).Select(_ => Choice(buyer)).Distinct().ToList().Select((product, i) =>
        {
            var (quantity, discount) = (_chance.Next(1, 6), _chance.Next(4) == 0 ? 0.2m : 0m);
            var price = at >= Changes && Dearer.Contains(product) ? PriceAfter(product) : product.Price;
            return new OrderLine(id, i + 1, at, late ? Day.AddHours(Flaws.LateTo) : Hour(at), buyer.Who.Id, buyer.Who.Segment, product.Id, quantity, discount, Math.Round(price * quantity * (1 - discount), 2));
        })];
    }

    private Product Choice(Buyer buyer) => _chance.NextDouble() switch
    {
        < Favourite => buyer.Favourites[Math.Min(_chance.Next(buyer.Favourites.Count), _chance.Next(buyer.Favourites.Count))],
        < Favourite + Liked => Popular(_shelves[buyer.Liked[_chance.Next(buyer.Liked.Count)]]),
        _ => Popular(_shelves[_shelves.Keys.Order(StringComparer.Ordinal).ElementAt(_chance.Next(_shelves.Count))]),
    };

    private Product Popular(List<Product> shelf) => shelf[Drawn(shelf.ConvertAll(one => (double)one.Sold))];

    /// <summary>A number of the list, as often as its weight says.</summary>
    private int Drawn(IReadOnlyList<double> weights)
    {
        var left = _chance.NextDouble() * weights.Sum();
        for (var i = 0; i < weights.Count; i++)
            if ((left -= weights[i]) < 0)
                return i;
        return weights.Count - 1;
    }

    private sealed record Buyer(Customer Who, IReadOnlyList<string> Liked, IReadOnlyList<Product> Favourites);
}
