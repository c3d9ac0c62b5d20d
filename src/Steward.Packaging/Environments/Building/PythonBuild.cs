using System.Diagnostics;
using System.Text;

namespace Steward.Packaging;

/// <summary>Builds a Python environment from a lock: exactly its versions, each file compared with the lock's hashes before anything of it is used.</summary>
/// <param name="Locked">What must be in it afterwards, and nothing else.</param>
/// <param name="Wheels">A folder of wheels; null to let pip fetch them where this machine's settings say.</param>
/// <param name="Interpreter">The Python that it stands on.</param>
internal sealed record PythonBuild(LockedRuntime Locked, string? Wheels, string Interpreter)
{
    private const string Requirements = "steward.requirements.txt";
    private const int MostSaid = 1 << 20;

    public async Task Make(string folder, CancellationToken stop)
    {
        await Demand(stop);
        var python = Path.Combine(folder, "bin", "python");
        // In two steps, because venv keeps to itself why pip could not be put there.
        const string venv = "A place for packages could not be made", debian = "On Debian it needs the package python3-venv.";
        await Do("venv_failed", venv, debian, stop, Interpreter, "-I", "-m", "venv", "--without-pip", folder);
        await Do("venv_failed", venv, debian, stop, python, "-I", "-m", "ensurepip", "--default-pip");
        var list = Path.Combine(folder, Requirements);
        await File.WriteAllTextAsync(list, PipLines.Of(Locked.Packages), stop);
        if (Locked.Packages.Count > 0)
            await Do("install_failed", "The packages could not be installed", Wheels is null ? "Give the wheels by a folder: --wheels DIR" : "Fill the folder with: pip download --dest FOLDER --requirement requirements.txt", stop,
                [python, "-I", "-m", "pip", "install", "--no-input", "--no-cache-dir", "--disable-pip-version-check", "--no-deps", "--only-binary=:all:", "--require-hashes", .. Wheels is null ? (IEnumerable<string>)[] : ["--isolated", "--no-index", "--find-links", Path.GetFullPath(Wheels)], "--requirement", list]);
        var differences = Difference.Between(Locked, await Installed.Look(Runtime.Python, python, folder, stop)).ToList();
        if (differences.Count > 0)
            throw ProblemException.Conflict("environment_differs", $"What was installed is not what was locked: {string.Join(" ", differences.Select(one => one.Sentence))}", "Lock again: steward env lock");
    }

    public static ProblemException DiskFull() => new(ProblemKind.DiskFull, "disk_full", "The disk is full: the environment was not built, and the one in use is as it was.", "Make room (steward env clean takes away what nobody uses), then build again.");

    private async Task Demand(CancellationToken stop)
    {
        if (Locked.Packages.FirstOrDefault(package => package.Source is not World.Pip) is { } other)
            throw ProblemException.Invalid("packages_unfit", $"{other.Name} comes from {other.Source.Word()}, which is not installed here.", "Use a container, which installs both: steward env docker");
        if (Locked.Packages.FirstOrDefault(package => !PipLines.Hashes(package).Any()) is { } bare)
            throw ProblemException.Invalid("hashes_missing", $"The lock has no hash of {bare.Name} {bare.Version}, so nobody can say whether its file is the right one.", "Lock with the wheels at hand: steward env lock --index WHEELS");
        if (Wheels is not null && !Directory.Exists(Wheels))
            throw ProblemException.NotFound("folder", Wheels, "Fill it with: pip download --dest FOLDER --requirement requirements.txt");
        var here = await Installed.Look(Runtime.Python, Interpreter, "/", stop);
        if (Line(here.Version) != Line(Locked.Version))
            throw ProblemException.Conflict("interpreter_differs", $"Python {Locked.Version} is locked, and {Interpreter} is {here.Version}.", $"Name another one: --with python{Line(Locked.Version)}");
    }

    private static string Line(string version) => string.Join('.', version.Split('.').Take(2));

    private static async Task Do(string code, string what, string help, CancellationToken stop, params string[] command)
    {
        var start = new ProcessStartInfo(command[0], command.Skip(1)) { WorkingDirectory = "/", RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["PYTHONDONTWRITEBYTECODE"] = "1";
        using var process = Process.Start(start)!;
        try
        {
            process.StandardInput.Close();
            var (said, wrong) = (Read(process.StandardOutput, stop), Read(process.StandardError, stop));
            await process.WaitForExitAsync(stop);
            var all = await said + "\n" + await wrong;
            if (process.ExitCode == 0)
                return;
            if (all.Contains("No space left on device", StringComparison.Ordinal) || all.Contains("Disk quota exceeded", StringComparison.Ordinal))
                throw DiskFull();
            throw ProblemException.Invalid(code, $"{what}: {Reason(all)}", help);
        }
        finally
        {
            if (!process.HasExited)
                process.Kill(entireProcessTree: true);
        }
    }

    /// <summary>What pip calls an error, else its last line.</summary>
    private static string Reason(string said)
    {
        var lines = said.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return Names.Shorten(lines.FirstOrDefault(line => line.StartsWith("ERROR: THESE PACKAGES DO NOT MATCH", StringComparison.Ordinal)) is { } hashes ? hashes["ERROR: ".Length..]
            : lines.FirstOrDefault(line => line.StartsWith("ERROR:", StringComparison.Ordinal)) ?? lines.LastOrDefault() ?? "it said nothing", 300);
    }

    private static async Task<string> Read(StreamReader from, CancellationToken stop)
    {
        var (text, buffer) = (new StringBuilder(), new char[8192]);
        while (await from.ReadAsync(buffer, stop) is > 0 and var count)
            if (text.Length < MostSaid)
                text.Append(buffer, 0, count);
        return text.ToString();
    }
}

/// <summary>Locked packages as pip reads them, each pinned, with its hashes.</summary>
internal static class PipLines
{
    public static string Of(IEnumerable<LockedPackage> packages)
        => string.Concat(packages.Where(package => package.Source is World.Pip).Select(package => $"{package.Name}=={package.Version}{string.Concat(Hashes(package).Select(hash => $" \\\n    --hash={hash}"))}\n"));

    /// <summary>Those that pip knows.</summary>
    public static IEnumerable<string> Hashes(LockedPackage package) => package.Hashes.Where(hash => hash.StartsWith("sha", StringComparison.Ordinal));
}
