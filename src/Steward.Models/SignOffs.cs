using Steward.Audit;
using Steward.Events;
using Steward.Identity;
using Steward.Storage;

namespace Steward.Models;

internal sealed class SignOffs(
    Db db, SignOffStore store, VersionStore versions, Policies policies, Inspector inspector, Gatekeeping gatekeeping, Promotions promotions,
    IEnumerable<IInformed> informed, IPeople people, IAudit audit, IEvents events, TimeProvider clock) : ISignOffs
{
    /// <summary>A statement is signed with the voter's clock; more than this apart, and it was not made for this moment.</summary>
    internal static readonly TimeSpan Slack = TimeSpan.FromMinutes(15);

    public async Task<SignOff> Request(Who who, string project, string model, int version, CancellationToken stop)
    {
        who.Demand(Permission.Edit, project);
        var now = await inspector.Look(project, model, version, stop);
        if (now.Version.Stage is Stage.Registered)
        {
            await gatekeeping.Check(who, now.Record, stop);
            now = await inspector.Look(project, model, version, stop);
        }

        now.DemandGates();
        if (now.Policy.SignOff.Parties.Count == 0)
            throw ProblemException.Invalid("nobody_to_ask", $"The project file of '{project}' names no party that must agree.", "Add a section signoff with parties, or promote it: steward model promote " + now.Version.Name);
        return await db.Write(async tx =>
        {
            var at = clock.GetUtcNow();
            await SignOffStore.Turn(tx, project);
            if (await SignOffStore.HoldLast(tx, project, model, version) is { } last)
            {
                if (last.Seal == now.Seal.Digest && last.VerdictAt(at) is Verdict.Open or Verdict.Approved)
                    return last;
                if (last.IsOpen(at))
                    await SignOffStore.Void(tx, last, at);
            }

            var asked = new SignOff(Names.NewId(), project, await SignOffStore.NextNumber(tx, project), model, version, now.Record.Onnx, now.Seal.Digest, now.Seal.Policy,
                now.Policy.SignOff, who.Id, who.Name, at, at + now.Policy.SignOff.Rules.Expires, null, []);
            await SignOffStore.Add(tx, asked);
            await audit.Write(tx, who, "signoff.asked", project, $"signoff {asked.Number}", new { model = now.Record.Name, seal = asked.Seal.Hex, policy = asked.Policy.Hex });
            await events.Publish(tx, new SignOffAsked(project, asked.Number, model, version, [.. asked.Asked.Parties.Select(party => party.Party)], asked.ExpiresAt, who.Name));
            return asked;
        }, stop);
    }

    public async Task<Statement> Draft(Who who, string project, int number, string party, Decision decision, string reason, CancellationToken stop)
    {
        DemandVoter(who, project);
        var signOff = await Get(project, number, stop);
        signOff.DemandOpen(clock.GetUtcNow());
        signOff.DemandSeat(who.Id, who.Name, party);
        var quiz = decision is Decision.Approve ? await Understood(signOff, party, who, stop) : null;
        return Statement.Of(signOff, who.Id, party, decision, Names.Text("reason", reason), clock.GetUtcNow(), quiz);
    }

    public async Task<SignOff> Vote(Who who, string project, int number, Dsse envelope, CancellationToken stop)
    {
        DemandVoter(who, project);
        var statement = Statement.Read(envelope);
        var signedBy = await Signer(who, envelope, stop);
        var said = statement.Predicate;
        Names.Text("reason", said.Reason);
        var before = await Get(project, number, stop);
        DemandSaysThis(statement, before, who);
        before.DemandOpen(clock.GetUtcNow());
        if (said.Decision is Decision.Approve)
            await DemandQuiz(before, said, who, stop);
        var now = await inspector.Look(project, before.Model, before.Version, stop);
        if (now.Seal.Digest != before.Seal || now.Version.Stage is Stage.Registered)
            throw await Voided(before, stop);
        return await db.Write(async tx =>
        {
            var at = clock.GetUtcNow();
            var held = await SignOffStore.Hold(tx, project, number) ?? throw NotFound(number);
            // A check may have come between: what it kept belongs to the seal.
            // So does what serves: another version may have been approved a moment ago.
            var record = await VersionStore.Find(tx, project, held.Model, held.Version);
            if (record?.SealUnder(now.Policy).Digest != held.Seal || record.OutdatedBy(now.Policy, (await PromotionStore.Current(tx, project, held.Model, held.Asked.Stage))?.Version) is not null)
                throw SealChanged(held);
            var vote = new Vote(who.Id, who.Name, said.Party, said.Decision, said.Reason, at, signedBy, Json.Write(envelope));
            var after = held.With(vote, at);
            await SignOffStore.Add(tx, held, vote);
            await audit.Write(tx, who, "signoff.voted", project, $"signoff {number}", new { said.Party, said.Decision, said.Reason, seal = held.Seal.Hex, key = signedBy });
            await Decide(tx, who, after, at);
            return after;
        }, stop);
    }

    public Task<SignOff> Answer(Who who, string project, int number, int question, string text, CancellationToken stop)
    {
        who.Demand(Permission.Edit, project);
        Names.Text("answer", text);
        return db.Write(async tx =>
        {
            var held = await SignOffStore.Hold(tx, project, number) ?? throw NotFound(number);
            var after = held.With(who, question, text, clock.GetUtcNow());
            await SignOffStore.Add(tx, held, after.Answers[^1]);
            await audit.Write(tx, who, "signoff.answered", project, $"signoff {number}", new { question, text });
            await events.Publish(tx, new SignOffAnswered(project, number, question, held.Model, held.Version, who.Name));
            return after;
        }, stop);
    }

    public Task<SignOff> Withdraw(Who who, string project, int number, string reason, CancellationToken stop)
    {
        who.Demand(Permission.Edit, project);
        Names.Text("reason", reason);
        return db.Write(async tx =>
        {
            var held = await SignOffStore.Hold(tx, project, number) ?? throw NotFound(number);
            var after = held.Withdraw(who, reason, clock.GetUtcNow());
            await SignOffStore.Withdraw(tx, held, after.Withdrawn!);
            await audit.Write(tx, who, "signoff.withdrawn", project, $"signoff {number}", new { reason });
            await events.Publish(tx, new SignOffWithdrawn(project, number, held.Model, held.Version, who.Name));
            return after;
        }, stop);
    }

    public async Task<SignOff?> Find(string project, int number, CancellationToken stop) => await store.Find(project, number, stop);

    public Task<List<SignOff>> All(string project, int most, CancellationToken stop) => store.Newest(project, most, stop);

    public async Task<List<SignOff>> WaitingFor(Who who, string project, CancellationToken stop)
    {
        if (!who.IsPerson || !who.May(Permission.Read, project))
            return [];
        var (now, votes) = (clock.GetUtcNow(), who.May(Permission.Approve, project));
        var asked = (await store.Newest(project, 100, stop)).FindAll(one => (votes && one.WaitsFor(who.Id, now).Count > 0) || (one.RequesterId == who.Id && one.OpenQuestions(now).Count > 0));
        if (asked.Count == 0)
            return [];
        var policy = await policies.Of(project, stop);
        var waiting = new List<SignOff>();
        foreach (var one in asked)
            if ((await versions.Find(project, one.Model, one.Version, stop))?.SealUnder(policy).Digest == one.Seal)
                waiting.Add(one);
        return waiting;
    }

    public async Task<SignOff?> Last(string project, string model, int version, CancellationToken stop) => (await store.Last(project, model, version, stop)).FirstOrDefault();

    private async Task Decide(Tx tx, Who who, SignOff after, DateTimeOffset at)
    {
        var verdict = after.VerdictAt(at);
        if (verdict is not (Verdict.Approved or Verdict.Rejected))
            return;
        var approved = verdict is Verdict.Approved;
        await events.Publish(tx, new SignOffDecided(after.Project, after.Number, after.Model, after.Version, approved, who.Name));
        if (approved && after.Asked.Rules.Promote is PromoteRule.AtOnce)
            await promotions.Promote(tx, who, after);
    }

    private static void DemandVoter(Who who, string project)
    {
        who.Demand(Permission.Approve, project);
        if (!who.IsPerson)
            throw ProblemException.Denied($"{who.Name} is not a person; only people sign.", "Sign in as yourself.");
    }

    private async Task<string> Signer(Who who, Dsse envelope, CancellationToken stop)
    {
        foreach (var one in await people.Keys(who.Id, stop))
        {
            using var key = one.Open();
            if (one.RevokedAt is null && envelope.IsSignedBy(key))
                return one.Hint;
        }

        throw ProblemException.Denied($"The vote is not signed with a key of {who.Name}.", "Register one: steward user key add");
    }

    /// <summary>What was signed must be about this sign-off, these bytes, this seal, by this caller, now. Nothing outside the signature counts.</summary>
    private void DemandSaysThis(Statement statement, SignOff signOff, Who who)
    {
        var said = statement.Predicate;
        if (said.Voter != who.Id)
            throw ProblemException.Denied($"The vote speaks for '{Names.Shorten(said.Voter)}', and {who.Name} sent it.", "Sign the statement that the server gives you.");
        if (said.Project != signOff.Project || said.SignOff != signOff.Number)
            throw ProblemException.Invalid("statement_wrong", $"The vote is about sign-off {said.SignOff} of '{Names.Shorten(said.Project)}', not about {signOff.Number} of '{signOff.Project}'.", "Sign the statement that the server gives for this sign-off.");
        if (said.Seal != signOff.Seal.Hex || said.Policy != signOff.Policy.Hex || statement.Subject[0].Digest.Sha256 != signOff.Onnx.Hex)
            throw SealChanged(signOff);
        if ((clock.GetUtcNow() - said.Time).Duration() > Slack)
            throw ProblemException.Invalid("statement_stale", "The vote was signed at another time than now.", "Sign a fresh statement; look at the clock of your machine.");
    }

    /// <summary>The quiz that an approval for this party records; <c>quiz_first</c> when the party asks for one and none holds.</summary>
    private async Task<QuizProof?> Understood(SignOff signOff, string party, Who who, CancellationToken stop)
    {
        var asked = signOff.Asked.Parties.Any(one => one.Party == party && one.Quiz is QuizRule.Required);
        Understanding? found = null;
        foreach (var door in informed)
            if ((found = await door.Of(signOff.Project, signOff.Model, signOff.Version, who.Id, stop)).Proof is { } proof)
                return proof;
        return asked
            ? throw ProblemException.Conflict("quiz_first", $"{party} approves after its quiz about the story of {signOff.Model}@{signOff.Version}: {found?.Why ?? "nothing here gives one"}. A question or a no needs none.",
                found is null ? "Take quiz: required out of the party in the project file." : $"{found.Command}, or open {found.Page}")
            : null;
    }

    private async Task DemandQuiz(SignOff signOff, Ballot said, Who who, CancellationToken stop)
    {
        var holds = await Understood(signOff, said.Party, who, stop);
        var asked = signOff.Asked.Parties.Any(one => one.Party == said.Party && one.Quiz is QuizRule.Required);
        if ((asked || said.Quiz is not null) && !Canonical.Bytes(said.Quiz).AsSpan().SequenceEqual(Canonical.Bytes(holds)))
            throw ProblemException.Conflict("quiz_first", "The quiz that the vote records is not the one that holds now: the facts may have changed since it was drafted.", "Sign the statement that the server gives you now.");
    }

    private async Task<ProblemException> Voided(SignOff signOff, CancellationToken stop)
    {
        await db.Write(async tx =>
        {
            await SignOffStore.Void(tx, signOff, clock.GetUtcNow());
            await audit.Write(tx, Who.Steward, "signoff.voided", signOff.Project, $"signoff {signOff.Number}", new { seal = signOff.Seal.Hex });
        }, stop);
        return SealChanged(signOff);
    }

    private static ProblemException SealChanged(SignOff signOff) => ProblemException.Conflict("seal_changed",
        $"What sign-off {signOff.Number} asked about ({signOff.Words}) is no longer what is there: model, evidence or policy changed.", $"Ask again: steward signoff request {signOff.Model}@{signOff.Version}");

    private async Task<SignOff> Get(string project, int number, CancellationToken stop) => await store.Find(project, number, stop) ?? throw NotFound(number);

    private static ProblemException NotFound(int number) => ProblemException.NotFound("signoff", number.ToString(System.Globalization.CultureInfo.InvariantCulture), "steward signoff list shows what was asked.");
}
