using Steward.Audit;
using Steward.Events;
using Steward.Identity;
using Steward.Projects;
using Steward.Storage;

namespace Steward.Stories;

/// <summary>Quizzes about stories: sheets, answers with their reasons, what readers object to, and who understood.</summary>
public interface IQuizzes
{
    /// <summary>
    /// The sheet that is open for this person, or a new one at once. <c>talk_first</c> after three tries that failed, until
    /// the owner logged a talk; <c>quiz_refused</c> when too little can be asked fairly.
    /// </summary>
    Task<QuizTry> Start(Who who, string project, string kind, string subject, string? level, string? language, CancellationToken stop = default);

    /// <summary>Answers one item of the open sheet: a, b, c, ? (I do not understand) or ! (I disagree).</summary>
    /// <param name="comment">For the owner, with ? and !.</param>
    Task<QuizTry> Answer(Who who, string project, string kind, string subject, string? item, string? letter, string? comment, CancellationToken stop = default);

    /// <summary>Where this person and this story stand.</summary>
    Task<QuizStanding> Standing(Who who, string project, string kind, string subject, CancellationToken stop = default);

    /// <summary>The pass that holds for the facts of the newest edition, and how it was reached; null without one.</summary>
    Task<PassedTry?> Pass(string project, string kind, string subject, string person, CancellationToken stop = default);

    /// <summary>Who passed the newest edition of a story; empty when the project switched the game off.</summary>
    Task<List<Passed>> Badges(string project, string kind, string subject, CancellationToken stop = default);

    /// <summary>What the owner of a story sees: pass rate, remarks, who waits for a talk.</summary>
    Task<QuizReport> Report(Who who, string project, string kind, string subject, CancellationToken stop = default);

    /// <summary>Logs a talk with somebody who failed three times; only the owner does.</summary>
    Task<QuizTalk> Talk(Who who, string project, string kind, string subject, string? person, string? note, CancellationToken stop = default);

    /// <summary>Notes that a remark became a limit or a test; only the owner does.</summary>
    Task<QuizRemark> Became(Who who, string project, string remark, string? what, string? note, CancellationToken stop = default);
}

/// <param name="Tries">How many it took, this one included.</param>
/// <param name="Seconds">Of all of them together.</param>
public sealed record PassedTry(QuizTry Try, int Tries, double Seconds);

internal sealed class Quizzes(Db db, QuizStore store, IStories stories, StoryReader reader, IProjects projects, IAudit audit, IEvents events, TimeProvider clock) : IQuizzes
{
    /// <summary>After so many failed tries a talk helps more than a further one.</summary>
    internal const int FailsBeforeTalk = 3;

    public async Task<QuizTry> Start(Who who, string project, string kind, string subject, string? level, string? language, CancellationToken stop)
    {
        DemandReader(who, project);
        var edition = await stories.Get(project, kind, subject, null, stop);
        var story = reader.Tell(edition with { Book = edition.Book.Asked }, Catalogue.Of(language), Levels.Read(level));
        var bank = QuizBank.Of(story);
        return await db.Write(async tx =>
        {
            await QuizStore.Turn(tx, project, kind, subject, who.Id);
            var (at, facts) = (clock.Now(), edition.Book.Asked.Hash.Hex);
            var tries = await QuizStore.Tries(tx, project, kind, subject, who.Id, facts);
            if (tries.Find(one => one.IsOpen) is { } open)
            {
                if (open.StoryHash == story.Hash.Hex)
                    return open;
                tries = await Leave(tx, who, tries, open, at);
            }

            var talks = await QuizStore.Talks(tx, project, kind, subject, who.Id);
            if (NeedsTalk(tries, talks))
                throw ProblemException.Conflict("talk_first", $"Three tries about {edition.Name} did not pass. A talk with the owner of the story comes before the next one.", $"The owner logs it: steward story talk {kind} {subject} {who.Id} \"what you talked about\"");
            var number = tries.Count + 1;
            var made = new QuizTry(Names.NewId(), project, kind, subject, edition.Number, who.Id, who.Name, story.Hash.Hex, facts, story.Level.Word(), story.Catalogue.Code, QuizBank.Version, number, QuizSheet.Draw(bank, who.Id, number), [], at, null);
            await QuizStore.Add(tx, made);
            await audit.Write(tx, who, "quiz.started", project, edition.Name, new { number, story = made.StoryHash, facts, items = made.Items.Select(item => item.Id) });
            await events.Publish(tx, new QuizStarted(project, kind, subject, who.Id, facts, number, made.Level, made.Language));
            return made;
        }, stop);
    }

