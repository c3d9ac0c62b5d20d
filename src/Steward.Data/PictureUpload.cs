using System.Net.Http.Headers;
using Steward.Cli;
using Steward.Drawing;

namespace Steward.Data;

/// <summary>A picture to send.</summary>
/// <param name="Key">Its name within the data set, <c>apple/0001.png</c>.</param>
/// <param name="Split">Null: the server chooses by the shares of the project file, and never moves a picture that it has.</param>
/// <param name="Read">Its bytes, asked for when its turn comes.</param>
public sealed record UploadItem(string Key, Split? Split, Func<CancellationToken, Task<byte[]>> Read)
{
    /// <summary>By default the folder of the key; empty for a picture that nobody has named.</summary>
    public string? Label { get; init; }

    /// <summary>By default <c>import</c>.</summary>
    public string? Source { get; init; }

    public static UploadItem Of(string key, Split? split, byte[] bytes) => new(key, split, _ => Task.FromResult(bytes));
}

/// <param name="Items">Pictures that were sent.</param>
/// <param name="Bytes">Their bytes.</param>
public sealed record UploadProgress(int Items, long Bytes);

public sealed record UploadOptions
{
    /// <summary>The new snapshot holds these pictures and no others.</summary>
    public bool Whole { get; init; }

    /// <summary>What cannot be read is left out. Without it nothing is added then, and all of them are named.</summary>
    public bool SkipBroken { get; init; }

    /// <summary>What is said to be for learning is shared between train and valid, as the project file shares.</summary>
    public bool ValidFromTrain { get; init; }
}

/// <param name="Moving">Keys of pictures with more frames than the one that is looked at.</param>
/// <param name="Refused">What could not be read, each with the reason.</param>
public sealed record Uploaded(SnapshotView Snapshot, IReadOnlyList<string> Moving, IReadOnlyList<RefusedPicture> Refused);

/// <summary>Sends pictures to a server as one draft and commits it; two batches are on their way at a time.</summary>
public sealed class PictureUpload
{
    private const int MostItems = 500, InFlight = 2, MostNames = 10;
    // A quarter of what the server takes: progress is seen, and little is sent again after a failure.
    private const long MostBytes = 16 << 20;

    private readonly Server _server;
    private readonly string _draft;
    private readonly IProgress<UploadProgress>? _progress;
    private readonly List<string> _moving = [];
    private readonly List<RefusedPicture> _refused = [];
    private int _offered;

    private PictureUpload(Server server, string draft, IProgress<UploadProgress>? progress) => (_server, _draft, _progress) = (server, draft, progress);

    public static async Task<SnapshotView> Send(Server server, string project, string dataSet, IEnumerable<UploadItem> items, IProgress<UploadProgress>? progress = null, CancellationToken stop = default)
        => (await Send(server, project, dataSet, items, new UploadOptions(), progress, stop)).Snapshot;

    public static async Task<Uploaded> Send(Server server, string project, string dataSet, IEnumerable<UploadItem> items, UploadOptions options, IProgress<UploadProgress>? progress = null, CancellationToken stop = default)
    {
        var drafts = $"/api/projects/{Server.Segment(project)}/data/{Server.Segment(dataSet)}/drafts";
        var upload = new PictureUpload(server, $"{drafts}/{(await server.Post<DraftView>(drafts, null, stop)).Id}", progress);
        try
        {
            await upload.SendAll(items, stop);
            upload.Judge(options);
            var snapshot = await server.Post<SnapshotView>($"{upload._draft}/commit", new CommitDraft(null, options.Whole, options.ValidFromTrain), stop);
            return new(snapshot, upload._moving, upload._refused);
        }
        catch
        {
            await upload.Forget();
            throw;
        }
    }

