using Steward.Events;
using Steward.Projects;

namespace Steward.Pipelines;

/// <summary>The pipelines of every project file, read again when one has changed and now and then, for changes on other servers.</summary>
internal sealed class Plans(IProjects projects, PipelineSignals signals, TimeProvider clock) : IListen<ProjectChanged>
{
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(1);
    private volatile Read? _read;

    public async Task<IReadOnlyList<Project>> All(CancellationToken stop)
    {
        if (_read is { } read && clock.GetElapsedTime(read.At) < Fresh)
            return read.Projects;
        var at = clock.GetTimestamp();
        Project[] all = [.. (await projects.All(stop)).Where(project => project.File.Pipelines().Count > 0)];
        _read = new(at, all);
        return all;
    }

    public Task Hear(ProjectChanged happened, CancellationToken stop)
    {
        _read = null;
        signals.Due.Ring();
        return Task.CompletedTask;
    }

    private sealed record Read(long At, IReadOnlyList<Project> Projects);
}

/// <summary>Wakes who waits in this process: for something to start, or for something to show.</summary>
internal sealed class PipelineSignals
{
    public Bell Due { get; } = new();

    public Bell Changed { get; } = new();

    public void Ring()
    {
        Due.Ring();
        Changed.Ring();
    }
}
