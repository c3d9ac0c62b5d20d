using System.Globalization;
using Steward.Testing;
using Steward.Work;

namespace Steward.Core.Tests;

/// <summary>What every engine that runs commands promises.</summary>
public abstract class ExecutorPromises : IAsyncLifetime
{
    private IExecutor _executor = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_command_runs_to_its_end_with_its_arguments_as_they_are()
    {
        var job = await Submit("printf", "%s\n", "$(id)", "`id`", "two words", "-n", "; rm -rf /", "日本");
        var status = await _executor.Wait(job, Stop);
        Assert.Equal((JobState.Succeeded, 0), (Only(status).State, Only(status).ExitCode));
        Assert.True(status.IsOver && status.Succeeded);
        Assert.Equal(["$(id)", "`id`", "two words", "-n", "; rm -rf /", "日本"], await Lines(job));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(42)]
    [InlineData(255)]
    public async Task The_exit_code_is_the_commands_own(int code)
    {
        var task = Only(await Run(Shell($"exit {code}")));
        Assert.Equal((JobState.Failed, code), (task.State, task.ExitCode));
    }

    [Fact]
    public async Task An_array_of_a_thousand_runs_each_of_its_tasks_once_and_a_few_at_a_time()
    {
        var folder = TestFolder.New();
        var script = $"echo x >> \"{folder}/task-$STEWARD_TASK_INDEX\"; : > {folder}/now-$STEWARD_TASK_INDEX; set -- {folder}/now-*; echo $#; rm {folder}/now-$STEWARD_TASK_INDEX";
        var all = await _executor.Submit(Shell("exit 0") with { Command = ["/bin/true"], Tasks = 1000, AtOnce = 4 }, Stop);
        var status = await _executor.Wait(all, Stop);
        Assert.True(status.Succeeded);
        Assert.Equal(Enumerable.Range(0, 1000), status.Tasks.Select(task => task.Index));

        var some = await _executor.Submit(Shell(script) with { Tasks = 40, AtOnce = 4 }, Stop);
        Assert.True((await _executor.Wait(some, Stop)).Succeeded);
        for (var task = 0; task < 40; task++)
        {
            Assert.Equal("x", (await File.ReadAllTextAsync(Path.Combine(folder, $"task-{task}"), Stop)).Trim());
            Assert.InRange(int.Parse(Assert.Single(await Lines(some, task)), CultureInfo.InvariantCulture), 1, 4);
        }
    }

    [Fact]
    public async Task A_task_sees_its_own_environment_and_nothing_of_the_servers()
    {
        Environment.SetEnvironmentVariable("STEWARD_TEST_SECRET", "of the server");
        var job = await _executor.Submit(new JobSpec("env", ["env"]) { Environment = new Dictionary<string, string> { ["GIVEN"] = "a b=c" } }, Stop);
        await _executor.Wait(job, Stop);
        var names = (await Lines(job)).Select(line => line.Split('=')[0]).Order().ToList();
        Assert.Contains("GIVEN=a b=c", await Lines(job));
        Assert.Equal(["GIVEN", "HOME", "LANG", "PATH", "STEWARD_JOB", "STEWARD_TASK_INDEX", "TMPDIR"], names);
    }

    [Fact]
    public async Task A_task_without_a_folder_gets_an_empty_private_one_that_goes_with_it()
    {
        var job = await _executor.Submit(Shell("pwd; ls -A | wc -l; stat -c %a .; touch litter \"$TMPDIR/litter\"; echo \"$TMPDIR\""), Stop);
        await _executor.Wait(job, Stop);
        var lines = await Lines(job);
        Assert.Equal(["0", "700"], lines[1..3].Select(line => line.Trim()));
        Assert.False(Directory.Exists(lines[0]));
        Assert.False(Directory.Exists(lines[3]));
    }

    [Fact]
    public async Task A_task_works_in_the_folder_it_is_given()
    {
        var folder = TestFolder.New();
        Assert.True((await Run(Shell("echo made > here") with { Folder = folder })).Succeeded);
        Assert.Equal("made\n", await File.ReadAllTextAsync(Path.Combine(folder, "here"), Stop));
    }

