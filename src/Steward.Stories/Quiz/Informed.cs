using Microsoft.Extensions.DependencyInjection;
using Steward.Models;

namespace Steward.Stories;

/// <summary>Who passed the quiz about a version's story knows what they sign; the pass holds for the facts as they are now.</summary>
/// <param name="all">Looked up when asked: stories read sign-offs, and sign-offs ask here.</param>
internal sealed class Informed(IServiceProvider all) : IInformed
{
    public async Task<Understanding> Of(string project, string model, int version, string person, CancellationToken stop)
    {
        var (stories, quizzes, store) = (all.GetRequiredService<IStories>(), all.GetRequiredService<IQuizzes>(), all.GetRequiredService<QuizStore>());
        var (subject, page) = ($"{model}@{version}", $"/projects/{project}/stories/release/{Uri.EscapeDataString($"{model}@{version}")}/quiz");
        var command = $"steward story quiz release {subject}";
        if (await stories.Find(project, "release", subject, null, stop) is null)
            return new(null, page[..^"/quiz".Length], $"steward story make release {subject}", "its story is not told yet");
        if (await quizzes.Pass(project, "release", subject, person, stop) is { Try: var passed } pass)
            return new(new($"release/{subject}", passed.StoryHash, passed.FactsHash, passed.Level, passed.Language, passed.Bank, [.. passed.Items.Select(item => item.Id)],
                [.. passed.Items.Select(item => passed.Answers.First(answer => answer.Item == item.Id).Letter)], pass.Tries, pass.Seconds, passed.EndedAt!.Value), page, command, "");
        var before = (await store.Own(project, "release", subject, person, stop)).Exists(one => one.Passed);
        return new(null, page, command, before ? "you passed it about an earlier picture, and the facts changed since" : "you did not pass it yet");
    }
}
