using System.Text;
using Steward.Blobs;
using Steward.Data;
using Steward.Data.Tables;
using Steward.Identity;
using Steward.Projects;
using Steward.Storage;
using Steward.Work;

namespace Steward.Training;

internal sealed class Trainings(IProjects projects, IDataSets dataSets, ITables tables, ITableEngine engine, IExecutors engines, ILedger ledger, IBlobs blobs) : ITraining
{
    public async Task<PlannedTraining> Look(string project, TrainAsk ask, IReadOnlyList<TableChange> staged, CancellationToken stop)
    {
        var plan = (await projects.Get(project, stop)).File.Get<TrainSection>("train");
        if (plan.Run is not null)
            throw ProblemException.Conflict("trains_by_command", "This project trains by a command of its own, which runs where its files are.", "steward run in the folder of its steward.yaml");
        if ((ask.On ?? plan.RunOn) is { } on && engines.Get(on, project) is var found && plan.IsTable)
            throw ProblemException.Invalid("engine_cannot", $"The engine '{found.Name}' does not see the files of tables: what is learned from a table is learned by this server.", "Leave --on and train.on away.");
        var (data, version, content) = plan.IsTable ? await Table(project, plan, ask, staged, stop) : await Pictures(project, plan, ask, stop);
        var order = new TrainOrder(project, data, version, ask.Reason, ask.Quick, "", ask.On) { Checkout = ask.Checkout is { } checkout ? (await blobs.Put(Encoding.UTF8.GetBytes(Json.Write(checkout.Checked())), stop)).Digest : null };
        var key = ask.Once ? $"once/{Digest.Of(Json.Write(new { plan = plan with { RunOn = null }, data, content, ask.Quick, program = StudyLog.Code })).Hex}" : Names.NewId();
        return new(order, plan.IsTable, key, plan.InWords(project, $"{data}@{version}"));
    }

    public async Task<WorkTask> Order(Tx tx, Who who, PlannedTraining training)
    {
        var order = training.Order with { By = who.Name };
        for (var attempt = 1; ; attempt++)
            if (await ledger.Add(tx, new(order.Project, TrainOrder.Kind, $"train/{order.Project}/{training.Key}/{attempt}", order), who) is { State: not (WorkState.Failed or WorkState.Cancelled) } task)
                return task;
    }

    private async Task<(string Data, int Version, string Content)> Pictures(string project, TrainSection plan, TrainAsk ask, CancellationToken stop)
    {
        var snapshot = await dataSets.Find(project, plan.Data, ask.Version, stop)
            ?? throw ProblemException.NotFound("data set", ask.Version is { } number ? $"{plan.Data}@{number}" : plan.Data, $"Add pictures first: steward data add {plan.Data} FOLDER");
        return (snapshot.DataSet, snapshot.Version, snapshot.Manifest.Hex);
    }

    private async Task<(string Data, int Version, string Content)> Table(string project, TrainSection plan, TrainAsk ask, IReadOnlyList<TableChange> staged, CancellationToken stop)
    {
        var reference = TableReference.Parse(plan.From);
        if (ask.Version is { } version)
            reference = new(reference.Table, version);
        if (staged.All(change => change.Table != reference.Table) && await tables.Find(project, reference, stop) is null)
            throw ProblemException.NotFound("table", reference.ToString(), "Bring its rows first: see steward table --help.");
        await using var reading = await tables.Open(project, [reference], staged, stop);
        var table = reading.Tables[0];
        return (table.Snapshot.Table, table.Snapshot.Version, ask.Once ? await Content(reading, table, stop) : "");
    }

    /// <summary>The same for tables that hold the same rows, in whatever files and order: a window that is run again may write others.</summary>
    private async Task<string> Content(TableReading reading, OpenTable table, CancellationToken stop)
    {
        var names = string.Join(", ", table.Columns.Select(column => $"\"{column.Name.Replace("\"", "\"\"", StringComparison.Ordinal)}\""));
        var print = await engine.Query(reading, $"SELECT count(*), bit_xor(h), sum(h::HUGEINT) FROM (SELECT hash({names}) AS h FROM {table.Name})", new() { Ours = true, Rows = 1 }, stop);
        return $"{string.Join(' ', table.Columns)} {string.Join(' ', print.Rows[0])}";
    }
}
