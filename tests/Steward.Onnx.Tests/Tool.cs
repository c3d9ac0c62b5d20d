using System.Diagnostics;

namespace Steward.Onnx.Tests;

/// <summary>Runs a system tool with an argument array.</summary>
internal static class Tool
{
    public static void Run(string name, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(name, arguments))!;
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
    }
}
