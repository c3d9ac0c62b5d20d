using System.Globalization;
using System.Text.RegularExpressions;

namespace Steward.Packaging;

/// <summary>An environment that was built whole and looked at.</summary>
/// <param name="Digest">Of the lock it was built from.</param>
public sealed record BuiltEnvironment(string Folder, string Digest, string Runtime, string Version, int Packages)
{
    public string Name => Path.GetFileName(Folder);

    public string Programs => Path.Combine(Folder, "bin");
}

/// <summary>
/// A folder in which environments stand beside each other, each named after its lock. <c>current</c> is a link to the one in use; using
/// another one swaps that link and nothing else. Builds happen aside and count only once their mark is written, so whatever
/// stops a build, also at its last package, leaves everything as it was.
/// </summary>
/// <remarks><c>built/DIGEST-ID</c> environments; <c>uses/000007-after-000005</c> a link for each use, which knows the one before.</remarks>
public sealed partial class EnvironmentShelf(string root)
{
    public const string UsualName = ".steward-env";
    private const string Mark = "steward-environment.json", InUse = "in-use", CurrentName = "current";
    private static readonly TimeSpan Patience = TimeSpan.FromHours(1), BetweenTries = TimeSpan.FromMilliseconds(100);

    public string Current => Path.Combine(root, CurrentName);

    private string Built => Path.Combine(root, "built");

    private string Uses => Path.Combine(root, "uses");

    /// <summary>The one in use; null when there is none.</summary>
    public BuiltEnvironment? InUseNow => CurrentUse() is { } use ? At(use) : null;

    /// <summary>The one that was in use before it.</summary>
    public BuiltEnvironment? WayBack => CurrentUse() is { } use && UseNamed(Before(use)) is { } before ? At(before) : null;

    /// <summary>Every whole one, by name.</summary>
    public IReadOnlyList<BuiltEnvironment> All => Directory.Exists(Built) ? [.. Directory.EnumerateDirectories(Built).Where(IsNamed).Order(StringComparer.Ordinal).Select(Read).OfType<BuiltEnvironment>()] : [];

    public BuiltEnvironment? Find(string digest) => All.FirstOrDefault(one => one.Digest == digest);

    /// <summary>
    /// The environment of a lock: the one that stands there, or a new one. Two at once build once. What cannot be built whole is
    /// taken away again.
    /// </summary>
    /// <param name="make">Builds it in the folder given, and throws when it is not what was locked.</param>
    public async Task<(BuiltEnvironment Environment, bool New)> Build(string digest, LockedRuntime locked, Func<string, Task> make, CancellationToken stop)
    {
        Demand();
        var plain = digest["sha256:".Length..][..16];
        PrivateFolder.Make(Built);
        using var alone = await Hold(Path.Combine(Built, $".{plain}.lock"), stop);
        if (Find(digest) is { } there)
            return (there, false);
        // What a build that was killed left; nobody else builds this one now.
        foreach (var left in Directory.EnumerateDirectories(Built, plain + "-*").Where(one => Read(one) is null))
            Delete(left);
        // A name of its own: a program that a killed build left behind writes into a folder that never counts.
        var folder = Path.Combine(Built, $"{plain}-{Names.NewId()[^8..]}");
        try
        {
            await make(folder);
            await File.WriteAllTextAsync(Path.Combine(folder, InUse), "", stop);
            var draft = Path.Combine(folder, Mark + ".new");
            await using (var file = new FileStream(draft, FileMode.Create))
            {
                file.Write(System.Text.Encoding.UTF8.GetBytes(Json.Write(new BuiltEnvironment(folder, digest, locked.Runtime.ToString().ToLowerInvariant(), locked.Version, locked.Packages.Count))));
                file.Flush(flushToDisk: true);
            }

            File.Move(draft, Path.Combine(folder, Mark));
            return (Read(folder)!, true);
        }
        catch
        {
            Delete(folder);
            throw;
        }
    }

