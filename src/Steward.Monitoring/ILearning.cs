namespace Steward.Monitoring;

/// <summary>What the models of a project still have to learn about a data set.</summary>
public interface ILearning
{
    /// <summary>
    /// Of these pictures those that the model made from the data set doubts most, as different from each other as possible:
    /// the version that serves, else the newest.
    /// </summary>
    /// <param name="count">At most so many.</param>
    /// <param name="report">Told the share that was looked at, and by what.</param>
    /// <returns>Without items when no model can be asked; <see cref="Doubted.Why"/> says why.</returns>
    Task<Doubted> Doubted(string project, string dataSet, IReadOnlyList<Digest> pictures, int count, Func<double?, string?, Task> report, CancellationToken stop = default);

    /// <summary>
    /// How far versions that learned one after the other, each from another snapshot, answer the test pictures alike; the
    /// oldest pair first. What comes before a pair that shares too few test pictures, or does not tell its answers, is left out.
    /// </summary>
    /// <param name="model">Null: the one that is made from the data set.</param>
    Task<IReadOnlyList<Agreement>> Agreements(string project, string dataSet, string? model, CancellationToken stop = default);
}

/// <param name="Version">Of the model that was asked; 0 when none could be.</param>
/// <param name="Items">The closest decision first.</param>
/// <param name="Why">Why no model was asked; null when one was.</param>
public sealed record Doubted(string Model, int Version, IReadOnlyList<DoubtedPicture> Items, string? Why);

/// <param name="Guess">What the model said.</param>
public sealed record DoubtedPicture(Digest Picture, string Guess, double Confidence);

/// <summary>Two versions over the test pictures that both answered.</summary>
/// <param name="From">The earlier: <c>fruit@2</c>.</param>
/// <param name="Alike">How many of them both answered alike.</param>
/// <param name="Kappa">Cohen's: agreement beyond chance.</param>
public sealed record Agreement(string From, string To, int Alike, int Of, double Kappa);
