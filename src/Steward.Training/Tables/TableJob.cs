namespace Steward.Training;

/// <summary>What the process that learns from a table reads from its folder.</summary>
/// <param name="Plan">The section <c>train</c>.</param>
/// <param name="Data">The snapshot's name: <c>silver.orders@12</c>.</param>
/// <param name="Sql">A SELECT of its rows over files on this machine.</param>
internal sealed record TableJob(TrainSection Plan, string Data, string Sql)
{
    public const string File = "table.json";
}