    /// <summary>From now on this one is <c>current</c>. What runs already keeps the one it started with.</summary>
    public async Task Use(BuiltEnvironment environment, CancellationToken stop)
    {
        Demand();
        using var alone = await Hold(Path.Combine(root, ".lock"), stop);
        var now = CurrentUse();
        if (now is not null && At(now)?.Name == environment.Name)
            return;
        PrivateFolder.Make(Uses);
        var number = Directory.EnumerateFileSystemEntries(Uses).Select(Number).DefaultIfEmpty(0).Max() + 1;
        var use = string.Create(CultureInfo.InvariantCulture, $"{number:000000}-after-{(now is null ? 0 : Number(now)):000000}");
        File.CreateSymbolicLink(Path.Combine(Uses, use), Path.Combine("..", "built", environment.Name));
        Point(use);
    }

    /// <summary>The one that was in use before is <c>current</c> again.</summary>
    public async Task<BuiltEnvironment> Back(CancellationToken stop)
    {
        Demand();
        using var alone = await Hold(Path.Combine(root, ".lock"), stop);
        if (CurrentUse() is not { } now || UseNamed(Before(now)) is not { } before || At(before) is not { } environment)
            throw ProblemException.Conflict("no_way_back", "There is no environment that was in use before this one, or it was cleaned away.", "steward env list shows those that stand here; use one with: steward env use NAME");
        Point(before);
        return environment;
    }

    /// <summary>Takes away what nobody uses: neither current nor the way back, and no program running in it; and what killed builds left.</summary>
    /// <returns>The names of those that went.</returns>
    public async Task<IReadOnlyList<string>> Clean(CancellationToken stop)
    {
        if (!Directory.Exists(Built))
            return [];
        using var alone = await Hold(Path.Combine(root, ".lock"), stop);
        var (kept, gone) = (new[] { InUseNow?.Name, WayBack?.Name }, new List<string>());
        foreach (var left in Directory.EnumerateDirectories(Built).Where(one => !IsNamed(one)).ToList())
            Erase(left);
        foreach (var folder in Directory.EnumerateDirectories(Built).Where(one => !kept.Contains(Path.GetFileName(one))).Order(StringComparer.Ordinal).ToList())
        {
            var name = Path.GetFileName(folder);
            // A half one belongs to a build that goes on, or to one that was killed: the lock of its digest tells.
            if (Try(Read(folder) is null ? Path.Combine(Built, $".{name.Split('-')[0]}.lock") : Path.Combine(folder, InUse)) is not { } held)
                continue;
            using (held)
                Delete(folder);
            gone.Add(name);
        }

        foreach (var use in Directory.Exists(Uses) ? Directory.EnumerateFileSystemEntries(Uses).Select(one => Path.GetFileName(one)!).Where(one => At(one) is null).ToList() : [])
            File.Delete(Path.Combine(Uses, use));
        return gone;
    }

    /// <summary>This process becomes a program inside the environment in use, and holds it until it ends, whatever is swapped meanwhile.</summary>
    public ProblemException Run(string program, IReadOnlyList<string> arguments)
    {
        Demand();
        // Between finding it and holding it somebody may have swapped and cleaned it away: then the other one is taken.
        for (var tries = 0; tries < 50 && InUseNow is { } environment; tries++, Thread.Sleep(BetweenTries))
            if (Unix.Share(Path.Combine(environment.Folder, InUse)) && Directory.Exists(environment.Programs))
                return Become(environment, program, arguments);
        return ProblemException.NotFound("environment", root, "Build one and use it: steward env build --use");
    }

    private static ProblemException Become(BuiltEnvironment environment, string program, IReadOnlyList<string> arguments)
    {
        var path = $"{environment.Programs}:{Environment.GetEnvironmentVariable("PATH")}";
        var file = program.Contains('/', StringComparison.Ordinal) ? program : path.Split(':').Select(folder => Path.Combine(folder, program)).FirstOrDefault(File.Exists)
            ?? throw ProblemException.NotFound("program", Names.Shorten(program), $"It is neither in {environment.Programs} nor on this machine's PATH.");
        var variables = Environment.GetEnvironmentVariables().Cast<System.Collections.DictionaryEntry>().Where(one => one.Key is not ("PATH" or "VIRTUAL_ENV" or "PYTHONHOME")).Select(one => $"{one.Key}={one.Value}");
        var why = Unix.Become(file, arguments, [.. variables, $"PATH={path}", $"VIRTUAL_ENV={environment.Folder}"]);
        return new(ProblemKind.Unavailable, "program_not_started", $"{Names.Shorten(program)} could not be started: {why}.", "Look at the program.");
    }

