using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using CsCheck;
using Microsoft.Extensions.DependencyInjection;
using Steward.Blobs;
using Steward.Identity;
using Steward.Projects;
using Steward.Testing;
using Steward.Tracking.Comparing;

namespace Steward.Tracking.Tests;

/// <summary>Lines that came and went.</summary>
public class TextDiffTests
{
    [Fact]
    public void What_stayed_and_went_is_the_text_before_and_what_stayed_and_came_the_one_after() => Gen.Select(Gen.Int[0, 3].List[0, 6], Gen.Int[0, 3].List[0, 6]).Sample((before, after) =>
    {
        var lines = TextDiff.Between(string.Join('\n', before), string.Join('\n', after))!;
        if (before.SequenceEqual(after))
            return lines.Count == 0;
        string Of(DiffKind left) => string.Join('\n', lines.Where(line => line.Kind != left).Select(line => line.Text));
        return Of(DiffKind.Added) == string.Join('\n', before) && Of(DiffKind.Removed) == string.Join('\n', after);
    });

    [Fact]
    public void Of_what_stayed_only_three_lines_around_a_change_are_shown()
    {
        var before = Enumerable.Range(0, 40).Select(i => $"line {i}").ToList();
        var lines = TextDiff.Between(string.Join('\n', before), string.Join('\n', before.Select(line => line == "line 20" ? "other" : line)))!;
        Assert.Equal(["17 lines the same", "line 17", "line 18", "line 19", "line 20", "other", "line 21", "line 22", "line 23", "16 lines the same"], lines.Select(line => line.Text));
    }

    [Fact]
    public void Ends_of_lines_make_no_difference() => Assert.Empty(TextDiff.Between("a\r\nb\r\n", "a\nb\n")!);

    [Fact]
    public void A_text_that_is_too_long_is_not_compared_line_by_line() => Assert.Null(TextDiff.Between("a", new string('\n', TextDiff.MostLines + 1)));

    [Theory]
    [InlineData("""{"nbformat": 4, "cells": [{"cell_type": "markdown", "source": "# title"}, {"cell_type": "code", "source": ["a = 1\n", "b = 2"], "outputs": [1]}, {"cell_type": "code", "source": "c = 3"}]}""")]
    [InlineData("""{"nbformat": 3, "worksheets": [{"cells": [{"cell_type": "code", "input": "a = 1\nb = 2"}, {"cell_type": "code", "input": ["c = 3"]}]}]}""")]
    public void The_code_of_a_notebook_is_its_cells(string json) => Assert.Equal("# %%\na = 1\nb = 2\n# %%\nc = 3\n", Notebook.CodeOf(Encoding.UTF8.GetBytes(json)));

    [Theory]
    [InlineData("[]")]
    [InlineData("{")]
    [InlineData("""{"cells": 7}""")]
    [InlineData("""{"cells": [{"cell_type": 3}]}""")]
    [InlineData("""{"cells": [{"cell_type": "code", "source": {"a": 1}}]}""")]
    public void What_is_no_notebook_has_no_code(string json) => Assert.Null(Notebook.CodeOf(Encoding.UTF8.GetBytes(json)));
}

/// <summary>What differs in the code of two runs, over HTTP and on the page, on both databases.</summary>
public abstract class CodeTests(string? db) : TestHost(settings => settings with { Db = db })
{
    private static readonly Who Maria = new("maria", "maria", new Dictionary<string, IReadOnlySet<Role>> { ["*"] = new HashSet<Role> { Role.Editor } });

    private static readonly string First = new('a', 40), Second = new('b', 40);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private IRuns Runs => Services.GetRequiredService<IRuns>();

    [Fact]
    public async Task Changes_that_were_not_committed_are_compared_file_by_file_and_equal_ones_are_left_out()
    {
        var one = await Run(0.1, new(First, "main", true) { Changes = Diff("train.py", "-lr = 1", "+lr = 2") + Diff("same.py", "+x = 1") });
        var other = await Run(0.2, new(First, "main", true) { Changes = Diff("train.py", "-lr = 1", "+lr = 3") + Diff("same.py", "+x = 1") + Diff("new.py", "+print()") });
        var code = await Compared(one, other);
        Assert.Equal($"Both ran the commit {First[..12]}. 2 files of what was kept differ: 2 lines added, 1 removed.", code.GetProperty("conclusion").GetString());
        Assert.Equal(["new.py: added print()", "train.py: same -lr = 1 | removed +lr = 2 | added +lr = 3"], Said(code));
    }

    [Fact]
    public async Task Commits_and_revisions_of_the_project_file_that_differ_are_told()
    {
        var one = await Run(0.1, new(First, "main", false));
        await Services.GetRequiredService<IProjects>().Put("steward: 1\nproject: fruit\ntrain: {seed: 7}\n", Maria, Stop);
        var other = await Run(0.2, new(Second, "main", false));
        var code = await Compared(one, other);
        Assert.StartsWith($"The commits differ: {First[..12]} and {Second[..12]}.", code.GetProperty("conclusion").GetString(), StringComparison.Ordinal);
        Assert.Contains("added train: {seed: 7}", Assert.Single(Said(code)), StringComparison.Ordinal);
        var rows = (await Http.GetFromJsonAsync<JsonElement>($"/api/projects/fruit/runs/compare?run={one}&run={other}", Stop)).GetProperty("rows").EnumerateArray().Select(row => row.GetProperty("key").GetString());
        Assert.Superset(new HashSet<string?> { "code", "project file" }, rows.ToHashSet());
        Assert.DoesNotContain("changes", rows);
    }

