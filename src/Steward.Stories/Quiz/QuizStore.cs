using Steward.Storage;

namespace Steward.Stories;

/// <summary>All SQL about quizzes, what readers said of them, and ratings.</summary>
internal sealed class QuizStore(Db db)
{
    private const string Columns = "id, project, kind, subject, edition, person, name, story_hash, facts_hash, level, language, bank, number, items, answers, started_at, ended_at";
    private const string RemarkColumns = "id, project, kind, subject, facts_hash, person, name, item, stem, said, comment, at, became, became_note, became_by, became_at";
    private const string TalkColumns = "id, project, kind, subject, person, held_by, note, at";

    /// <summary>Holds one person's quiz about one story until the transaction ends.</summary>
    public static Task Turn(Tx tx, string project, string kind, string subject, string person) => tx.Run("""
        INSERT INTO quiz_taker (project, kind, subject, person)
        VALUES (@project, @kind, @subject, @person)
        ON CONFLICT (project, kind, subject, person) DO UPDATE SET person = quiz_taker.person
        """, new { project, kind, subject, person });

    /// <summary>Somebody's tries about some facts, first to last.</summary>
    public static async Task<List<QuizTry>> Tries(Tx tx, string project, string kind, string subject, string person, string facts) => (await tx.All<Row>($"""
        SELECT {Columns}
          FROM quiz_try
         WHERE project = @project AND kind = @kind AND subject = @subject AND person = @person AND facts_hash = @facts
         ORDER BY number
        """, new { project, kind, subject, person, facts })).ConvertAll(row => row.Read());

    /// <summary>Everything one person tried about a story, whatever its facts were; oldest first.</summary>
    public async Task<List<QuizTry>> Own(string project, string kind, string subject, string person, CancellationToken stop) => (await db.All<Row>($"""
        SELECT {Columns}
          FROM quiz_try
         WHERE project = @project AND kind = @kind AND subject = @subject AND person = @person
         ORDER BY started_at, number
        """, new { project, kind, subject, person }, stop)).ConvertAll(row => row.Read());

    /// <summary>How many ended a first try about these facts, and how many of them passed.</summary>
    public async Task<(int Takers, int Passed)> FirstTries(string project, string kind, string subject, string facts, CancellationToken stop)
    {
        var row = await db.One<RateRow>("""
            SELECT count(*) AS takers, coalesce(sum(passed), 0) AS passed
              FROM quiz_try
             WHERE project = @project AND kind = @kind AND subject = @subject AND facts_hash = @facts AND number = 1 AND ended_at IS NOT NULL
            """, new { project, kind, subject, facts }, stop);
        return ((int)row!.Takers, (int)row.Passed);
    }

    /// <summary>Who passed about these facts, by name, each once.</summary>
    public async Task<List<Passed>> Passes(string project, string kind, string subject, string facts, CancellationToken stop) => (await db.All<PassedRow>("""
        SELECT person, max(name) AS name, min(ended_at) AS at
          FROM quiz_try
         WHERE project = @project AND kind = @kind AND subject = @subject AND facts_hash = @facts AND passed = 1
         GROUP BY person
         ORDER BY 2, 1
        """, new { project, kind, subject, facts }, stop)).ConvertAll(row => new Passed(row.Person, row.Name, row.At));

    /// <summary>Everybody's tries that ended without passing about these facts, oldest first.</summary>
    public async Task<List<QuizTry>> Failed(string project, string kind, string subject, string facts, CancellationToken stop) => (await db.All<Row>($"""
        SELECT {Columns}
          FROM quiz_try
         WHERE project = @project AND kind = @kind AND subject = @subject AND facts_hash = @facts AND passed = 0 AND ended_at IS NOT NULL
         ORDER BY ended_at
        """, new { project, kind, subject, facts }, stop)).ConvertAll(row => row.Read());

