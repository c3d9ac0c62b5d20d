using System.Text;
using Steward.Testing;

namespace Steward.Pipelines.Tests;

/// <summary>A job by the clock, with steps, retries and an alarm: three nights of it, told as they were.</summary>
public sealed class HistoryTests : IAsyncDisposable
{
    private readonly Appending _step = new();
    private readonly World _world;

    public HistoryTests() => _world = new(Appending.In(Databases.Sqlite()), _step);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_history_of_a_scheduled_job_is_as_it_was_approved()
    {
        var fails = 0;
        _step.Before = context => context.Id == "load" && fails-- > 0 ? throw ProblemException.Invalid("no_file", "there is no file") : Task.CompletedTask;
        await _world.Says("""
            sales: {trigger: {cron: {expression: 30 2 * * *, zone: Europe/Berlin, retry: {count: 1, every: 10m}}}, steps: [
                {command: {id: load, run: [x]}}, {command: {id: clean, run: [x]}}, {command: {id: mourn, run: [x], needs: [load], when: failure}}]}
            """);
        await _world.Work();
        _world.Clock.Advance(TimeSpan.FromMinutes(90));
        foreach (var night in (int[])[0, 1, 2])
        {
            fails = night; // a quiet night, one with a second try, one that fails for good
            await _world.Work();
            _world.Clock.Advance(TimeSpan.FromMinutes(10));
            await _world.Work();
            _world.Clock.Advance(TimeSpan.FromMinutes(24 * 60 - 10));
        }

        Assert.Equal("""
            2030-01-01 01:30 Succeeded
              run 1 01:30 Succeeded
                clean Succeeded
                load Succeeded
                mourn Skipped
            2030-01-02 01:30 Succeeded
              run 1 01:30 Failed: load: there is no file
              run 2 01:40 Succeeded
                clean Succeeded
                load Succeeded
                mourn Skipped
            2030-01-03 01:30 Failed
              run 1 01:30 Failed: load: there is no file
              run 2 01:40 Failed: load: there is no file
                clean Skipped
                load Failed
                mourn Succeeded
            alarm failure: [2030-01-02 01:30, 2030-01-03 01:30) has failed: load: there is no file
            """.ReplaceLineEndings("\n"), await History());
    }

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    /// <summary>Windows, their runs, the steps of the newest run, and what alarms.</summary>
    private async Task<string> History()
    {
        var told = new StringBuilder();
        foreach (var window in await _world.Windows())
        {
            var view = (await _world.Pipelines.Window("shop", "sales", window.StartAt, Stop))!;
            told.Append(null, $"{window.EndAt:yyyy-MM-dd HH:mm} {window.State}\n");
            foreach (var run in view.Runs)
                told.Append(null, $"  run {run.Number} {run.BegunAt:HH:mm} {run.State}{(run.Error is null ? "" : $": {run.Error}")}\n");
            foreach (var step in view.Steps.OrderBy(step => step.Step, StringComparer.Ordinal))
                told.Append(null, $"    {step.Step} {step.State}\n");
        }

        foreach (var alarm in (await _world.Pipelines.Get("shop", "sales", Stop)).Alarms)
            told.Append(null, $"alarm {alarm.Kind}: {alarm.Why}\n");
        return told.ToString().TrimEnd();
    }
}
