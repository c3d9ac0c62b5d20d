namespace Steward.Agents.Running;

/// <summary>Calls until it gets through; what the server refuses for good comes out.</summary>
internal sealed class Persistence(AgentVoice voice)
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(10), Again = TimeSpan.FromMilliseconds(200);

    public async Task<T> Call<T>(Func<Task<T>> call, CancellationToken stop)
    {
        for (var wait = Again; ; wait = wait * 2 < Longest ? wait * 2 : Longest)
            try
            {
                var answer = await call();
                voice.Reached();
                return answer;
            }
            catch (Exception error) when (!stop.IsCancellationRequested && IsPassing(error))
            {
                voice.Lost(error.Message);
                await Task.Delay(wait + (wait * Random.Shared.NextDouble() / 4), stop);
            }
    }

    private static bool IsPassing(Exception error) => error is HttpRequestException or IOException or OperationCanceledException or System.Text.Json.JsonException
        || error is ProblemException { Kind: ProblemKind.Unavailable or ProblemKind.TooMany or ProblemKind.DiskFull };
}
