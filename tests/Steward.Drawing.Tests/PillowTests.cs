using System.Diagnostics;

namespace Steward.Drawing.Tests;

/// <summary>Pictures are prepared as Pillow prepares them: turned upright, made square, brought to another size.</summary>
public sealed class PillowTests
{
    private const int Pictures = 50, Side = 64;

    /// <summary>Draws pictures of all sizes, keeps some as JPEG and WebP with each orientation of EXIF, and leaves what Pillow makes of every file.</summary>
    private const string Script = """
        import random, sys
        from PIL import Image, ImageDraw, ImageOps
        folder, count, side = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
        chance = random.Random(7)
        for i in range(count):
            w, h = chance.randint(1, 90 if i % 3 else 700), chance.randint(1, 90 if i % 3 else 700)
            picture = Image.frombytes("RGB", (w, h), chance.randbytes(w * h * 3)) if i % 2 else Image.new("RGB", (w, h), (chance.randrange(256), 90, 200))
            draw = ImageDraw.Draw(picture)
            for _ in range(8):
                x, y = chance.randrange(w), chance.randrange(h)
                draw.ellipse([x, y, x + chance.randrange(1, w + 2), y + chance.randrange(1, h + 2)], fill=tuple(chance.randrange(256) for _ in range(3)))
            name = f"{folder}/{i:02}"
            exif = Image.Exif()
            exif[0x0112] = 1 + i % 8
            if i % 5 == 0: picture.save(name, "JPEG", quality=95, exif=exif)
            elif i % 5 == 1: picture.save(name, "WEBP", lossless=True, exif=exif)
            else: picture.save(name, "PNG")
            upright = ImageOps.exif_transpose(Image.open(name)).convert("RGB")
            w, h = upright.size
            long, short = max(w, h), min(w, h)
            box = Image.new("RGB", (long, long), (114, 114, 114))
            box.paste(upright, ((long - w) // 2, (long - h) // 2))
            middle = upright.crop(((w - short) // 2, (h - short) // 2, (w - short) // 2 + short, (h - short) // 2 + short))
            for how, made in (("Stretch", upright), ("Letterbox", box), ("Crop", middle)):
                open(f"{name}.{how}", "wb").write(made.resize((side, side), Image.BILINEAR).tobytes())
        """;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Fifty_pictures_are_turned_squared_and_resized_as_pillow_does_it_to_one_level_of_255()
    {
        var folder = await Python(Script, $"{Pictures}", $"{Side}");
        for (var i = 0; i < Pictures; i++)
            foreach (var how in Enum.GetValues<Squaring>())
            {
                var ours = Picture.Decode(await File.ReadAllBytesAsync($"{folder}/{i:00}", Stop), 10_000_000).Square(how).Resize(Side, Side).Rgb;
                var theirs = await File.ReadAllBytesAsync($"{folder}/{i:00}.{how}", Stop);
                var apart = ours.Zip(theirs, (a, b) => Math.Abs(a - b)).Max();
                Assert.True(apart <= 1, $"Picture {i}, {how}: {apart} levels apart.");
            }

        Directory.Delete(folder, recursive: true);
    }

    [Theory]
    [InlineData("WEBP")]
    [InlineData("GIF")]
    [InlineData("PNG")]
    public async Task Of_a_moving_picture_the_first_frame_is_seen(string format)
    {
        var folder = await Python("""
            import sys
            from PIL import Image
            frames = [Image.new("RGB", (40, 30), colour) for colour in ((250, 0, 0), (0, 250, 0), (0, 0, 250))]
            options = {"lossless": True} if sys.argv[2] == "WEBP" else {}
            frames[0].save(f"{sys.argv[1]}/moves", sys.argv[2], save_all=True, append_images=frames[1:], duration=80, loop=0, **options)
            """, format);
        var picture = Picture.Decode(await File.ReadAllBytesAsync($"{folder}/moves", Stop), 1_000_000);
        Assert.Equal((40, 30, true), (picture.Width, picture.Height, picture.Moves));
        Assert.All(picture.Rgb.Chunk(3), pixel => Assert.Equal<byte>([250, 0, 0], pixel));
        Directory.Delete(folder, recursive: true);
    }

    /// <summary>Runs a script with a new folder as its first word; the folder.</summary>
    private static async Task<string> Python(string script, params string[] words)
    {
        var folder = Directory.CreateTempSubdirectory("steward-pillow-").FullName;
        using var python = Process.Start(new ProcessStartInfo("/usr/bin/python3", ["-c", script, folder, .. words]) { RedirectStandardError = true })!;
        var error = await python.StandardError.ReadToEndAsync(Stop);
        await python.WaitForExitAsync(Stop);
        Assert.True(python.ExitCode == 0, error);
        return folder;
    }
}
