using System.Globalization;
using System.IO.Compression;
using Steward.Host;

namespace Steward.Training.Tests.Tables;

/// <summary>The real data of the templates.</summary>
internal static class RealTables
{
    /// <summary>9,994 order lines of a shop.</summary>
    public static Rows Orders()
    {
        var (head, lines) = Read("offers/orders.csv.gz");
        string[] Texts(string name) => [.. lines.Select(line => line[Array.IndexOf(head, name)])];
        return new([Times("order_date", Texts("order_date")), TextColumn.Of("customer_id", Texts("customer_id")), TextColumn.Of("segment", Texts("segment")), TextColumn.Of("region", Texts("region")),
            TextColumn.Of("product_id", Texts("product_id")), TextColumn.Of("category", Texts("category")), TextColumn.Of("subcategory", Texts("subcategory")),
            Numbers("quantity", Texts("quantity")), Numbers("discount", Texts("discount")), Numbers("sales", Texts("sales")), Numbers("profit", Texts("profit"))]);
    }

    /// <summary>5,698 days of riders.</summary>
    public static Rows Riders()
    {
        var (_, lines) = Read("forecast/ridership.csv.gz");
        return new([Times("date", [.. lines.Select(line => line[0])]), Numbers("ridership", [.. lines.Select(line => line[1])])]);
    }

    private static (string[] Head, List<string[]> Lines) Read(string name)
    {
        using var file = new StreamReader(new GZipStream(typeof(Platform).Assembly.GetManifestResourceStream("template/" + name)!, CompressionMode.Decompress));
        var lines = file.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(Fields).ToList();
        return (lines[0], lines[1..]);
    }

    /// <summary>These files hold no line breaks within quotes.</summary>
    private static string[] Fields(string line)
    {
        var (fields, quoted, field) = (new List<string>(), false, new System.Text.StringBuilder());
        foreach (var c in line)
            if (c == '"')
                quoted = !quoted;
            else if (c == ',' && !quoted)
            {
                fields.Add(field.ToString());
                field.Clear();
            }
            else
                field.Append(c);
        return [.. fields, field.ToString()];
    }

    private static NumberColumn Numbers(string name, string[] texts) => new(name, [.. texts.Select(text => double.Parse(text, CultureInfo.InvariantCulture))]);

    private static TimeColumn Times(string name, string[] texts) => new(name, [.. texts.Select(text => TimeColumn.Of(DateTime.ParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture)))]);
}
