using SkiaSharp;

namespace Steward.Drawing;

public static partial class SkiaPress
{
    // A4 in points.
    private const float PaperWidth = 595, PaperHeight = 842;

    /// <summary>Paper: each comic on its sheets, or fitted to one, then the whole story in words on pages of text. Skia's PDF has selectable
    /// words but no tags for reading aloud, so the text alternative goes with it.</summary>
    /// <param name="textAlternative">Paragraphs are parted by line ends; nothing is added when it is empty.</param>
    public static byte[] Pdf(IReadOnlyList<DrawnComic> comics, string textAlternative = "")
    {
        using var file = new MemoryStream();
        using (var document = SKDocument.CreatePdf(file, new SKDocumentPdfMetadata { Title = comics[0].Comic.Title, Creator = "Steward", RasterDpi = 300, EncodingQuality = 101 }))
        {
            foreach (var comic in comics)
                foreach (var (top, height) in Sheets(comic))
                    Sheet(document, comic, top, height);
            foreach (var page in TextPages.Of(comics[0].Comic.Title, textAlternative, PaperWidth, PaperHeight))
            {
                Draw(document.BeginPage(PaperWidth, PaperHeight), page);
                document.EndPage();
            }
            document.Close();
        }
        return file.ToArray();
    }

    private static IEnumerable<(double Top, double Height)> Sheets(DrawnComic comic)
    {
        if (comic.SheetHeight <= 0)
            return [(0, comic.Height)];
        return Enumerable.Range(0, (int)Math.Round(comic.Height / comic.SheetHeight)).Select(i => (i * comic.SheetHeight, comic.SheetHeight));
    }

    /// <summary>Lies across when that is the drawing's own shape.</summary>
    private static void Sheet(SKDocument document, DrawnComic comic, double top, double height)
    {
        var across = comic.Width > height;
        var (width, tall) = across ? (PaperHeight, PaperWidth) : (PaperWidth, PaperHeight);
        var scale = Math.Min(width / comic.Width, tall / height);
        var canvas = document.BeginPage(width, tall);
        canvas.DrawColor(SKColor.Parse(comic.Palette.Page));
        canvas.Translate((float)((width - (comic.Width * scale)) / 2), (float)((tall - (height * scale)) / 2));
        canvas.Scale((float)scale);
        canvas.ClipRect(new(0, 0, (float)comic.Width, (float)height));
        canvas.Translate(0, (float)-top);
        Draw(canvas, comic.Root);
        document.EndPage();
    }
}
