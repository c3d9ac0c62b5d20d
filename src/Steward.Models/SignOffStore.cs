using Steward.Storage;

namespace Steward.Models;

/// <summary>All SQL about sign-offs and votes.</summary>
internal sealed class SignOffStore(Db db)
{
    private const string Columns = "id, project, number, model, version, onnx, seal, policy, asked, requester_id, requester, asked_at, expires_at, voided_at, withdrawn_at, withdrawn_why";
    private const string VoteColumns = "signoff_id, voter, name, party, decision, reason, key_id, envelope, cast_at";
    private const string AnswerColumns = "signoff_id, place, answer, made_by, answered_at";

    public async Task<SignOff?> Find(string project, int number, CancellationToken stop)
        => (await Where("s.project = @project AND s.number = @number", new { project, number }, stop)).FirstOrDefault();

    /// <summary>Numbers have no gaps, so the newest are those above the last one less their count.</summary>
    public Task<List<SignOff>> Newest(string project, int most, CancellationToken stop)
        => Where("s.project = @project AND s.number > (SELECT c.last - @most FROM signoff_count c WHERE c.project = @project)", new { project, most }, stop);

    /// <summary>The last sign-off of every version of a model, or of all models.</summary>
    public Task<List<SignOff>> Last(string project, string? model, int? version, CancellationToken stop) => Where("""
        s.project = @project
           AND (@model = '' OR s.model = @model)
           AND (@version = 0 OR s.version = @version)
           AND s.number = (SELECT max(o.number) FROM signoff o WHERE o.project = s.project AND o.model = s.model AND o.version = s.version)
        """, new { project, model = model ?? "", version = version ?? 0 }, stop);

    /// <summary>Reads and locks it until the transaction ends, so that two last votes do not miss each other.</summary>
    public static async Task<SignOff?> Hold(Tx tx, string project, int number)
        => await tx.One<Row>($"SELECT {Columns} FROM signoff WHERE project = @project AND number = @number {tx.Dialect.ForUpdate}", new { project, number }) is { } row
            ? row.Record(await tx.All<VoteRow>($"SELECT {VoteColumns} FROM vote WHERE signoff_id = @Id ORDER BY place", new { row.Id }),
                await tx.All<AnswerRow>($"SELECT {AnswerColumns} FROM signoff_answer WHERE signoff_id = @Id ORDER BY place", new { row.Id }))
            : null;

    public static async Task<SignOff?> HoldLast(Tx tx, string project, string model, int version)
    {
        var number = await tx.One<int>("SELECT coalesce(max(number), 0) FROM signoff WHERE project = @project AND model = @model AND version = @version", new { project, model, version });
        return number == 0 ? null : await Hold(tx, project, number);
    }

    /// <summary>Requests of a project take turns until the transaction ends, so that two at once are one question.</summary>
    public static Task Turn(Tx tx, string project) => tx.Run("""
        INSERT INTO signoff_count (project, last) VALUES (@project, 0)
        ON CONFLICT (project) DO UPDATE SET last = signoff_count.last
        """, new { project });

    public static Task<int> NextNumber(Tx tx, string project) => tx.One<int>("""
        INSERT INTO signoff_count (project, last) VALUES (@project, 1)
        ON CONFLICT (project) DO UPDATE SET last = signoff_count.last + 1
        RETURNING last
        """, new { project });

    public static Task Add(Tx tx, SignOff one) => tx.Run($"""
        INSERT INTO signoff ({Columns})
        VALUES (@Id, @Project, @Number, @Model, @Version, @Onnx, @Seal, @Policy, @asked, @RequesterId, @Requester, @AskedAt, @ExpiresAt, NULL, NULL, NULL)
        """, new { one.Id, one.Project, one.Number, one.Model, one.Version, one.Onnx, one.Seal, one.Policy, asked = Json.Write(one.Asked), one.RequesterId, one.Requester, one.AskedAt, one.ExpiresAt });

    public static Task Void(Tx tx, SignOff one, DateTimeOffset at)
        => tx.Run("UPDATE signoff SET voided_at = @at WHERE id = @Id AND voided_at IS NULL", new { one.Id, at });

    public static Task Withdraw(Tx tx, SignOff one, Verdict.Withdrawn why)
        => tx.Run("UPDATE signoff SET withdrawn_at = @At, withdrawn_why = @Reason WHERE id = @Id", new { one.Id, why.At, why.Reason });

