using Steward.Identity;
using Steward.Models;
using Steward.Projects;
using Steward.Serving;

namespace Steward.Monitoring.Tests;

/// <summary>The server dies between any two steps of a deed: what was done is not done again, what was not is.</summary>
public sealed class CrashTests : IAsyncLifetime
{
    private readonly Watched _host = new(monitor: "window: 40");
    private readonly PictureWorld _pictures = new(6);
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(0)] // nothing was done
    [InlineData(1)] // decided
    [InlineData(2)] // decided and gone back
    [InlineData(3)] // all told
    public async Task Going_back_happens_once(int steps)
    {
        var deed = await Alarmed(gainBefore: 120);
        await Die(deed, steps);
        await Finish();
        await Finish();
        var moves = await _host.Get<IPromotions>().History("shop", "colours", stop: Stop);
        Assert.Equal([MoveKind.Back, MoveKind.Promote, MoveKind.Promote], moves.Select(move => move.Kind));
        Assert.Single((await _host.Incident()).Timeline, entry => entry.Kind == "back");
        Assert.Single(await Audited("incident.back"));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Abstaining_happens_once(int steps)
    {
        var deed = await Alarmed(gainBefore: 10);
        await Die(deed, steps);
        await Finish();
        await Finish();
        Assert.Equal(0.6, (await _host.Get<IEndpoints>().Find("colours", Stop))!.AbstainUnder);
        Assert.Single((await _host.Incident()).Timeline, entry => entry.Kind == "abstain");
        Assert.Single(await Audited("endpoint.abstains"));
    }

    [Fact]
    public async Task What_somebody_else_moved_between_decision_and_deed_is_left_alone()
    {
        var deed = await Alarmed(gainBefore: 120);
        await Die(deed, 1);
        await _host.Get<IPromotions>().Promote(Who.Steward, "shop", "colours", 1, reason: "by hand", stop: Stop);
        await _host.Get<IPromotions>().Promote(Who.Steward, "shop", "colours", 2, reason: "and again", stop: Stop);
        await _host.Serves(2);
        await Finish();
        Assert.DoesNotContain(await _host.Get<IPromotions>().History("shop", "colours", stop: Stop), move => move.Kind is MoveKind.Back);
        Assert.Contains("somebody changed", (await _host.Told("left")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Two_servers_at_once_do_and_tell_it_once()
    {
        var deed = await Alarmed(gainBefore: 120);
        var back = _host.Get<BackOrAbstain>();
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => back.Do(deed, Stop), Stop)));
        Assert.Single(await _host.Get<IPromotions>().History("shop", "colours", stop: Stop), move => move.Kind is MoveKind.Back);
        Assert.Single((await _host.Incident()).Timeline, entry => entry.Kind == "back");
    }

    [Fact]
    public async Task A_window_that_two_servers_judge_is_kept_once()
    {
        await _host.Serve(PictureWorld.Model(10), PictureWorld.Reference(PictureWorld.Model(10), _pictures.Bright(200)));
        await _host.Ask(_pictures.Pale(400));
        var (project, endpoint) = (await _host.Get<IProjects>().Get("shop", Stop), (await _host.Get<IEndpoints>().Find("colours", Stop))!);
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => _host.Get<WindowJudge>().Judge(project, endpoint, Stop), Stop)));
        var windows = await _host.Windows(1, 10);
        Assert.Equal(Enumerable.Range(1, 10).Reverse(), windows.Select(window => window.Number));
        Assert.Equal((10, 400), ((await _host.Incident()).Incident.Alarms, (await _host.Incident()).Incident.Answers));
        Assert.Single(await Audited("incident.opened"));
    }

    public ValueTask InitializeAsync() => _host.InitializeAsync();

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    /// <summary>Version 2 alarmed about pale pictures. The project file asks for nothing, so the deed is noted here, later than now, and nobody else does it.</summary>
    private async Task<Deed> Alarmed(float gainBefore)
    {
        foreach (var gain in new[] { gainBefore, 10f })
            await _host.Serve(PictureWorld.Model(gain), PictureWorld.Reference(PictureWorld.Model(gain), _pictures.Bright(200)));
        await _host.Ask(_pictures.Pale(40));
        await _host.Told("alarm");
        var incident = (await _host.Incident()).Incident;
        var deed = Deed.Wanted(incident, DeedKind.BackOrAbstain, 2, TimeProvider.System.GetUtcNow().AddHours(1));
        await _host.Get<Storage.Db>().Write(tx => DeedStore.Want(tx, deed), Stop);
        return deed;
    }

    private async Task Die(Deed deed, int steps)
    {
        var back = _host.Get<BackOrAbstain>();
        if (steps < 1)
            return;
        var decision = await back.Decide(deed, Stop);
        if (steps < 2)
            return;
        Assert.True(await back.Act(decision, Stop));
        if (steps < 3)
            return;
        await back.Tell(deed, decision, true, Stop);
    }

    /// <summary>Another server goes on with what is on the disk.</summary>
    private async Task Finish()
    {
        await _host.Restart();
        foreach (var deed in (await _host.Get<DeedStore>().Of("shop", 1, Stop)).Where(deed => deed.DoneAt is null))
            await _host.Get<BackOrAbstain>().Do(deed, Stop);
    }

    private async Task<List<string>> Audited(string action)
        => await _host.Get<Storage.Db>().All<string>("SELECT action FROM audit_entry WHERE action = @action", new { action }, Stop);
}
