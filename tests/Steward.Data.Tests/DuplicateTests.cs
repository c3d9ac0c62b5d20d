using System.IO.Compression;
using CsCheck;
using SkiaSharp;
using Steward.Drawing;
using Steward.Drawing.Tests;
using Steward.Host.Templates.Fruit;

namespace Steward.Data.Tests;

/// <summary>Pictures that are there more than once, by their bytes, their pixels and their looks.</summary>
[Collection(OfTheConsole)]
public sealed class DuplicateTests() : Shop(null)
{
    private const string FashionMnist = "/usr/share/datasets/fashion-mnist/t10k-images-idx3-ubyte.gz";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Leaks_are_found_in_other_formats_and_sizes_and_the_verb_ends_with_4()
    {
        var scene = Fruit(1, 3);
        var folder = Folder();
        Write(folder, "train/apple/1.png", scene[0].EncodePng());
        Write(folder, "test/apple/2.webp", Lossless(scene[0]));
        Write(folder, "train/apple/3.png", scene[1].EncodePng());
        Write(folder, "test/pear/4.jpg", Made.Encoded(scene[1], SKEncodedImageFormat.Jpeg));
        Write(folder, "train/apple/5.png", scene[2].EncodePng());
        Write(folder, "train/apple/6.png", scene[2].Resize(48, 48).EncodePng());
        Write(folder, "valid/pear/7.png", Fruit(2, 1)[0].EncodePng());
        await Typed("data", "add", "pictures", folder);
        var (exit, said) = await Typed("data", "check", "pictures@1");
        Assert.Equal(4, exit);
        Assert.Contains("pictures@1: 3 pictures of 7 are copies of others (phash); 2 leaks between splits, 1 conflict of labels.", said, StringComparison.Ordinal);
        var found = Json.Read<CheckView>(Document((await Typed("data", "check", "pictures", "--json")).Said));
        Assert.Equal(["test/apple/2.webp Pixels leak", "test/pear/4.jpg Phash leak conflict", "train/apple/5.png Phash"],
            found.Groups.Select(group => $"{group.First.Key} {group.Twins[0].By}{(group.Leaks ? " leak" : "")}{(group.Conflicts ? " conflict" : "")}").Order(StringComparer.Ordinal));
        Assert.Equal(1, Json.Read<CheckView>(Document((await Typed("data", "check", "pictures", "--by", "pixels", "--json")).Said)).Pictures);
        Assert.Equal(0, (await Typed("data", "check", "pictures", "--by", "bytes")).Exit);
    }

