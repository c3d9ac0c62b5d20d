using System.Text;
using System.Text.Json;

namespace Steward.Tracking.Comparing;

/// <summary>The code of a Jupyter notebook (nbformat 3 and 4): its cells in order, without what they put out.</summary>
internal static class Notebook
{
    public const string Extension = ".ipynb";

    /// <summary>Between cells, as Jupytext and editors write it.</summary>
    private const string Cell = "# %%\n";

    /// <summary>Null for what is no notebook.</summary>
    public static string? CodeOf(ReadOnlyMemory<byte> json)
    {
        try
        {
            using var read = JsonDocument.Parse(json);
            var cells = read.RootElement.TryGetProperty("cells", out var all) ? all.EnumerateArray()
                : read.RootElement.GetProperty("worksheets").EnumerateArray().SelectMany(sheet => sheet.GetProperty("cells").EnumerateArray());
            var code = new StringBuilder();
            foreach (var cell in cells.Where(cell => cell.GetProperty("cell_type").ValueEquals("code")))
                code.Append(Cell).Append(Source(cell).TrimEnd('\n')).Append('\n');
            return code.ToString();
        }
        catch (Exception error) when (error is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            return null;
        }
    }

    private static string Source(JsonElement cell)
    {
        var source = cell.TryGetProperty("source", out var now) ? now : cell.GetProperty("input");
        return source.ValueKind is JsonValueKind.Array ? string.Concat(source.EnumerateArray().Select(line => line.GetString())) : source.GetString() ?? "";
    }
}