    public static Task Add(Tx tx, SignOff of, Answer answer) => tx.Run("""
        INSERT INTO signoff_answer (id, project, signoff_id, place, answer, made_by, answered_at)
        VALUES (@id, @Project, @signOff, @Place, @Text, @By, @At)
        """, new { id = Names.NewId(), of.Project, signOff = of.Id, answer.Place, answer.Text, answer.By, answer.At });

    public static Task Add(Tx tx, SignOff of, Vote vote) => tx.Run("""
        INSERT INTO vote (id, project, signoff_id, place, voter, name, party, decision, reason, key_id, envelope, cast_at)
        VALUES (@id, @Project, @signOff, @place, @Voter, @Name, @Party, @Decision, @Reason, @KeyId, @Envelope, @At)
        """, new { id = Names.NewId(), of.Project, signOff = of.Id, place = of.Votes.Count, vote.Voter, vote.Name, vote.Party, vote.Decision, vote.Reason, vote.KeyId, vote.Envelope, vote.At });

    private async Task<List<SignOff>> Where(string condition, object values, CancellationToken stop)
    {
        var rows = await db.All<Row>($"SELECT {Columns} FROM signoff s WHERE {condition} ORDER BY number DESC", values, stop);
        var votes = await db.All<VoteRow>($"""
            SELECT v.signoff_id, v.voter, v.name, v.party, v.decision, v.reason, v.key_id, v.envelope, v.cast_at
              FROM vote v
              JOIN signoff s ON s.id = v.signoff_id
             WHERE {condition}
             ORDER BY v.signoff_id, v.place
            """, values, stop);
        var answers = await db.All<AnswerRow>($"""
            SELECT a.signoff_id, a.place, a.answer, a.made_by, a.answered_at
              FROM signoff_answer a
              JOIN signoff s ON s.id = a.signoff_id
             WHERE {condition}
             ORDER BY a.signoff_id, a.place
            """, values, stop);
        var (votesOf, answersOf) = (votes.ToLookup(vote => vote.SignoffId), answers.ToLookup(answer => answer.SignoffId));
        return [.. rows.Select(row => row.Record(votesOf[row.Id], answersOf[row.Id]))];
    }

    private sealed class Row
    {
        public string Id { get; init; } = "";
        public string Project { get; init; } = "";
        public int Number { get; init; }
        public string Model { get; init; } = "";
        public int Version { get; init; }
        public string Onnx { get; init; } = "";
        public string Seal { get; init; } = "";
        public string Policy { get; init; } = "";
        public string Asked { get; init; } = "";
        public string RequesterId { get; init; } = "";
        public string Requester { get; init; } = "";
        public DateTimeOffset AskedAt { get; init; }
        public DateTimeOffset ExpiresAt { get; init; }
        public DateTimeOffset? VoidedAt { get; init; }
        public DateTimeOffset? WithdrawnAt { get; init; }
        public string? WithdrawnWhy { get; init; }

        public SignOff Record(IEnumerable<VoteRow> votes, IEnumerable<AnswerRow> answers) => new(Id, Project, Number, Model, Version, Digest.Parse(Onnx), Digest.Parse(Seal), Digest.Parse(Policy),
            Json.Read<SignOffSection>(Asked), RequesterId, Requester, AskedAt, ExpiresAt, VoidedAt, [.. votes.Select(vote => vote.Record())])
        {
            Withdrawn = WithdrawnAt is { } at ? new(Requester, WithdrawnWhy ?? "", at) : null,
            Answers = [.. answers.Select(answer => answer.Record())],
        };
    }

    private sealed class AnswerRow
    {
        public string SignoffId { get; init; } = "";
        public int Place { get; init; }
        public string Answer { get; init; } = "";
        public string MadeBy { get; init; } = "";
        public DateTimeOffset AnsweredAt { get; init; }

        public Answer Record() => new(Place, Answer, MadeBy, AnsweredAt);
    }

    private sealed class VoteRow
    {
        public string SignoffId { get; init; } = "";
        public string Voter { get; init; } = "";
        public string Name { get; init; } = "";
        public string Party { get; init; } = "";
        public string Decision { get; init; } = "";
        public string Reason { get; init; } = "";
        public string KeyId { get; init; } = "";
        public string Envelope { get; init; } = "";
        public DateTimeOffset CastAt { get; init; }

        public Vote Record() => new(Voter, Name, Party, Enum.Parse<Decision>(Decision, ignoreCase: true), Reason, CastAt, KeyId, Envelope);
    }
}
