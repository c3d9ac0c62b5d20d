namespace Steward.Stories;

/// <summary>One sheet that one person answers. There is no time limit; the seconds are kept.</summary>
/// <param name="StoryHash">The words and facts it asks about.</param>
/// <param name="FactsHash">A pass holds for these facts.</param>
/// <param name="Bank">Version of the rules that made the items.</param>
/// <param name="Number">From 1 per person and facts.</param>
/// <param name="EndedAt">Null while items are open.</param>
public sealed record QuizTry(
    string Id, string Project, string Kind, string Subject, int Edition, string Person, string Name, string StoryHash, string FactsHash, string Level, string Language, string Bank, int Number,
    IReadOnlyList<QuizItem> Items, IReadOnlyList<QuizAnswer> Answers, DateTimeOffset StartedAt, DateTimeOffset? EndedAt)
{
    public bool IsOpen => EndedAt is null;

    public int Right => Answers.Count(IsRight);

    /// <summary>Five of six, and every must-know.</summary>
    public bool Passed => Answers.Count == Items.Count && Right >= QuizChance.Need && Items.Where(item => item.MustKnow).All(item => Answers.Any(answer => answer.Item == item.Id && IsRight(answer)));

    public double Seconds => EndedAt is { } end ? Math.Round((end - StartedAt).TotalSeconds, 1) : 0;

    /// <summary>The next item that is open; null when all are answered.</summary>
    public QuizItem? Next => IsOpen ? Items.FirstOrDefault(item => Answers.All(answer => answer.Item != item.Id)) : null;

    public QuizItem Item(string? id) => Items.FirstOrDefault(item => item.Id == id)
        ?? throw ProblemException.NotFound("question", Names.Shorten(id), "The sheet names its questions: steward story quiz KIND SUBJECT --json");

    /// <summary>The try with one more answer; an answer is given once.</summary>
    public QuizTry With(QuizAnswer answer)
    {
        Item(answer.Item);
        if (!IsOpen || Answers.Any(other => other.Item == answer.Item))
            throw ProblemException.Conflict("answered_already", "This question is answered already; the first answer counts.", "Go on with the next one.");
        var after = this with { Answers = [.. Answers, answer] };
        return after.Answers.Count == Items.Count ? after with { EndedAt = answer.At } : after;
    }

    public bool IsRight(QuizAnswer answer) => answer.Option is { } option && Item(answer.Item).Options[option].Right;
}

/// <summary>What somebody said to one item: a choice, or that they do not understand or disagree.</summary>
/// <param name="Option">Place of the chosen option, from 0; null for the other two.</param>
public sealed record QuizAnswer(string Item, int? Option, QuizWord Word, DateTimeOffset At)
{
    /// <summary>As it is typed and recorded: <c>a</c>, <c>b</c>, <c>c</c>, <c>?</c> for "I do not understand", <c>!</c> for "I disagree".</summary>
    public string Letter => Word switch { QuizWord.NotUnderstood => "?", QuizWord.Disagree => "!", _ => $"{(char)('a' + Option!.Value)}" };

    public static QuizAnswer Read(string item, string? letter, DateTimeOffset at) => letter?.Trim().ToLowerInvariant() switch
    {
        [var one] and (['a'] or ['b'] or ['c']) => new(item, one - 'a', QuizWord.Choice, at),
        "?" => new(item, null, QuizWord.NotUnderstood, at),
        "!" => new(item, null, QuizWord.Disagree, at),
        _ => throw ProblemException.Invalid("answer_invalid", $"'{Names.Shorten(letter)}' is no answer.", "Answer a, b or c; ? says that you do not understand, ! that you disagree."),
    };
}

public enum QuizWord { Choice, NotUnderstood, Disagree }

/// <summary>Something that a reader did not understand or disagreed with, for the owner of the story.</summary>
/// <param name="Said">Which of the two.</param>
/// <param name="Became"><c>limit</c> or <c>test</c>, when the owner made one of it: the credit of who said it.</param>
public sealed record QuizRemark(
    string Id, string Project, string Kind, string Subject, string FactsHash, string Person, string Name, string Item, string Stem, QuizWord Said, string Comment, DateTimeOffset At,
    string? Became, string? BecameNote, string? BecameBy, DateTimeOffset? BecameAt);

/// <summary>A talk with the owner after three tries that failed.</summary>
public sealed record QuizTalk(string Id, string Project, string Kind, string Subject, string Person, string HeldBy, string Note, DateTimeOffset At);

/// <param name="Stars">1 to 5.</param>
public sealed record StoryRating(string Project, string Kind, string Subject, int Edition, string Person, int Stars, string Comment, DateTimeOffset RatedAt);
