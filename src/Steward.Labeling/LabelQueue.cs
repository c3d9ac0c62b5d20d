using Steward.Events;

namespace Steward.Labeling;

/// <summary>Pictures that people are asked to name, and how far they are.</summary>
/// <param name="Number">From 1, without gaps, per project.</param>
/// <param name="Incident">Why it is there; 0 for one that somebody began.</param>
/// <param name="Model">Whose doubt chose the pictures; empty where none could be asked.</param>
/// <param name="DataSet">Where the answers go.</param>
/// <param name="Labels">The names to choose from: those of the data set.</param>
/// <param name="FullAt">When the last item was answered; a moment later the queue closes by itself.</param>
/// <param name="Snapshot">The version of the data set that holds the answers.</param>
/// <param name="Trouble">Why the answers could not be added; somebody mends it and finishes again.</param>
public sealed record LabelQueue(
    string Project, int Number, int Incident, string Endpoint, string Model, int Version, string DataSet, IReadOnlyList<string> Labels, QueueState State,
    int Items, int Answered, DateTimeOffset CreatedAt, DateTimeOffset? FullAt, DateTimeOffset? ClosingAt, DateTimeOffset? DoneAt, string? DoneBy, int? Snapshot, string? Trouble)
{
    public int Waiting => Items - Answered;

    /// <summary>Answers that people called wrong come one by one: so many are gathered before it closes by itself. Null for pictures that were chosen at once.</summary>
    public int? Gathers { get; init; }

    /// <summary>Everything it is for has a name.</summary>
    internal bool IsFull => Answered >= Math.Max(Items, Gathers ?? 0);

    /// <summary>For people: <c>for incident 7</c>.</summary>
    internal string Why => (Incident, Chosen) switch
    {
        (> 0, _) => $"for incident {Incident}",
        (_, ChosenBy.Person) => $"answers of {Endpoint} that people called wrong or doubt",
        (_, ChosenBy.Doubt) => $"those that {Model}@{Version} doubts most",
        _ => "the most typical ones, to begin with",
    };

    /// <summary>Which way its pictures were chosen.</summary>
    public ChosenBy Chosen => Gathers is not null ? ChosenBy.Person : Model.Length > 0 ? ChosenBy.Doubt : ChosenBy.Typical;
}

/// <summary>Which pictures people are asked about.</summary>
public enum ChosenBy
{
    /// <summary>The middles of clusters: where no model can say what it doubts.</summary>
    Typical,

    /// <summary>Those that a model decided most closely, as different from each other as possible.</summary>
    Doubt,

    /// <summary>Those whose answers somebody called wrong, or doubts.</summary>
    Person,
}

public enum QueueState
{
    Open,

    /// <summary>No more answers: they are on their way into the data set.</summary>
    Closing,
    Done,
}

/// <summary>One picture to name.</summary>
/// <param name="Number">From 1: the order of usefulness.</param>
/// <param name="Prediction">The answer in the request log that it comes from.</param>
/// <param name="Guess">What the model said; empty where there is none.</param>
/// <param name="Label">What a person said; null while nobody has.</param>
public sealed record LabelItem(int Number, Digest Picture, string Prediction, string Guess, double Confidence, string? Label, string? By);

/// <summary>What a person is to look at: the first now, the others so that their pictures are there in time.</summary>
public sealed record Turn(LabelQueue Queue, IReadOnlyList<LabelItem> Items);

/// <summary>A queue is answered; the data set has the answers.</summary>
/// <param name="Snapshot">The data set's version that holds them.</param>
public sealed record QueueDone(string Project, int Queue, int Incident, string DataSet, int Snapshot, int Answered, int Items, string By) : IEvent
{
    public static string Name => "labeling.queue_done";
}
