using Steward.Projects;

namespace Steward.Work;

/// <summary>The engines of this server, by name: <c>process</c>, and those that its operator named.</summary>
public interface IExecutors
{
    IReadOnlyList<IExecutor> All { get; }

    /// <summary>Throws <c>engine_not_found</c> with what there is.</summary>
    IExecutor Get(string name);
}

/// <summary>Furnished by rooms that know engines beyond <c>process</c>.</summary>
public interface IEngineSource
{
    IEnumerable<IExecutor> Engines { get; }
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
    public IReadOnlyList<IExecutor> All { get; } = [process, .. sources.SelectMany(source => source.Engines)];

    public IExecutor Get(string name) => All.FirstOrDefault(one => one.Name == name)
        ?? throw new ProblemException(ProblemKind.NotFound, "engine_not_found", $"There is no engine '{Names.Shorten(name)}' on this server.", Suggest.For(name, All.Select(one => one.Name)) + " More are named in the server's engines.yaml.");
}