    public static Task Add(Tx tx, QuizTry one) => tx.Run($"""
        INSERT INTO quiz_try ({Columns}, right_answers, passed, seconds)
        VALUES (@Id, @Project, @Kind, @Subject, @Edition, @Person, @Name, @StoryHash, @FactsHash, @Level, @Language, @Bank, @Number, @items, @answers, @StartedAt, NULL, 0, 0, 0)
        """, new { one.Id, one.Project, one.Kind, one.Subject, one.Edition, one.Person, one.Name, one.StoryHash, one.FactsHash, one.Level, one.Language, one.Bank, one.Number, items = Json.Write(one.Items), answers = "[]", one.StartedAt });

    public static Task Keep(Tx tx, QuizTry one) => tx.Run("""
        UPDATE quiz_try
           SET answers = @answers, ended_at = @EndedAt, right_answers = @Right, passed = @Passed, seconds = @Seconds
         WHERE id = @Id
        """, new { one.Id, answers = Json.Write(one.Answers), one.EndedAt, one.Right, one.Passed, one.Seconds });

    /// <summary>Takes a sheet away on which nothing was answered.</summary>
    public static Task Drop(Tx tx, QuizTry one) => tx.Run("DELETE FROM quiz_try WHERE id = @Id", new { one.Id });

    public static Task Add(Tx tx, QuizRemark one) => tx.Run($"""
        INSERT INTO quiz_remark ({RemarkColumns})
        VALUES (@Id, @Project, @Kind, @Subject, @FactsHash, @Person, @Name, @Item, @Stem, @Said, @Comment, @At, NULL, NULL, NULL, NULL)
        """, new { one.Id, one.Project, one.Kind, one.Subject, one.FactsHash, one.Person, one.Name, one.Item, one.Stem, one.Said, one.Comment, one.At });

    public static async Task<QuizRemark?> Remark(Tx tx, string project, string id)
        => (await tx.One<RemarkRow>($"SELECT {RemarkColumns} FROM quiz_remark WHERE project = @project AND id = @id {tx.Dialect.ForUpdate}", new { project, id }))?.Read();

    public static Task Became(Tx tx, QuizRemark one) => tx.Run("""
        UPDATE quiz_remark
           SET became = @Became, became_note = @BecameNote, became_by = @BecameBy, became_at = @BecameAt
         WHERE id = @Id
        """, new { one.Id, one.Became, one.BecameNote, one.BecameBy, one.BecameAt });

    /// <summary>Newest first.</summary>
    public async Task<List<QuizRemark>> Remarks(string project, string kind, string subject, int most, CancellationToken stop) => (await db.All<RemarkRow>($"""
        SELECT {RemarkColumns}
          FROM quiz_remark
         WHERE project = @project AND kind = @kind AND subject = @subject
         ORDER BY at DESC, id
         LIMIT @most
        """, new { project, kind, subject, most }, stop)).ConvertAll(row => row.Read());

    /// <summary>How many remarks of a person became a limit or a test, in a whole project.</summary>
    public Task<int> Credits(string project, string person, CancellationToken stop)
        => db.One<int>("SELECT count(*) FROM quiz_remark WHERE project = @project AND person = @person AND became IS NOT NULL", new { project, person }, stop);

    public static Task Add(Tx tx, QuizTalk one) => tx.Run($"""
        INSERT INTO quiz_talk ({TalkColumns})
        VALUES (@Id, @Project, @Kind, @Subject, @Person, @HeldBy, @Note, @At)
        """, new { one.Id, one.Project, one.Kind, one.Subject, one.Person, one.HeldBy, one.Note, one.At });

    public Task<List<QuizTalk>> Talks(string project, string kind, string subject, CancellationToken stop)
        => db.All<QuizTalk>($"SELECT {TalkColumns} FROM quiz_talk WHERE project = @project AND kind = @kind AND subject = @subject ORDER BY at", new { project, kind, subject }, stop);

    public static Task<List<QuizTalk>> Talks(Tx tx, string project, string kind, string subject, string person)
        => tx.All<QuizTalk>($"SELECT {TalkColumns} FROM quiz_talk WHERE project = @project AND kind = @kind AND subject = @subject AND person = @person ORDER BY at", new { project, kind, subject, person });