    public async Task<QuizTry> Answer(Who who, string project, string kind, string subject, string? item, string? letter, string? comment, CancellationToken stop)
    {
        DemandReader(who, project);
        var edition = await stories.Get(project, kind, subject, null, stop);
        if (!string.IsNullOrWhiteSpace(comment))
            Names.Text("comment", comment);
        return await db.Write(async tx =>
        {
            await QuizStore.Turn(tx, project, kind, subject, who.Id);
            var at = clock.Now();
            var open = (await QuizStore.Tries(tx, project, kind, subject, who.Id, edition.Book.Asked.Hash.Hex)).Find(one => one.IsOpen)
                ?? throw ProblemException.Conflict("no_sheet", $"No sheet about {edition.Name} is open for you; the facts may have changed since you began.", $"steward story quiz {kind} {subject}");
            var answer = QuizAnswer.Read(open.Item(item).Id, letter, at);
            var after = open.With(answer);
            await QuizStore.Keep(tx, after);
            if (answer.Word is not QuizWord.Choice)
                await QuizStore.Add(tx, new QuizRemark(Names.NewId(), project, kind, subject, open.FactsHash, who.Id, who.Name, answer.Item, open.Item(answer.Item).Stem, answer.Word, comment?.Trim() ?? "", at, null, null, null, null));
            await audit.Write(tx, who, "quiz.answered", project, edition.Name, new { open.Number, answer.Item, answer = answer.Letter, right = open.IsRight(answer) });
            await events.Publish(tx, new QuizAnswered(project, kind, subject, who.Id, open.FactsHash, open.Number, answer.Item, answer.Letter, open.IsRight(answer)));
            if (!after.IsOpen)
                await Ended(tx, who, after);
            return after;
        }, stop);
    }

    public async Task<QuizStanding> Standing(Who who, string project, string kind, string subject, CancellationToken stop)
    {
        var edition = await stories.Get(project, kind, subject, null, stop);
        var own = await store.Own(project, kind, subject, who.Id, stop);
        var facts = edition.Book.Asked.Hash.Hex;
        var now = own.FindAll(one => one.FactsHash == facts);
        var talks = (await store.Talks(project, kind, subject, stop)).FindAll(talk => talk.Person == who.Id);
        var game = await Game(project, stop);
        var (takers, passed) = await store.FirstTries(project, kind, subject, facts, stop);
        return new(kind, subject, edition.Number, facts, now.Exists(one => one.Passed), now.Find(one => one.IsOpen), now.FindLast(one => !one.IsOpen), NeedsTalk(now, talks),
            own.Exists(one => one.Passed && one.FactsHash != facts) && !now.Exists(one => one.Passed), own.Exists(one => one.IsOpen && one.FactsHash != facts),
            new(takers, passed), game, game ? [.. now.Where(one => !one.IsOpen).Select(one => new OwnTry(one.Number, one.Right, one.Passed, one.Seconds, one.EndedAt!.Value))] : [],
            game ? await store.Credits(project, who.Id, stop) : 0);
    }

    public async Task<PassedTry?> Pass(string project, string kind, string subject, string person, CancellationToken stop)
    {
        if (await stories.Find(project, kind, subject, null, stop) is not { } edition)
            return null;
        var tries = (await store.Own(project, kind, subject, person, stop)).FindAll(one => one.FactsHash == edition.Book.Asked.Hash.Hex);
        return tries.Find(one => one.Passed) is { } passed ? new(passed, passed.Number, Math.Round(tries.Where(one => one.Number <= passed.Number).Sum(one => one.Seconds), 1)) : null;
    }

    public async Task<List<Passed>> Badges(string project, string kind, string subject, CancellationToken stop)
        => await Game(project, stop) && await stories.Find(project, kind, subject, null, stop) is { } edition ? await store.Passes(project, kind, subject, edition.Book.Asked.Hash.Hex, stop) : [];

