using System.Diagnostics;
using System.Text.Json;

namespace Steward.Packaging;

/// <summary>What is installed where this command runs, as each runtime lists it itself.</summary>
/// <param name="Version">Of the interpreter.</param>
/// <param name="Packages">By the name in the one spelling of its world.</param>
public sealed record Installed(string Version, IReadOnlyDictionary<string, string> Packages)
{
    private const int MostCharacters = 16 << 20;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    /// <summary>Works from 2.6 on: importlib.metadata where there is one.</summary>
    private const string Python = """
        import sys, json
        try:
            from importlib.metadata import distributions
            found = [[d.metadata["Name"], d.version] for d in distributions()]
        except ImportError:
            import pkg_resources
            found = [[d.project_name, d.version] for d in pkg_resources.working_set]
        sys.stdout.write(json.dumps({"version": "%d.%d.%d" % sys.version_info[:3], "packages": found}))
        """;

    private const string R = """cat(sprintf("version %s.%s\n", R.version$major, R.version$minor)); p <- installed.packages(priority = NA_character_)[, c("Package", "Version"), drop = FALSE]; cat(paste(p[, 1], p[, 2], collapse = "\n"))""";

    private const string Julia = """println("version ", VERSION); using Pkg; for (id, p) in Pkg.dependencies(); p.version === nothing || println(p.name, " ", p.version); end""";

    /// <param name="program">The interpreter to ask, when it is not the usual one.</param>
    /// <param name="folder">The person's project.</param>
    public static Task<Installed> Look(Runtime runtime, string? program, string folder, CancellationToken stop) => Of(runtime, program?.Contains('/', StringComparison.Ordinal) == true ? Path.GetFullPath(program) : program, folder, stop);

    /// <param name="program">By its whole path, or a name to be looked for: it is asked in another folder than this one.</param>
    private static Task<Installed> Of(Runtime runtime, string? program, string folder, CancellationToken stop) => runtime switch
    {
        Runtime.Python => OfPython(program ?? "python3", stop),
        Runtime.R => Lines(World.R, [program ?? "Rscript", "--vanilla", "-e", R], stop),
        Runtime.Julia => Lines(World.Julia, [program ?? "julia", "--startup-file=no", $"--project={folder}", "-e", Julia], stop),
        _ => Task.FromResult(OfDotNet(program, folder)),
    };

    private static async Task<Installed> OfPython(string program, CancellationToken stop)
    {
        var said = await Ask([program, "-c", Python], stop);
        try
        {
            using var told = JsonDocument.Parse(said);
            var packages = new Dictionary<string, string>(StringComparer.Ordinal);
            foreach (var one in told.RootElement.GetProperty("packages").EnumerateArray())
                if (one[0].GetString() is { } name && one[1].GetString() is { } version && Known(World.Pip, name) is { } known)
                    packages.TryAdd(known, version);
            return new(told.RootElement.GetProperty("version").GetString()!, packages);
        }
        catch (Exception error) when (error is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            throw NotUnderstood(program);
        }
    }

    private static async Task<Installed> Lines(World world, string[] command, CancellationToken stop)
    {
        var lines = (await Ask(command, stop)).Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(line => line.Split(' ')).Where(words => words.Length == 2).ToList();
        var version = lines.Find(words => words[0] == "version")?[1] ?? throw NotUnderstood(command[0]);
        return new(version, lines.Where(words => words[0] != "version" && Known(world, words[0]) is not null).GroupBy(words => words[0]).ToDictionary(same => same.Key, same => same.First()[1].Split('+')[0], StringComparer.Ordinal));
    }

    /// <summary>What a build left beside its program: Shop.deps.json.</summary>
    private static Installed OfDotNet(string? named, string folder)
    {
        var file = named ?? Directory.EnumerateFiles(folder, "*.deps.json", new EnumerationOptions { RecurseSubdirectories = true, MaxRecursionDepth = 8, IgnoreInaccessible = true }).OrderByDescending(File.GetLastWriteTimeUtc).FirstOrDefault()
            ?? throw ProblemException.NotFound("build", folder, "Build it first (dotnet build), or name its list: --with bin/Release/net8.0/Shop.deps.json");
        var source = TextSource.Open(folder, file);
        try
        {
            using var told = JsonDocument.Parse(source.Text);
            var target = told.RootElement.GetProperty("runtimeTarget").GetProperty("name").GetString()!;
            var packages = told.RootElement.GetProperty("libraries").EnumerateObject().Where(one => one.Value.GetProperty("type").GetString() == "package").Select(one => one.Name.Split('/')).Where(words => words.Length == 2 && Known(World.NuGet, words[0]) is not null);
            return new(target[(target.IndexOf("=v", StringComparison.Ordinal) + 2)..].Split('/')[0], packages.ToDictionary(words => words[0].ToLowerInvariant(), words => words[1], StringComparer.Ordinal));
        }
        catch (Exception error) when (error is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            throw NotUnderstood(file);
        }
    }

    private static string? Known(World world, string name)
    {
        try
        {
            return PackageName.Check(world, name);
        }
        catch (FormatException)
        {
            return null;
        }
    }

    /// <summary>A list of arguments, no shell, and a folder in which no file of the person can be taken for a module.</summary>
    private static async Task<string> Ask(string[] command, CancellationToken stop)
    {
        var start = new ProcessStartInfo(command[0], command.Skip(1)) { WorkingDirectory = Path.GetPathRoot(Environment.CurrentDirectory), RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(stop);
        patience.CancelAfter(Patience);
        using var process = Started(start);
        try
        {
            process.StandardInput.Close();
            var (said, wrong) = (Read(process.StandardOutput, patience.Token), Read(process.StandardError, patience.Token));
            await process.WaitForExitAsync(patience.Token);
            if (process.ExitCode != 0)
                throw new ProblemException(ProblemKind.Unavailable, "listing_failed", $"{command[0]} could not list its packages: {Names.Shorten((await wrong).Trim().Split('\n')[^1], 200)}", "Name the interpreter of this environment: --with PATH");
            return await said;
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            throw new ProblemException(ProblemKind.Unavailable, "listing_failed", $"{command[0]} did not list its packages within {Say.Span(Patience)}.", "Name the interpreter of this environment: --with PATH");
        }
        finally
        {
            if (!process.HasExited)
                process.Kill(entireProcessTree: true);
        }
    }

    private static Process Started(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start)!;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            throw new ProblemException(ProblemKind.NotFound, "program_not_found", $"There is no program '{Names.Shorten(start.FileName)}' here, so nothing can be said of its packages.", "Name the interpreter of this environment: --with PATH");
        }
    }

    private static async Task<string> Read(StreamReader from, CancellationToken stop)
    {
        var (text, buffer) = (new System.Text.StringBuilder(), new char[8192]);
        while (await from.ReadAsync(buffer, stop) is > 0 and var count)
            if (text.Length < MostCharacters)
                text.Append(buffer, 0, count);
        return text.ToString();
    }

    private static ProblemException NotUnderstood(string who) => new(ProblemKind.Unavailable, "listing_failed", $"What {Names.Shorten(who)} says of its packages cannot be read.", "Name the interpreter of this environment: --with PATH");
}
