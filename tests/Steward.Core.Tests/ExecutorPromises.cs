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
    public async Task An_array_of_a_thousand_runs_each_of_its_tasks_once()
    {
        var folder = TestFolder.New();
        // A folder can be made once only: a task that ran twice would fail.
        var all = await _executor.Submit(Shell($"exec mkdir {folder}/$STEWARD_TASK_INDEX") with { Tasks = Many, AtOnce = ManyAtOnce }, Stop);
        var status = await _executor.Wait(all, Stop);
        Assert.True(status.Succeeded, string.Join(' ', status.Tasks.Where(task => task.State is not JobState.Succeeded).Take(3)));
        Assert.Equal(Enumerable.Range(0, Many), status.Tasks.Select(task => task.Index));
        Assert.Equal(Many, Directory.GetDirectories(folder).Length);
    }

    [Fact]
    public async Task An_array_runs_a_few_of_its_tasks_at_a_time()
    {
        var folder = TestFolder.New();
        var some = await _executor.Submit(Shell($": > {folder}/now-$STEWARD_TASK_INDEX; set -- {folder}/now-*; echo $#; sleep 0.05; rm {folder}/now-$STEWARD_TASK_INDEX") with { Tasks = Some, AtOnce = 4 }, Stop);
        Assert.True((await _executor.Wait(some, Stop)).Succeeded);
        for (var task = 0; task < Some; task++)
            Assert.InRange(int.Parse(Assert.Single(await Lines(some, task)), CultureInfo.InvariantCulture), 1, 4);
    }

    [Fact]
    public async Task Each_task_of_an_array_ends_for_itself()
    {
        var job = await _executor.Submit(Shell("exit $STEWARD_TASK_INDEX") with { Tasks = 3, AtOnce = 3 }, Stop);
        var status = await _executor.Wait(job, Stop);
        Assert.Equal([0, 1, 2], status.Tasks.Select(task => task.ExitCode));
        Assert.True(status.IsOver && !status.Succeeded);
    }

    [Fact]
    public async Task A_task_sees_its_own_environment_and_nothing_of_the_servers()
    {
        Environment.SetEnvironmentVariable("STEWARD_TEST_SECRET", "of the server");
        var job = await _executor.Submit(new JobSpec("env", ["env"]) { Environment = new Dictionary<string, string> { ["GIVEN"] = "a b=c" } }, Stop);
        await _executor.Wait(job, Stop);
        var names = (await Lines(job)).Select(line => line.Split('=')[0]).Order().ToList();
        Assert.Contains("GIVEN=a b=c", await Lines(job));
        Assert.Equal(Basics.Append("GIVEN").Order(), names);
    }

    [Fact]
    public async Task A_task_without_a_folder_gets_an_empty_private_one_that_goes_with_it()
    {
        var job = await _executor.Submit(Shell($"pwd; ls -A | wc -l; {(PrivateMode.Length > 0 ? "stat -c %a ." : ":")}; touch litter \"$TMPDIR/litter\"; echo \"$TMPDIR\""), Stop);
        await _executor.Wait(job, Stop);
        var lines = await Lines(job);
        Assert.Equal(["0", .. PrivateMode], lines[1..(PrivateMode.Length + 2)].Select(line => line.Trim()));
        Assert.False(Directory.Exists(lines[0]));
        Assert.False(Directory.Exists(lines[^1]));
    }

    [Fact]
    public async Task A_task_works_in_the_folder_it_is_given()
    {
        using var folder = Given();
        Assert.True((await Run(Shell("echo made > here") with { Folder = folder.Path })).Succeeded);
        Assert.Equal("made\n", await File.ReadAllTextAsync(Path.Combine(folder.Path, "here"), Stop));
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

        Assert.Equal(new[] { (false, "one"), (false, "three"), (TellsErrors, "two") }.Order(), live.Select(line => (line.IsError, line.Text)).Order());
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
        Assert.True(!TellsMemory || task.PeakMemory > 96 << 20, $"peak {task.PeakMemory}");
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
        Assert.All(family, Dead);
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
        Assert.All((await Lines(job)).Select(id => int.Parse(id, CultureInfo.InvariantCulture)), Dead);
    }

    [Fact]
    public async Task A_task_killed_from_outside_is_lost()
    {
        var task = Only(await Run(Shell("kill -9 $$")));
        Assert.Equal(JobState.Lost, task.State);
        Assert.Contains("from outside", task.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_task_whose_machine_is_lost_is_lost_with_a_reason()
    {
        var job = await _executor.Submit(Shell("echo $$; exec sleep 1000"), Stop);
        await Lose(job);
        var task = Only(await _executor.Wait(job, Stop));
        Assert.Equal((JobState.Lost, 1), (task.State, task.Begun));
        Assert.NotEmpty(task.Reason!);
    }

    [Fact]
    public async Task A_lost_task_that_may_be_begun_again_is()
    {
        var folder = TestFolder.New();
        var job = await _executor.Submit(Shell($"echo $$; echo x >> {folder}/begun; [ $(wc -l < {folder}/begun) = 1 ] && sleep 1000; echo second") with { Requeue = 1 }, Stop);
        await Lose(job);
        var task = Only(await _executor.Wait(job, Stop));
        Assert.Equal((JobState.Succeeded, 0, 2), (task.State, task.ExitCode, task.Begun));
        Assert.Equal("second", (await Lines(job))[^1]);
    }

    [Fact]
    public async Task A_failure_is_not_repeated()
    {
        var folder = TestFolder.New();
        var task = Only(await Run(Shell($"mkdir {folder}/once && exit 3") with { Requeue = 3 }));
        Assert.Equal((JobState.Failed, 3, 1), (task.State, task.ExitCode, task.Begun));
    }

    [Fact]
    public async Task A_job_begins_when_those_before_it_succeeded_and_never_when_one_did_not()
    {
        if (!KeepsOrder)
        {
            var alone = await _executor.Submit(Shell("exit 0"), Stop);
            Assert.Equal("engine_cannot", (await Assert.ThrowsAsync<ProblemException>(() => _executor.Submit(Shell("exit 0") with { After = [alone] }, Stop))).Code);
            return;
        }

        var folder = TestFolder.New();
        var first = await _executor.Submit(Shell($"sleep 0.3; touch {folder}/first"), Stop);
        var second = await _executor.Submit(Shell($"[ -e {folder}/first ]") with { After = [first] }, Stop);
        Assert.True((await _executor.Wait(second, Stop)).Succeeded);
        var broken = await _executor.Submit(Shell("exit 1"), Stop);
        var never = await _executor.Submit(Shell($"touch {folder}/never") with { Tasks = 2, After = [first, broken] }, Stop);
        Assert.All((await _executor.Wait(never, Stop)).Tasks, task => Assert.Equal((JobState.Cancelled, "A job that had to succeed first did not."), (task.State, task.Reason)));
        Assert.False(File.Exists(folder + "/never"));
        await Assert.ThrowsAsync<ProblemException>(() => _executor.Submit(Shell("exit 0") with { After = [new(_executor.Name, "none")] }, Stop));
    }

    [Fact]
    public async Task Labels_come_back_as_they_were_given()
    {
        var labels = new Dictionary<string, string> { ["project"] = "fruit", ["why"] = "$(id) `id` \"two\" 'words'; # 日本" };
        var job = await _executor.Submit(Shell("exit 0") with { Labels = labels }, Stop);
        Assert.Equal(labels, (await _executor.Observe(job, Stop))!.Labels);
        Assert.Equal(labels, (await _executor.Wait(job, Stop)).Labels);
    }

    [Theory]
    [InlineData("$(touch here); `id`")]
    [InlineData("--help")]
    [InlineData("two words\nand lines")]
    [InlineData("%j%a 日本")]
    public async Task A_name_is_for_people_and_does_nothing(string name)
    {
        using var folder = Given();
        Assert.True((await Run(new JobSpec(name, ["true"]) { Folder = folder.Path, Labels = new Dictionary<string, string> { [name] = name } })).Succeeded);
        Assert.Empty(Directory.GetFileSystemEntries(folder.Path));
    }

    [Fact]
    public async Task An_engine_says_how_it_is()
    {
        var facts = await _executor.Look(Stop);
        Assert.NotEmpty(facts.Version);
        Assert.NotEmpty(facts.Places);
    }

    [Fact]
    public async Task What_lies_in_a_folder_of_the_engine_is_seen_by_its_tasks_and_what_they_leave_is_there_when_they_are_over()
    {
        string path;
        using (var folder = _executor.Folder("shared"))
        {
            path = folder.Path;
            await File.WriteAllTextAsync(Path.Combine(path, "word"), "seen\n", Stop);
            var job = await _executor.Submit(Shell($"cat {path}/word; echo left > {path}/out-0.txt") with { Folder = path }, Stop);
            Assert.Equal((JobState.Succeeded, null), (Only(await _executor.Wait(job, Stop)) is var task ? task.State : default, task.Reason));
            Assert.Equal(["seen"], await Lines(job));
            Assert.Equal("left\n", await File.ReadAllTextAsync(Path.Combine(path, "out-0.txt"), Stop));
        }

        Assert.False(Directory.Exists(path));
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

    [Theory]
    [InlineData("")]
    [InlineData("A=B")]
    [InlineData("1ST")]
    [InlineData("A B")]
    public async Task A_variable_that_cannot_be_is_refused(string name)
        => Assert.Equal("environment_invalid", (await Assert.ThrowsAsync<ProblemException>(() => _executor.Submit(new JobSpec("env", ["env"]) { Environment = new Dictionary<string, string> { [name] = "" } }, Stop))).Code);

    public virtual async ValueTask InitializeAsync() => _executor = await Engine();

    public abstract ValueTask DisposeAsync();

    protected abstract Task<IExecutor> Engine();

    protected IExecutor Executor => _executor;

    /// <summary>Takes away the machine under a task that has printed its process.</summary>
    protected abstract Task LoseMachine(JobTask task, int process);

    /// <summary>How many tasks the large array has, and how many of them run at once.</summary>
    protected virtual int Many => 1000;

    protected virtual int ManyAtOnce => 4;

    protected virtual int Some => 40;

    /// <summary>Variables of every task.</summary>
    protected virtual IEnumerable<string> Basics => ["HOME", "LANG", "PATH", "STEWARD_JOB", "STEWARD_TASK_INDEX", "TMPDIR"];

    /// <summary>How its own folder keeps others out; empty where a task is alone anyway.</summary>
    protected virtual string[] PrivateMode => ["700"];

    protected virtual bool TellsErrors => true;

    protected virtual bool TellsMemory => true;

    /// <summary>Whether jobs may wait for jobs.</summary>
    protected virtual bool KeepsOrder => true;

    /// <summary>Whether the server and its tasks have folders in common.</summary>
    protected virtual bool SharesFolders => true;

    /// <summary>Its processes are this machine's.</summary>
    protected virtual bool IsHere => true;

    /// <summary>A folder that a task may work in and the test sees.</summary>
    private ChildFolder Given() => SharesFolders ? _executor.Folder("given") : new(TestFolder.New());

    private async Task Lose(Job job)
    {
        await foreach (var line in _executor.Logs(job, 0, follow: true, Stop))
        {
            await LoseMachine((await _executor.Observe(job, Stop))!.Tasks[0], int.Parse(line.Text, CultureInfo.InvariantCulture));
            return;
        }
    }

    protected static JobSpec Shell(string script) => new("shell", ["sh", "-c", script]);

    protected static JobTask Only(JobStatus status) => Assert.Single(status.Tasks);

    private void Dead(int id) => Assert.False(IsHere && Alive(id));

    private bool Alive(int id) => !IsHere || ( File.Exists($"/proc/{id}/stat") && !File.ReadAllText($"/proc/{id}/stat").Contains(") Z ", StringComparison.Ordinal));

    private Task<Job> Submit(params string[] command) => _executor.Submit(new JobSpec("test", command), Stop);

    private async Task<JobStatus> Run(JobSpec spec) => await _executor.Wait(await _executor.Submit(spec, Stop), Stop);

    private async Task<List<LogLine>> All(Job job, int task = 0)
    {
        var lines = new List<LogLine>();
        await foreach (var line in _executor.Logs(job, task, follow: false, Stop))
            lines.Add(line);
        return lines;
    }

    protected async Task<List<string>> Lines(Job job, int task = 0) => [.. (await All(job, task)).Select(line => line.Text)];
}
