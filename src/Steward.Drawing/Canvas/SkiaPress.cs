using System.Globalization;
using SkiaSharp;

namespace Steward.Drawing;

/// <summary>Prints drawn comics with Skia: pictures as PNG, paper as PDF. The fonts are our own, never the system's.</summary>
public static partial class SkiaPress
{
    /// <summary>A picture of the whole page; 2 is sharp on most screens.</summary>
    public static byte[] Png(DrawnComic comic, double scale = 2) => Png(comic.Root, comic.Width, comic.Height, scale);

    internal static byte[] Png(Node root, double width, double height, double scale)
    {
        using var bitmap = new SKBitmap(new SKImageInfo((int)Math.Round(width * scale), (int)Math.Round(height * scale), SKColorType.Rgba8888, SKAlphaType.Premul));
        using var canvas = new SKCanvas(bitmap);
        canvas.Clear(SKColors.White);
        canvas.Scale((float)scale);
        Draw(canvas, root);
        canvas.Flush();
        using var pixels = bitmap.PeekPixels();
        using var png = pixels.Encode(new SKPngEncoderOptions(SKPngEncoderFilterFlags.AllFilters, 6)) ?? throw new InvalidOperationException($"A drawing of {width:0} x {height:0} pixels could not be written as PNG.");
        return png.ToArray();
    }

    internal static void Draw(SKCanvas canvas, Node node)
    {
        switch (node)
        {
            case PathNode path:
                using (var shape = SKPath.ParseSvgPathData(path.Data))
                    Paint(canvas, shape, path.Style);
                break;
            case EllipseNode ellipse:
                using (var builder = new SKPathBuilder())
                {
                    builder.AddOval(new((float)(ellipse.Center.X - ellipse.RadiusX), (float)(ellipse.Center.Y - ellipse.RadiusY), (float)(ellipse.Center.X + ellipse.RadiusX), (float)(ellipse.Center.Y + ellipse.RadiusY)));
                    using var shape = builder.Detach();
                    Paint(canvas, shape, ellipse.Style);
                }
                break;
            case TextNode text:
                using (var font = SkiaFonts.Of(text.Face, text.Size))
                using (var ink = new SKPaint { Color = SKColor.Parse(text.Fill), IsAntialias = true })
                    canvas.DrawText(text.Words, (float)text.At.X, (float)text.At.Y, SKTextAlign.Left, font, ink);
                break;
            case GroupNode group:
                Draw(canvas, group);
                break;
        }
    }

    private static void Draw(SKCanvas canvas, GroupNode group)
    {
        canvas.Save();
        canvas.Translate((float)group.At.X, (float)group.At.Y);
        canvas.RotateDegrees((float)group.Turn);
        canvas.Scale((float)group.ScaleX, (float)group.ScaleY);
        if (group.Clip is { } clip)
        {
            using var shape = SKPath.ParseSvgPathData(PathBuilder.Rounded(clip, group.ClipRadius));
            canvas.ClipPath(shape, SKClipOperation.Intersect, antialias: true);
        }
        foreach (var node in group.Nodes)
            Draw(canvas, node);
        canvas.Restore();
    }

    private static void Paint(SKCanvas canvas, SKPath shape, Style style)
    {
        if (style.Fill is not null)
        {
            using var fill = new SKPaint { Color = Of(style.Fill, style.Opacity), IsAntialias = true };
            canvas.DrawPath(shape, fill);
        }
        if (style.Stroke is null)
            return;
        using var stroke = new SKPaint { Color = Of(style.Stroke, style.Opacity), IsAntialias = true, IsStroke = true, StrokeWidth = (float)style.Thickness, StrokeJoin = SKStrokeJoin.Round, StrokeCap = SKStrokeCap.Round };
        if (style.Dash is not null)
            stroke.PathEffect = SKPathEffect.CreateDash([.. style.Dash.Split(' ').Select(length => float.Parse(length, CultureInfo.InvariantCulture))], 0);
        canvas.DrawPath(shape, stroke);
    }

    private static SKColor Of(string colour, double opacity) => SKColor.Parse(colour).WithAlpha((byte)Math.Round(255 * opacity));
}
