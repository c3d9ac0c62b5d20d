namespace Steward.Data.Tests;

/// <summary>What a person types, against a real server.</summary>
[Collection(OfTheConsole)]
public sealed class VerbTests() : Shop(null)
{
    [Fact]
    public async Task A_folder_of_kinds_becomes_a_data_set_and_again_nothing_new()
    {
        var folder = Folder("apple/1.png", "apple/2.PNG", "pear/1.png", "beside.png", ".hidden/1.png");
        await File.WriteAllTextAsync(Path.Combine(folder, "pear", "notes.txt"), "A pear is no apple.", TestContext.Current.CancellationToken);
        await Type("data", "add", "pictures", folder, "--source", "camera");
        await Type("data", "add", "pictures", folder, "--source", "camera");
        var one = (await Sets.Find("shop", "pictures", stop: TestContext.Current.CancellationToken))!;
        Assert.Equal(1, one.Version);
        Assert.Equal(["apple/1.png apple camera", "apple/2.PNG apple camera", "pear/1.png pear camera"], (await Items()).Select(item => $"{item.Key} {item.Label} {item.Source}"));
    }

    [Fact]
    public async Task Folders_of_splits_are_splits()
    {
        await Type("data", "add", "pictures", Folder("train/apple/1.png", "valid/apple/2.png", "test/pear/3.png"));
        Assert.Equal(["test/pear/3.png pear Test", "train/apple/1.png apple Train", "valid/apple/2.png apple Valid"], (await Items()).Select(item => $"{item.Key} {item.Label} {item.Split}"));
    }

    [Fact]
    public async Task A_folder_can_replace_what_was_there()
    {
        await Type("data", "add", "pictures", Folder("apple/1.png", "pear/1.png"));
        await Type("data", "add", "pictures", Folder("pear/1.png"), "--replace");
        Assert.Equal(["pear/1.png"], (await Items()).Select(item => item.Key));
    }

    [Fact]
    public async Task A_link_out_of_the_folder_is_not_followed()
    {
        var (folder, elsewhere) = (Folder("apple/1.png"), Folder("secret/1.png"));
        Directory.CreateSymbolicLink(Path.Combine(folder, "pear"), Path.Combine(elsewhere, "secret"));
        File.CreateSymbolicLink(Path.Combine(folder, "apple", "2.png"), Path.Combine(elsewhere, "secret", "1.png"));
        await Type("data", "add", "pictures", folder);
        Assert.Equal(["apple/1.png"], (await Items()).Select(item => item.Key));
    }

    [Fact]
    public async Task Without_pictures_the_verb_says_how_a_folder_looks()
    {
        var empty = await Assert.ThrowsAsync<ProblemException>(() => Type("data", "add", "pictures", Folder("1.png")));
        Assert.Equal("folder_empty", empty.Code);
        Assert.Equal("folder_missing", (await Assert.ThrowsAsync<ProblemException>(() => Type("data", "add", "pictures"))).Code);
        Assert.Equal("data_set_not_found", (await Assert.ThrowsAsync<ProblemException>(() => Type("data", "show", "pictures"))).Code);
    }

    [Fact]
    public async Task A_broken_picture_leaves_no_draft_behind()
    {
        var folder = Folder("apple/1.png");
        await File.WriteAllTextAsync(Path.Combine(folder, "apple", "2.png"), "no picture", TestContext.Current.CancellationToken);
        var refused = await Assert.ThrowsAsync<ProblemException>(() => Type("data", "add", "pictures", folder));
        Assert.Contains("'apple/2.png'", refused.Message, StringComparison.Ordinal);
        for (var i = 0; i < DraftLimits.MostOpen; i++)
            await Draft();
    }

    [Fact]
    public async Task What_is_there_is_printed_as_one_document_with_json()
    {
        await Type("data", "add", "pictures", Folder("apple/1.png"));
        await Type("data", "add", "pictures", Folder("pear/1.png"));
        Assert.Equal("pictures@2", Json.Read<List<SnapshotView>>(await Type("data", "list", "--json"))[0].Reference);
        Assert.Contains("\"labels\":{\"apple\":1}", await Type("data", "show", "pictures@1", "--json"), StringComparison.Ordinal);
        Assert.Contains("\"addedCount\":1", await Type("data", "diff", "pictures", "--json"), StringComparison.Ordinal);
    }

    /// <summary>Runs a verb and gives back the document that it printed.</summary>
    private async Task<string> Type(params string[] words)
        // The server of another test may have logged meanwhile; a document begins its line.
        => (await Typed(words)).Said.Split('\n').LastOrDefault(said => said.StartsWith('{') || said.StartsWith('[')) ?? "";
}
