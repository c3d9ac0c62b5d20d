using Steward.Storage;

namespace Steward.Stories;

/// <summary>All SQL about stories.</summary>
internal sealed class StoryStore(Db db)
{
    private const string Columns = "project, kind, subject, edition, episode, facts, made_by, made_at, findings, published_by, published_at";

    /// <summary>The newest edition, or a certain one.</summary>
    public async Task<Edition?> Find(string project, string kind, string subject, int? edition, CancellationToken stop) => (await db.One<Row>($"""
        SELECT {Columns}
          FROM story
         WHERE project = @project AND kind = @kind AND subject = @subject AND (@number = 0 OR edition = @number)
         ORDER BY edition DESC
         LIMIT 1
        """, new { project, kind, subject, number = (long)(edition ?? 0) }, stop))?.Read();

    /// <summary>The newest edition within a transaction, held.</summary>
    public static async Task<Edition?> Hold(Tx tx, string project, string kind, string subject) => (await tx.One<Row>($"""
        SELECT {Columns}
          FROM story
         WHERE project = @project AND kind = @kind AND subject = @subject
         ORDER BY edition DESC
         LIMIT 1 {tx.Dialect.ForUpdate}
        """, new { project, kind, subject }))?.Read();

    /// <summary>The newest edition of each story, the newest story first.</summary>
    public async Task<List<Edition>> All(string project, int most, CancellationToken stop) => (await db.All<Row>($"""
        SELECT {Columns}
          FROM story
         WHERE project = @project
           AND edition = (SELECT MAX(other.edition) FROM story other WHERE other.project = story.project AND other.kind = story.kind AND other.subject = story.subject)
         ORDER BY made_at DESC, kind, subject
         LIMIT @most
        """, new { project, most }, stop)).ConvertAll(row => row.Read());

    /// <summary>The newest edition of every episode, in their order.</summary>
    public async Task<List<Edition>> Series(string project, CancellationToken stop) => (await db.All<Row>($"""
        SELECT {Columns}
          FROM story
         WHERE project = @project AND episode IS NOT NULL
           AND edition = (SELECT MAX(other.edition) FROM story other WHERE other.project = story.project AND other.kind = story.kind AND other.subject = story.subject)
         ORDER BY episode
        """, new { project }, stop)).ConvertAll(row => row.Read());

    /// <summary>Holds the project's series until the transaction ends: one story at a time is made.</summary>
    public static Task Turn(Tx tx, string project) => tx.Run("""
        INSERT INTO story_series (project, episodes)
        VALUES (@project, 0)
        ON CONFLICT (project) DO UPDATE SET episodes = story_series.episodes
        """, new { project });

    /// <summary>Takes the next place of the series that is held.</summary>
    public static async Task<int> NextEpisode(Tx tx, string project)
        => (int)await tx.One<long>("UPDATE story_series SET episodes = episodes + 1 WHERE project = @project RETURNING episodes", new { project });

    public static Task Add(Tx tx, Edition one) => tx.Run($"""
        INSERT INTO story ({Columns}, facts_hash)
        VALUES (@Project, @Kind, @Subject, @Number, @Episode, @facts, @MadeBy, @MadeAt, @findings, @PublishedBy, @PublishedAt, @hash)
        """, new { one.Project, one.Kind, one.Subject, one.Number, one.Episode, facts = Json.Write(one.Book), one.MadeBy, one.MadeAt, findings = Json.Write(one.Findings), one.PublishedBy, one.PublishedAt, hash = one.Book.Hash.Hex });

    public static Task Checked(Tx tx, Edition one) => tx.Run("""
        UPDATE story
           SET findings = @findings, published_by = @PublishedBy, published_at = @PublishedAt
         WHERE project = @Project AND kind = @Kind AND subject = @Subject AND edition = @Number
        """, new { one.Project, one.Kind, one.Subject, one.Number, findings = Json.Write(one.Findings), one.PublishedBy, one.PublishedAt });

    public static Task Publish(Tx tx, Edition one, string by, DateTimeOffset at) => tx.Run("""
        UPDATE story
           SET published_by = @by, published_at = @at
         WHERE project = @Project AND kind = @Kind AND subject = @Subject AND edition = @Number
        """, new { one.Project, one.Kind, one.Subject, one.Number, by, at });

    private sealed class Row
    {
        public string Project { get; init; } = "";
        public string Kind { get; init; } = "";
        public string Subject { get; init; } = "";
        public long Edition { get; init; }
        public long? Episode { get; init; }
        public string Facts { get; init; } = "";
        public string MadeBy { get; init; } = "";
        public DateTimeOffset MadeAt { get; init; }
        public string Findings { get; init; } = "";
        public string? PublishedBy { get; init; }
        public DateTimeOffset? PublishedAt { get; init; }

        public Edition Read() => new(
            Project, Kind, Subject, (int)Edition, (int?)Episode, Json.Read<FactBook>(Facts), MadeBy, MadeAt, Json.Read<List<Finding>>(Findings), PublishedBy, PublishedAt);
    }
}