    [Fact]
    public async Task The_log_is_read_while_it_is_written_and_afterwards()
    {
        var gate = Path.Combine(TestFolder.New(), "gate");
        var job = await _executor.Submit(Shell($"echo one; echo two >&2; until [ -e {gate} ]; do sleep 0.02; done; printf three"), Stop);
        var live = new List<LogLine>();
        await foreach (var line in _executor.Logs(job, 0, follow: true, Stop))
        {
            live.Add(line);
            if (live.Count == 2)
            {
                Assert.Equal(JobState.Running, Only((await _executor.Observe(job, Stop))!).State);
                await File.WriteAllTextAsync(gate, "", Stop);
            }
        }

        Assert.Equal([(false, "one"), (false, "three"), (true, "two")], live.Select(line => (line.IsError, line.Text)).Order());
        Assert.Equal("three", live[^1].Text);
        Assert.Equal(live, await All(job));
    }

    [Fact]
    public async Task Only_the_newest_lines_are_kept_and_a_line_that_never_ends_is_cut()
    {
        var many = await _executor.Submit(Shell("seq 1 5000") with { Limits = new() { LogLines = 100 } }, Stop);
        await _executor.Wait(many, Stop);
        Assert.Equal(Enumerable.Range(4901, 100).Select(i => i.ToString(CultureInfo.InvariantCulture)), await Lines(many));
        var long1 = await _executor.Submit(Shell("head -c 20000000 /dev/zero | tr '\\0' x"), Stop);
        await _executor.Wait(long1, Stop);
        Assert.InRange((await Lines(long1)).Sum(line => line.Length), 1, 2_000_000);
    }

