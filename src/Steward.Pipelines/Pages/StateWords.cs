namespace Steward.Pipelines.Pages;

/// <summary>States as people say them, and their colours.</summary>
internal static class StateWords
{
    public static string Word(WindowState state) => state switch
    {
        WindowState.WaitingOnDependency => "waits for another",
        _ => state.ToString().ToLowerInvariant(),
    };

    public static string Kind(WindowState state) => state switch
    {
        WindowState.Succeeded => "good",
        WindowState.Failed => "bad",
        WindowState.WaitingOnDependency or WindowState.Cancelled => "warn",
        WindowState.Running => "info",
        _ => "",
    };

    public static string Word(StepState state) => state switch
    {
        StepState.Taken => "taken as before",
        _ => state.ToString().ToLowerInvariant(),
    };

    public static string Kind(StepState state) => state switch
    {
        StepState.Succeeded or StepState.Taken => "good",
        StepState.Failed => "bad",
        StepState.Running => "info",
        StepState.Cancelled => "warn",
        _ => "",
    };

    /// <summary><c>2026-01-01 06:00</c>, UTC.</summary>
    public static string At(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd HH:mm", System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>As an address carries it.</summary>
    public static string Address(DateTimeOffset at) => Uri.EscapeDataString(at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFF'Z'", System.Globalization.CultureInfo.InvariantCulture));
}
