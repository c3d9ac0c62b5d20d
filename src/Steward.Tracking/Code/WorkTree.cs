using System.Text;

namespace Steward.Tracking;

/// <summary>A folder that git keeps, as the program of the person sees it.</summary>
public sealed class WorkTree
{
    private const int MostNew = 50, MostListed = 30, MostOfANewFile = 64_000;

    private readonly Git _git;

    private WorkTree(Git git, string top) => (_git, Top) = (git, top);

    /// <summary>Its topmost folder.</summary>
    public string Top { get; }

    /// <summary>The work tree around a folder; null when there is none, or no git. <c>git_refused</c> when git will not look at it.</summary>
    public static async Task<WorkTree?> Find(string folder, CancellationToken stop = default)
    {
        var git = await Git.In(folder, stop);
        var said = await git.Ask(["rev-parse", "--show-toplevel"], 1 << 14, stop);
        // A repository may claim any folder for its work tree; only the one that it lies in is looked at.
        if (said.Line is { } top && Path.Exists(Path.Combine(top, ".git")))
            return new(await Git.In(top, stop), top);
        return said.Wrong.Contains("dubious ownership", StringComparison.Ordinal)
            ? throw ProblemException.Conflict("git_refused", $"Git does not look into {Names.Shorten(folder, 200)}: the folder belongs to somebody else, so no commit can be told.", $"git config --global --add safe.directory {folder}")
            : null;
    }

    /// <summary>The commit, the branch and what differs; null before the first commit.</summary>
    public async Task<Checkout?> Look(CancellationToken stop = default)
    {
        if (await Commit("HEAD", stop) is not { } commit)
            return null;
        var branch = (await _git.Ask(["symbolic-ref", "-q", "--short", "HEAD"], 1 << 14, stop)).Line;
        var notes = new List<string>();
        var diff = await _git.Ask(["diff", "--no-ext-diff", "--no-textconv", "--no-color", "--no-renames", "--full-index", "--ignore-submodules=dirty", commit], Checkout.MostBytes, stop);
        if (diff.Ended != 0)
            throw ProblemException.Conflict("git_refused", $"Git cannot tell what was changed here: {Names.Shorten(diff.Wrong, 200)}", "Mend the work tree: git status");
        var changes = new StringBuilder(diff.Text);
        if (diff.Cut)
        {
            changes.Clear();
            notes.Add($"The changes are larger than {Say.Bytes(Checkout.MostBytes)}.");
        }

        var fresh = await New(stop);
        Add(changes, fresh, notes);
        var (kept, hidden) = Secretive.Hide(changes.ToString());
        notes.AddRange(hidden);
        return new(commit, branch is { Length: <= Checkout.LongestBranch } ? branch : null, diff.Bytes.Length > 0 || fresh.Count > 0) { Changes = kept.Length == 0 ? null : kept, NotKept = [.. notes.Take(MostListed)] };
    }

    /// <summary>What a name means, as a whole commit; null when it means none here.</summary>
    public async Task<string?> Commit(string name, CancellationToken stop = default)
        => (await _git.Ask(["rev-parse", "-q", "--verify", "--end-of-options", name + "^{commit}"], 1 << 10, stop)).Line is { } hex && Lineage.IsCommit(hex) ? hex : null;

    /// <summary>All tags with the commits that they lead to; null for a tag of something else.</summary>
    public async Task<IReadOnlyDictionary<string, string?>> Tags(CancellationToken stop = default)
    {
        var said = await _git.Ask(["for-each-ref", "--format=%(refname:strip=2)%00%(objectname) %(*objectname)", "refs/tags"], 16 << 20, stop);
        var tags = new SortedDictionary<string, string?>(StringComparer.Ordinal);
        foreach (var line in said.Text.Split('\n', StringSplitOptions.RemoveEmptyEntries))
            if (line.Split('\0') is [var name, var objects])
                tags[name] = objects.Trim().Split(' ')[^1];
        return tags;
    }

    /// <summary>Writes an annotated tag; one of that name is never moved. <c>git_refused</c> in git's words.</summary>
    public async Task Tag(string name, string commit, string message, CancellationToken stop = default)
    {
        var said = await _git.Ask(["tag", "-a", "-m", message, "--no-sign", "--end-of-options", name, commit], 1 << 12, stop);
        if (said.Ended != 0)
            throw ProblemException.Conflict("git_refused", $"Git did not write the tag {name}: {Names.Shorten(said.Wrong, 300)}", said.Wrong.Contains("identity", StringComparison.Ordinal) ? "Say who you are: git config user.name NAME, and user.email" : "Look at the work tree: git status");
    }

    /// <summary>Files that git does not know and is not told to ignore; data folders of this program are never looked into.</summary>
    private async Task<List<string>> New(CancellationToken stop)
        => [.. (await _git.Ask(["ls-files", "--others", "--exclude-standard", "-z"], 1 << 20, stop)).Text.Split('\0', StringSplitOptions.RemoveEmptyEntries)
            .Where(path => !path.Split('/').Contains(".steward", StringComparer.Ordinal))];

    /// <summary>Small new texts are kept as git would show them; of others only that they were there.</summary>
    private void Add(StringBuilder changes, List<string> fresh, List<string> notes)
    {
        foreach (var (path, i) in fresh.Select((path, i) => (path, i)))
            if (i >= MostNew)
            {
                notes.Add($"{Say.Count(fresh.Count - MostNew, "more new file")} not kept.");
                return;
            }
            else if (Secretive.IsName(path))
                notes.Add($"{Shown(path)} is new and may hold a secret.");
            else if (Text(path) is not { } text)
                notes.Add($"{Shown(path)} is new, and no text of at most {Say.Bytes(MostOfANewFile)}.");
            else if (changes.Length + (2 * text.Length) > Checkout.MostBytes / 2)
                notes.Add($"{Shown(path)} is new; with it the changes would be larger than {Say.Bytes(Checkout.MostBytes)}.");
            else
                Append(changes, Shown(path), text);
    }

    private static void Append(StringBuilder changes, string path, string text)
    {
        var lines = text.Split('\n');
        var ended = lines[^1].Length == 0;
        var count = ended ? lines.Length - 1 : lines.Length;
        changes.Append($"diff --git a/{path} b/{path}\nnew file mode 100644\n");
        if (count == 0)
            return;
        changes.Append($"--- /dev/null\n+++ b/{path}\n@@ -0,0 +1,{count} @@\n");
        foreach (var line in lines.Take(count))
            changes.Append('+').Append(line).Append('\n');
        if (!ended)
            changes.Append("\\ No newline at end of file\n");
    }

    /// <summary>Null for what is no text, too long, or a link.</summary>
    private string? Text(string path)
    {
        try
        {
            var file = new FileInfo(Path.Combine(Top, path));
            if (file.LinkTarget is not null || !file.Exists || file.Length > MostOfANewFile)
                return null;
            var bytes = File.ReadAllBytes(file.FullName);
            return bytes.Length > MostOfANewFile || bytes.Contains((byte)0) ? null : new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(bytes);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return null;
        }
    }

    private static string Shown(string path) => Names.Shorten(new string([.. path.Select(c => char.IsControl(c) ? '?' : c)]), 200);
}
