namespace Steward.Stories;

/// <summary>What a fact counts or measures; it decides which formats may tell it.</summary>
public enum Unit
{
    /// <summary>Whole things: pictures, people, rooms.</summary>
    Count,

    /// <summary>A part of a whole, 0 to 1. Told as k of n or in percent.</summary>
    Share,

    /// <summary>A quality between 0 and 1 that is no share of anything: F1, a calibration error.</summary>
    Score,

    /// <summary>A moment: seconds since 1970, UTC.</summary>
    Moment,

    /// <summary>How long something took, in seconds.</summary>
    Duration,

    /// <summary>A number that names: version 3, sign-off 42, epoch 7.</summary>
    Number,

    /// <summary>A multiple of a limit or of a baseline: 1.4 times.</summary>
    Ratio,

    Bytes,
}