    private void Point(string use)
    {
        var draft = Path.Combine(root, $".{CurrentName}-{Names.NewId()}");
        File.CreateSymbolicLink(draft, Path.Combine("uses", use));
        Unix.Swap(draft, Current);
    }

    private string? CurrentUse() => new FileInfo(Current).LinkTarget is { } link ? Path.GetFileName(link) : null;

    private string? UseNamed(int number) => number == 0 || !Directory.Exists(Uses) ? null : Directory.EnumerateFileSystemEntries(Uses).Select(one => Path.GetFileName(one)!).FirstOrDefault(one => Number(one) == number);

    private BuiltEnvironment? At(string use) => new FileInfo(Path.Combine(Uses, use)).LinkTarget is { } link ? Read(Path.Combine(Built, Path.GetFileName(link))) : null;

    private static BuiltEnvironment? Read(string folder)
    {
        try
        {
            // Where it stands now counts, not where it stood when it was built.
            return Json.Read<BuiltEnvironment>(File.ReadAllText(Path.Combine(folder, Mark))) with { Folder = folder };
        }
        catch (Exception none) when (none is IOException or System.Text.Json.JsonException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>What is on its way out has a dot before its name.</summary>
    private static bool IsNamed(string folder) => Path.GetFileName(folder)[0] != '.';

    private static int Number(string use) => UseForm().Match(Path.GetFileName(use)) is { Success: true } match ? int.Parse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture) : 0;

    private static int Before(string use) => UseForm().Match(use) is { Success: true } match ? int.Parse(match.Groups[2].ValueSpan, CultureInfo.InvariantCulture) : 0;

    /// <summary>Out of sight in one step, then taken away: nobody finds half of it.</summary>
    private static void Delete(string folder)
    {
        if (!Directory.Exists(folder))
            return;
        var gone = Path.Combine(Path.GetDirectoryName(folder)!, $".gone-{Names.NewId()}");
        Directory.Move(folder, gone);
        Erase(gone);
    }

    /// <summary>A program of a killed build may write there for another moment; what it adds goes with the next clean-up.</summary>
    private static void Erase(string gone)
    {
        try
        {
            Directory.Delete(gone, recursive: true);
        }
        catch (IOException)
        {
        }
    }

    private static async Task<FileStream> Hold(string file, CancellationToken stop)
    {
        PrivateFolder.Make(Path.GetDirectoryName(file)!);
        var began = TimeProvider.System.GetTimestamp();
        while (true)
        {
            if (Try(file) is { } held)
                return held;
            if (TimeProvider.System.GetElapsedTime(began) > Patience)
                throw new ProblemException(ProblemKind.Unavailable, "environment_busy", $"Another program has held {file} for an hour.", "Look what it does, or end it.");
            await Task.Delay(BetweenTries, stop);
        }
    }

    /// <summary>The kernel lets such a lock go when its process ends, however it ends.</summary>
    private static FileStream? Try(string file)
    {
        try
        {
            return new FileStream(file, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException held) when (held is not (DirectoryNotFoundException or FileNotFoundException) && !Storage.Disk.IsFull(held))
        {
            return null;
        }
    }

    private static void Demand()
    {
        if (OperatingSystem.IsWindows())
            throw ProblemException.Invalid("system_unfit", "Environments are swapped by links, which this works with on Linux and macOS.", "Use a container: steward env docker");
    }

    [GeneratedRegex(@"^([0-9]{6,9})-after-([0-9]{6,9})\z", RegexOptions.NonBacktracking)]
    private static partial Regex UseForm();
}
