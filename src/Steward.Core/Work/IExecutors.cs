using Steward.Projects;

namespace Steward.Work;

/// <summary>The engines of this server, by name: <c>process</c>, and those that its operator named.</summary>
public interface IExecutors
{
    IReadOnlyList<IExecutor> All { get; }

    /// <summary>Throws <c>engine_not_found</c> with what there is.</summary>
    /// <param name="project">Whose it is to use: some engines are a project's own.</param>
    IExecutor Get(string name, string? project = null);

    /// <summary>Those that a project has for itself.</summary>
    Task<IReadOnlyList<IExecutor>> Of(string project, CancellationToken stop = default);
}

/// <summary>Furnished by rooms that know engines beyond <c>process</c>.</summary>
public interface IEngineSource
{
    IEnumerable<IExecutor> Engines { get; }

    /// <summary>An engine that a project has for itself; null when this source knows none of that name.</summary>
    IExecutor? Find(string name, string project) => null;

    /// <summary>Names of what <see cref="Find"/> knows in a project.</summary>
    Task<IReadOnlyList<string>> Names(string project, CancellationToken stop) => Task.FromResult<IReadOnlyList<string>>([]);
}

/// <summary>What an engine says of itself.</summary>
/// <param name="Version">Of the engine's own software.</param>
/// <param name="Notes">What the operator should know: what this engine does not do as it is set up.</param>
public sealed record EngineFacts(string Version, IReadOnlyList<EnginePlace> Places, IReadOnlyList<string> Notes);

/// <summary>Where an engine puts tasks: a partition, a namespace, this machine.</summary>
/// <param name="Memory">Bytes of all machines together; 0 when it is not told.</param>
public sealed record EnginePlace(string Name, string State, int Machines, int Cpus, long Memory);

internal sealed class Executors(ProcessExecutor process, IEnumerable<IEngineSource> sources) : IExecutors
{
    private readonly List<IEngineSource> _sources = [.. sources];

    public IReadOnlyList<IExecutor> All => field ??= [process, .. _sources.SelectMany(source => source.Engines)];

    public IExecutor Get(string name, string? project = null) => All.FirstOrDefault(one => one.Name == name)
        ?? (project is null ? null : Found(name, project))
        ?? throw new ProblemException(ProblemKind.NotFound, "engine_not_found", $"There is no engine '{Names.Shorten(name)}' on this server.", Suggest.For(name, All.Select(one => one.Name)) + " More are named in the server's engines.yaml.");

    public async Task<IReadOnlyList<IExecutor>> Of(string project, CancellationToken stop)
    {
        var own = new List<IExecutor>();
        foreach (var source in _sources)
            own.AddRange((await source.Names(project, stop)).Select(name => source.Find(name, project)).OfType<IExecutor>());
        return own;
    }

    private IExecutor? Found(string name, string project) => _sources.Select(source => source.Find(name, project)).FirstOrDefault(found => found is not null);
}
