using System.Text;
using System.Text.Json;

namespace Steward.Work;

/// <summary>Runs children of the program through the process engine. What comes back from one is not trusted: it may have eaten a hostile file.</summary>
internal sealed class ChildHosts(ProcessExecutor executor, WorkFolder work, ChildProgram program) : IChildHosts
{
    private const int LastWords = 8, LargestProblem = 16 << 10;

    public ChildFolder Folder(string child) => new(work.New(Names.Check("child", child)));

    public async Task Run(string child, ChildFolder folder, JobLimits limits, Func<double?, string?, Task> report, CancellationToken stop)
    {
        var job = await executor.Submit(new JobSpec(child, [.. program.Command, "child", Names.Check("child", child), folder.Path])
        {
            Folder = folder.Path,
            Environment = new Dictionary<string, string>(program.Environment) { ["HOME"] = folder.Path },
            Limits = limits,
            HoldInput = true,
        }, stop);
        var lastWords = new Queue<string>();
        try
        {
            await foreach (var line in executor.Logs(job, 0, follow: true, stop))
                if (!line.IsError && News(line.Text) is { } news)
                    await report(news.Progress, news.Message);
                else if (!string.IsNullOrWhiteSpace(line.Text))
                {
                    lastWords.Enqueue(Names.Shorten(line.Text, 300));
                    if (lastWords.Count > LastWords)
                        lastWords.Dequeue();
                }
        }
        catch
        {
            await executor.Cancel(job, CancellationToken.None);
            throw;
        }

        var end = (await executor.Wait(job, stop)).Tasks[0];
        stop.ThrowIfCancellationRequested();
        if (end.State is JobState.Succeeded)
            return;
        throw end.State is JobState.Failed && Problem(folder) is { } problem
            ? problem
            : new ProblemException(ProblemKind.Unavailable, "child_failed", Sentence(child, end, lastWords), "Try again; if it happens again, give it less to do or more memory.");
    }

    private static string Sentence(string child, JobTask end, Queue<string> lastWords)
    {
        var how = end.Reason ?? $"It ended with code {end.ExitCode}.";
        return lastWords.Count == 0 || end.State is not JobState.Failed
            ? $"The part of the program that does '{child}' failed. {how}"
            : $"The part of the program that does '{child}' failed. {how} Its last words: {string.Join(" / ", lastWords)}";
    }

    private static ChildNews? News(string line)
    {
        if (!line.StartsWith('{'))
            return null;
        try
        {
            return Json.Read<ChildNews>(line);
        }
        catch (JsonException)
        {
            return null; // a library that prints to standard output
        }
    }

    private static string Clean(string text, int most) => string.Join('\n', text[..Math.Min(text.Length, most)].Split('\n').Select(line => Names.Shorten(line, most)));

    private static ProblemException? Problem(ChildFolder folder)
    {
        var file = new FileInfo(Path.Combine(folder.Path, ChildMain.ProblemFile));
        if (!file.Exists || file.LinkTarget is not null || file.Length > LargestProblem)
            return null;
        try
        {
            var said = Json.Read<ChildProblem>(File.ReadAllText(file.FullName, Encoding.UTF8));
            return said is { Code: { Length: > 0 and <= 80 } code, Why: not null } && code.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '_')
                ? new(said.Kind, code, Clean(said.Why, 2000), said.Try is null ? null : Clean(said.Try, 500))
                : null;
        }
        catch (Exception error) when (error is JsonException or IOException)
        {
            return null;
        }
    }
}
