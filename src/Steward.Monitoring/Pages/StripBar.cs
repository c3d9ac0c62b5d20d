namespace Steward.Monitoring.Pages;

/// <summary>One window in a strip.</summary>
/// <param name="Limit">In the same unit; null when nothing would alarm.</param>
/// <param name="Words">On hover.</param>
/// <param name="Said">The value alone.</param>
public sealed record StripBar(double Value, double? Limit, WindowState State, string Words, string Said);
