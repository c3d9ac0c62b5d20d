using Steward.Identity;
using Steward.Storage;

namespace Steward.Audit;

/// <summary>The record of who did what, each entry chained to the one before by SHA-256, so that a changed past shows.</summary>
public interface IAudit
{
    /// <summary>Adds an entry in the same transaction as the deed.</summary>
    /// <param name="tx">The deed's transaction.</param>
    /// <param name="who">Who did it.</param>
    /// <param name="action">Verb in the past, dotted: <c>model.registered</c>.</param>
    /// <param name="project">Its project, or null for the server.</param>
    /// <param name="subject">What it was done to: <c>fruit@1</c>.</param>
    /// <param name="detail">Facts worth keeping; no secrets.</param>
    Task Write(Tx tx, Who who, string action, string? project, string subject, object? detail = null);
}
