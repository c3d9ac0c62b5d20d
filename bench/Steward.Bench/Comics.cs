using System.IO.Compression;
using System.Text;
using Steward.Drawing;
using Steward.Drawing.Tests.Comics;

namespace Steward.Bench;

/// <summary>What a comic of six panels costs at each size: layout, checks, files.</summary>
internal static class Comics
{
    public static Task<string> Run(string folder)
    {
        var rows = new List<string[]>();
        foreach (var form in (PageForm[])[PageForm.Page, PageForm.Phone, PageForm.Slide, PageForm.Print])
        {
            var drawn = ComicPress.Draw(LampComic.English, form, Palette.Day);
            var svg = SvgWriter.Write(drawn, embedFonts: true);
            rows.Add([$"{form.Name}, {drawn.Width:0} x {drawn.Height:0}",
                Millis(() => ComicPress.Draw(LampComic.English, form, Palette.Day)), Millis(() => SvgWriter.Write(drawn, embedFonts: true)), Millis(() => ComicChecks.Of(drawn)),
                Millis(() => SkiaPress.Png(drawn, 2)), Millis(() => SkiaPress.Pdf([drawn], drawn.Transcript)), $"{Encoding.UTF8.GetByteCount(svg) / 1024}", $"{Packed(svg) / 1024}"]);
        }
        return Task.FromResult("The test comic: six panels, a chart, fourteen sources. Medians of single calls when warm, in milliseconds; sizes in KiB with both weights of the font inside.\n\n"
            + Report.Table(["form", "layout", "write SVG", "checks", "PNG at 2 x", "PDF with text", "SVG", "SVG packed"], rows));
    }

    private static string Millis(Action once) => Report.Number(Measure.Loop(once).P50 / 1000);

    private static long Packed(string svg)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Optimal, leaveOpen: true))
            gzip.Write(Encoding.UTF8.GetBytes(svg));
        return packed.Length;
    }
}