    public async Task<QuizReport> Report(Who who, string project, string kind, string subject, CancellationToken stop)
    {
        var edition = await stories.Get(project, kind, subject, null, stop);
        await DemandOwner(who, project, stop);
        var facts = edition.Book.Asked.Hash.Hex;
        var (takers, passed) = await store.FirstTries(project, kind, subject, facts, stop);
        var talks = await store.Talks(project, kind, subject, stop);
        var passes = (await store.Passes(project, kind, subject, facts, stop)).Select(one => one.Person).ToHashSet();
        var waiting = (await store.Failed(project, kind, subject, facts, stop)).GroupBy(one => one.Person)
            .Where(failed => !passes.Contains(failed.Key) && NeedsTalk([.. failed], talks.FindAll(talk => talk.Person == failed.Key)))
            .Select(failed => new WaitsForTalk(failed.Key, failed.Last().Name, failed.Count(), failed.Last().EndedAt!.Value)).ToList();
        return new(kind, subject, edition.Number, facts, new(takers, passed), waiting, talks, await store.Remarks(project, kind, subject, 200, stop));
    }

    public async Task<QuizTalk> Talk(Who who, string project, string kind, string subject, string? person, string? note, CancellationToken stop)
    {
        await DemandOwner(who, project, stop);
        Names.Text("note", note);
        var edition = await stories.Get(project, kind, subject, null, stop);
        if (person == who.Id)
            throw ProblemException.Denied("A talk has two people in it.", "Somebody else who owns the story logs it, or the owner changes: owners: {story: …} in the project file.");
        return await db.Write(async tx =>
        {
            await QuizStore.Turn(tx, project, kind, subject, person ?? "");
            var tries = await QuizStore.Tries(tx, project, kind, subject, person ?? "", edition.Book.Asked.Hash.Hex);
            if (!NeedsTalk(tries, await QuizStore.Talks(tx, project, kind, subject, person ?? "")))
                throw ProblemException.Conflict("no_talk_due", $"'{Names.Shorten(person)}' does not wait for a talk about {edition.Name}.", $"steward story report {kind} {subject} shows who does.");
            var talk = new QuizTalk(Names.NewId(), project, kind, subject, person!, who.Name, note!, clock.Now());
            await QuizStore.Add(tx, talk);
            await audit.Write(tx, who, "quiz.talked", project, edition.Name, new { person, note });
            await events.Publish(tx, new QuizTalked(project, kind, subject, person!, who.Id));
            return talk;
        }, stop);
    }

    public async Task<QuizRemark> Became(Who who, string project, string remark, string? what, string? note, CancellationToken stop)
    {
        await DemandOwner(who, project, stop);
        if (what is not ("limit" or "test"))
            throw ProblemException.Invalid("became_invalid", $"A remark does not become '{Names.Shorten(what)}'.", "Write limit or test.");
        Names.Text("note", note);
        return await db.Write(async tx =>
        {
            var held = await QuizStore.Remark(tx, project, remark) ?? throw ProblemException.NotFound("remark", Names.Shorten(remark), "steward story report KIND SUBJECT shows them.");
            if (held.Became is not null)
                throw ProblemException.Conflict("became_already", $"This remark became a {held.Became} already.", $"See: {held.BecameNote}");
            var after = held with { Became = what, BecameNote = note, BecameBy = who.Name, BecameAt = clock.Now() };
            await QuizStore.Became(tx, after);
            await audit.Write(tx, who, "quiz.remark_became", project, $"{held.Kind}/{held.Subject}", new { remark, held.Person, what, note });
            await events.Publish(tx, new RemarkBecame(project, held.Kind, held.Subject, remark, held.Person, what, who.Id));
            return after;
        }, stop);
    }

    /// <summary>A sheet in another telling takes the place of an open one: one with answers counts as a try, a blank one never was.</summary>
    private async Task<List<QuizTry>> Leave(Tx tx, Who who, List<QuizTry> tries, QuizTry open, DateTimeOffset at)
    {
        if (open.Answers.Count == 0)
        {
            await QuizStore.Drop(tx, open);
            return tries.FindAll(one => one.Id != open.Id);
        }

        var left = open with { EndedAt = at };
        await QuizStore.Keep(tx, left);
        await Ended(tx, who, left);
        return tries.ConvertAll(one => one.Id == left.Id ? left : one);
    }

