using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using Steward.Drawing;

namespace Steward.Bench;

/// <summary>A folder of 100,000 small pictures becomes a data set: client and server as two processes, beside git, which keeps files by digest, too.</summary>
internal static class Files
{
    private const int Count = 100_000, Kinds = 10, Side = 8;

    public static async Task<string> Run(string folder)
    {
        var pictures = Path.Combine(folder, "pictures");
        var bytes = Write(pictures);
        await File.WriteAllTextAsync(Path.Combine(folder, "steward.yaml"), "steward: 1\nproject: many\n");
        using var server = Start(folder, "up", "--open", "--port", "0");
        _ = server.StandardError.ReadToEndAsync();
        while (await server.StandardOutput.ReadLineAsync() is { } line && !line.Contains("Ctrl-C stops", StringComparison.Ordinal))
            ;
        _ = server.StandardOutput.ReadToEndAsync();
        try
        {
            await Take(folder, "project", "send");
            var empty = Peak(server);
            var first = await Take(folder, "data", "add", "pictures", pictures);
            var held = Peak(server);
            var again = await Take(folder, "data", "add", "pictures", pictures);
            var show = await Take(folder, "data", "show", "pictures");
            var check = await Take(folder, "data", "check", "pictures");
            return $"{Count:N0} PNG files of {Side} x {Side} pixels in {Kinds} folders, {bytes / 1e6:0.0} MB, every one different; one round. The server and each command are processes of their own, the memory is the most that each held (`VmHWM`). "
                + "Steward decodes every picture, notes how it looks, stores it by its digest and syncs it before it says so; `git add` stores the same files by their digest and neither looks at them nor syncs.\n\n"
                + Report.Table(["command", "seconds", "files/s", "client, MB", "server, MB"],
                [
                    Row("steward data add, all new", first, held),
                    Row("the same folder once more, nothing new", again, Peak(server)),
                    Row("steward data show", show, Peak(server), perFile: false),
                    Row("steward data check (what is there twice)", check, Peak(server), perFile: false),
                    await Git(pictures),
                ])
                + $"\nThe server held {empty:0} MB before the first picture came.";
        }
        finally
        {
            server.Kill(entireProcessTree: true);
            await server.WaitForExitAsync();
        }
    }

    private static long Write(string pictures)
    {
        for (var kind = 0; kind < Kinds; kind++)
            Directory.CreateDirectory(Path.Combine(pictures, $"kind-{kind}"));
        long bytes = 0;
        Parallel.For(0, Count, i =>
        {
            var random = new Random(i);
            var rgb = new byte[Side * Side * 3];
            // Two colours and a pattern of their own: small files, none like another.
            int one = random.Next(), other = random.Next();
            for (var at = 0; at < Side * Side; at++)
            {
                var colour = random.Next(2) == 0 ? one : other;
                (rgb[at * 3], rgb[(at * 3) + 1], rgb[(at * 3) + 2]) = ((byte)colour, (byte)(colour >> 8), (byte)(colour >> 16));
            }

            var png = Picture.FromRgb(Side, Side, rgb).EncodePng();
            File.WriteAllBytes(Path.Combine(pictures, $"kind-{i % Kinds}", $"{i:000000}.png"), png);
            Interlocked.Add(ref bytes, png.Length);
        });
        return bytes;
    }

    private static string[] Row(string name, (double Seconds, double Client) took, double server, bool perFile = true)
        => [name, Report.Number(took.Seconds), perFile ? Report.Number(Count / took.Seconds) : "", Report.Number(took.Client), Report.Number(server)];

    private static async Task<string[]> Git(string pictures)
    {
        try
        {
            await Take(pictures, "git", ["init", "-q"]);
            var add = await Take(pictures, "git", ["add", "-A"]);
            return Row("git add -A, the same folder", add, 0)[..^1].Append("").ToArray();
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return ["git is not here", "", "", "", ""];
        }
    }

    private static Task<(double Seconds, double Client)> Take(string folder, params string[] arguments) => Take(folder, Program, [.. arguments, "--data", Path.Combine(folder, "data")]);

    private static async Task<(double Seconds, double Client)> Take(string folder, string program, string[] arguments)
    {
        var began = Stopwatch.GetTimestamp();
        using var process = Start(folder, program, arguments);
        var (said, complained) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        double most = 0;
        while (!process.WaitForExit(20))
            most = Math.Max(most, Peak(process));
        var took = Stopwatch.GetElapsedTime(began).TotalSeconds;
        return process.ExitCode == 0 ? (took, most) : throw new InvalidOperationException($"{program} {string.Join(' ', arguments)} ended with {process.ExitCode}: {await said} {await complained}");
    }

    private static Process Start(string folder, params string[] arguments) => Start(folder, Program, [.. arguments, "--data", Path.Combine(folder, "data")]);

    private static Process Start(string folder, string program, string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["STEWARD_HOME"] = Path.Combine(folder, "home");
        start.Environment["NO_COLOR"] = "1";
        return Process.Start(start)!;
    }

    private static string Program { get; } = Path.Combine(AppContext.BaseDirectory.Replace("Steward.Bench", "Steward.Host", StringComparison.Ordinal), "steward");

    /// <summary>The most memory that a process held, MB.</summary>
    private static double Peak(Process process)
    {
        try
        {
            var line = File.ReadLines($"/proc/{process.Id}/status").FirstOrDefault(one => one.StartsWith("VmHWM", StringComparison.Ordinal));
            return line is null ? 0 : double.Parse(Regex.Match(line, @"\d+").Value, CultureInfo.InvariantCulture) * 1024 / 1e6;
        }
        catch (IOException)
        {
            // It has just ended.
            return 0;
        }
    }
}
