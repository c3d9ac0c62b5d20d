using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace Steward.Bench;

/// <summary>Results as markdown, with what is needed to judge them. Absolute figures belong to the machine; the ratios are the point.</summary>
internal static class Report
{
    public static void Write(string name, string body)
    {
        var text = $"# {name}\n\n{Machine()}\n\n{body}\n";
        Console.WriteLine(text);
        var folder = Path.Combine(Root(), "bench", "results");
        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, name + ".md"), text);
    }

    public static string Table(string[] heads, IEnumerable<string[]> rows)
    {
        var text = new StringBuilder().AppendLine($"| {string.Join(" | ", heads)} |").AppendLine($"|---|{string.Concat(Enumerable.Repeat("---:|", heads.Length - 1))}");
        foreach (var row in rows)
            text.AppendLine($"| {string.Join(" | ", row)} |");
        return text.ToString();
    }

    public static string Number(double value) => value.ToString(value < 10 ? "0.0" : value < 1000 ? "0" : "#,0", CultureInfo.InvariantCulture);

    public static string Ratio(double value) => value.ToString("0.00", CultureInfo.InvariantCulture) + " x";

    private static string Machine()
    {
        var cpu = File.Exists("/proc/cpuinfo") ? File.ReadLines("/proc/cpuinfo").FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal))?.Split(':')[1].Trim() : null;
        var load = File.Exists("/proc/loadavg") ? File.ReadAllText("/proc/loadavg").Split(' ')[0] : "?";
        return $"{Environment.ProcessorCount} cores ({cpu ?? RuntimeInformation.ProcessArchitecture.ToString()}), {RuntimeInformation.FrameworkDescription}, {RuntimeInformation.OSDescription.Trim()}, load at the end {load}, {DateTime.UtcNow:yyyy-MM-dd}. Best of several rounds; every row of a table was measured in the same run.";
    }

    private static string Root()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "Steward.slnx")))
                return folder.FullName;
        return Environment.CurrentDirectory;
    }
}
