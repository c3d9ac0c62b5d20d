namespace Steward.Models;

/// <summary>What another room lays beside the evidence of a version, for people who decide: its story in pictures. Nobody need to furnish one.</summary>
public interface IBeside
{
    /// <summary>Null when there is none yet.</summary>
    Task<Beside?> Of(string project, string model, int version, CancellationToken stop);
}

/// <param name="Page">Where it is read.</param>
/// <param name="Picture">A small picture of it.</param>
/// <param name="Seconds">How long it takes, read aloud.</param>
/// <param name="Earlier">Whether it tells facts that changed since.</param>
public sealed record Beside(string Title, string Page, string Picture, double Seconds, bool Earlier);
