using System.Text.Json;

namespace Steward.Packaging.Tests.Conflicts;

/// <summary>Conflicts that people meet; each file beside this one says what of it is real.</summary>
public class ConflictTests
{
    public static TheoryData<string> Known => [.. Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "Conflicts"), "*.json").Select(file => Path.GetFileNameWithoutExtension(file)).Order(StringComparer.Ordinal)];

    [Fact]
    public void There_are_thirty_and_more() => Assert.True(Known.Count >= 30, $"{Known.Count}");

    [Theory]
    [MemberData(nameof(Known))]
    public void Both_parents_and_both_ranges_are_named(string name)
    {
        var (story, told) = Told(name);
        Assert.False(told.Fits);
        var clash = Assert.Single(told.Conflicts).Clashes.FirstOrDefault(clash => clash.Package == story.Clash);
        Assert.True(clash is not null, Said(told));
        foreach (var by in story.By)
            Assert.True(clash.Demands.Any(demand => demand.By == by), $"{by}: {Said(told)}");
        foreach (var range in story.Ranges)
            Assert.True(clash.Demands.Any(demand => demand.Range == range), $"{range}: {Said(told)}");
    }

    [Theory]
    [MemberData(nameof(Known))]
    public void The_smallest_change_is_told_and_each_that_is_told_works(string name)
    {
        var (story, told) = Told(name);
        if (story.Change is not null)
            Assert.Equal(story.Change, told.Conflicts[0].Ways[0][0].To);
        // What another tool locked is locked anew by that tool.
        foreach (var way in told.Conflicts[0].Ways.Where(way => !way.Any(change => change.At.Contains(".lock:", StringComparison.Ordinal) || change.At.Contains("Manifest", StringComparison.Ordinal))))
            Assert.True(Explained(story, Written(story.Files, way)).Fits, $"{string.Join("; ", way)}");
    }

    [Theory]
    [MemberData(nameof(Known))]
    public void Any_line_of_the_conflict_left_out_lets_the_rest_fit(string name)
    {
        var (story, told) = Told(name);
        var folder = Folder(story.Files);
        var files = EnvironmentFiles.Read(folder, []);
        foreach (var line in told.Conflicts[0].Lines)
            Assert.True(Explained(story, files with { Wanted = [.. files.Wanted.Where(wanted => $"{wanted.Text} ({wanted.At})" != line)] }).Fits || line.StartsWith("python", StringComparison.Ordinal), line);
    }

    /// <summary>The files with each changed line written anew.</summary>
    private static Dictionary<string, string> Written(Dictionary<string, string> files, IReadOnlyList<Change> way)
    {
        var now = new Dictionary<string, string>(files);
        foreach (var change in way)
        {
            var (file, line) = (change.At.Split(':')[0], int.Parse(change.At.Split(':')[1], null) - 1);
            var lines = now[file].Split('\n');
            lines[line] = file.EndsWith(".yml", StringComparison.Ordinal) ? lines[line][..(lines[line].IndexOf('-', StringComparison.Ordinal) + 2)] + change.To
                : file.EndsWith(".txt", StringComparison.Ordinal) ? change.To
                : file.EndsWith(".csproj", StringComparison.Ordinal) ? lines[line].Replace(change.From.Split(' ')[1], change.To.Split(' ')[1], StringComparison.Ordinal)
                : file == "Project.toml" ? $"{change.To.Split(' ')[0]} = \"{change.To.Split(' ', 2)[1]}\""
                : lines[line].Replace(change.From.Split(' ')[^1], change.To.Split(' ')[^1], StringComparison.Ordinal);
            now[file] = string.Join('\n', lines);
        }

        return now;
    }

    private static (Story Story, Explanation Told) Told(string name)
    {
        var story = Json.Read<Story>(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Conflicts", name + ".json")));
        return (story, Explained(story, story.Files));
    }

    private static Explanation Explained(Story story, Dictionary<string, string> files) => Explained(story, EnvironmentFiles.Read(Folder(files), []));

    private static Explanation Explained(Story story, EnvironmentFiles files)
    {
        Assert.Empty(files.Complaints);
        var index = Path.Combine(Testing.TestFolder.New(), "index.json");
        File.WriteAllText(index, story.Index.GetRawText());
        var environment = WantedEnvironment.Of(files, [PackageIndex.Open(index)], story.Python.Length == 0 ? null : story.Python, "--python", "linux-x86_64");
        return Assert.Single(environment.Explain());
    }

    private static string Folder(Dictionary<string, string> files)
    {
        var folder = Testing.TestFolder.New();
        foreach (var (file, text) in files)
            File.WriteAllText(Path.Combine(folder, file), text);
        return folder;
    }

    private static string Said(Explanation told) => Json.Write(told.Conflicts);

    private sealed record Story(string Real, string Python, Dictionary<string, string> Files, JsonElement Index, string Clash, string[] By, string[] Ranges, string? Change);
}
