using System.Threading.Channels;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Steward.Audit;
using Steward.Blobs;
using Steward.Events;
using Steward.Identity;
using Steward.Projects;
using Steward.Storage;

namespace Steward.Serving;

/// <summary>
/// Keeps answers behind the caller's back: scoring hands a record over and goes on. What does not fit into the waiting
/// room is dropped, counted and shown, because an answer must never wait for its own log.
/// </summary>
internal sealed partial class RequestLog(PredictionStore store, Db db, IBlobs blobs, IProjects projects, IAudit audit, IEvents events, TimeProvider clock, ServingMetrics metrics, ILogger<RequestLog> log)
    : IRequestLog, IAnswerLog, IHostedService
{
    private const int MostWaiting = 16_384, MostInOneWrite = 256;
    private const long MostPictureBytes = 64L << 20;
    private readonly Channel<Entry> _waiting = Channel.CreateBounded<Entry>(new BoundedChannelOptions(MostWaiting) { SingleReader = true });
    private long _pictureBytes;
    private long _last;
    private Task _loop = Task.CompletedTask;

    /// <summary>Answers that were given and not kept.</summary>
    public long Dropped => metrics.DroppedSoFar;

    public void Append(Prediction prediction, byte[]? picture = null)
    {
        // Pictures wait in memory: beyond a limit the answer is kept without its picture.
        if (picture is not null && Interlocked.Add(ref _pictureBytes, picture.Length) > MostPictureBytes)
        {
            Interlocked.Add(ref _pictureBytes, -picture.Length);
            picture = null;
            metrics.PictureDropped();
        }

        if (_waiting.Writer.TryWrite(new(prediction, picture)))
            return;
        if (picture is not null)
            Interlocked.Add(ref _pictureBytes, -picture.Length);
        metrics.Dropped();
    }

    public Task<List<Prediction>> Since(string endpoint, LogMark? after, int most, CancellationToken stop)
        => store.Since(endpoint, after, Math.Clamp(most, 1, 1000), stop);

    public Task<List<Prediction>> Since(string endpoint, int version, LogMark? after, int most, CancellationToken stop)
        => store.Since(endpoint, version, after, Math.Clamp(most, 1, 1000), stop);

    public Task<List<int>> Versions(string endpoint, CancellationToken stop) => store.Versions(endpoint, stop);

    public Task<long> Count(string endpoint, DateTimeOffset from, DateTimeOffset to, CancellationToken stop) => store.Count(endpoint, from, to, stop);

    public Task<LogTail> Waiting(string endpoint, int version, LogMark? after, int most, CancellationToken stop)
        => store.Waiting(endpoint, version, after, Math.Clamp(most, 1, 1000), stop);

    public Task<List<Prediction>> Newest(string endpoint, int most, LogFilter? filter, CancellationToken stop) => store.Newest(endpoint, Math.Clamp(most, 1, 1000), filter ?? new(), stop);

    public Task<List<Prediction>> Told(string endpoint, int version, LogMark? after, int most, CancellationToken stop) => store.Told(endpoint, version, after, Math.Clamp(most, 1, 1000), stop);

    public Task<List<ToldCount>> ToldCounts(string endpoint, int version, CancellationToken stop) => store.ToldCounts(endpoint, version, stop);

    public Task<List<Prediction>> Wrong(string endpoint, int version, DateTimeOffset after, int most, CancellationToken stop) => store.Wrong(endpoint, version, after, Math.Clamp(most, 1, 1000), stop);

    public Task<Prediction?> Find(string id, CancellationToken stop) => store.Find(id, stop);

    public async Task<Prediction> Tell(Who who, string id, bool right, string? label, CancellationToken stop)
    {
        var one = await Get(id, stop);
        var asks = !right && one.Picture is not null && await AsksByItself(one.Project, stop);
        var truth = label is null ? (right ? one.Label : null) : Names.Text("label", label, 200);
        await db.Write(async tx =>
        {
            await PredictionStore.Tell(tx, id, right, truth, ToldHow.Feedback, clock.GetUtcNow());
            await audit.Write(tx, who, "prediction.judged", one.Project, $"{one.Endpoint}@{one.Version}", new { id, right, truth });
            if (asks)
                await events.Publish(tx, new AnswerQuestioned(one.Project, one.Endpoint, id));
        }, stop);
        return (await store.Find(id, stop))!;
    }

    public async Task<bool> AsksByItself(string project, CancellationToken stop) => (await projects.Find(project, stop))?.File.AsksAboutWrongAnswers() is not null;

    public async Task<Prediction> Ask(Who who, string id, CancellationToken stop)
    {
        var one = await Get(id, stop);
        who.Demand(Permission.Edit, one.Project);
        if (one.Picture is null)
            throw ProblemException.Conflict("picture_not_kept", "No picture was kept with this answer, so nobody can say what it shows.", "Keep more of them: serve.log.sample, or serve.unsure_under for those that are unsure.");
        await db.Write(async tx =>
        {
            await audit.Write(tx, who, "prediction.questioned", one.Project, $"{one.Endpoint}@{one.Version}", new { id });
            await events.Publish(tx, new AnswerQuestioned(one.Project, one.Endpoint, id));
        }, stop);
        return one;
    }

    private async Task<Prediction> Get(string id, CancellationToken stop)
        => await store.Find(id, stop) ?? throw ProblemException.NotFound("prediction", Names.Shorten(id), "Answers are kept a moment after they were given: try again.");

    public async Task<int> Named(Who who, string project, IReadOnlyList<Named> labels, CancellationToken stop)
    {
        var found = new List<(Prediction Answer, string Label)>();
        foreach (var named in labels)
            if (await store.Find(named.Prediction, stop) is { } one && one.Project == project)
                found.Add((one, named.Label));
        if (found.Count == 0)
            return 0;
        await db.Write(async tx =>
        {
            foreach (var (one, label) in found)
                await PredictionStore.Tell(tx, one.Id, one.Label == label, label, ToldHow.Labels, clock.GetUtcNow());
            await audit.Write(tx, who, "predictions.named", project, found[0].Answer.Endpoint, new { count = found.Count, right = found.Count(pair => pair.Answer.Label == pair.Label) });
        }, stop);
        return found.Count;
    }

    public async Task StartAsync(CancellationToken stop)
    {
        _last = await store.NewestTime(stop) ?? 0;
        using (ExecutionContext.SuppressFlow())
            _loop = Task.Run(Drain, CancellationToken.None);
    }

    /// <summary>The server has stopped taking requests by now: everything that waits is written before this returns.</summary>
    public async Task StopAsync(CancellationToken stop)
    {
        _waiting.Writer.TryComplete();
        await _loop.WaitAsync(stop);
    }

    private async Task Drain()
    {
        var batch = new List<Entry>(MostInOneWrite);
        while (await _waiting.Reader.WaitToReadAsync())
        {
            batch.Clear();
            while (batch.Count < MostInOneWrite && _waiting.Reader.TryRead(out var entry))
                batch.Add(entry);
            try
            {
                await Keep(batch);
            }
            catch (Exception error)
            {
                metrics.Dropped(batch.Count);
                KeepFailed(log, batch.Count, error);
            }

            Interlocked.Add(ref _pictureBytes, -batch.Sum(entry => (long)(entry.Picture?.Length ?? 0)));
        }
    }

    private async Task Keep(List<Entry> batch)
    {
        var pictures = batch.Where(entry => entry.Picture is not null).ToList();
        var kept = pictures.Count == 0 ? [] : await blobs.PutMany(pictures.ConvertAll(entry => (ReadOnlyMemory<byte>)entry.Picture), CancellationToken.None);
        var digests = pictures.Zip(kept, (entry, blob) => (entry.Prediction.Id, blob.Digest)).ToDictionary(pair => pair.Id, pair => pair.Digest);
        await store.Add(batch.ConvertAll(entry => entry.Prediction with
        {
            At = NextTime(entry.Prediction.At),
            Picture = digests.TryGetValue(entry.Prediction.Id, out var digest) ? digest : entry.Prediction.Picture,
        }), CancellationToken.None);
    }

    /// <summary>Never the same and never earlier than the row before, so that nothing appears behind a reader's place.</summary>
    private DateTimeOffset NextTime(DateTimeOffset answered)
    {
        _last = Math.Max(_last + 1, Math.Min(answered.ToMicroseconds(), clock.GetUtcNow().ToMicroseconds()));
        return Times.FromMicroseconds(_last);
    }

    private sealed record Entry(Prediction Prediction, byte[]? Picture);

    [LoggerMessage(LogLevel.Error, "{Count} answers could not be kept in the request log.")]
    private static partial void KeepFailed(ILogger log, int count, Exception error);
}
