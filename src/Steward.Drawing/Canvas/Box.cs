namespace Steward.Drawing;

/// <summary>An upright rectangle in pixels.</summary>
public readonly record struct Box(double X, double Y, double Width, double Height)
{
    public double Right => X + Width;

    public double Bottom => Y + Height;

    public Point Center => new(X + (Width / 2), Y + (Height / 2));

    public double Area => Width * Height;

    public Box Grow(double by) => new(X - by, Y - by, Width + (2 * by), Height + (2 * by));

    public Box Move(double x, double y) => this with { X = X + x, Y = Y + y };

    /// <summary>The shared area in square pixels.</summary>
    public double Overlap(Box other)
        => Math.Max(0, Math.Min(Right, other.Right) - Math.Max(X, other.X)) * Math.Max(0, Math.Min(Bottom, other.Bottom) - Math.Max(Y, other.Y));

    public bool Contains(Box other, double tolerance = 0.01)
        => other.X >= X - tolerance && other.Y >= Y - tolerance && other.Right <= Right + tolerance && other.Bottom <= Bottom + tolerance;

    public bool Contains(Point point) => point.X >= X && point.X <= Right && point.Y >= Y && point.Y <= Bottom;

    /// <summary>The smallest box around both.</summary>
    public Box Union(Box other)
    {
        var (x, y) = (Math.Min(X, other.X), Math.Min(Y, other.Y));
        return new(x, y, Math.Max(Right, other.Right) - x, Math.Max(Bottom, other.Bottom) - y);
    }

    internal static Box Around(IEnumerable<Box> boxes) => boxes.Aggregate((all, one) => all.Union(one));

    internal static Box Around(params ReadOnlySpan<Point> points)
    {
        var around = new Box(points[0].X, points[0].Y, 0, 0);
        foreach (var point in points)
            around = around.Union(new(point.X, point.Y, 0, 0));
        return around;
    }
}
