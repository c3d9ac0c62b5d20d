using System.Net.Http.Headers;
using Steward.Cli;

namespace Steward.Data;

/// <summary>A picture to send.</summary>
/// <param name="Key">Its name within the data set, <c>apple/0001.png</c>.</param>
/// <param name="Split">Null: the server chooses by the shares of the project file, and never moves a picture that it has.</param>
/// <param name="Read">Its bytes, asked for when its turn comes.</param>
public sealed record UploadItem(string Key, Split? Split, Func<CancellationToken, Task<byte[]>> Read)
{
    /// <summary>By default the folder of the key.</summary>
    public string? Label { get; init; }

    /// <summary>By default <c>import</c>.</summary>
    public string? Source { get; init; }

    public static UploadItem Of(string key, Split? split, byte[] bytes) => new(key, split, _ => Task.FromResult(bytes));

    public static UploadItem File(string key, Split? split, string path) => new(key, split, stop => System.IO.File.ReadAllBytesAsync(path, stop));
}

/// <param name="Items">Pictures that the server has.</param>
/// <param name="Bytes">Their bytes.</param>
public sealed record UploadProgress(int Items, long Bytes);

/// <summary>Sends pictures to a server as one draft and commits it; two batches are on their way at a time.</summary>
public static class PictureUpload
{
    private const int MostItems = 500, InFlight = 2;
    // A quarter of what the server takes: progress is seen, and little is sent again after a failure.
    private const long MostBytes = 16 << 20;

    public static Task<SnapshotView> Send(Server server, string project, string dataSet, IEnumerable<UploadItem> items, IProgress<UploadProgress>? progress = null, CancellationToken stop = default)
        => Send(server, project, dataSet, items.ToAsyncEnumerable(), whole: false, progress, stop);

    /// <param name="whole">The new snapshot holds these pictures and no others.</param>
    public static async Task<SnapshotView> Send(
        Server server, string project, string dataSet, IAsyncEnumerable<UploadItem> items, bool whole = false, IProgress<UploadProgress>? progress = null, CancellationToken stop = default)
    {
        var drafts = $"/api/projects/{Server.Segment(project)}/data/{Server.Segment(dataSet)}/drafts";
        var draft = $"{drafts}/{(await server.Post<DraftView>(drafts, null, stop)).Id}";
        try
        {
            await SendAll(server, draft, items, progress, stop);
            return await server.Post<SnapshotView>($"{draft}/commit", new { whole }, stop);
        }
        catch
        {
            await Forget(server, draft);
            throw;
        }
    }

    private static async Task SendAll(Server server, string draft, IAsyncEnumerable<UploadItem> items, IProgress<UploadProgress>? progress, CancellationToken stop)
    {
        using var all = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var (there, sent) = (new UploadProgress(0, 0), new List<Task<UploadProgress>>());
        try
        {
            await foreach (var batch in Batches(items, all.Token))
            {
                if (sent.Count == InFlight)
                    await Arrived();
                sent.Add(SendOne(server, draft, batch, all.Token));
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
            progress?.Report(there = new(there.Items + more.Items, there.Bytes + more.Bytes));
        }
    }

    private static async Task<UploadProgress> SendOne(Server server, string draft, List<(UploadItem Item, byte[] Bytes)> batch, CancellationToken stop)
    {
        using var body = new MultipartFormDataContent();
        var items = new StringContent(Json.Write(batch.Select((one, i) => new NewItem(one.Item.Key, one.Item.Label, one.Item.Split, one.Item.Source, $"f{i}"))));
        items.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        body.Add(items, "items");
        for (var i = 0; i < batch.Count; i++)
            body.Add(new ByteArrayContent(batch[i].Bytes), $"f{i}", $"f{i}");
        await server.Send<DraftEndpoints.BatchView>(HttpMethod.Post, $"{draft}/items", body, stop);
        return new(batch.Count, batch.Sum(one => (long)one.Bytes.Length));
    }

    private static async IAsyncEnumerable<List<(UploadItem Item, byte[] Bytes)>> Batches(IAsyncEnumerable<UploadItem> items, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken stop)
    {
        var (batch, size) = (new List<(UploadItem, byte[])>(), 0L);
        await foreach (var item in items.WithCancellation(stop))
        {
            var bytes = await item.Read(stop);
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

    /// <summary>What is left of a draft that came to nothing is dropped, if the server can still be asked.</summary>
    private static async Task Forget(Server server, string draft)
    {
        try
        {
            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(5));
            await server.Delete<object>(draft, patience.Token);
        }
        catch (Exception error) when (error is ProblemException or OperationCanceledException or HttpRequestException)
        {
            // the server drops it by itself after some days
        }
    }
}
