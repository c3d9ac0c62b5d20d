using System.Diagnostics;

namespace Steward.Work;

/// <summary>Starts programs in a session of their own, with the environment given and nothing else.</summary>
internal static class Session
{
    /// <summary>Part of every Linux that has util-linux or busybox. It becomes the program: same process, no shell.</summary>
    private static readonly string? Leader = new[] { "/usr/bin/setsid", "/bin/setsid" }.FirstOrDefault(File.Exists);

    public static ProcessStartInfo Start(IReadOnlyList<string> command, string folder, IReadOnlyDictionary<string, string> environment)
    {
        var start = Leader is null ? new ProcessStartInfo(command[0], command.Skip(1)) : new ProcessStartInfo(Leader, command);
        start.WorkingDirectory = folder;
        start.Environment.Clear();
        foreach (var (name, value) in Basics().Concat(environment))
            start.Environment[name] = value;
        return start;
    }

    /// <summary>The program as a whole path: as written when it is one, otherwise the first on the path; null when there is none.</summary>
    public static string? Find(string program)
    {
        if (Path.IsPathRooted(program))
            return File.Exists(program) ? program : null;
        if (program.Length == 0 || program.IndexOfAny(['/', '\\']) >= 0)
            return null; // relative to a folder: nobody could say which
        var names = OperatingSystem.IsWindows() ? (string[])[program, program + ".exe"] : [program];
        return PathVariable.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .SelectMany(folder => names.Select(name => Path.Combine(folder, name)))
            .FirstOrDefault(File.Exists);
    }

    private static string PathVariable => Environment.GetEnvironmentVariable("PATH") is { Length: > 0 } path ? path : "/usr/local/bin:/usr/bin:/bin";

    private static IEnumerable<KeyValuePair<string, string>> Basics()
    {
        yield return new("PATH", PathVariable);
        yield return new("LANG", Environment.GetEnvironmentVariable("LANG") is { Length: > 0 } language ? language : "C.UTF-8");
        if (Environment.GetEnvironmentVariable("HOME") is { Length: > 0 } home)
            yield return new("HOME", home);
        if (OperatingSystem.IsWindows() && Environment.GetEnvironmentVariable("SystemRoot") is { } root)
            yield return new("SystemRoot", root);
    }
}
