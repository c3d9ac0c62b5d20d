using Steward.Data.Tables;
using Steward.Projects;
using Steward.Storage;

namespace Steward.Pipelines;

/// <summary>Does steps of one kind. What it makes is seen by later steps of the run at once and by everybody when the window ends, all or nothing.</summary>
internal interface IStep
{
    /// <summary>As the plan writes it.</summary>
    string Kind { get; }

    /// <summary>What it depends on besides its settings, its window and the tables it reads: digests of files, for one.</summary>
    Task<IReadOnlyList<string>> Inputs(StepContext context, CancellationToken stop) => Task.FromResult<IReadOnlyList<string>>([]);

    /// <summary>Throws a <see cref="ProblemException"/> with what is wrong in the user's words.</summary>
    Task<StepMade> Do(StepContext context, CancellationToken stop);
}

/// <param name="Settings">With every variable filled in.</param>
/// <param name="Tables">As this run sees them.</param>
/// <param name="Away">Until it is disposed the step only waits for another machine.</param>
internal sealed record StepContext(Project Project, PipelinePlan Plan, Window Window, string Run, string Id, StepSettings Settings, RunTables Tables, Func<double?, string?, Task> Report, Func<IDisposable> Away)
{
    public T As<T>() where T : StepSettings => (T)Settings;

    public TableWindow TableWindow => new(Window.StartAt, Window.EndAt);
}

/// <summary>What a step made.</summary>
/// <param name="Changes">Of tables, staged; committed together with the end of the window.</param>
/// <param name="Rows">How many it wrote.</param>
/// <param name="Words">In a sentence.</param>
internal sealed record StepMade(IReadOnlyList<TableChange> Changes, long Rows, string Words)
{
    /// <summary>Figures that must add up, for those who look: rows read, written, set aside.</summary>
    public IReadOnlyDictionary<string, long> Figures { get; init; } = new Dictionary<string, long>();

    /// <summary>Written in the transaction that ends the window. A step that has one is done again when the run is.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public Func<Tx, Task>? Effect { get; init; }
}
