using Steward.Data.Documents;
using Steward.Data.Tables;
using Steward.Identity;
using Steward.Storage;
using Steward.Training;

namespace Steward.Pipelines;

/// <summary>Scores the files of a table, each as a task, with the version that the reference means when the step runs.</summary>
internal sealed class ScoreStep(IScoring scoring, ITables tables, IDocuments documents) : IStep
{
    private const int AtOnce = 500;
    private const string Items = "items", Scores = "scores", ModelColumn = "model";

    public string Kind => "score";

    /// <summary>Another version behind the alias is another input.</summary>
    public async Task<IReadOnlyList<string>> Inputs(StepContext context, CancellationToken stop)
        => [await Version(context, stop) is var version ? $"{version.Name} {version.Onnx}" : ""];

    public async Task<StepMade> Do(StepContext context, CancellationToken stop)
    {
        var (plan, model) = (context.As<ScorePlan>(), await Version(context, stop));
        await using var reading = await context.Tables.Open(plan.Reads, stop, context.TableWindow, plan.OfWindow ? plan.Reads : []);
        var table = reading.Tables[0];
        if (plan.Key.FirstOrDefault(name => table.Columns.All(column => column.Name != name)) is { } missing)
            throw ProblemException.Invalid("column_not_found", $"{table.Snapshot.Reference} has no column '{Names.Shorten(missing)}', which key names.", Projects.Suggest.For(missing, table.Columns.Select(column => column.Name)));
        var to = plan.To is null ? (IScored)await NewList.Begin(documents, context, plan, model, stop) : new NewRows(tables, context, plan, model, table);
        using var away = plan.RunOn is null or "process" ? null : context.Away();
        try
        {
            var parts = await scoring.Run(new(context.Project.Name, $"{context.Run}/{context.Id}", model, ScoreTable.Parts(table), part => to.Take(part, stop))
            {
                Engine = plan.RunOn ?? "process", Keep = plan.Key, Top = plan.To is null ? null : plan.Top, Limits = new() { Memory = Math.Max(plan.Memory, 2L << 30), Time = plan.Timeout },
            }, context.Report, stop);
            if (parts.FirstOrDefault(part => part.Problem is not null) is { Problem: { } problem } bad)
                throw new ProblemException(problem.Kind, problem.Code, $"{bad.Part.Name} of {table.Snapshot.Reference}: {problem.Message}", problem.Try);
            return await to.Made(parts.Sum(part => part.Rows), parts.Sum(part => part.Bad), stop);
        }
        catch
        {
            await to.Drop();
            throw;
        }
    }

    private Task<ScoringModel> Version(StepContext context, CancellationToken stop) => scoring.Model(context.Project.Name, Reference.Parse("model", context.As<ScorePlan>().Model), stop);

    private static string Words(ScorePlan plan, ScoringModel model, long rows, long aside, string made) => $"{model.Name} was asked about {Say.Count(rows, "row")} of {plan.Reads[0]}: {made}{(aside > 0 ? $", {aside:N0} set aside" : "")}.";

    private static Dictionary<string, long> Figures(long rows, long aside, long written) => new() { ["read"] = rows, ["answered"] = rows - aside, ["setAside"] = aside, ["written"] = written };

    private interface IScored
    {
        Task Take(ScoredPart part, CancellationToken stop);

        Task<StepMade> Made(long rows, long aside, CancellationToken stop);

        /// <summary>What was begun is not wanted any more.</summary>
        Task Drop();
    }

    /// <summary>Answers that become rows of a table.</summary>
    private sealed class NewRows(ITables tables, StepContext context, ScorePlan plan, ScoringModel model, OpenTable from) : IScored
    {
        private readonly List<StagedFile> _files = [];

        public async Task Take(ScoredPart part, CancellationToken stop)
            => _files.Add(await tables.Stage(context.Project.Name, part.File!, plan.Mode is WriteMode.ReplaceAll ? null : context.TableWindow, stop));

        public async Task<StepMade> Made(long rows, long aside, CancellationToken stop)
        {
            var written = _files.Sum(file => file.Rows);
            if (plan.Top is null && written != rows)
                throw new InvalidOperationException($"{rows} rows were scored and {written} written.");
            var change = await context.Tables.Into(plan.Writes[0], plan.Mode, _files, context.TableWindow, OnSchemaChange.Evolve, stop);
            return new([change with { Origins = Origins(), Reason = $"{context.Window.Pipeline}, {context.Id}: {model.Name}" }], written, Words(plan, model, rows, aside, $"{Say.Count(written, "row")} into {plan.Writes[0]}")) { Figures = Figures(rows, aside, written) };
        }

