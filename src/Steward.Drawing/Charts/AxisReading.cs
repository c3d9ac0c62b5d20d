namespace Steward.Drawing;

/// <summary>How an axis' values are read.</summary>
public enum AxisReading
{
    /// <summary>A plain figure.</summary>
    Number,

    /// <summary>A count: steps, epochs, pictures. Ticks are whole.</summary>
    Whole,

    /// <summary>A part of one, shown in percent: 0.92 is 92 %.</summary>
    Share,

    /// <summary>Seconds since 1970 in UTC.</summary>
    Time,
}
