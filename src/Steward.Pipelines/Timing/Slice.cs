namespace Steward.Pipelines;

/// <summary>A half-open stretch of time, [start, end): a moment on a border belongs to the later one.</summary>
public readonly record struct Slice(DateTimeOffset Start, DateTimeOffset End)
{
    /// <summary>The shortest there is, for what happens at a moment: what it makes lies within it.</summary>
    public static Slice At(DateTimeOffset moment) => new(moment, moment.AddMicroseconds(1));

    public TimeSpan Length => End - Start;

    public bool Intersects(Slice other) => Start < other.End && other.Start < End;

    /// <summary>What lasts less than a minute is told as the moment that it is.</summary>
    public override string ToString() => Length < TimeSpan.FromMinutes(1) ? $"{Start.UtcDateTime:yyyy-MM-dd HH:mm:ss}" : $"[{Start.UtcDateTime:yyyy-MM-dd HH:mm}, {End.UtcDateTime:yyyy-MM-dd HH:mm})";
}
