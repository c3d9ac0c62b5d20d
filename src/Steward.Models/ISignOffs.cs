using Steward.Identity;

namespace Steward.Models;

/// <summary>Questions to people and their signed answers.</summary>
public interface ISignOffs
{
    /// <summary>
    /// Asks the parties of the project file about the version as it is now; the open question about the same seal again.
    /// <c>gate_failed</c> when a gate failed, <c>nobody_to_ask</c> when the project file names no party.
    /// </summary>
    Task<SignOff> Request(Who who, string project, string model, int version, CancellationToken stop = default);

    /// <summary>The statement this person would sign; refused as the vote itself would be.</summary>
    Task<Statement> Draft(Who who, string project, int number, string party, Decision decision, string reason, CancellationToken stop = default);

    /// <summary>Takes a signed vote. With the last approval the version is promoted, unless the project file says by hand.</summary>
    Task<SignOff> Vote(Who who, string project, int number, Dsse envelope, CancellationToken stop = default);

    /// <summary>Answers a question that a voter asked; only who requested the sign-off does.</summary>
    /// <param name="question">Its number within the sign-off.</param>
    Task<SignOff> Answer(Who who, string project, int number, int question, string text, CancellationToken stop = default);

    /// <summary>Takes an open sign-off back; only who requested it does.</summary>
    Task<SignOff> Withdraw(Who who, string project, int number, string reason, CancellationToken stop = default);

    Task<SignOff?> Find(string project, int number, CancellationToken stop = default);

    /// <summary>Newest first.</summary>
    Task<List<SignOff>> All(string project, int most = 100, CancellationToken stop = default);

    /// <summary>Open sign-offs that wait for this person: for a vote, or for an answer to a question. Those whose seal changed since are left out.</summary>
    Task<List<SignOff>> WaitingFor(Who who, string project, CancellationToken stop = default);

    /// <summary>The last one asked about a version.</summary>
    Task<SignOff?> Last(string project, string model, int version, CancellationToken stop = default);
}
