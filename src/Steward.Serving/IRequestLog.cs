using Steward.Events;
using Steward.Identity;

namespace Steward.Serving;

/// <summary>Every answer of a classifier, kept after it was given.</summary>
public interface IRequestLog
{
    /// <summary>Answers behind <paramref name="after"/> (all when null), oldest first, at most 1000.</summary>
    Task<List<Prediction>> Since(string endpoint, LogMark? after, int most = 1000, CancellationToken stop = default);

    /// <summary>The same of one version.</summary>
    Task<List<Prediction>> Since(string endpoint, int version, LogMark? after, int most = 1000, CancellationToken stop = default);

    /// <summary>The versions that have kept answers, ascending.</summary>
    Task<List<int>> Versions(string endpoint, CancellationToken stop = default);

    /// <summary>How many answers of a version lie behind <paramref name="after"/>, counted up to <paramref name="most"/>.</summary>
    Task<LogTail> Waiting(string endpoint, int version, LogMark? after, int most = 1000, CancellationToken stop = default);

    /// <summary>Answers that were given since this process started and could not be kept.</summary>
    long Dropped { get; }

    /// <summary>The newest first, at most 1000.</summary>
    Task<List<Prediction>> Newest(string endpoint, int most = 50, LogFilter? filter = null, CancellationToken stop = default);

    /// <summary>Answers of a version that people gave feedback about, in the order they did so, behind <paramref name="after"/> (a place by <see cref="Prediction.ToldMark"/>).</summary>
    Task<List<Prediction>> Told(string endpoint, int version, LogMark? after, int most = 1000, CancellationToken stop = default);

    /// <summary>How many answers of a version were said to be right or wrong.</summary>
    Task<List<ToldCount>> ToldCounts(string endpoint, int version, CancellationToken stop = default);

    /// <summary>Answers of a version that somebody said after a time were wrong, with a picture, the newest first.</summary>
    Task<List<Prediction>> Wrong(string endpoint, int version, DateTimeOffset after, int most = 1000, CancellationToken stop = default);

    /// <summary>How many answers were given from one moment until before another.</summary>
    Task<long> Count(string endpoint, DateTimeOffset from, DateTimeOffset to, CancellationToken stop = default);

    Task<Prediction?> Find(string id, CancellationToken stop = default);

    /// <summary>Keeps what a person says about an answer; <c>prediction_not_found</c>.</summary>
    /// <param name="label">What it really was, when they know; the answer's own label when it was right.</param>
    Task<Prediction> Tell(Who who, string id, bool right, string? label, CancellationToken stop = default);

    /// <summary>Whether an answer that is called wrong becomes a question to label by itself, as the project file says.</summary>
    Task<bool> AsksByItself(string project, CancellationToken stop = default);

    /// <summary>Makes the answer a question to label, whatever was said about it: asked once, however often it is wanted. <c>picture_not_kept</c>.</summary>
    Task<Prediction> Ask(Who who, string id, CancellationToken stop = default);

    /// <summary>Keeps what people named when they were asked; an answer that is gone is passed over. How many were kept.</summary>
    Task<int> Named(Who who, string project, IReadOnlyList<Named> labels, CancellationToken stop = default);
}

/// <summary>People should say what the picture of this answer shows.</summary>
public sealed record AnswerQuestioned(string Project, string Endpoint, string Prediction) : IEvent
{
    public static string Name => "serving.answer_questioned";
}

/// <summary>Which answers to list; what is null does not matter.</summary>
/// <param name="Under">Less confident than this.</param>
/// <param name="Said">What a person said about it.</param>
/// <param name="Since">Given at this time or later.</param>
public sealed record LogFilter(string? Label = null, int? Version = null, double? Under = null, LogSaid? Said = null, DateTimeOffset? Since = null);

public enum LogSaid { Right, Wrong, Nothing }

/// <summary>How somebody came to say whether an answer was right.</summary>
public enum ToldHow
{
    /// <summary>By themselves.</summary>
    Feedback,

    /// <summary>They were asked to name the picture, because the answer was doubtful: such answers are worse than the rest.</summary>
    Labels,
}

/// <param name="Count">How many were told about.</param>
/// <param name="Right">How many of them were right.</param>
public sealed record ToldCount(ToldHow How, int Count, int Right);

/// <param name="Prediction">Id of the answer.</param>
/// <param name="Label">What it really is.</param>
public sealed record Named(string Prediction, string Label);

/// <summary>A place in the log. Times of one process never repeat, so a reader that goes on from its last row misses nothing.</summary>
public sealed record LogMark(DateTimeOffset At, string Id);

/// <param name="Count">Answers; the most that were asked for when there are more.</param>
/// <param name="Oldest">When the first of them was given; null when there is none.</param>
public sealed record LogTail(int Count, DateTimeOffset? Oldest);

/// <param name="Label">The most probable class, also when it abstained.</param>
/// <param name="Confidence">Its probability.</param>
/// <param name="Second">The runner-up.</param>
/// <param name="Margin">Confidence less the runner-up's probability.</param>
/// <param name="Embedding">What the model saw, when it tells; kept with 16-bit floats.</param>
/// <param name="Picture">Digest of the picture that was sent, when it was kept.</param>
/// <param name="Micros">From the request's arrival to its answer.</param>
/// <param name="Right">What a person said later.</param>
/// <param name="Truth">The label a person gave later.</param>
/// <param name="ToldAt">When somebody first said whether it was right.</param>
public sealed record Prediction(
    string Id, string Project, string Endpoint, int Version, DateTimeOffset At, string Label, double Confidence, string? Second, double Margin,
    float[]? Embedding, Digest? Picture, long Micros, bool Abstained, bool? Right = null, string? Truth = null,
    DateTimeOffset? ToldAt = null, ToldHow? How = null)
{
    /// <summary>Its place among the answers that people spoke about.</summary>
    public LogMark? ToldMark => ToldAt is { } at ? new(at, Id) : null;

    public LogMark Mark => new(At, Id);
}
