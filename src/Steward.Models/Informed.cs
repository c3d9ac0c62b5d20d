namespace Steward.Models;

/// <summary>
/// Whether somebody understood what they are about to approve. This room asks, who tells and quizzes furnishes it; nobody
/// need to. Only a yes is ever asked for: who asks, rejects or reads proves nothing.
/// </summary>
public interface IInformed
{
    Task<Understanding> Of(string project, string model, int version, string person, CancellationToken stop);
}

/// <param name="Proof">The quiz that holds now; null without one.</param>
/// <param name="Page">Where it is taken.</param>
/// <param name="Command">The same from a terminal.</param>
/// <param name="Why">What is the matter, in a sentence, when there is no proof: not taken, or void since the facts changed.</param>
public sealed record Understanding(QuizProof? Proof, string Page, string Command, string Why);

/// <summary>What a signature records of the quiz before it: what was told, what was asked, what was answered.</summary>
/// <param name="Story">Its name: <c>release/fruit@2</c>.</param>
/// <param name="StoryHash">Digest of facts and words as they were read.</param>
/// <param name="FactsHash">Digest of the facts alone.</param>
/// <param name="Bank">Version of the rules that made the items.</param>
/// <param name="Answers">By item: a, b, c, ? or !.</param>
/// <param name="Tries">How many it took.</param>
/// <param name="Seconds">Of all of them.</param>
public sealed record QuizProof(
    string Story, string StoryHash, string FactsHash, string Level, string Language, string Bank, IReadOnlyList<string> Items, IReadOnlyList<string> Answers, int Tries, double Seconds, DateTimeOffset At);

/// <summary>Whether a party's people must have understood the story of a version before they approve it.</summary>
public enum QuizRule
{
    /// <summary>Nobody is asked.</summary>
    None,

    /// <summary>A yes needs a pass that holds for the facts as they are.</summary>
    Required,
}
