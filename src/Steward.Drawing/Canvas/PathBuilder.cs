using System.Globalization;
using System.Text;

namespace Steward.Drawing;

/// <summary>Writes the data of an SVG path. At most two decimals and never a culture's comma, so that equal shapes give equal text.</summary>
public sealed class PathBuilder
{
    private readonly StringBuilder _data = new();

    public PathBuilder Move(double x, double y) => Add('M', x, y);

    public PathBuilder Line(double x, double y) => Add('L', x, y);

    /// <summary>A curve bent towards one point.</summary>
    public PathBuilder Curve(double bendX, double bendY, double x, double y) => Add('Q', bendX, bendY, x, y);

    /// <summary>A curve bent towards two points, one after the other.</summary>
    public PathBuilder Curve(double firstX, double firstY, double secondX, double secondY, double x, double y) => Add('C', firstX, firstY, secondX, secondY, x, y);

    /// <summary>A part of a circle, clockwise.</summary>
    public PathBuilder Arc(double radius, double x, double y) => Add('A', radius, radius, 0, 0, 1, x, y);

    public PathBuilder Close()
    {
        _data.Append('Z');
        return this;
    }

    public static implicit operator string(PathBuilder path) => path.ToString();

    public override string ToString() => _data.ToString();

    /// <summary>A closed outline through the points.</summary>
    public static string Polygon(params ReadOnlySpan<Point> points)
    {
        var path = new PathBuilder().Move(points[0].X, points[0].Y);
        foreach (var point in points[1..])
            path.Line(point.X, point.Y);
        return path.Close();
    }

    /// <summary>A box with round corners.</summary>
    public static string Rounded(Box box, double radius)
    {
        var r = Math.Min(radius, Math.Min(box.Width, box.Height) / 2);
        return r <= 0
            ? Polygon(new(box.X, box.Y), new(box.Right, box.Y), new(box.Right, box.Bottom), new(box.X, box.Bottom))
            : new PathBuilder().Move(box.X + r, box.Y).Line(box.Right - r, box.Y).Arc(r, box.Right, box.Y + r)
                .Line(box.Right, box.Bottom - r).Arc(r, box.Right - r, box.Bottom)
                .Line(box.X + r, box.Bottom).Arc(r, box.X, box.Bottom - r)
                .Line(box.X, box.Y + r).Arc(r, box.X + r, box.Y).Close();
    }

    internal static string Number(double value) => Math.Round(value, 2) is var rounded && rounded == 0 ? "0" : rounded.ToString("0.##", CultureInfo.InvariantCulture);

    private PathBuilder Add(char command, params ReadOnlySpan<double> values)
    {
        _data.Append(command);
        for (var i = 0; i < values.Length; i++)
            _data.Append(i > 0 ? " " : "").Append(Number(values[i]));
        return this;
    }
}
