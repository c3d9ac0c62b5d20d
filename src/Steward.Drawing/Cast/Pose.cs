namespace Steward.Drawing;

public enum Mood { Happy, Proud, Calm, Worried, Surprised, Thinking, Alarm, Sleepy }

/// <summary>Where a hand is, in lengths that every body has: <paramref name="Out"/> 1 is where it rests beside the body and less is
/// before it; <paramref name="Up"/> 0 hangs and 1 is above the head.</summary>
public readonly record struct Hand(double Out, double Up)
{
    internal Point? Exact { get; private init; }

    /// <summary>An exact place, in pixels from the figure's feet at scale one; y is negative upwards.</summary>
    public static Hand At(double x, double y) => new() { Exact = new(x, y) };
}

/// <summary>How a figure stands.</summary>
/// <param name="LookX">-1 left to 1 right.</param>
/// <param name="LookY">-1 up to 1 down.</param>
/// <param name="Lean">Degrees, clockwise.</param>
public sealed record Pose(Mood Mood = Mood.Happy, double LookX = 0, double LookY = 0, Hand? Left = null, Hand? Right = null, double Lean = 0)
{
    public Pose Feeling(Mood mood) => this with { Mood = mood };

    public Pose Looking(double x, double y = 0) => this with { LookX = x, LookY = y };

    /// <summary>The same towards the other side.</summary>
    public Pose Mirrored() => this with { LookX = -LookX, Lean = -Lean, Left = Mirror(Right), Right = Mirror(Left) };

    private static Hand? Mirror(Hand? hand) => hand is { Exact: { } at } ? Hand.At(-at.X, at.Y) : hand;
}

/// <summary>Poses with a name; each leads to the right and can be mirrored.</summary>
public static class Poses
{
    public static Pose Stand { get; } = new(Mood.Calm);

    public static Pose Wave { get; } = new(Mood.Happy, 0.3, 0, Right: new(1.02, 1));

    public static Pose Point { get; } = new(Mood.Happy, 0.8, 0.1, Right: new(1.24, 0.45));

    public static Pose Cheer { get; } = new(Mood.Proud, 0, 0, new(1.06, 1), new(1.06, 1));

    public static Pose Think { get; } = new(Mood.Thinking, 0.5, -0.4, Right: new(0.5, 0.3));

    public static Pose Shrug { get; } = new(Mood.Surprised, 0, -0.2, new(1.2, 0.42), new(1.2, 0.42));

    public static Pose Carry { get; } = new(Mood.Happy, 0.4, 0.3, new(0.42, 0.12), new(0.42, 0.12));

    public static Pose Stop { get; } = new(Mood.Alarm, 0.6, 0, new(1.1, 0.2), new(1.18, 0.72));

    public static Pose Rest { get; } = new(Mood.Sleepy, 0, 0.3, Lean: -4);

    public static Pose Look { get; } = new(Mood.Calm, 0.9, 0.1, Lean: 3);

    public static Pose Worry { get; } = new(Mood.Worried, 0.6, 0.2, new(0.8, 0.82), new(0.8, 0.88));

    public static Pose Offer { get; } = new(Mood.Happy, 0.6, 0.3, Right: new(1.18, 0.28));

    public static Pose Sign { get; } = new(Mood.Calm, 0.3, 0.7, Right: new(0.6, 0.16));

    /// <summary>All of them by name, for a cast sheet.</summary>
    public static IReadOnlyList<(string Name, Pose Pose)> All { get; } =
    [
        ("stand", Stand), ("wave", Wave), ("point", Point), ("cheer", Cheer), ("think", Think), ("shrug", Shrug), ("carry", Carry),
        ("stop", Stop), ("rest", Rest), ("look", Look), ("worry", Worry), ("offer", Offer), ("sign", Sign),
    ];
}
