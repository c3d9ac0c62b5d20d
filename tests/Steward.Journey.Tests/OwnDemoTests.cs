using System.Text.Json;
using Steward.Testing;

namespace Steward.Journey.Tests;

/// <summary><c>steward demo --images</c> on a folder of somebody's own, run once by the built program; each promise looks at what it printed.</summary>
public sealed class OwnDemoTests(OwnDemo demo) : IClassFixture<OwnDemo>
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public void It_ends_well() => Assert.True(demo.Said.ExitCode == 0, demo.Said.ToString());

    [Fact]
    public void It_says_how_many_of_what_were_in_the_folder()
    {
        var pictures = demo.Summary.GetProperty("pictures");
        Assert.Equal(121, pictures.GetProperty("items").GetInt32());
        Assert.Equal([("apple", 41), ("банан", 40), ("🍒 cherries", 40)], pictures.GetProperty("kinds").EnumerateObject().Select(kind => (kind.Name, kind.Value.GetInt32())));
        Assert.Equal(["apple/saved-page.jpg"], pictures.GetProperty("leftOut").EnumerateArray().Select(one => one.GetProperty("key").GetString()));
        Assert.Equal(["apple/003.jpg"], pictures.GetProperty("mislabelled").EnumerateArray().Select(key => key.GetString()));
        Assert.Equal("""{"hidden":1,"links":1,"noPictures":1,"loose":0}""", pictures.GetProperty("passedOver").GetRawText());
    }

    [Fact]
    public void The_picture_that_is_there_twice_is_named_and_is_in_one_split()
    {
        var twins = demo.Summary.GetProperty("duplicates");
        Assert.Equal((1, 0, 0), (twins.GetProperty("pictures").GetInt32(), twins.GetProperty("leaks").GetInt32(), twins.GetProperty("conflicts").GetInt32()));
        Assert.StartsWith("apple/006 (1).png (", twins.GetProperty("named")[0].GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public void It_is_right_about_most_test_pictures_and_names_those_it_doubts()
    {
        var test = demo.Summary.GetProperty("test");
        var (right, of) = (test.GetProperty("right").GetInt32(), test.GetProperty("of").GetInt32());
        Assert.InRange(of, 22, 27);
        Assert.True(right > of * 2 / 3, $"{right} of {of}");
        Assert.Equal(8, demo.Summary.GetProperty("doubts").GetArrayLength());
    }

    [Fact]
    public void Nothing_was_promoted_before_the_people_agreed()
        => Assert.All(demo.Summary.GetProperty("refusals").EnumerateArray(), refused => Assert.Equal("waiting_for_people", refused.GetProperty("code").GetString()));

    [Fact]
    public void What_was_made_up_is_called_so_and_nobody_is_asked_to_name_it()
    {
        var trial = demo.Summary.GetProperty("trial");
        Assert.StartsWith("simulated: ", trial.GetProperty("what").GetString(), StringComparison.Ordinal);
        Assert.Equal(trial.GetProperty("noticed").GetBoolean(), trial.TryGetProperty("incident", out _));
        Assert.DoesNotContain("to name", trial.GetProperty("deeds").GetRawText(), StringComparison.Ordinal);
        Assert.Equal(["pictures@1"], demo.Summary.GetProperty("versions").EnumerateArray().Select(version => version.GetProperty("data").GetString()));
    }

    [Theory]
    [InlineData("no folder", "folder_not_found"), InlineData("a file", "folder_is_file"), InlineData("an empty folder", "folder_empty"), InlineData("one kind", "one_kind")]
    [InlineData("a folder in a folder", "one_kind"), InlineData("too few", "too_few_pictures"), InlineData("no test", "split_missing"), InlineData("a kind without test", "kind_missing")]
    public async Task What_cannot_become_a_model_is_said_before_anything_starts(string folder, string code)
    {
        var (here, images) = (TestFolder.New(), Bad(folder));
        var said = await Program.Run(here, TestFolder.New(), Stop, "demo", "--exit", "--images", images, "--data", Path.Combine(here, "data"), "--port", "0");
        Assert.Equal(1, said.ExitCode);
        Assert.Contains(code, said.Error, StringComparison.Ordinal);
        Assert.Contains("Try:", said.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path.Combine(here, "data")));
    }

    private static string Bad(string what)
    {
        var folder = what switch
        {
            "no folder" => "/nowhere/at-all",
            "an empty folder" => TestFolder.New(),
            "a folder in a folder" => OwnFolder.New(each: 10, below: "unpacked"),
            "too few" => OwnFolder.New(each: 9),
            "no test" => OwnFolder.New(each: 10, below: "train"),
            _ => OwnFolder.New(each: 10),
        };
        switch (what)
        {
            case "a file":
                return Path.Combine(folder, "apple", "000.png");
            case "one kind":
                foreach (var other in OwnFolder.Kinds.Skip(1))
                    Directory.Delete(Path.Combine(folder, other), recursive: true);
                break;
            case "a kind without test":
                foreach (var kind in OwnFolder.Kinds)
                {
                    Directory.CreateDirectory(Path.Combine(folder, "train"));
                    Directory.Move(Path.Combine(folder, kind), Path.Combine(folder, "train", kind));
                }

                OwnFolder.Write(folder, "test/apple/1.png", File.ReadAllBytes(Path.Combine(folder, "train", "apple", "000.png")));
                break;
        }

        return folder;
    }
}

/// <summary>One run of the demo on an untidy folder.</summary>
public sealed class OwnDemo : IAsyncLifetime
{
    internal Said Said { get; private set; } = null!;

    internal JsonElement Summary => JsonDocument.Parse(Said.Out).RootElement;

    public async ValueTask InitializeAsync()
    {
        var here = TestFolder.New();
        Said = await Program.Run(here, TestFolder.New(), TestContext.Current.CancellationToken, "demo", "--exit", "--json", "--images", OwnFolder.Untidy(), "--data", Path.Combine(here, "data"), "--port", "0", "--seed", "3");
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
