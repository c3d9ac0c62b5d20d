using Steward.Data.Tables;
using Steward.Identity;
using Steward.Projects;
using Steward.Storage;
using Steward.Work;

namespace Steward.Pipelines;

/// <summary>Does tasks of kind <c>window</c>: runs the steps by the newest project file; their tables, the window and the task end together.</summary>
internal sealed class WindowHandler(IProjects projects, WindowStore windows, RunStore runs, Endings endings, ITables tables, IEnumerable<IStep> steps, PipelineSignals signals, TimeProvider clock) : IWorkHandler
{
    private readonly Dictionary<string, IStep> _kinds = steps.ToDictionary(step => step.Kind, StringComparer.Ordinal);

    public string Kind => WindowOrder.Kind;

    public async Task<Func<Tx, Task<object?>>> Do(WorkContext context, CancellationToken stop)
    {
        var order = context.Claim.Payload<WindowOrder>();
        var project = await projects.Get(order.Project, stop);
        var plan = project.File.Pipelines().GetValueOrDefault(order.Pipeline);
        if (await windows.Find(order.Project, order.Pipeline, order.Start, stop) is not { State: WindowState.Running } window || window.Run != order.Run)
            throw ProblemException.Conflict("window_taken", "The window was cancelled or is run by another.");
        try
        {
            if (plan is null)
                throw ProblemException.NotFound("pipeline", order.Pipeline, "It is no longer in the project file.");
            var seen = new RunTables(tables, project.Name);
            var made = await new StepRunner(runs, _kinds, clock, signals, project, plan, window, order.Run, seen, context.Report, context.Away).Run(stop);
            return async tx =>
            {
                // Tables first: an effect may depend on what they are now.
                foreach (var change in made.SelectMany(one => one.Changes))
                    seen.Keep(await tables.Commit(tx, Who.Steward, change with { Task = context.Claim.Task.Id }));
                foreach (var effect in made.Select(one => one.Effect).OfType<Func<Tx, Task>>())
                    await effect(tx);

                var rows = made.Sum(one => one.Rows);
                await endings.Succeed(tx, project, plan, window, order.Run, project.Revision, rows);
                return new WindowDone(order.Pipeline, window.StartAt, window.EndAt, rows);
            };
        }
        catch (ProblemException problem)
        {
            stop.ThrowIfCancellationRequested();
            return async tx =>
            {
                await endings.Fail(tx, plan, window, order.Run, project.Revision, problem.Try is null ? problem.Message : $"{problem.Message} {problem.Try}", problem.Code);
                return new WorkFailed(problem.Message, problem.Code);
            };
        }
    }
}

/// <summary>The result of the task.</summary>
internal sealed record WindowDone(string Pipeline, DateTimeOffset Start, DateTimeOffset End, long Rows);
