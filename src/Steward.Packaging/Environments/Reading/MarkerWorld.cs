namespace Steward.Packaging;

/// <summary>What conditions are asked about: an interpreter on a platform, and the extra that is looked at.</summary>
/// <param name="Python"><c>3.11</c> or <c>3.11.9</c>.</param>
/// <param name="Platform">One of <see cref="Platforms"/>.</param>
public sealed record MarkerWorld(string Python, string Platform, string Extra = "")
{
    public static IReadOnlyList<string> Platforms { get; } = ["linux-x86_64", "linux-aarch64", "macos-arm64", "macos-x86_64", "win-amd64"];

    private static readonly string[] Known =
    [
        "python_version", "python_full_version", "implementation_version", "implementation_name", "platform_python_implementation", "python_implementation",
        "os_name", "os.name", "sys_platform", "sys.platform", "platform_system", "platform_machine", "platform.machine", "platform_release", "platform_version", "extra",
    ];

    public string this[string name] => name switch
    {
        "python_version" => string.Join('.', Python.Split('.').Take(2)),
        "python_full_version" or "implementation_version" => Python.Count(c => c == '.') < 2 ? Python + ".0" : Python,
        "implementation_name" => "cpython",
        "platform_python_implementation" or "python_implementation" => "CPython",
        "os_name" or "os.name" => System == "win" ? "nt" : "posix",
        "sys_platform" or "sys.platform" => System switch { "win" => "win32", "macos" => "darwin", _ => Python.StartsWith("2.", StringComparison.Ordinal) ? "linux2" : "linux" },
        "platform_system" => System switch { "win" => "Windows", "macos" => "Darwin", _ => "Linux" },
        "platform_machine" or "platform.machine" => System == "win" ? "AMD64" : Platform[(Platform.IndexOf('-', StringComparison.Ordinal) + 1)..],
        "extra" => Extra,
        _ => "",
    };

    private string System => Platform.Split('-')[0];

    public static bool Knows(string name) => Known.Contains(name);
}
