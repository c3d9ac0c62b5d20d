namespace Steward.Work;

/// <summary>A part of the program that runs in a process of its own, as <c>steward child NAME FOLDER</c>. What it needs lies in its folder, what it makes is left there.</summary>
public interface IChild
{
    /// <summary>One lower-case word: <c>train</c>.</summary>
    string Name { get; }

    /// <summary>Does the work; throws <see cref="ProblemException"/> for what the person who asked should read.</summary>
    /// <param name="folder">A private folder, also the working directory.</param>
    /// <param name="tell">Progress from 0 to 1 and one sentence.</param>
    Task Run(string folder, Action<double?, string?> tell, CancellationToken stop);
}

/// <summary>Runs children: supervised, limited, cancellable, never outliving the server.</summary>
public interface IChildHosts
{
    /// <summary>An empty folder of its own (0700) below the data folder; disposing removes it, a start of the server removes what a crash left.</summary>
    ChildFolder Folder(string child);

    /// <summary>Runs a child to its end. Its own <see cref="ProblemException"/> comes out as it was thrown; a child that died, or went over a limit, is a <c>child_failed</c> that says how.</summary>
    Task Run(string child, ChildFolder folder, JobLimits limits, Func<double?, string?, Task> report, CancellationToken stop = default);

    /// <summary>
    /// Runs a child as an array of tasks of an engine, in a folder of that engine; each finds its number in <see cref="ChildTask.Number"/>.
    /// What an earlier server placed under the same key and left behind is ended first.
    /// </summary>
    Task Run(IExecutor engine, string child, ChildFolder folder, ChildArray array, Func<double?, string?, Task> report, CancellationToken stop = default);

    /// <summary>The same, for tasks that stand for themselves: what is wrong with each, null for those that succeeded.</summary>
    Task<IReadOnlyList<ProblemException?>> Each(IExecutor engine, string child, ChildFolder folder, ChildArray array, Func<double?, string?, Task> report, CancellationToken stop = default);
}

/// <param name="Key">The same when it is tried again: the task of the ledger.</param>
/// <param name="Called">For people, one of many: <c>tune</c>.</param>
public sealed record ChildArray(string Key, int Tasks, string Called, JobLimits Limits, IReadOnlyDictionary<string, string> Labels)
{
    /// <summary>How many of them at once, at most.</summary>
    public int AtOnce { get; init; } = 64;

    /// <summary>How often a task that was lost with its machine is begun again.</summary>
    public int Requeue { get; init; } = 1;
}

/// <summary>What a child that an engine placed knows of itself.</summary>
public static class ChildTask
{
    internal const string Variable = "STEWARD_TASK_INDEX";

    /// <summary>
    /// Whose a file of the shared folder is: <c>WORD-N…</c>, followed by a dash or a dot, is of task N alone, which is the only one that reads or writes
    /// it; any other name is null, what every task reads and none writes. Engines that share no disk carry files by this.
    /// </summary>
    public static int? Of(string file)
    {
        var word = file.TakeWhile(char.IsAsciiLetterLower).Count();
        if (word == 0 || word == file.Length || file[word] != '-')
            return null;
        var end = file.AsSpan(word + 1).IndexOfAnyExceptInRange('0', '9');
        return end > 0 && file[word + 1 + end] is '-' or '.' && int.TryParse(file.AsSpan(word + 1, end), System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var number) ? number : null;
    }

    /// <summary>Its place in the array, from 0.</summary>
    public static int Number => int.Parse(Environment.GetEnvironmentVariable(Variable) ?? "0", System.Globalization.CultureInfo.InvariantCulture);
}

/// <summary>A child's private folder, removed when disposed.</summary>
public sealed record ChildFolder(string Path) : IDisposable
{
    public void Dispose()
    {
        if (Directory.Exists(Path))
            Directory.Delete(Path, recursive: true);
    }
}
