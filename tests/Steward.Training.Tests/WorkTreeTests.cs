using Steward.Testing;
using Steward.Tracking;

namespace Steward.Training.Tests;

/// <summary>What is told of a folder that git keeps.</summary>
public sealed class WorkTreeTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_differs_from_the_commit_is_told_so_that_git_can_make_it_again()
    {
        var folder = await GitFolder.With("train.py", "print('one')\nprint('two')\n");
        var clean = await Look(folder);
        Assert.Equal((folder.Head, "main", false, null), (clean.Commit, clean.Branch, clean.Dirty, clean.Changes));

        await folder.Write("train.py", "print('one')\nprint('three')\n");
        await folder.Write("features.py", "import math\n# no end of line");
        var changed = await Look(folder);
        Assert.True(changed.Dirty);
        var copy = TestFolder.New();
        folder.Git("clone", "-q", folder.Path, copy);
        await File.WriteAllTextAsync(Path.Combine(copy, "..", "code.diff"), changed.Changes, Stop);
        folder.Git("-C", copy, "apply", Path.Combine(copy, "..", "code.diff"));
        foreach (var file in (string[])["train.py", "features.py"])
            Assert.Equal(await File.ReadAllTextAsync(Path.Combine(folder.Path, file), Stop), await File.ReadAllTextAsync(Path.Combine(copy, file), Stop));
    }

    [Fact]
    public async Task Secrets_and_large_new_files_are_not_kept_and_that_is_said()
    {
        var folder = await GitFolder.With("train.py", "key = None\n");
        await folder.Write("train.py", "api_key = \"q8Zr51lsOoP77v\"\nepochs = 3\n");
        await folder.Write(".env", "DB_PASSWORD=hunter2hunter2\n");
        await folder.Write("rows.csv", new string('7', 70_000));
        Directory.CreateDirectory(Path.Combine(folder.Path, ".steward"));
        await folder.Write(".steward/demo.json", "{\"password\": \"four odd words\"}");
        var told = await Look(folder);
        Assert.Contains("+epochs = 3", told.Changes, StringComparison.Ordinal);
        foreach (var hidden in (string[])["q8Zr51lsOoP77v", "hunter2", "7777", "four odd words"])
            Assert.DoesNotContain(hidden, told.Changes, StringComparison.Ordinal);
        Assert.Equal([".env is new and may hold a secret.", "rows.csv is new, and no text of at most 64 kB.", "train.py: 1 line that may hold a secret."], told.NotKept.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Nothing_that_a_hostile_repository_names_is_run()
    {
        var folder = await GitFolder.With("train.py", "one\n");
        var ran = Path.Combine(TestFolder.New(), "ran");
        var evil = Path.Combine(TestFolder.New(), "evil");
        await File.WriteAllTextAsync(evil, $"#!/bin/sh\necho \"$0 $*\" >> '{ran}'\ncat\n", Stop);
        File.SetUnixFileMode(evil, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        foreach (var hook in (string[])["post-index-change", "reference-transaction", "pre-commit", "post-checkout", "fsmonitor-watchman"])
            File.Copy(evil, Path.Combine(folder.Path, ".git", "hooks", hook));
        await folder.Write(".gitattributes", "* filter=odd=name diff=odd\n");
        await folder.Write(".git/info/attributes", "*.py filter=evil diff=evil\n");
        foreach (var setting in (string[])["core.fsmonitor", "core.pager", "core.editor", "core.askPass", "core.sshCommand", "diff.external", "diff.evil.command", "diff.evil.textconv", "diff.odd.textconv",
            "filter.evil.clean", "filter.evil.smudge", "filter.evil.process", "filter.odd=name.clean", "gpg.program", "gpg.ssh.program", "alias.diff", "credential.helper", "uploadpack.packObjectsHook"])
            folder.Git("config", setting, evil);
        foreach (var flag in (string[])["tag.gpgSign", "tag.forceSignAnnotated", "filter.evil.required"])
            folder.Git("config", flag, "true");
        await folder.Write("train.py", "two\n");
        File.Delete(ran);

        var tree = (await WorkTree.Find(folder.Path, Stop))!;
        var told = (await tree.Look(Stop))!;
        await tree.Tag("fruit@1", told.Commit, "fruit@1", Stop);
        Assert.Equal(told.Commit, (await tree.Tags(Stop))["fruit@1"]);
        Assert.Contains("+two", told.Changes, StringComparison.Ordinal);
        Assert.False(File.Exists(ran), File.Exists(ran) ? await File.ReadAllTextAsync(ran, Stop) : "");
    }

    [Fact]
    public async Task A_folder_without_git_and_one_without_a_commit_tell_nothing()
    {
        Assert.Null(await WorkTree.Find(TestFolder.New(), Stop));
        var empty = new GitFolder();
        empty.Git("init", "-q");
        Assert.Null(await (await WorkTree.Find(empty.Path, Stop))!.Look(Stop));
    }

    [Fact]
    public async Task A_repository_that_claims_another_folder_is_not_believed()
    {
        var (folder, home) = (await GitFolder.With("train.py", "one\n"), TestFolder.New());
        await File.WriteAllTextAsync(Path.Combine(home, "diary.txt"), "mine alone", Stop);
        folder.Git("config", "core.worktree", home);
        Assert.Null(await WorkTree.Find(folder.Path, Stop));
    }

    private static async Task<Checkout> Look(GitFolder folder) => (await (await WorkTree.Find(folder.Path, Stop))!.Look(Stop))!;
}
