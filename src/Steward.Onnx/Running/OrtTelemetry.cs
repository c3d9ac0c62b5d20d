using System.Runtime.InteropServices;
using Steward.Onnx.Running;

namespace Steward.Onnx;

/// <summary>
/// ONNX Runtime (1.29 and later, Linux and macOS) reports to its maker. It reads a variable of the C library's
/// environment at its first call; .NET's own <c>SetEnvironmentVariable</c> does not reach that, and the runtime's
/// <c>DisableTelemetryEvents</c> does not stop it.
/// </summary>
public static class OrtTelemetry
{
    internal const string Variable = "ORT_DISABLE_TELEMETRY";

    private static readonly Lazy<bool> Done = new(Switch);

    /// <summary>Switches it off for this process and its children. Every door of this library does so before ONNX Runtime's first call.</summary>
    /// <exception cref="InvalidOperationException">The environment could not be changed; nothing may be loaded then.</exception>
    public static void Off() => _ = Done.Value;

    private static bool Switch()
    {
        // For child processes, which get .NET's copy of the environment.
        Environment.SetEnvironmentVariable(Variable, "1");
        if (OperatingSystem.IsWindows()) return true;
        if (Libc.SetEnvironment(Variable, "1", 1) != 0 || Marshal.PtrToStringUTF8(Libc.Environment(Variable)) != "1")
            throw new InvalidOperationException("ONNX Runtime's telemetry could not be switched off, so no model is loaded.");
        return true;
    }
}
