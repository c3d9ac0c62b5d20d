using System.Runtime.InteropServices;
using Steward.Oci;

namespace Steward.Packaging.Images;

/// <summary>
/// What an image needs when nobody names a base: the C library and what else our program loads, from this machine's own system,
/// with the licences of the packages they come from. No shell, no package manager, nothing that could be run besides.
/// </summary>
internal static class MachineFiles
{
    /// <summary>Loaded by name while the program runs, so that no file lists them.</summary>
    private static readonly string[] LoadedByName = ["libssl.so.3", "libcrypto.so.3", "libstdc++.so.6", "libgcc_s.so.1", "libm.so.6", "libdl.so.2", "libpthread.so.0", "librt.so.1", "libz.so.1"];

    public static IReadOnlyList<string> Frameworks { get; } = ["Microsoft.NETCore.App", "Microsoft.AspNetCore.App"];

    private static readonly string[] Authorities = ["/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt"];

    public static string Runtime => Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", ".."));

    /// <summary>The root below everything: libraries, certificates, a user, an empty /tmp.</summary>
    /// <param name="program">Native libraries whose needs count, too.</param>
    public static LayerFiles Base(IEnumerable<string> program, int user)
    {
        if (!OperatingSystem.IsLinux())
            throw ProblemException.Invalid("base_missing", "This server does not run on Linux, so its own system cannot be the base of an image.", "Name one: --base registry.example.com/dotnet/aspnet:10.0, --base archive:FILE or --base folder:DIR");
        // The last four are where engines mount what they give: a read-only root has no place to make them.
        var files = new LayerFiles().Folder("tmp", 0b1_111_111_111).Folder("dev").Folder("proc").Folder("run").Folder("sys")
            .Add("etc/passwd", $"root:x:0:0:root:/:/sbin/nologin\nsteward:x:{user}:{user}:steward:/tmp:/sbin/nologin\n")
            .Add("etc/group", $"root:x:0:\nsteward:x:{user}:\n")
            .Add("etc/nsswitch.conf", "passwd: files\ngroup: files\nhosts: files dns\n");
        var added = new HashSet<string>(StringComparer.Ordinal) { "etc/passwd" };
        var needs = ElfLibraries.Closure(program, LoadedByName);
        foreach (var (asked, real) in needs)
            AddLibrary(files, added, asked, real);
        if (Authorities.FirstOrDefault(File.Exists) is { } certificates)
            files.AddFile("etc/ssl/certs/ca-certificates.crt", Resolved(certificates));
        if (File.Exists("/etc/os-release"))
            files.AddFile("etc/os-release", Resolved("/etc/os-release"));
        foreach (var package in DebianPackages.Owning(needs.Values))
            if (new FileInfo($"/usr/share/doc/{package.Name}/copyright") is { Exists: true } copyright)
                files.AddFile($"usr/share/doc/{package.Name}/copyright", Resolved(copyright.FullName));
        return files;
    }

    /// <summary>The packages of this machine that <see cref="Base"/> takes files of.</summary>
    public static IReadOnlyList<DebianPackage> Packages(IEnumerable<string> program) => DebianPackages.Owning(ElfLibraries.Closure(program, LoadedByName).Values);

    /// <summary>The .NET runtime that this server runs on, at the place where programs look for it.</summary>
    public static LayerFiles RuntimeFiles()
    {
        var files = new LayerFiles();
        if (!IsFrameworkDependent)
            return files;
        var version = Path.GetFileName(Path.TrimEndingDirectorySeparator(RuntimeEnvironment.GetRuntimeDirectory()));
        foreach (var shared in Frameworks)
        {
            var folder = new DirectoryInfo(Path.Combine(Runtime, "shared", shared, version));
            if (!folder.Exists)
                throw new ProblemException(ProblemKind.Unavailable, "runtime_missing", $"{shared} {version} is not where this server's runtime is.", "Publish the server self-contained, or install the runtime as a whole.");
            files.AddTree($"usr/share/dotnet/shared/{shared}/{version}", folder, path => !path.EndsWith("createdump", StringComparison.Ordinal) && !path.EndsWith("libcoreclrtraceptprovider.so", StringComparison.Ordinal));
        }

        files.AddTree($"usr/share/dotnet/host/fxr/{version}", new(Path.Combine(Runtime, "host", "fxr", version)));
        files.AddFile("usr/share/dotnet/dotnet", Resolved(Path.Combine(Runtime, "dotnet")));
        foreach (var licence in new[] { "LICENSE.txt", "ThirdPartyNotices.txt" })
            if (new FileInfo(Path.Combine(Runtime, licence)) is { Exists: true } text)
                files.AddFile($"usr/share/dotnet/{licence}", text);
        return files;
    }

    /// <summary>This program, without what only its makers need.</summary>
    public static LayerFiles Program()
    {
        var files = new LayerFiles();
        files.AddTree("app", new(AppContext.BaseDirectory), Runs);
        return files;
    }

    /// <summary>Whether the program finds its runtime beside itself or in a place of its own.</summary>
    public static bool IsFrameworkDependent => !File.Exists(Path.Combine(AppContext.BaseDirectory, "libcoreclr.so"));

    /// <summary>How the program is started in an image.</summary>
    public static IReadOnlyList<string> Entrypoint => IsFrameworkDependent ? ["/usr/share/dotnet/dotnet", "/app/steward.dll"] : ["/app/steward"];

    /// <summary>What the program wants to know of its surroundings in an image.</summary>
    public static IReadOnlyDictionary<string, string> Variables { get; } = new Dictionary<string, string>
    {
        ["DOTNET_ROOT"] = "/usr/share/dotnet", ["DOTNET_EnableDiagnostics"] = "0", ["DOTNET_SYSTEM_GLOBALIZATION_INVARIANT"] = "1", ["ORT_DISABLE_TELEMETRY"] = "1",
        ["SSL_CERT_FILE"] = "/etc/ssl/certs/ca-certificates.crt",
    };

    public static IEnumerable<string> NativeLibraries()
        => Directory.EnumerateFiles(AppContext.BaseDirectory, "*.so").Concat(IsFrameworkDependent ? Directory.EnumerateFiles(RuntimeEnvironment.GetRuntimeDirectory(), "*.so").Append(Path.Combine(Runtime, "dotnet")) : [Path.Combine(AppContext.BaseDirectory, "steward")])
            .Where(file => !file.EndsWith("libcoreclrtraceptprovider.so", StringComparison.Ordinal));

    private static bool Runs(string path)
        => Path.GetExtension(path) is not (".pdb" or ".xml" or ".dbg") && !path.EndsWith(".staticwebassets.runtime.json", StringComparison.Ordinal)
            // Windows' engine lies beside ours in a build folder.
            && !(path.EndsWith(".dll", StringComparison.Ordinal) && Path.GetFileName(path).StartsWith("onnxruntime", StringComparison.Ordinal));

    /// <summary>The file under its real name, and the name that programs ask for beside it in one folder.</summary>
    private static void AddLibrary(LayerFiles files, HashSet<string> added, string asked, string real)
    {
        var at = asked.StartsWith('/') ? asked[1..] : "usr/lib/" + ElfLibraries.Triplet + "/" + asked;
        if (added.Add(at))
            files.AddFile(at, Resolved(real));
    }

    private static FileInfo Resolved(string path)
    {
        var file = new FileInfo(path);
        return file.ResolveLinkTarget(returnFinalTarget: true) as FileInfo ?? file;
    }
}
