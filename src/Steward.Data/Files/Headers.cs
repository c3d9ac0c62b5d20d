using System.Text;

namespace Steward.Data.Files;

/// <summary>Names of columns: as they stand in a file, made unique, and as SQL writes them.</summary>
internal static class Headers
{
    /// <summary>Without control characters; a name that is there twice gets a number, an empty one its place.</summary>
    public static List<string> Unique(IEnumerable<string> header)
    {
        var (seen, names) = (new HashSet<string>(StringComparer.OrdinalIgnoreCase), new List<string>());
        foreach (var raw in header)
        {
            var name = new string([.. raw.Select(c => char.IsControl(c) ? ' ' : c)]).Trim().TrimStart('\uFEFF');
            name = name.Length == 0 ? $"column {names.Count + 1}" : Names.Shorten(name, 120);
            var unique = name;
            for (var n = 2; !seen.Add(unique); n++)
                unique = $"{name} ({n})";
            names.Add(unique);
        }

        return names;
    }

    /// <summary><c>Order ID</c> becomes <c>order_id</c>; no two are alike.</summary>
    public static List<string> Plain(IReadOnlyList<string> header)
    {
        var (seen, names) = (new HashSet<string>(StringComparer.Ordinal), new List<string>());
        foreach (var raw in header)
        {
            var text = new StringBuilder();
            foreach (var c in raw.Normalize(NormalizationForm.FormC).ToLowerInvariant())
                if (char.IsLetterOrDigit(c))
                    text.Append(c);
                else if (text.Length > 0 && text[^1] != '_')
                    text.Append('_');
            var name = text.ToString().Trim('_');
            if (name.Length == 0 || !char.IsLetter(name[0]) || name is "filename" or "file_row_number")
                name = "c_" + name;
            name = name[..Math.Min(name.Length, 100)].Trim('_');
            var unique = name;
            for (var n = 2; !seen.Add(unique); n++)
                unique = $"{name}_{n}";
            names.Add(unique);
        }

        return names;
    }
}
