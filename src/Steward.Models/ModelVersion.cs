using Steward.Tracking;

namespace Steward.Models;

/// <summary>One numbered version of a registered model: exact bytes, what was measured about them, and how far it has come.</summary>
/// <param name="Version">From 1, without gaps, per model.</param>
/// <param name="Run">Id of the run that made it; a run makes at most one version.</param>
/// <param name="Data">The snapshot it learned from: <c>pictures@1</c>.</param>
/// <param name="Onnx">The model's bytes in the blob store.</param>
/// <param name="Artifacts">Files of the run by name: <c>card.json</c>, <c>reference.json</c>.</param>
/// <param name="Metrics">Last metrics of the run by key; the number of items behind <c>test.f1_macro</c> is <c>test.n</c>.</param>
/// <param name="Code">Commit of the training code, when it was known.</param>
/// <param name="Gates">The last check's results; empty before the first one.</param>
/// <param name="Seal">Binds bytes, evidence and the policy in force; people sign it.</param>
public sealed record ModelVersion(
    string Id, string Project, string Model, int Version, string Run, string Data, Digest Onnx,
    IReadOnlyDictionary<string, Digest> Artifacts, IReadOnlyDictionary<string, double> Metrics, Signature Signature, string? Code,
    IReadOnlyList<GateResult> Gates, Seal Seal, Stage Stage, string By, DateTimeOffset CreatedAt, DateTimeOffset? CheckedAt)
{
    public string Name => $"{Model}@{Version}";

    /// <summary>What it was made from, as its run had it; null for versions from before that was kept.</summary>
    public Lineage? Lineage { get; init; }

    /// <summary>Of the work tree it was trained from; where there was none, of the program that trained it.</summary>
    public string? Commit => Lineage?.Commit ?? Lineage.CommitIn(Code);
}

/// <summary>What registering needs. The signature is read from the model's bytes, never from the caller.</summary>
public sealed record NewVersion(string Project, string Model, string Run, string Data, Digest Onnx)
{
    /// <summary>The run of the study it won: a study gives at most one version.</summary>
    public string? Study { get; init; }

    public string? Code { get; init; }
    public Lineage? Lineage { get; init; }
    public IReadOnlyDictionary<string, Digest> Artifacts { get; init; } = new Dictionary<string, Digest>();
    public IReadOnlyDictionary<string, double> Metrics { get; init; } = new Dictionary<string, double>();
}

/// <summary>What a model takes and gives, as its file says.</summary>
public sealed record Signature(IReadOnlyList<Port> Inputs, IReadOnlyList<Port> Outputs)
{
    public static Signature Empty { get; } = new([], []);
}

/// <param name="Type">Element type: <c>uint8</c>, <c>float32</c>, <c>string</c>.</param>
/// <param name="Shape">Sizes, or names of free dimensions: <c>["N", "64", "64", "3"]</c>.</param>
public sealed record Port(string Name, string Type, IReadOnlyList<string> Shape)
{
    public override string ToString() => $"{Name} {Type}[{string.Join(',', Shape)}]";
}

/// <param name="Newest">Its newest version.</param>
/// <param name="Serving">What the alias <c>production</c> points to.</param>
public sealed record RegisteredModel(string Project, string Name, ModelVersion Newest, Promotion? Serving);
