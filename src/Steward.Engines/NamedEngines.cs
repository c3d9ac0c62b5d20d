using Steward.Outside;
using Steward.Projects;
using Steward.Work;

namespace Steward.Engines;

/// <summary>The engines that the server's operator named in <c>engines.yaml</c>. Project files only choose among them: who may edit a project must not choose programs, folders or addresses.</summary>
internal sealed class NamedEngines : IEngineSource
{
    private const string FileName = "engines.yaml", Invalid = "engines_invalid";

    public NamedEngines(Settings settings, ChildProgram program, Secrets secrets, Reach reach, PinFile pins, TimeProvider clock)
    {
        var file = settings.Engines ?? Path.Combine(settings.Data, FileName);
        if (File.Exists(file))
            Engines = [.. SettingsFile.Read<EngineEntry>(file, Invalid).Select(one => Made(file, one.Key, one.Value, program, secrets, reach, pins, clock))];
    }

    public IEnumerable<IExecutor> Engines { get; } = [];

    private static IExecutor Made(string file, string name, EngineEntry entry, ChildProgram program, Secrets secrets, Reach reach, PinFile pins, TimeProvider clock)
    {
        try
        {
            if (Names.Check("engine", name) == "process")
                throw ProblemException.Invalid(Invalid, "this is the name of the server's own machine.", "Give it another name.");
            return entry switch
            {
                { Slurm: { } slurm, Kubernetes: null, Databricks: null } => new Slurm.SlurmExecutor(name, slurm.Checked(), program, clock),
                { Slurm: null, Kubernetes: { } kubernetes, Databricks: null } => new Kubernetes.KubernetesExecutor(name, kubernetes.Checked(), clock),
                { Slurm: null, Kubernetes: null, Databricks: { } databricks } => new Databricks.DatabricksExecutor(name, databricks.Checked(), secrets, reach, pins, clock),
                _ => throw ProblemException.Invalid(Invalid, "it is one of slurm, kubernetes and databricks.", "Write it as in: hpc: {slurm: {folder: /shared/steward}}"),
            };
        }
        catch (ProblemException problem)
        {
            throw ProblemException.Invalid(Invalid, $"{file} cannot be used: the engine '{Names.Shorten(name)}': {problem.Message}", problem.Try);
        }
    }
}

/// <summary>An entry of <c>engines.yaml</c>: exactly one of these.</summary>
public sealed record EngineEntry
{
    public Slurm.SlurmSettings? Slurm { get; init; }

    public Kubernetes.KubernetesSettings? Kubernetes { get; init; }

    public Databricks.DatabricksSettings? Databricks { get; init; }
}