    [Fact]
    public async Task Data_tests_refuse_twins_by_bytes_or_by_looks_as_many_as_the_file_says()
    {
        var folder = Folder("train/apple/9.png");
        Write(folder, "train/apple/1.png", Fruit(1, 1)[0].EncodePng());
        Write(folder, "train/apple/2.jpg", Made.Encoded(Fruit(1, 1)[0], SKEncodedImageFormat.Jpeg));
        foreach (var (test, refuses) in new[] { ("no_duplicate_images, by: phash", true), ("no_duplicate_images", false), ("no_duplicate_images, by: phash, max: 1", false), ("no_leak_between_splits, by: phash", false) })
        {
            var name = $"set-{Names.NewId()}";
            await Project("shop", $"data: {{{name}: {{expect: [{{check: {test}}}]}}}}\n");
            var adding = Typed("data", "add", name, folder);
            if (refuses)
                Assert.Contains("1 picture is a copy of another, at most 0 may be (train/apple/1.png (train) = train/apple/2.jpg (train))", (await Assert.ThrowsAsync<ProblemException>(() => adding)).Message, StringComparison.Ordinal);
            else
                await adding;
        }

        Write(folder, "test/apple/3.png", Fruit(1, 1)[0].Resize(80, 80).EncodePng());
        await Project("shop", "data: {pictures: {expect: [{check: no_leak_between_splits, by: phash}]}}\n");
        var leak = await Assert.ThrowsAsync<ProblemException>(() => Typed("data", "add", "pictures", folder));
        Assert.Equal((ProblemKind.GateFailed, "data_test_failed"), (leak.Kind, leak.Code));
        Assert.Contains("test/apple/3.png (test) = train/apple/1.png (train)", leak.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_version_that_breaks_a_later_data_test_is_told()
    {
        await Typed("data", "add", "pictures", Folder("apple/1.png", "pear/1.png"));
        await Project("shop", "data: {pictures: {expect: [{check: min_rows_per_class, value: 2}, {check: no_duplicate_images}]}}\n");
        var (exit, said) = await Typed("data", "check", "pictures");
        Assert.Equal(4, exit);
        Assert.Contains("FAILS  min_rows_per_class: 2: every label needs 2 items (apple has 1, pear has 1)", said, StringComparison.Ordinal);
        Assert.Contains("holds  no_duplicate_images by bytes, at most 0", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Twins_without_a_split_go_together()
    {
        var folder = Folder();
        foreach (var (picture, i) in Fruit(3, 60).Select((picture, i) => (picture, i)))
        {
            Write(folder, $"apple/{i}.png", picture.EncodePng());
            Write(folder, $"apple/{i}.again.webp", Lossless(picture));
        }

        await Typed("data", "add", "pictures", folder);
        Assert.Equal(3, (await Items()).Select(item => item.Split).Distinct().Count());
        Assert.All((await Items()).GroupBy(item => item.Key.Split('.')[0]), twins => Assert.Single(twins.Select(item => item.Split).Distinct()));
    }

    [Fact]
    public void Drawn_fruit_on_other_grounds_is_never_a_twin()
        => Assert.Empty(Twins(FruitPictures.Many(1, [.. FruitPictures.KnownStyles, FruitPictures.NewStyle], 0, 6000).AsParallel().AsOrdered().Select(fruit => Drawing.Picture.Decode(fruit.Png, 1 << 20))));

    [Fact]
    public void Of_ten_thousand_real_greys_few_are_called_twins()
    {
        Assert.SkipUnless(File.Exists(FashionMnist), "The 10,000 greys of the Debian package dataset-fashion-mnist are not on this machine.");
        using var file = new GZipStream(File.OpenRead(FashionMnist), CompressionMode.Decompress);
        using var raw = new MemoryStream();
        file.CopyTo(raw);
        var greys = raw.ToArray()[16..].Chunk(28 * 28).AsParallel().AsOrdered().Select(grey => Drawing.Picture.FromRgb(28, 28, [.. grey.SelectMany(value => Enumerable.Repeat(value, 3))]));
        Assert.InRange(Twins(greys).Count, 0, 25);
    }

    [Fact]
    public void Each_drawn_fruit_is_found_again_after_a_camera_program_saved_it()
    {
        var fruit = Fruit(5, 200);
        Assert.InRange(fruit.Count(one => PictureHash.Alike(PictureHash.Of(one), PictureHash.Of(Drawing.Picture.Decode(Made.Encoded(one, SKEncodedImageFormat.Jpeg), 1 << 20)))), 196, 200);
        Assert.InRange(fruit.Count(one => PictureHash.Alike(PictureHash.Of(one), PictureHash.Of(one.Resize(48, 48)))), 196, 200);
    }

    /// <summary>The law of the buckets: nothing that all pairs would find is missed.</summary>
    [Fact]
    public void Buckets_find_what_all_pairs_find()
    {
        var small = PictureHash.Of(Fruit(1, 1)[0]).Small;
        var near = Gen.Select(Gen.Long, Gen.Int[0, 63].Array[0, 8].Array[0, 12], (bits, flips) => flips.Select(each => each.Aggregate(bits, (now, bit) => now ^ (1L << bit))).Prepend(bits).ToArray());
        near.Sample(hashes =>
        {
            var blobs = hashes.Select((_, i) => Digest.Of($"{i}")).ToList();
            var prints = hashes.Zip(blobs).ToDictionary(one => one.Second, one => (PicturePrint?)new PicturePrint(one.Second, new(one.First, small)));
            var firsts = Duplicates.Firsts(blobs, prints, SameBy.Phash, Stop);
            var slow = new List<int>();
            for (var i = 0; i < hashes.Length; i++)
            {
                var like = slow.Where(first => PictureHash.Distance(hashes[first], hashes[i]) <= PictureHash.MostBits).ToList();
                if (like.Count == 0)
                    slow.Add(i);
                var found = blobs.IndexOf(firsts[blobs[i]]);
                Assert.True(like.Count == 0 ? found == i : like.Contains(found), $"{i} was taken for {found}");
            }
        }, iter: 300, threads: 1);
    }

    [Fact]
    public async Task Who_asks_for_an_unknown_way_to_be_the_same_is_told_the_ways()
    {
        await Typed("data", "add", "pictures", Folder("apple/1.png"));
        var said = await Said.By(await Http.GetAsync($"{Data}/pictures/1/check?by=smell", Stop));
        Assert.Equal((400, "by_invalid"), (said.Status, said.Code));
    }

    private static IReadOnlyList<DuplicateGroup> Twins(IEnumerable<Picture> pictures)
    {
        var prints = pictures.Select(picture => PicturePrint.Of(picture)).ToList();
        var items = prints.Select((print, i) => new Item($"{i:00000}", Digest.Of($"{i}"), "any", Split.Train, "import")).ToList();
        return Duplicates.Find(items, items.Zip(prints).ToDictionary(one => one.First.Blob, one => (PicturePrint?)one.Second), SameBy.Phash, Stop).Groups;
    }

    private static List<Picture> Fruit(int seed, int count) => [.. FruitPictures.Many(seed, FruitPictures.KnownStyles, 0, count).Select(fruit => Drawing.Picture.Decode(fruit.Png, 1 << 20))];

    private static byte[] Lossless(Picture picture)
    {
        using var bitmap = SKBitmap.Decode(picture.EncodePng());
        using var pixels = bitmap.PeekPixels();
        using var data = pixels!.Encode(new SKWebpEncoderOptions(SKWebpEncoderCompression.Lossless, 100));
        return data!.ToArray();
    }

    private static string Document(string said) => said.Split('\n').Last(line => line.StartsWith('{'));
}