        public Task Drop() => Task.CompletedTask;

        /// <summary>The key is the table's; every answer comes from the version, and from all that it may have looked at.</summary>
        private List<ColumnOrigin> Origins()
        {
            var reference = from.Snapshot.Reference;
            var answers = _files.SelectMany(file => file.Columns).Select(column => column.Name).Distinct().Except(plan.Key);
            return [.. plan.Key.Select(name => new ColumnOrigin(name, reference, name)), .. answers.SelectMany(name => from.Columns.Select(column => new ColumnOrigin(name, reference, column.Name)).Prepend(new(name, model.Name, name)))];
        }
    }

    /// <summary>Answers that become documents: a list that nobody sees until the window ends.</summary>
    private sealed class NewList(IDocuments documents, StepContext context, ScorePlan plan, ScoringModel model, long number) : IScored
    {
        private long _documents;

        public static async Task<NewList> Begin(IDocuments documents, StepContext context, ScorePlan plan, ScoringModel model, CancellationToken stop)
            => context.Project.File.Get<DocumentsPlan>("documents").Connection is { } elsewhere
                ? throw ProblemException.Conflict("documents_elsewhere", $"The documents of this project lie in the connection '{elsewhere}', and cannot be swapped together with the end of a window.", "Leave 'documents' out of the project file, or write a table under to.")
                : new(documents, context, plan, model, (await documents.Begin(Who.Steward, context.Project.Name, plan.Collection!, model.Name, stop)).Number);

        public async Task Take(ScoredPart part, CancellationToken stop)
        {
            var (some, answers) = (new List<NewDocument>(AtOnce), part.Columns(stop).Except(plan.Key).ToList());
            foreach (var row in part.Read([.. plan.Key, .. answers], stop))
                if (Body(answers.Zip(row.Skip(plan.Key.Count)).Where(one => one.First != ModelColumn).ToDictionary()) is { } body)
                {
                    some.Add(new(string.Join('|', row.Take(plan.Key.Count)), body, Ttl: plan.Ttl));
                    if (some.Count == AtOnce)
                        await Add();
                }

            await Add();

            async Task Add()
            {
                await documents.Add(Who.Steward, context.Project.Name, plan.Collection!, number, some, stop);
                _documents += some.Count;
                some.Clear();
            }
        }

        public Task<StepMade> Made(long rows, long aside, CancellationToken stop)
        {
            if (_documents != rows - aside)
                throw new InvalidOperationException($"{rows - aside} rows were answered and {_documents} documents written.");
            return Task.FromResult(new StepMade([], _documents, Words(plan, model, rows, aside, $"{Say.Count(_documents, "document")} in {plan.Collection}"))
            {
                Figures = Figures(rows, aside, _documents), Effect = Swap,
            });

            async Task Swap(Tx tx)
            {
                var now = await documents.Swap(tx, Who.Steward, context.Project.Name, plan.Collection!, number);
                // Two rows of one key are one document: whoever counts must know.
                if (now.Documents != _documents)
                    throw ProblemException.Conflict("key_not_unique", $"{_documents - now.Documents:N0} of {_documents:N0} documents have a key ({string.Join(", ", plan.Key)}) that another has, too.", "Name columns under key that tell every row from all others.");
            }
        }

        public Task Drop() => documents.Drop(Who.Steward, context.Project.Name, plan.Collection!, number, CancellationToken.None);

        /// <summary>Null for a row that has no answer.</summary>
        private string? Body(Dictionary<string, string?> answers)
        {
            if (answers.Values.All(value => value is null))
                return null;
            var body = new Dictionary<string, object?> { [ModelColumn] = model.Name };
            if (answers.TryGetValue(Items, out var items))
                body[Items] = Json.Read<List<string>>(items!).Zip(Json.Read<List<float>>(answers[Scores]!), (product, score) => new { product, score }).Take(plan.Top ?? int.MaxValue);
            else
                foreach (var (name, value) in answers)
                    body[name] = name is "label" || value is null ? value : Json.Read<double>(value);
            return Json.Write(body);
        }
    }
}
