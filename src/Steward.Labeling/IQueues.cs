using Steward.Identity;

namespace Steward.Labeling;

/// <summary>Queues of pictures that people name.</summary>
public interface IQueues
{
    /// <summary>Newest first.</summary>
    Task<List<LabelQueue>> All(string project, int most = 100, CancellationToken stop = default);

    Task<LabelQueue?> Find(string project, int queue, CancellationToken stop = default);

    /// <summary>Its items in the order of usefulness.</summary>
    Task<List<LabelItem>> Items(string project, int queue, int most = 1000, CancellationToken stop = default);

    /// <summary>Pictures that wait in open queues.</summary>
    Task<int> Waiting(string project, CancellationToken stop = default);

    /// <summary>How fast its pictures are named, and whether more names would teach much.</summary>
    Task<Lesson> Lesson(string project, int queue, CancellationToken stop = default);

    /// <summary>How sure this person's own names are, from the pictures that came twice; nobody is told about anybody else.</summary>
    Task<OwnLabels> Own(Who who, string project, CancellationToken stop = default);

    /// <summary>
    /// The next items for this person, at most <paramref name="ahead"/>: theirs for some minutes, so that no two people look
    /// at the same one. The same again until they are answered; empty when nothing is left for them.
    /// </summary>
    Task<Turn> Next(Who who, string project, int queue, int ahead = 1, CancellationToken stop = default);

    /// <summary>
    /// Names a picture; one's own answer may be changed. <c>item_taken</c> when somebody else looks at it or has answered,
    /// <c>label_unknown</c>, <c>queue_closed</c>.
    /// </summary>
    Task<LabelQueue> Answer(Who who, string project, int queue, int item, string label, CancellationToken stop = default);

    /// <summary>Leaves it to somebody else.</summary>
    Task<LabelQueue> Skip(Who who, string project, int queue, int item, CancellationToken stop = default);

    /// <summary>Takes back one's last answer or skip, and the one before with the next call; the item is theirs again. <c>nothing_to_undo</c>.</summary>
    Task<Turn> Undo(Who who, string project, int queue, CancellationToken stop = default);

    /// <summary>Enough: what was answered goes into the data set now. <c>queue_unanswered</c> when nothing was.</summary>
    Task<LabelQueue> Finish(Who who, string project, int queue, CancellationToken stop = default);
}