    public static Task Rate(Tx tx, StoryRating one) => tx.Run("""
        INSERT INTO story_rating (project, kind, subject, edition, person, stars, comment, rated_at)
        VALUES (@Project, @Kind, @Subject, @Edition, @Person, @Stars, @Comment, @RatedAt)
        ON CONFLICT (project, kind, subject, edition, person) DO UPDATE
           SET stars = excluded.stars, comment = excluded.comment, rated_at = excluded.rated_at
        """, new { one.Project, one.Kind, one.Subject, one.Edition, one.Person, one.Stars, one.Comment, one.RatedAt });

    /// <summary>Oldest first.</summary>
    public Task<List<StoryRating>> Ratings(string project, string kind, string subject, CancellationToken stop) => db.All<StoryRating>("""
        SELECT project, kind, subject, edition, person, stars, comment, rated_at
          FROM story_rating
         WHERE project = @project AND kind = @kind AND subject = @subject
         ORDER BY rated_at, person
        """, new { project, kind, subject }, stop);

    /// <summary>Count and mean of the ratings of every story of a project.</summary>
    public async Task<List<Rated>> Rated(string project, CancellationToken stop) => (await db.All<RatedRow>("""
        SELECT kind, subject, count(*) AS count, CAST(sum(stars) AS double precision) / count(*) AS mean
          FROM story_rating
         WHERE project = @project
         GROUP BY kind, subject
        """, new { project }, stop)).ConvertAll(row => new Rated(row.Kind, row.Subject, row.Count, row.Mean));

    /// <summary>Classes, not records: without a row, SQLite does not tell the types of what is computed.</summary>
    private sealed class PassedRow
    {
        public string Person { get; init; } = "";
        public string Name { get; init; } = "";
        public DateTimeOffset At { get; init; }
    }

    private sealed class RatedRow
    {
        public string Kind { get; init; } = "";
        public string Subject { get; init; } = "";
        public int Count { get; init; }
        public double Mean { get; init; }
    }

    private sealed class RateRow
    {
        public long Takers { get; init; }
        public long Passed { get; init; }
    }

    private sealed class Row
    {
        public string Id { get; init; } = "";
        public string Project { get; init; } = "";
        public string Kind { get; init; } = "";
        public string Subject { get; init; } = "";
        public int Edition { get; init; }
        public string Person { get; init; } = "";
        public string Name { get; init; } = "";
        public string StoryHash { get; init; } = "";
        public string FactsHash { get; init; } = "";
        public string Level { get; init; } = "";
        public string Language { get; init; } = "";
        public string Bank { get; init; } = "";
        public int Number { get; init; }
        public string Items { get; init; } = "";
        public string Answers { get; init; } = "";
        public DateTimeOffset StartedAt { get; init; }
        public DateTimeOffset? EndedAt { get; init; }

        public QuizTry Read() => new(Id, Project, Kind, Subject, Edition, Person, Name, StoryHash, FactsHash, Level, Language, Bank, Number, Json.Read<List<QuizItem>>(Items), Json.Read<List<QuizAnswer>>(Answers), StartedAt, EndedAt);
    }

    private sealed class RemarkRow
    {
        public string Id { get; init; } = "";
        public string Project { get; init; } = "";
        public string Kind { get; init; } = "";
        public string Subject { get; init; } = "";
        public string FactsHash { get; init; } = "";
        public string Person { get; init; } = "";
        public string Name { get; init; } = "";
        public string Item { get; init; } = "";
        public string Stem { get; init; } = "";
        public string Said { get; init; } = "";
        public string Comment { get; init; } = "";
        public DateTimeOffset At { get; init; }
        public string? Became { get; init; }
        public string? BecameNote { get; init; }
        public string? BecameBy { get; init; }
        public DateTimeOffset? BecameAt { get; init; }

        public QuizRemark Read() => new(Id, Project, Kind, Subject, FactsHash, Person, Name, Item, Stem, Enum.Parse<QuizWord>(Said, ignoreCase: true), Comment, At, Became, BecameNote, BecameBy, BecameAt);
    }
}

/// <summary>Somebody who passed, and since when.</summary>
public sealed record Passed(string Person, string Name, DateTimeOffset At);

/// <param name="Mean">1 to 5.</param>
public sealed record Rated(string Kind, string Subject, int Count, double Mean);
