namespace Steward.Drawing.Tests.Comics;

/// <summary>Pictures that a person looked at. One that differs is written beside the tests as *.received.png; look at it, and if it is
/// better, put it in the place of the approved one.</summary>
public class ApprovedTests
{
    // Of 255, on average over all pixels: letters that move by a pixel are above it, other rounding of edges is below.
    private const double Most = 0.6;

    public static TheoryData<string> Pictures => ["comic-day", "comic-evening", "cast"];

    [Theory, MemberData(nameof(Pictures))]
    public void It_looks_as_it_was_approved(string name)
    {
        var now = Picture.Decode(Draw(name), 20_000_000);
        var file = Path.Combine(AppContext.BaseDirectory, "Approved", name + ".png");
        var difference = File.Exists(file) && Picture.Decode(File.ReadAllBytes(file), 20_000_000) is var approved && (approved.Width, approved.Height) == (now.Width, now.Height)
            ? approved.Rgb.Zip(now.Rgb, (one, other) => Math.Abs(one - other)).Average()
            : 255;
        if (difference > Most)
            File.WriteAllBytes(Path.Combine(AppContext.BaseDirectory, name + ".received.png"), Draw(name));
        Assert.True(difference <= Most, $"{name} differs by {difference:0.00} of 255 on average; look at {name}.received.png in {AppContext.BaseDirectory}");
    }

    private static byte[] Draw(string name) => name switch
    {
        "comic-day" => SkiaPress.Png(ComicPress.Draw(LampComic.English, PageForm.Page, Palette.Day), 1),
        "comic-evening" => SkiaPress.Png(ComicPress.Draw(LampComic.German, PageForm.Slide, Palette.Evening), 1),
        _ => SkiaPress.Png(CastSheet.Draw(Palette.Day), CastSheet.Width, CastSheet.Height, 1),
    };
}
