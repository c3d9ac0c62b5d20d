using System.Diagnostics;
using Steward.Testing;

namespace Steward.Packaging.Tests;

/// <summary>The built program in a folder of a person's files.</summary>
internal sealed class Here
{
    public string Folder { get; } = TestFolder.New();

    public Here(params (string Name, string Text)[] files)
    {
        foreach (var (name, text) in files)
            Write(name, text);
    }

    public void Write(string name, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(Folder, name))!);
        File.WriteAllText(Path.Combine(Folder, name), text);
    }

    public string Read(string name) => File.ReadAllText(Path.Combine(Folder, name));

    /// <summary>The network is not there for it: any look-up of a name would fail.</summary>
    public async Task<(int Exit, string Said, string Wrong)> Steward(params string[] arguments)
    {
        var program = Path.Combine(AppContext.BaseDirectory.Replace("Steward.Packaging.Tests", "Steward.Host", StringComparison.Ordinal), "steward");
        var start = new ProcessStartInfo(program, arguments) { WorkingDirectory = Folder, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["STEWARD_HOME"] = Path.Combine(Folder, ".home");
        start.Environment["NO_COLOR"] = "1";
        using var process = Process.Start(start)!;
        var (said, wrong) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, await said, await wrong);
    }
}
