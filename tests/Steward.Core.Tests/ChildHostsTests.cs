using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Steward.Testing;
using Steward.Work;

namespace Steward.Core.Tests;

/// <summary>Parts of the program in processes of their own.</summary>
public sealed class ChildHostsTests : IAsyncDisposable
{
    private readonly string _data = TestFolder.New();
    private readonly ServiceProvider _services;
    private readonly IChildHosts _hosts;
    private readonly ConcurrentQueue<(double? Share, string? Message)> _told = new();

    public ChildHostsTests()
    {
        _services = new ServiceCollection().AddLogging().AddSingleton(new Settings { Data = _data })
            .AddSingleton(new ChildProgram([Path.Combine(AppContext.BaseDirectory, "Steward.Crash")])).AddWork().BuildServiceProvider();
        _hosts = _services.GetRequiredService<IChildHosts>();
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_child_takes_from_its_folder_leaves_there_what_it_made_and_tells_how_far_it_is()
    {
        using var folder = _hosts.Folder("count");
        await File.WriteAllTextAsync(Path.Combine(folder.Path, "given"), "apples", Stop);
        await Run("count", folder);
        Assert.Equal("apples and counted", await File.ReadAllTextAsync(Path.Combine(folder.Path, "made"), Stop));
        Assert.Equal([(0.25, "1 of 4"), (0.5, "2 of 4"), (0.75, "3 of 4"), (1, "4 of 4")], _told);
    }

    [Fact]
    public void A_folder_is_private_below_the_data_folder_and_goes_when_it_is_let_go()
    {
        string path;
        using (var folder = _hosts.Folder("count"))
        {
            path = folder.Path;
            Assert.StartsWith(Path.Combine(_data, "work") + "/", path, StringComparison.Ordinal);
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(path));
            Assert.Empty(Directory.EnumerateFileSystemEntries(path));
        }

        Assert.False(Directory.Exists(path));
        Assert.Throws<ProblemException>(() => _hosts.Folder("../up"));
    }

    [Fact]
    public async Task What_a_child_refuses_comes_out_as_it_said_it()
    {
        var refused = await Fails("refuse");
        Assert.Equal((ProblemKind.Invalid, "no_fruit", "There is no fruit in 'basket'.", "Add some."), (refused.Kind, refused.Code, refused.Message, refused.Try));
    }

    [Fact]
    public async Task A_child_that_fell_is_told_with_its_last_words()
    {
        var fell = await Fails("fall");
        Assert.Equal("child_failed", fell.Code);
        Assert.Contains("code 70", fell.Message, StringComparison.Ordinal);
        Assert.Contains("a bug in the child", fell.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_child_that_crashed_takes_nothing_with_it()
    {
        var crashed = await Fails("crash");
        Assert.Equal("child_failed", crashed.Code);
        Assert.Contains("crashed (signal 6)", crashed.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_child_that_eats_too_much_is_stopped()
    {
        var stopped = await Fails("eat", new() { Memory = 400 << 20 });
        Assert.Equal("child_failed", stopped.Code);
        Assert.Contains("419.4 MB of memory", stopped.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("sleep")]
    [InlineData("stubborn")]
    public async Task A_cancelled_child_is_gone_with_its_descendants_when_the_call_returns(string child)
    {
        using var folder = _hosts.Folder(child);
        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        var run = Run(child, folder, stop: cancel.Token);
        await Eventually.True("it has begun", () => !_told.IsEmpty, Stop);
        var family = _told.First().Message!.Split(' ').Select(id => int.Parse(id, CultureInfo.InvariantCulture)).ToList();
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run);
        Assert.DoesNotContain(family, id => Directory.Exists($"/proc/{id}") && !File.ReadAllText($"/proc/{id}/stat").Contains(") Z ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_report_that_fails_ends_the_child()
    {
        using var folder = _hosts.Folder("sleep");
        await Assert.ThrowsAsync<InvalidOperationException>(() => _hosts.Run("sleep", folder, new(), (_, _) => throw new InvalidOperationException("no ear"), Stop));
    }

    [Fact]
    public async Task A_child_that_nobody_knows_is_said_to_be_so()
        => Assert.Contains("steward child NAME FOLDER", (await Fails("unknown")).Message, StringComparison.Ordinal);

    [Fact]
    public async Task The_program_itself_is_found_and_quiet_about_telemetry()
    {
        // The real executable, as a server in this process would start it.
        var ours = ChildProgram.Ours();
        Assert.Equal("1", ours.Environment["ORT_DISABLE_TELEMETRY"]);
        using var child = Process.Start(new ProcessStartInfo(ours.Command[0], [.. ours.Command.Skip(1), "child", "none", "none"]) { RedirectStandardError = true })!;
        Assert.Contains("The server runs this by itself", await child.StandardError.ReadToEndAsync(Stop), StringComparison.Ordinal);
        await child.WaitForExitAsync(Stop);
        Assert.Equal(2, child.ExitCode);
    }

    public ValueTask DisposeAsync() => _services.DisposeAsync();

    private Task Run(string child, ChildFolder folder, JobLimits? limits = null, CancellationToken? stop = null) => _hosts.Run(child, folder, limits ?? new(), (share, message) =>
    {
        _told.Enqueue((share, message));
        return Task.CompletedTask;
    }, stop ?? Stop);

    private async Task<ProblemException> Fails(string child, JobLimits? limits = null)
    {
        using var folder = _hosts.Folder(child);
        return await Assert.ThrowsAsync<ProblemException>(() => Run(child, folder, limits));
    }
}
