using System.Text.Json;
using Steward.Testing;

namespace Steward.Journey.Tests;

/// <summary><c>steward new fruit --images</c>: a project that stays, from somebody's own folder to a model that passed its gates.</summary>
public sealed class OwnProjectTests
{
    private readonly string _here = TestFolder.New(), _home = TestFolder.New();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_commands_that_it_prints_work_as_printed_one_after_the_other()
    {
        var images = OwnFolder.New();
        var made = JsonDocument.Parse((await Good(_here, "new", "fruit", "--images", images, "--name", "my-fruit", "--json")).Out).RootElement;
        Assert.Equal((120, true, "my-fruit"), (made.GetProperty("pictures").GetInt32(), made.GetProperty("copied").GetBoolean(), made.GetProperty("project").GetString()));
        string[] next = [.. made.GetProperty("next").EnumerateArray().Select(command => command.GetString()!)];
        Assert.Equal(["cd my-fruit", "steward project send", "steward data add pictures", "steward run", "steward up"], next);
        var project = Path.Combine(_here, next[0].Split(' ')[1]);
        await Good(project, "lint");
        foreach (var command in next[1..^1])
            await Good(project, [.. command.Split(' ').Skip(1), "--json"]);
        var models = JsonDocument.Parse((await Good(project, "model", "list", "--json")).Out).RootElement;
        Assert.Contains("my-fruit@1", models.GetRawText(), StringComparison.Ordinal);
        Assert.Equal(0, (await Run(project, "data", "check", "pictures")).ExitCode);
        Assert.Equal(OwnFolder.Kinds.Order(StringComparer.Ordinal), Directory.EnumerateDirectories(images).Select(folder => Path.GetFileName(folder)!).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Without_a_name_it_is_called_like_its_folder_as_far_as_a_project_may_be()
    {
        var images = OwnFolder.New(each: 10);
        var renamed = Path.Combine(_here, "2024 Garden_photos (new)");
        Directory.Move(images, renamed);
        Assert.Equal("garden-photos-new", JsonDocument.Parse((await Good(_here, "new", "fruit", "--images", renamed, "--json")).Out).RootElement.GetProperty("project").GetString());
        Assert.Equal("pictures", JsonDocument.Parse((await Good(_here, "new", "fruit", "--images", OwnFolder.New(each: 10), "--json")).Out).RootElement.GetProperty("project").GetString());
        Assert.Contains("value: 0.67", await File.ReadAllTextAsync(Path.Combine(_here, "pictures", "steward.yaml"), Stop), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Beside_a_folder_of_its_name_it_takes_another_and_among_its_pictures_it_does_not_go()
    {
        Directory.Move(OwnFolder.New(each: 10), Path.Combine(_here, "flowers"));
        var said = await Good(_here, "new", "fruit", "--images", "flowers", "--json");
        Assert.EndsWith("flowers-project", JsonDocument.Parse(said.Out).RootElement.GetProperty("folder").GetString(), StringComparison.Ordinal);
        Assert.Contains("folder_inside", (await Run(_here, "new", "fruit", "flowers/here", "--images", "flowers")).Error, StringComparison.Ordinal);
        Assert.Contains("project_there", (await Run(_here, "new", "fruit", "--images", "flowers")).Error, StringComparison.Ordinal);
        Assert.Equal(3, Directory.EnumerateFileSystemEntries(Path.Combine(_here, "flowers")).Count());
    }

    [Fact]
    public async Task A_folder_that_nothing_could_be_learned_from_makes_no_project()
    {
        Assert.Contains("too_few_pictures", (await Run(_here, "new", "fruit", "--images", OwnFolder.New(each: 3), "--name", "few")).Error, StringComparison.Ordinal);
        Assert.Contains("template_not_found", (await Run(_here, "new", "cars", "--images", OwnFolder.New(each: 10))).Error, StringComparison.Ordinal);
        Assert.Contains("name_invalid", (await Run(_here, "new", "fruit", "--images", OwnFolder.New(each: 10), "--name", "Not A Name")).Error, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFileSystemEntries(_here));
    }

    private async Task<Said> Good(string folder, params string[] arguments)
    {
        var said = await Run(folder, arguments);
        Assert.True(said.ExitCode == 0, $"steward {string.Join(' ', arguments)}: {said}");
        return said;
    }

    private Task<Said> Run(string folder, params string[] arguments) => Program.Run(folder, _home, Stop, arguments);
}
