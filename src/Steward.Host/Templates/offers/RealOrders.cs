using System.Globalization;
using System.IO.Compression;
using System.Text;

namespace Steward.Host.Templates.Offers;

/// <summary>The real order lines that come with the program; where they are from stands in SOURCE.md beside them.</summary>
internal static class RealOrders
{
    /// <param name="Day">Of the order; no hours are known.</param>
    internal sealed record Line(string Order, DateTime Day, string Customer, string Segment, string Region, string Product, string Category, string Subcategory, string Title, int Quantity, decimal Discount, decimal Sales);

    /// <summary>In the order of their days.</summary>
    public static IReadOnlyList<Line> Read()
    {
        using var zip = new GZipStream(Template.Open("offers/orders.csv.gz"), CompressionMode.Decompress);
        using var text = new StreamReader(zip);
        text.ReadLine();
        var lines = new List<Line>(10_000);
        while (text.ReadLine() is { } line)
        {
            var f = Fields(line);
            lines.Add(new(f[0], DateTime.ParseExact(f[1], "yyyy-MM-dd", CultureInfo.InvariantCulture), f[2], f[3], f[4], f[5], f[6], f[7], f[8], int.Parse(f[9], CultureInfo.InvariantCulture), Number(f[10]), Number(f[11])));
        }

        return lines;
    }

    private static decimal Number(string text) => decimal.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture);

    /// <summary>One line of RFC 4180; no field of the file holds a line end.</summary>
    private static List<string> Fields(string line)
    {
        var (fields, field, quoted) = (new List<string>(13), new StringBuilder(), false);
        for (var i = 0; i < line.Length; i++)
            if (line[i] == '"' && quoted && i + 1 < line.Length && line[i + 1] == '"')
                field.Append(line[i++]);
            else if (line[i] == '"')
                quoted = !quoted;
            else if (line[i] == ',' && !quoted)
            {
                fields.Add(field.ToString());
                field.Clear();
            }
            else
                field.Append(line[i]);
        fields.Add(field.ToString());
        return fields;
    }
}
