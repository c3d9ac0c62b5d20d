using System.CommandLine;
using System.Diagnostics;
using Spectre.Console;
using Steward.Cli;
using Steward.Storage;

namespace Steward.Host.Verbs;

/// <summary>Looks at everything a start needs and says for each whether it is well and what to do.</summary>
internal static class DoctorVerb
{
    private const long EnoughDisk = 1L << 30;

    public static Command Tree()
    {
        var doctor = new Command("doctor", "Check what this machine gives: data folder, disk, port, records.");
        doctor.SetAction(async (line, stop) =>
        {
            var settings = SettingsFrom.Line(line);
            var findings = new List<Finding> { Folder(settings), DiskRoom(settings), Port(settings), await Records(settings, stop) };
            if (line.GetValue(Show.AsJson))
                Console.WriteLine(Json.Write(findings));
            else
                foreach (var finding in findings)
                    AnsiConsole.MarkupLine($"{(finding.Well ? "[green]well[/]" : "[red]look[/]")}  {finding.What,-12} {Markup.Escape(finding.Says)}");
            return findings.All(finding => finding.Well) ? 0 : 1;
        });
        return doctor;
    }

    private static Finding Folder(Settings settings)
    {
        if (Running.On(settings.Data) is { } running)
            return new("data folder", true, $"{settings.Data}, in use by the server at {running.Url}");
        if (!Directory.Exists(settings.Data))
            return new("data folder", true, $"{settings.Data}, made at the first start");
        try
        {
            using var folder = DataFolder.Take(settings.Data);
            return new("data folder", true, $"{settings.Data}, {Say.Bytes(new DirectoryInfo(settings.Data).EnumerateFiles("*", SearchOption.AllDirectories).Sum(file => file.Length))}");
        }
        catch (ProblemException problem)
        {
            return new("data folder", false, $"{problem.Message} {problem.Try}");
        }
    }

    private static Finding DiskRoom(Settings settings)
    {
        var nearest = new DirectoryInfo(settings.Data);
        while (!nearest.Exists && nearest.Parent is not null)
            nearest = nearest.Parent;
        var free = new DriveInfo(nearest.FullName).AvailableFreeSpace;
        return new("disk", free >= EnoughDisk, $"{Say.Bytes(free)} free{(free >= EnoughDisk ? "" : "; at least 1 GB is wanted")}");
    }

    private static Finding Port(Settings settings)
    {
        if (settings.Port == 0 || Running.On(settings.Data) is not null)
            return new("port", true, settings.Port == 0 ? "any free one" : "held by our own server");
        return ListenAddress.Trouble(settings) is { } trouble
            ? new("port", false, $"{trouble.Message} {trouble.Try}")
            : new("port", true, $"{settings.Port} is free");
    }

    private static async Task<Finding> Records(Settings settings, CancellationToken stop)
    {
        var clock = Stopwatch.StartNew();
        if (settings.Db is null && !File.Exists(Path.Combine(settings.Data, "steward.db")))
            return new("records", true, "SQLite, made at the first start");
        try
        {
            await using var db = Db.Connect(settings.Address);
            await db.One<long>("SELECT 1", stop: stop);
            return new("records", true, $"{db.Dialect.Name} answers in {Say.Span(clock.Elapsed)}, {Say.Bytes(await db.Size(stop))}");
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            return new("records", false, $"they cannot be opened: {error.Message}");
        }
    }

    private sealed record Finding(string What, bool Well, string Says);
}