    private async Task Ended(Tx tx, Who who, QuizTry one)
    {
        await audit.Write(tx, who, "quiz.ended", one.Project, $"{one.Kind}/{one.Subject}", new
        {
            one.Edition, one.Number, story = one.StoryHash, facts = one.FactsHash, one.Level, one.Language, one.Bank, one.Right, one.Passed, one.Seconds,
            items = one.Items.Select(item => item.Id), answers = one.Answers.Select(answer => $"{answer.Item}:{answer.Letter}"),
        });
        await events.Publish(tx, new QuizEnded(one.Project, one.Kind, one.Subject, one.Person, one.FactsHash, one.Number, one.Right, one.Passed, one.Seconds));
    }

    private static bool NeedsTalk(IReadOnlyList<QuizTry> tries, IReadOnlyList<QuizTalk> talks)
        => tries.All(one => !one.Passed) && tries.Count(one => !one.IsOpen && one.EndedAt > talks.Select(talk => talk.At).DefaultIfEmpty(DateTimeOffset.MinValue).Max()) >= FailsBeforeTalk;

    private async Task<bool> Game(string project, CancellationToken stop) => (await projects.Get(project, stop)).File.Get<StorySection>("story").Game is StoryGame.On;

    private async Task DemandOwner(Who who, string project, CancellationToken stop)
    {
        who.Demand(Permission.Read, project);
        if (!Owns(who, await projects.Get(project, stop)))
            throw ProblemException.Denied($"What readers say of the stories of '{project}' is for their owner.", "The key owners: {story: …} of the project file says who; without one, whoever may edit.");
    }

    /// <summary>The steward of the model: who the project file names, else who may edit.</summary>
    internal static bool Owns(Who who, Project project) => Steward.Stories.Stories.OwnerOf(project) is { } owner ? owner == who.Id : who.May(Permission.Edit, project.Name);

    private static void DemandReader(Who who, string project)
    {
        who.Demand(Permission.Read, project);
        if (!who.IsSignedIn || who.Id == Who.Steward.Id)
            throw ProblemException.Denied("A quiz is taken by a person.", "Sign in as yourself.");
    }
}

/// <summary>Where a person and a story stand.</summary>
/// <param name="Passed">Whether this person passed about the facts of the newest edition.</param>
/// <param name="Open">The sheet that waits for answers.</param>
/// <param name="Last">The newest sheet of this person that ended.</param>
/// <param name="TalkFirst">Whether a talk with the owner comes before the next sheet.</param>
/// <param name="PassVoid">A pass of this person was about other facts: it holds no longer.</param>
/// <param name="SheetVoid">A sheet of this person was left open when the facts changed: it counts for nothing.</param>
/// <param name="Game">Whether people see their own scores.</param>
/// <param name="Own">This person's ended tries, for nobody else.</param>
/// <param name="Credits">Remarks of this person that became a limit or a test, in the whole project.</param>
public sealed record QuizStanding(
    string Kind, string Subject, int Edition, string Facts, bool Passed, QuizTry? Open, QuizTry? Last, bool TalkFirst, bool PassVoid, bool SheetVoid, QuizRate Rate, bool Game, IReadOnlyList<OwnTry> Own, int Credits)
{
    /// <summary>What changed, in a sentence; null when nothing did.</summary>
    public string? Void => PassVoid ? "You passed about an earlier picture: the facts changed since, so that pass is void." : SheetVoid ? "The facts changed since you began: that sheet is void." : null;
}

public sealed record OwnTry(int Number, int Right, bool Passed, double Seconds, DateTimeOffset At);

/// <summary>How many passed at their first try.</summary>
public sealed record QuizRate(int Takers, int Passed)
{
    public const int FewestTakers = 5;

    public double? Share => Takers == 0 ? null : (double)Passed / Takers;

    /// <summary>Under 80 % of five or more: the story is not understood, whatever its readers are.</summary>
    public bool Flagged => Takers >= FewestTakers && Passed * 10 < Takers * 8;

    public string Words => Takers == 0 ? "Nobody took the quiz yet." : $"{Passed} of {Takers} passed at the first try.{(Flagged ? " Under 80 %: the story must become clearer." : "")}";
}

public sealed record WaitsForTalk(string Person, string Name, int Fails, DateTimeOffset Since);

public sealed record QuizReport(string Kind, string Subject, int Edition, string Facts, QuizRate Rate, IReadOnlyList<WaitsForTalk> TalksDue, IReadOnlyList<QuizTalk> Talks, IReadOnlyList<QuizRemark> Remarks);
