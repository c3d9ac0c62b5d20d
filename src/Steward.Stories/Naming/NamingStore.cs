using Steward.Storage;

namespace Steward.Stories;

/// <summary>All SQL about rounds of naming. Every look is at one person's own rounds.</summary>
internal sealed class NamingStore(Db db)
{
    private const string Columns = "id, project, person, number, pictures, said, started_at, ended_at";

    /// <summary>This person's newest rounds, the newest first.</summary>
    public async Task<List<NamingRound>> Own(string project, string person, int most, CancellationToken stop) => (await db.All<Row>($"""
        SELECT {Columns}
          FROM naming_round
         WHERE project = @project AND person = @person
         ORDER BY number DESC
         LIMIT @most
        """, new { project, person, most }, stop)).ConvertAll(row => row.Read());

    /// <summary>The newest round within a transaction, held.</summary>
    public static async Task<NamingRound?> Hold(Tx tx, string project, string person) => (await tx.One<Row>($"""
        SELECT {Columns}
          FROM naming_round
         WHERE project = @project AND person = @person
         ORDER BY number DESC
         LIMIT 1 {tx.Dialect.ForUpdate}
        """, new { project, person }))?.Read();

    /// <summary>False when the same person began this round elsewhere meanwhile.</summary>
    public static async Task<bool> Add(Tx tx, NamingRound one) => await tx.Run("""
        INSERT INTO naming_round (id, project, person, number, pictures, said, started_at)
        VALUES (@Id, @Project, @Person, @Number, @pictures, @said, @StartedAt)
        ON CONFLICT (project, person, number) DO NOTHING
        """, new { one.Id, one.Project, one.Person, one.Number, pictures = Json.Write(one.Pictures), said = Json.Write(one.Said), one.StartedAt }) == 1;

    public static Task Keep(Tx tx, NamingRound one) => tx.Run("UPDATE naming_round SET said = @said, ended_at = @EndedAt WHERE id = @Id", new { one.Id, said = Json.Write(one.Said), one.EndedAt });

    private sealed class Row
    {
        public string Id { get; init; } = "";
        public string Project { get; init; } = "";
        public string Person { get; init; } = "";
        public long Number { get; init; }
        public string Pictures { get; init; } = "";
        public string Said { get; init; } = "";
        public DateTimeOffset StartedAt { get; init; }
        public DateTimeOffset? EndedAt { get; init; }

        public NamingRound Read() => new(Id, Project, Person, (int)Number, Json.Read<List<PictureToName>>(Pictures), Json.Read<List<string>>(Said), StartedAt, EndedAt);
    }
}
