namespace Steward.Serving.Tests;

public sealed class AdmissionTests : IDisposable
{
    private readonly Admission _admission = new(atOnce: 1, mostWaiting: 1, patience: TimeSpan.FromMinutes(1));
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_full_queue_says_so_at_once()
    {
        await _admission.Enter(Stop);
        var second = _admission.Enter(Stop);
        var refused = await Assert.ThrowsAsync<ProblemException>(async () => await _admission.Enter(Stop));
        Assert.Equal(("busy", ProblemKind.TooMany), (refused.Code, refused.Kind));
        _admission.Leave();
        await second;
        Assert.Equal(0, _admission.Waiting);
    }

    [Fact]
    public async Task A_caller_that_hangs_up_frees_its_place()
    {
        await _admission.Enter(Stop);
        using var gone = new CancellationTokenSource();
        var waiting = _admission.Enter(gone.Token).AsTask();
        await gone.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        var next = _admission.Enter(Stop);
        _admission.Leave();
        await next;
    }

    public void Dispose() => _admission.Dispose();
}
