using System.Diagnostics;
using System.Text.RegularExpressions;
using Steward.Testing;

namespace Steward.Attack.Tests;

/// <summary>SEC-03 and 14: strace writes down every file the real program opens, makes, moves or removes while it is attacked.</summary>
public sealed partial class Sec03_FilesTests(Town town) : IAsyncLifetime
{
    private readonly string _folder = TestFolder.New();
    private Process _program = null!;
    private string _url = "";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private string Data => Path.Combine(_folder, "data");

    private string Log => Path.Combine(_folder, "calls");

    /// <summary>What a .NET program on Linux looks at by itself, whatever it is asked.</summary>
    private static string[] OfTheSystem { get; } = ["/proc/", "/sys/", "/dev/", "/usr/lib/", "/lib/", "/usr/share/", "/etc/localtime", "/etc/ssl/", "/etc/ld.so.cache", Path.GetDirectoryName(Environment.ProcessPath)!];

    [Fact]
    public async Task No_attack_opens_or_changes_a_file_outside_of_the_data_folder()
    {
        using var http = new HttpClient { BaseAddress = new(_url), Timeout = TimeSpan.FromMinutes(2) };
        // Both kinds of calls happen once on the honest way, so that what the program loads late is loaded.
        await Attack(http, ["x"]);
        var before = Calls().Count;
        await Attack(http, ["%2e%2e%2f%2e%2e%2fetc%2fshadow", "%2fetc%2fshadow", "..%2f..%2f..%2f..%2fetc%2fhosts", "%252e%252e%252fetc%252fhosts", "file:%2f%2f%2fetc%2fhosts", "steward-was-here.txt"]);
        // A file that is surely opened, after every attack: until it is seen, the witness has not told all.
        await http.GetByteArrayAsync(new Uri("/steward.css", UriKind.Relative), Stop);
        await Eventually.True("strace sees the stylesheet opened", () => Calls().Skip(before).Any(IsTheLast), Stop);
        Assert.Equal([], Calls().Skip(before).TakeWhile(path => !IsTheLast(path)).Where(Outside).Distinct());

        static bool IsTheLast(string path) => path.EndsWith("/steward.css", StringComparison.Ordinal);
    }

    public async ValueTask InitializeAsync()
    {
        var program = Path.Combine(AppContext.BaseDirectory, "..", "..", "Steward.Host", Path.GetFileName(AppContext.BaseDirectory.TrimEnd('/')), "steward");
        // A mask of nothing, so that only the program's own care keeps others out.
        var start = new ProcessStartInfo("sh", ["-c", "umask 000; exec \"$@\"", "sh", "strace", "-f", "-q", "-y", "-s", "4096", "-e", "trace=open,openat,openat2,creat,rename,renameat,renameat2,unlink,unlinkat,mkdir,mkdirat,link,linkat,symlink,symlinkat,chmod,fchmodat,truncate", "-o", Log,
            Path.GetFullPath(program), "up", "--open", "--data", Data, "--port", "0"])
        { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = Directory.CreateDirectory(Path.Combine(_folder, "here")).FullName };
        _program = Process.Start(start)!;
        while (_url.Length == 0)
            _url = Address().Match(await _program.StandardOutput.ReadLineAsync(Stop) ?? throw new InvalidOperationException(await _program.StandardError.ReadToEndAsync(Stop))).Value;
    }

    public ValueTask DisposeAsync()
    {
        _program.Kill(entireProcessTree: true);
        _program.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task Whatever_the_mask_says_no_file_is_for_others()
    {
        using var http = new HttpClient { BaseAddress = new(_url) };
        await Attack(http, ["x"]);
        const UnixFileMode others = UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.GroupWrite;
        // The folder is closed; what lies within is reached through it alone.
        Assert.Equal(UnixFileMode.None, File.GetUnixFileMode(Data) & (others | UnixFileMode.OtherExecute | UnixFileMode.GroupExecute));
        var secrets = Directory.EnumerateFiles(Path.Combine(Data, "keys"), "*", SearchOption.AllDirectories).ToList();
        Assert.NotEmpty(secrets);
        Assert.All(secrets, file => Assert.Equal(UnixFileMode.None, File.GetUnixFileMode(file) & others));
        Assert.Equal([], Directory.EnumerateFileSystemEntries(Path.Combine(_folder, "here")));
    }

    private async Task Attack(HttpClient http, string[] vectors)
    {
        foreach (var route in Route.All(town.Services).Where(route => route.Holes.Any()))
        foreach (var vector in vectors)
        {
            using var request = new HttpRequestMessage(new(route.Method), new Uri(_url + route.Path(_ => vector), new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true }));
            if (route.Method is "POST" or "PUT")
                request.Content = new StringContent($$"""{"name":"{{vector}}","path":"{{vector}}","source":"{{vector}}"}""", System.Text.Encoding.UTF8, "application/json");
            using var reply = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Stop);
            Assert.True((int)reply.StatusCode is < 500 or 503, $"{route} {vector}: {reply.StatusCode}");
        }
    }

    /// <summary>The absolute path of every call that named a file.</summary>
    private List<string> Calls()
    {
        using var file = new FileStream(Log, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        return [.. new StreamReader(file).ReadToEnd().Split('\n').SelectMany(line => Named().Matches(line).Select(name => name.Groups[1].Value))];
    }

    private bool Outside(string path) => !path.StartsWith(Data, StringComparison.Ordinal) && !OfTheSystem.Any(prefix => path.StartsWith(prefix, StringComparison.Ordinal))
        && !path.StartsWith(Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "..", "..", "Steward.Host")), StringComparison.Ordinal);

    [GeneratedRegex(@"http://127\.0\.0\.1:\d+", RegexOptions.NonBacktracking)]
    private static partial Regex Address();

    [GeneratedRegex("\"([^\"]+)\"", RegexOptions.NonBacktracking)]
    private static partial Regex Named();
}