    [Fact]
    public async Task Notebooks_are_compared_by_their_cells_of_code_and_what_they_put_out_is_no_difference()
    {
        static string Book(string second, string output) => JsonSerializer.Serialize(new { nbformat = 4, cells = new object[] { new { cell_type = "code", source = "import math" }, new { cell_type = "markdown", source = output }, new { cell_type = "code", source = second, outputs = new[] { output } } } });
        var one = await Run(0.1, null, ("nb/explore.ipynb", Book("k = 3", "0.91")));
        var same = await Run(0.2, null, ("nb/explore.ipynb", Book("k = 3", "0.97")));
        var other = await Run(0.3, null, ("nb/explore.ipynb", Book("k = 5", "0.91")));
        Assert.Empty(Said(await Compared(one, same)));
        Assert.Equal("nb/explore.ipynb: same # %% | same import math | same # %% | removed k = 3 | added k = 5", Assert.Single(Said(await Compared(one, other))));
        Assert.Contains("k = 5", await Http.GetStringAsync($"/projects/fruit/runs/compare?run={one}&run={other}", Stop), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Hostile_text_is_only_text()
    {
        const string evil = "<script>alert(1)</script>";
        var one = await Run(0.1, new(First, "main", true) { Changes = Diff($"{evil}.py", $"+{evil}") }, ($"x{evil}.py".Replace('/', '_'), evil), ("odd.ipynb", "{\"cells\": [{}]}"), ("bytes.py", "a\0b"));
        var other = await Run(0.2, new(First, $"main{evil}", false), ("long.py", new string('\n', 5000)));
        var html = await Http.GetStringAsync($"/projects/fruit/runs/compare?run={one}&run={other}", Stop);
        Assert.Contains("What differs in the code", html, StringComparison.Ordinal);
        Assert.DoesNotContain(evil, html, StringComparison.Ordinal);
        Assert.Contains($"added {evil}", string.Join('\n', Said(await Compared(other, one))), StringComparison.Ordinal);
        foreach (var note in (string[])["no notebook that can be read", "no text", "longer than 4000 lines"])
            Assert.Contains(note, (await Compared(one, other)).GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Of_many_runs_the_texts_of_the_chosen_two_alone_are_read()
    {
        var blob = await Services.GetRequiredService<IBlobs>().Put("k = 1\n"u8.ToArray(), Stop);
        var runs = new List<string>();
        // Reading any other one's file would fail: its bytes are not there.
        for (var i = 0; i < 40; i++)
            runs.Add(await Run(i / 100.0, null, i < 2 ? blob : new Blob(Digest.Of($"gone {i}"), 6, true)));
        var html = await Http.GetStringAsync("/projects/fruit/runs/compare?experiment=kinds", Stop);
        Assert.DoesNotContain("What differs in the code", html, StringComparison.Ordinal);
        var other = await Run(0.9, null, ("train.py", "k = 2\n"));
        html = await Http.GetStringAsync($"/projects/fruit/runs/compare?experiment=kinds&before={runs[0]}&after={other}", Stop);
        Assert.Contains("k = 2", html, StringComparison.Ordinal);
    }

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        await Services.GetRequiredService<IProjects>().Put("steward: 1\nproject: fruit\n", Maria, Stop);
    }

    private static string Diff(string file, params string[] lines) => $"diff --git a/{file} b/{file}\nindex 1..2 100644\n--- a/{file}\n+++ b/{file}\n@@ -1 +1 @@\n{string.Concat(lines.Select(line => line + "\n"))}";

    private async Task<JsonElement> Compared(string before, string after) => await Http.GetFromJsonAsync<JsonElement>($"/api/projects/fruit/runs/compare/code?before={before}&after={after}", Stop);

    private static List<string> Said(JsonElement code) => [.. code.GetProperty("files").EnumerateArray().Select(file =>
        $"{file.GetProperty("name").GetString()}: {string.Join(" | ", file.GetProperty("lines").EnumerateArray().Where(line => line.GetProperty("kind").GetString() != "gap").Select(line => $"{line.GetProperty("kind").GetString()} {line.GetProperty("text").GetString()}"))}")];

    private async Task<string> Run(double rate, Checkout? checkout, params (string Name, string Text)[] files)
    {
        var blobs = new List<(string, Blob)>();
        foreach (var (name, text) in files)
            blobs.Add((name, await Services.GetRequiredService<IBlobs>().Put(Encoding.UTF8.GetBytes(text), Stop)));
        return await Run(rate, checkout, blobs);
    }

    private Task<string> Run(double rate, Checkout? checkout, Blob train) => Run(rate, checkout, [("train.py", train)]);

    private async Task<string> Run(double rate, Checkout? checkout, List<(string Name, Blob Blob)> files)
    {
        var run = await Runs.Start(Maria, new("fruit", "kinds") { Checkout = checkout, Tags = new Dictionary<string, string> { ["primary"] = "f1", ["direction"] = "minimize" } }, Stop);
        await Runs.Metrics(Maria, run.Id, [new("f1", rate)], Stop);
        foreach (var (name, blob) in files)
            await Runs.Artifact(Maria, run.Id, name, blob, Stop);
        return (await Runs.End(Maria, run.Id, RunStatus.Finished, Stop)).Id;
    }
}

public sealed class CodeOnSqliteTests() : CodeTests(null);

public sealed class CodeOnPostgresTests() : CodeTests(TestPostgres.NewDatabase());
