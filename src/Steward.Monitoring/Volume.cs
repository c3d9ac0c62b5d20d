namespace Steward.Monitoring;

/// <summary>How many requests an endpoint answered in a window by the clock, whatever version answered; each row of a request is one.</summary>
/// <param name="To">The first moment after it.</param>
/// <param name="AtLeast">The limit that held then; null for none.</param>
public sealed record Volume(string Project, string Endpoint, DateTimeOffset From, DateTimeOffset To, long Requests, long? AtLeast, long? AtMost, int? Incident, DateTimeOffset JudgedAt)
{
    public bool TooFew => Requests < AtLeast;

    public bool TooMany => Requests > AtMost;

    public bool Alarms => TooFew || TooMany;

    /// <summary>How near it is to its limits: above 1 alarms.</summary>
    public double Ratio => Math.Max(AtMost is { } most ? Requests / Math.Max(0.5, most) : 0, AtLeast is { } least ? least / Math.Max(0.5, Requests) : 0);

    /// <summary>The number of the window, counted from 1970.</summary>
    internal int Number => (int)(From.UtcTicks / (To - From).Ticks % int.MaxValue);

    /// <summary><c>40 requests came in 1 h, fewer than the 100 that are expected.</c></summary>
    public string Words => $"{Say.Count(Requests, "request")} came in {Say.Span(To - From)}{(TooFew ? $", fewer than the {AtLeast:N0} that are expected" : TooMany ? $", more than the {AtMost:N0} that are allowed" : "")}.";
}