    [Fact]
    public async Task Bytes_that_are_no_text_do_no_harm()
    {
        var job = await _executor.Submit(Shell("head -c 100000 /dev/urandom; printf '\\n\\377\\376 end\\n'"), Stop);
        Assert.True((await _executor.Wait(job, Stop)).Succeeded);
        Assert.EndsWith(" end", (await Lines(job))[^1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_takes_too_much_memory_is_stopped_with_all_its_family()
    {
        // The shell is small; it is its child that grows: tail keeps a line that never ends.
        var job = await _executor.Submit(Shell("cat /dev/zero | tail -n 1") with { Limits = new() { Memory = 96 << 20 } }, Stop);
        var task = Only(await _executor.Wait(job, Stop));
        Assert.Equal(JobState.OverMemory, task.State);
        Assert.Contains("memory", task.Reason, StringComparison.Ordinal);
        Assert.True(task.PeakMemory > 96 << 20, $"peak {task.PeakMemory}");
        Assert.Null(task.ExitCode);
    }

    [Fact]
    public async Task Who_takes_too_long_is_stopped()
    {
        var task = Only(await Run(Shell("trap '' TERM; sleep 1000 & wait; wait; sleep 1000") with { Limits = new() { Time = TimeSpan.FromMilliseconds(300) } }));
        Assert.Equal(JobState.OverTime, task.State);
        Assert.Contains("longer", task.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_cancel_ends_a_task_and_its_descendants_also_those_with_a_session_of_their_own()
    {
        var job = await _executor.Submit(Shell("setsid sleep 1000 & echo $!; (trap '' TERM; exec sleep 1000) & echo $!; env -i setsid sleep 1000 & echo $!; setsid sh -c 'sleep 1000 & echo $!; wait' & echo $$; wait"), Stop);
        var family = new List<int>();
        await foreach (var line in _executor.Logs(job, 0, follow: true, Stop))
        {
            family.Add(int.Parse(line.Text, CultureInfo.InvariantCulture));
            if (family.Count == 5)
                break;
        }

        Assert.All(family, id => Assert.True(Alive(id)));
        await _executor.Cancel(job, Stop);
        Assert.All(family, id => Assert.False(Alive(id)));
        var task = Only((await _executor.Observe(job, Stop))!);
        Assert.Equal((JobState.Cancelled, "It was cancelled."), (task.State, task.Reason));
        await _executor.Cancel(job, Stop);
    }

    [Fact]
    public async Task A_cancel_of_an_array_starts_none_of_those_that_wait()
    {
        var folder = TestFolder.New();
        var job = await _executor.Submit(Shell($"touch {folder}/$STEWARD_TASK_INDEX; sleep 1000") with { Tasks = 50, AtOnce = 2 }, Stop);
        await Eventually.True("two run", () => Directory.GetFiles(folder).Length == 2, Stop);
        await _executor.Cancel(job, Stop);
        Assert.All((await _executor.Wait(job, Stop)).Tasks, task => Assert.Equal(JobState.Cancelled, task.State));
        Assert.Equal(2, Directory.GetFiles(folder).Length);
    }

    [Fact]
    public async Task What_a_task_leaves_running_ends_with_it()
    {
        var job = await _executor.Submit(Shell("setsid sleep 1000 >/dev/null 2>&1 & echo $!; sleep 1000 & echo $!; exit 3"), Stop);
        var task = Only(await _executor.Wait(job, Stop));
        Assert.Equal((JobState.Failed, 3), (task.State, task.ExitCode));
        Assert.All(await Lines(job), id => Assert.False(Alive(int.Parse(id, CultureInfo.InvariantCulture))));
    }

    [Fact]
    public async Task A_task_killed_from_outside_is_lost()
    {
        var task = Only(await Run(Shell("kill -9 $$")));
        Assert.Equal(JobState.Lost, task.State);
        Assert.Contains("from outside", task.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("no-such-program")]
    [InlineData("/nowhere/no-such-program")]
    [InlineData("./relative")]
    [InlineData("/etc/passwd")]
    [InlineData("")]
    public async Task A_program_that_is_not_there_is_a_failure_with_its_name(string program)
    {
        var task = Only(await Run(new JobSpec("missing", [program])));
        Assert.Equal(JobState.Failed, task.State);
        Assert.True(task.Reason is not null || task.ExitCode is 126 or 127);
    }

    [Fact]
    public async Task A_command_that_asks_gets_no_answer()
        => Assert.True((await Run(new JobSpec("cat", ["cat"]))).Succeeded);

    [Fact]
    public async Task A_job_of_somewhere_else_is_not_known()
    {
        Assert.Null(await _executor.Observe(new Job(_executor.Name, "none"), Stop));
        Assert.Null(await _executor.Observe(new Job("elsewhere", "none"), Stop));
        Assert.Equal("job_not_found", (await Assert.ThrowsAsync<ProblemException>(() => _executor.Wait(new Job(_executor.Name, "none"), Stop))).Code);
        await Assert.ThrowsAsync<ProblemException>(() => _executor.Submit(new JobSpec("empty", []), Stop));
        await Assert.ThrowsAsync<ProblemException>(() => _executor.Submit(Shell("exit 0") with { Tasks = 0 }, Stop));
    }

    public async ValueTask InitializeAsync() => _executor = await Engine();

    public abstract ValueTask DisposeAsync();

    protected abstract Task<IExecutor> Engine();

    private static JobSpec Shell(string script) => new("shell", ["sh", "-c", script]);

    private static JobTask Only(JobStatus status) => Assert.Single(status.Tasks);

    private static bool Alive(int id) => File.Exists($"/proc/{id}/stat") && !File.ReadAllText($"/proc/{id}/stat").Contains(") Z ", StringComparison.Ordinal);

    private Task<Job> Submit(params string[] command) => _executor.Submit(new JobSpec("test", command), Stop);

    private async Task<JobStatus> Run(JobSpec spec) => await _executor.Wait(await _executor.Submit(spec, Stop), Stop);

    private async Task<List<LogLine>> All(Job job, int task = 0)
    {
        var lines = new List<LogLine>();
        await foreach (var line in _executor.Logs(job, task, follow: false, Stop))
            lines.Add(line);
        return lines;
    }

    private async Task<List<string>> Lines(Job job, int task = 0) => [.. (await All(job, task)).Select(line => line.Text)];
}
