namespace Steward.Drawing;

/// <summary>A place in pixels; y grows downwards.</summary>
public readonly record struct Point(double X, double Y)
{
    public static Point operator +(Point a, Point b) => new(a.X + b.X, a.Y + b.Y);

    public static Point operator -(Point a, Point b) => new(a.X - b.X, a.Y - b.Y);

    public static Point operator *(Point a, double by) => new(a.X * by, a.Y * by);

    internal double Length => Math.Sqrt((X * X) + (Y * Y));

    internal static double Dot(Point a, Point b) => (a.X * b.X) + (a.Y * b.Y);

    /// <summary>The direction alone: length one, or nowhere for no length.</summary>
    internal Point Direction() => Length < 1e-9 ? default : this * (1 / Length);
}