    private async Task SendAll(IEnumerable<UploadItem> items, CancellationToken stop)
    {
        using var all = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var (there, sent) = (new UploadProgress(0, 0), new List<Task<UploadProgress>>());
        try
        {
            await foreach (var batch in Batches(items, all.Token))
            {
                if (sent.Count == InFlight)
                    await Arrived();
                sent.Add(SendOne(batch, all.Token));
            }

            while (sent.Count > 0)
                await Arrived();
        }
        catch
        {
            await all.CancelAsync();
            await Task.WhenAll(sent).ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
            throw;
        }

        async Task Arrived()
        {
            var first = await Task.WhenAny(sent);
            sent.Remove(first);
            var more = await first;
            _progress?.Report(there = new(there.Items + more.Items, there.Bytes + more.Bytes));
        }
    }

    private async Task<UploadProgress> SendOne(List<(UploadItem Item, byte[] Bytes)> batch, CancellationToken stop)
    {
        using var body = new MultipartFormDataContent();
        var items = new StringContent(Json.Write(batch.Select((one, i) => Said(one.Item, $"f{i}"))));
        items.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        body.Add(items, "items");
        for (var i = 0; i < batch.Count; i++)
            body.Add(new ByteArrayContent(batch[i].Bytes), $"f{i}", $"f{i}");
        var reply = await _server.Send<DraftEndpoints.BatchView>(HttpMethod.Post, $"{_draft}/items?skipBroken=true", body, stop);
        lock (_refused)
        {
            _moving.AddRange(reply.Moving);
            _refused.AddRange(reply.Refused);
        }

        return new(batch.Count, batch.Sum(one => (long)one.Bytes.Length));
    }

    private async IAsyncEnumerable<List<(UploadItem Item, byte[] Bytes)>> Batches(IEnumerable<UploadItem> items, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken stop)
    {
        var (batch, size) = (new List<(UploadItem, byte[])>(), 0L);
        foreach (var item in items)
        {
            _offered++;
            if (await Read(item, stop) is not { } bytes)
                continue;
            if (batch.Count == MostItems || (batch.Count > 0 && size + bytes.Length > MostBytes))
            {
                yield return batch;
                (batch, size) = ([], 0);
            }

            batch.Add((item, bytes));
            size += bytes.Length;
        }

        if (batch.Count > 0)
            yield return batch;
    }

    /// <summary>The bytes of a picture whose words can be kept; null, and noted, when they cannot or the file cannot be read.</summary>
    private async Task<byte[]?> Read(UploadItem item, CancellationToken stop)
    {
        var (code, why) = ("", "");
        try
        {
            Said(item, "f").Checked();
            return await item.Read(stop);
        }
        catch (ProblemException words)
        {
            (code, why) = (words.Code, words.Message);
        }
        catch (PictureException picture)
        {
            (code, why) = (picture.Code, picture.Message);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            (code, why) = ("picture_unreadable", $"The file cannot be read: {error.Message}");
        }

        lock (_refused)
            _refused.Add(new(item.Key, code, why));
        return null;
    }

    private static NewItem Said(UploadItem item, string file) => new(item.Key, item.Label, item.Split, item.Source, file);

    private void Judge(UploadOptions options)
    {
        _refused.Sort((one, other) => string.CompareOrdinal(one.Key, other.Key));
        _moving.Sort(StringComparer.Ordinal);
        if (_refused.Count == 0 || (options.SkipBroken && _refused.Count < _offered))
            return;
        var names = string.Join(" ", _refused.Take(MostNames).Select(one => $"'{Names.Shorten(one.Key)}': {one.Why}"));
        var more = _refused.Count > MostNames ? $" And {_refused.Count - MostNames:N0} more." : "";
        throw ProblemException.Invalid("pictures_broken", $"{_refused.Count:N0} of {Say.Count(_offered, "picture")} cannot be added, so none was. {names}{more}",
            _refused.Count < _offered ? $"Mend or remove what is named, or add the other {_offered - _refused.Count:N0}: --skip-broken" : "Save them again as JPEG, PNG or WebP.");
    }

    /// <summary>What is left of a draft that came to nothing is dropped, if the server can still be asked.</summary>
    private async Task Forget()
    {
        try
        {
            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(5));
            await _server.Delete<object>(_draft, patience.Token);
        }
        catch (Exception error) when (error is ProblemException or OperationCanceledException or HttpRequestException)
        {
            // the server drops it by itself after some days
        }
    }
}
