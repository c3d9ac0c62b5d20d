using System.Collections.Concurrent;
using System.Net.Http.Json;
using System.Text.Json;

namespace Steward.Serving.Tests;

/// <summary>Clients that ask one request after the other, each as several users; a request that fails fails the test.</summary>
internal sealed class Callers : IAsyncDisposable
{
    private const int Users = 25;
    private readonly CancellationTokenSource _over = new();
    private readonly ConcurrentQueue<Answered> _answers = new();
    private readonly List<Task> _clients;

    public Callers(Served host, int clients) => _clients = [.. Enumerable.Range(0, clients).Select(client => Task.Run(() => Call(host.Http, client)))];

    public int Count => _answers.Count;

    public List<Answered> Newest(int most)
    {
        foreach (var client in _clients.Where(client => client.IsFaulted))
            client.GetAwaiter().GetResult();
        return [.. _answers.TakeLast(most)];
    }

    public async Task<List<Answered>> End()
    {
        await _over.CancelAsync();
        await Task.WhenAll(_clients);
        return [.. _answers];
    }

    /// <summary>Which version answered about something green.</summary>
    public static async Task<int> Ask(HttpClient http, string user, CancellationToken stop, string endpoint = "colours")
    {
        var pixels = Enumerable.Repeat((int[])[0, 200, 0], 64).SelectMany(pixel => pixel);
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/v2/models/{endpoint}/infer")
        {
            Content = JsonContent.Create(new { inputs = new[] { new { name = "image", shape = new[] { 1, 8, 8, 3 }, datatype = "UINT8", data = pixels } } }),
        };
        request.Headers.Add("Steward-Key", user);
        using var reply = await http.SendAsync(request, stop);
        var text = await reply.Content.ReadAsStringAsync(stop);
        Assert.True(reply.IsSuccessStatusCode, text);
        return int.Parse(JsonDocument.Parse(text).RootElement.GetProperty("model_version").GetString()!, null);
    }

    public async ValueTask DisposeAsync()
    {
        await _over.CancelAsync();
        await Task.WhenAll(_clients).ContinueWith(_ => { }, TaskScheduler.Default);
        _over.Dispose();
    }

    private async Task Call(HttpClient http, int client)
    {
        for (var i = 0; !_over.IsCancellationRequested; i++)
        {
            var (key, began) = ($"client-{client}-user-{i % Users}", TimeProvider.System.GetTimestamp());
            var version = await Ask(http, key, CancellationToken.None);
            _answers.Enqueue(new(key, began, TimeProvider.System.GetTimestamp(), version));
        }
    }
}

/// <summary>One answer, with when it was asked for and had.</summary>
internal sealed record Answered(string Key, long Began, long At, int Version);
