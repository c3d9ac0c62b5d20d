using System.Globalization;
using System.Text;

namespace Steward.Host.Templates.Offers;

/// <summary>The files of a shop as they arrive: catalogues by day, the orders of four years, and those of the last day by hour.</summary>
internal sealed class ShopFiles(Shop shop)
{
    private const string OrderHead = "order_id,line,ordered_at,customer_id,segment,product_id,quantity,discount,sales\n";

    /// <summary>The corrected export of the broken hour, where it is put until somebody brings it.</summary>
    public const string Correction = "corrections/orders-14.csv";

    /// <summary>Where the orders of an hour lie in the inbox.</summary>
    public static string Of(DateTime hour) => $"sales/{hour:yyyy/MM/dd/HH}/orders.csv";

    /// <summary>Writes everything into the inbox, flaws and all; how many files.</summary>
    public int Write(string inbox)
    {
        var days = new[] { Shop.Day.AddDays(-2), Shop.Day.AddDays(-1) };
        foreach (var day in days)
        {
            Write(inbox, $"catalog/{day:yyyy/MM/dd}/products.csv", Products(changed: day == days[^1]));
            Write(inbox, $"catalog/{day:yyyy/MM/dd}/customers.csv", Customers());
        }

        Write(inbox, "history/orders.csv", Orders(shop.Lines.Where(line => line.Arrives < Shop.Day)));
        var hours = shop.Lines.Where(line => line.Arrives >= Shop.Day).GroupBy(line => line.Arrives).ToList();
        foreach (var hour in hours)
            Write(inbox, Of(hour.Key), Flawed(hour.Key.Hour, [.. hour.Select(Text)]));
        return (2 * days.Length) + 1 + hours.Count;
    }

    /// <summary>Writes the right export of the broken hour.</summary>
    public void Correct(string folder, string file) => Write(folder, file, Orders(shop.Lines.Where(line => line.Arrives == Shop.Day.AddHours(Flaws.Broken))));

    private static string Flawed(int hour, List<string> lines)
    {
        if (hour == Flaws.Broken)
            lines = [.. lines.Select((line, i) => i % 3 == 1 ? Flaws.Cut(line) : line)];
        if (hour == Flaws.Stranger)
            lines.Add($"GEN-2017-900000,1,{Shop.Day.AddHours(hour):yyyy-MM-dd'T'HH}:30:00,{Shop.Unknown},Consumer,OFF-PA-10000174,1,0,10.28");
        if (Flaws.Bad.TryGetValue(hour, out var bad))
            lines.Insert(lines.Count / 2, bad);
        return OrderHead + string.Join('\n', lines) + "\n";
    }

    private static string Orders(IEnumerable<OrderLine> lines) => OrderHead + string.Concat(lines.Select(line => Text(line) + "\n"));

    private static string Text(OrderLine line) => string.Create(CultureInfo.InvariantCulture, $"{line.Order},{line.Line},{line.At:yyyy-MM-dd'T'HH:mm:ss},{line.Customer},{line.Segment},{line.Product},{line.Quantity},{line.Discount},{line.Sales}");

    private string Products(bool changed)
    {
        var text = new StringBuilder("product_id,title,category,subcategory,price,changed_at\n");
        foreach (var one in shop.Products.Where(one => !changed || one != shop.Deleted))
        {
            var (dearer, moved) = (changed && shop.Dearer.Contains(one), changed && one == shop.Moved);
            text.Append(CultureInfo.InvariantCulture, $"{one.Id},{Field(one.Title)},{(moved ? "Technology" : one.Category)},{one.Subcategory},{(dearer ? Shop.PriceAfter(one) : one.Price)},{(dearer || moved ? Shop.Changes : Shop.First):yyyy-MM-dd'T'HH:mm:ss}\n");
        }

        return text.ToString();
    }

    private string Customers()
    {
        var text = new StringBuilder("customer_id,segment,region\n");
        foreach (var one in shop.Customers)
            text.Append(CultureInfo.InvariantCulture, $"{one.Id},{one.Segment},{one.Region}\n");
        return text.ToString();
    }

    private static string Field(string text) => text.AsSpan().ContainsAny(",\"") ? $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : text;

    private static void Write(string folder, string file, string text)
    {
        var path = Path.Combine(folder, file);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
    }
}
