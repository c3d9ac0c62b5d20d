namespace Steward.Serving;

/// <summary>
/// Lets a version answer a request: the one it names, or while a release is on its way the one its share says. What the
/// tried version cannot answer, the version before answers: a release costs nobody an answer, it only counts against it.
/// </summary>
internal static class Asking
{
    /// <param name="live">The endpoint.</param>
    /// <param name="version">When the caller names one; such requests belong to no share.</param>
    /// <param name="key">The same key stays on the same side.</param>
    /// <param name="ask">Gets the version, held as long as it works, and where to count; it may be called twice.</param>
    public static async ValueTask<T> Of<T>(Live live, int? version, string key, Func<LoadedVersion, Counter?, ValueTask<T>> ask)
    {
        var trial = version is null ? live.Trial : null;
        if (trial is null || !trial.Takes(key) || !trial.Model.TryEnter())
            return await Plain(live, version, trial?.Before, ask);
        try
        {
            return await ask(trial.Model, trial.Tried);
        }
        catch (Exception error) when (error is not OperationCanceledException and not ProblemException { Kind: ProblemKind.TooMany })
        {
            // Whether the request or the version is at fault shows below.
        }
        finally
        {
            trial.Model.Leave();
        }

        var answered = await Plain(live, null, null, ask);
        trial.Tried.Failed();
        return answered;
    }

    private static async ValueTask<T> Plain<T>(Live live, int? version, Counter? counter, Func<LoadedVersion, Counter?, ValueTask<T>> ask)
    {
        var model = Enter(live, version);
        try
        {
            return await ask(model, counter);
        }
        catch (Exception error) when (error is ProblemException { Kind: ProblemKind.Unavailable } or ProblemException { Code: "model_failed" } || error is not (ProblemException or OperationCanceledException))
        {
            counter?.Failed();
            throw;
        }
        finally
        {
            model.Leave();
        }
    }

    /// <exception cref="ProblemException">The version is not loaded, or nothing serves yet.</exception>
    public static LoadedVersion Enter(Live live, int? version)
        => live.Enter(version) ?? throw (version is not null
            ? ProblemException.NotFound("version", $"{live.Name}/{version}", $"GET /v2/models/{live.Name} lists the versions that are loaded.")
            : new ProblemException(ProblemKind.Unavailable, "not_ready", live.Trouble ?? $"The endpoint '{live.Name}' has nothing to serve yet.", "Try again in a moment."));
}
