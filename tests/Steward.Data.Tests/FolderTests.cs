using System.Diagnostics;
using System.Text.Json;
using Steward.Drawing.Tests;

namespace Steward.Data.Tests;

/// <summary>People's own folders, as they are: what is taken, what is passed over, what is refused and in which words.</summary>
[Collection(OfTheConsole)]
public sealed class FolderTests() : Shop(null)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public static TheoryData<string, string> BadPictures => new()
    {
        { "no bytes", "The picture has no bytes." },
        { "a page named .jpg", "This is not a JPEG, PNG, WebP, GIF or BMP picture." },
        { "cut in half", "broken or was cut short" },
        { "over 50 megapixels", "together at most 50,000,000 are taken" },
        { "a bomb", "a side may have at most 20,000" },
        { "over 16 megabytes", "at most 16.8 MB are taken" },
        { "a pipe", "The picture has no bytes." },
    };

    [Fact]
    public void Where_folders_name_nothing_every_picture_is_taken_and_none_has_a_name()
    {
        var folder = PictureFolder.Unnamed(Folder("apple/1.png", "deep/er/2.png", "3.png"), Stop);
        Assert.Equal(["3.png", "apple/1.png", "deep/er/2.png"], folder.Items(null).Select(item => item.Key));
        Assert.All(folder.Items(null), item => Assert.Equal(("", null), (item.Label, item.Split)));
    }

    [Theory, MemberData(nameof(BadPictures))]
    public async Task A_bad_picture_among_good_ones_is_named_and_can_be_left_out(string bad, string why)
    {
        var folder = Folder("apple/1.png", "pear/1.png");
        MakeBad(bad, Path.Combine(folder, "pear", "2.jpg"));
        var refused = await Assert.ThrowsAsync<ProblemException>(() => Typed("data", "add", "pictures", folder));
        Assert.Equal("pictures_broken", refused.Code);
        Assert.StartsWith("1 of 3 pictures cannot be added, so none was. 'pear/2.jpg': ", refused.Message, StringComparison.Ordinal);
        Assert.Contains(why, refused.Message, StringComparison.Ordinal);
        Assert.Contains("--skip-broken", refused.Try, StringComparison.Ordinal);
        Assert.Null(await Sets.Find("shop", "pictures", stop: Stop));
        var (_, said) = await Typed("data", "add", "pictures", folder, "--skip-broken");
        Assert.Contains("pictures@1: 2 pictures, 2 of them new", said, StringComparison.Ordinal);
        Assert.Contains("Left out, because they cannot be read: 1 picture (pear/2.jpg).", said, StringComparison.Ordinal);
        Assert.Equal(["apple/1.png", "pear/1.png"], (await Items()).Select(item => item.Key));
    }

    [Fact]
    public async Task Printing_inks_deep_colours_greys_dots_and_moving_pictures_are_taken()
    {
        var folder = Folder("apple/1.png");
        Write(folder, "apple/inks.jpg", Made.Cmyk(255, 0, 0, 255));
        Write(folder, "apple/deep.png", Made.Png(1, 1, 16, 2, [0, 200, 200, 100, 100, 50, 50]));
        Write(folder, "apple/grey.png", Made.Png(1, 1, 8, 0, [0, 77]));
        Write(folder, "apple/moves.gif", Made.Gif(20, 10, [0, 1]));
        Write(folder, "apple/moves.png", Made.MovingPng(Made.Quarters()));
        Write(folder, "apple/moves.webp", MovingWebP());
        Write(folder, "apple/turned.jpg", Made.Turned(6));
        var (_, said) = await Typed("data", "add", "pictures", folder);
        Assert.Equal(8, (await Items()).Count);
        Assert.Contains("Of 3 moving pictures only the first frame counts (apple/moves.gif, apple/moves.png, apple/moves.webp).", said, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_a_moving_webp_the_first_frame_is_looked_at()
    {
        var first = Drawing.Picture.Decode(MovingWebP(), 1000);
        Assert.Equal((8, 8, true), (first.Width, first.Height, first.Moves));
        Assert.All(first.Rgb.ToArray().Chunk(3), pixel => Assert.Equal([220, 30, 30], pixel));
    }

    [Fact]
    public async Task A_moving_webp_that_was_cut_off_is_named()
    {
        var folder = Folder("apple/1.png");
        Write(folder, "apple/cut.webp", MovingWebP()[..70]);
        Assert.Contains("'apple/cut.webp'", (await Assert.ThrowsAsync<ProblemException>(() => Typed("data", "add", "pictures", folder))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task All_bad_pictures_are_named_at_once_and_without_a_good_one_nothing_is_added()
    {
        var folder = Folder("apple/1.png");
        for (var i = 10; i < 25; i++)
            Write(folder, $"apple/bad-{i}.png", "no picture"u8.ToArray());
        var refused = await Assert.ThrowsAsync<ProblemException>(() => Typed("data", "add", "pictures", folder));
        Assert.StartsWith("15 of 16 pictures", refused.Message, StringComparison.Ordinal);
        Assert.EndsWith("And 5 more.", refused.Message, StringComparison.Ordinal);
        File.Delete(Path.Combine(folder, "apple", "1.png"));
        Assert.Equal("pictures_broken", (await Assert.ThrowsAsync<ProblemException>(() => Typed("data", "add", "pictures", folder, "--skip-broken"))).Code);
        Assert.Null(await Sets.Find("shop", "pictures", stop: Stop));
    }

    [Fact]
    public async Task What_is_no_picture_is_passed_over_and_counted()
    {
        var (folder, elsewhere) = (Folder("apple/1.png", "beside.png", ".hidden/2.png", "apple/.DS_Store"), Folder("secret/1.png"));
        Write(folder, "apple/Thumbs.db", [0xD0, 0xCF, 0x11, 0xE0, .. new byte[40]]);
        Write(folder, "apple/notes.txt", "BM is how a BMP begins, and so does this text."u8.ToArray());
        Directory.CreateSymbolicLink(Path.Combine(folder, "pear"), Path.Combine(elsewhere, "secret"));
        File.CreateSymbolicLink(Path.Combine(folder, "apple", "2.png"), Path.Combine(elsewhere, "secret", "1.png"));
        File.CreateSymbolicLink(Path.Combine(folder, "apple", "3.png"), "/nowhere/at-all.png");
        Directory.CreateSymbolicLink(Path.Combine(folder, "apple", "round"), folder);
        var (_, said) = await Typed("data", "add", "pictures", folder);
        Assert.Contains("Passed over: 2 hidden files, 4 links, 2 files without a picture, 1 picture in no folder.", said, StringComparison.Ordinal);
        Assert.Equal(["apple/1.png"], (await Items()).Select(item => item.Key));
    }

    [Fact]
    public async Task A_wrong_or_missing_ending_is_said_and_the_picture_kept()
    {
        var folder = Folder("apple/1.png", "apple/png-named.jpg", "apple/no-ending");
        var (_, said) = await Typed("data", "add", "pictures", folder, "--json");
        var document = JsonDocument.Parse(said.Split('\n').Last(line => line.StartsWith('{'))).RootElement;
        Assert.Equal(3, document.GetProperty("items").GetInt32());
        Assert.Equal(["apple/no-ending", "apple/png-named.jpg"], document.GetProperty("mislabelled").EnumerateArray().Select(key => key.GetString()));
    }

    [Fact]
    public async Task Names_of_any_script_and_emoji_are_kinds()
    {
        await Typed("data", "add", "pictures", Folder("🍎 red/😀.png", "яблоко/1.png", "りんご/写真.png", "تفاح/1.png", "café/1.png"));
        Assert.Equal(["café", "яблоко", "تفاح", "りんご", "🍎 red"], (await Items()).Select(item => item.Label).Order(StringComparer.Ordinal));
        Assert.Contains("🍎 red/😀.png", (await Items()).Select(item => item.Key));
    }

    [Fact]
    public async Task A_name_that_cannot_be_kept_is_refused_in_words()
    {
        var folder = Folder("apple/1.png", "apple/two\nlines.png", "apple/back\\slash.png", $"{new string('k', 101)}/1.png");
        var refused = await Assert.ThrowsAsync<ProblemException>(() => Typed("data", "add", "pictures", folder));
        Assert.StartsWith("3 of 4 pictures", refused.Message, StringComparison.Ordinal);
        Assert.Contains("'apple/back\\slash.png' cannot be the key of an item.", refused.Message, StringComparison.Ordinal);
        await Typed("data", "add", "pictures", folder, "--skip-broken");
        Assert.Equal(["apple/1.png"], (await Items()).Select(item => item.Key));
    }

    [Fact]
    public async Task Deeper_folders_count_by_their_first_and_are_named()
    {
        var (_, said) = await Typed("data", "add", "pictures", Folder("apple/red/small/1.png", "apple/2.png"));
        Assert.Contains("1 picture lies deeper than kind/file and counts by the first folder: apple/red/small/1.png as apple.", said, StringComparison.Ordinal);
        Assert.All(await Items(), item => Assert.Equal("apple", item.Label));
    }

    [Theory]
    [InlineData("other/apple/3.png"), InlineData("train/3.png"), InlineData("pear/3.png")]
    public async Task A_folder_of_splits_holds_nothing_beside_them(string beside)
    {
        var refused = await Assert.ThrowsAsync<ProblemException>(() => Typed("data", "add", "pictures", Folder("train/apple/1.png", "Test/apple/2.png", beside)));
        Assert.Equal("folder_mixed", refused.Code);
        Assert.Contains($"'{beside}' lies in none", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Kinds_may_be_called_test_and_train()
    {
        await Typed("data", "add", "pictures", Folder("test/1.png", "train/1.png"));
        Assert.Equal(["test", "train"], (await Items()).Select(item => item.Label));
    }

    [Fact]
    public async Task What_is_no_folder_is_said()
    {
        Assert.Equal("folder_not_found", (await Assert.ThrowsAsync<ProblemException>(() => Typed("data", "add", "pictures", "/nowhere/at-all"))).Code);
        Assert.Equal("folder_is_file", (await Assert.ThrowsAsync<ProblemException>(() => Typed("data", "add", "pictures", Path.Combine(Folder("apple/1.png"), "apple/1.png")))).Code);
    }

    [Fact]
    public async Task Own_train_and_test_are_respected_and_some_of_train_is_set_aside_to_choose_by()
    {
        var folder = Folder([.. Enumerable.Range(0, 40).Select(i => $"train/kind-{i % 2}/{i}.png"), .. Enumerable.Range(40, 20).Select(i => $"test/kind-{i % 2}/{i}.png")]);
        var (_, said) = await Typed("data", "add", "pictures", folder);
        Assert.Contains("There is no folder 'valid'", said, StringComparison.Ordinal);
        var items = await Items();
        Assert.All(items, item => Assert.Equal(item.Key.StartsWith("test/", StringComparison.Ordinal), item.Split is Split.Test));
        // 0.15 of 0.85 of the 20 of each kind.
        Assert.All(items.GroupBy(item => item.Label), kind => Assert.InRange(kind.Count(item => item.Split is Split.Valid), 3, 4));
        await Typed("data", "add", "pictures", folder);
        Assert.Equal(items, await Items());
    }

    private static byte[] MovingWebP()
    {
        using var file = typeof(FolderTests).Assembly.GetManifestResourceStream("moving.webp")!;
        var bytes = new byte[file.Length];
        file.ReadExactly(bytes);
        return bytes;
    }

    private static void MakeBad(string what, string path)
    {
        if (what == "a pipe")
        {
            using var mkfifo = Process.Start("mkfifo", [path]);
            mkfifo.WaitForExit();
            return;
        }

        File.WriteAllBytes(path, what switch
        {
            "no bytes" => [],
            "a page named .jpg" => "<!doctype html><title>Not found</title>"u8.ToArray(),
            "cut in half" => Half(Made.Encoded(Made.Noise(1, 64, 64), SkiaSharp.SKEncodedImageFormat.Jpeg)),
            "over 50 megapixels" => Made.Png(10_000, 5_001, 8, 2, []),
            "a bomb" => Made.Png(50_000, 50_000, 8, 2, []),
            _ => [.. Picture(1), .. new byte[17 << 20]],
        });

        static byte[] Half(byte[] whole) => whole[..(whole.Length / 2)];
    }
}
