using System.Text;
using Steward.Testing;
using Steward.Work;

namespace Steward.Engines.Tests;

/// <summary>A Slurm whose commands are scripts that say what they like.</summary>
public sealed class SlurmLiesTests
{
    private readonly string _commands = TestFolder.New(), _folder = TestFolder.New();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("not a number")]
    [InlineData("12 34")]
    [InlineData("-1")]
    [InlineData("$(id)")]
    [InlineData("")]
    public async Task A_number_that_is_none_is_refused_and_leaves_nothing(string said)
    {
        Command("sbatch", $"echo '{said}'");
        var refused = await Assert.ThrowsAsync<ProblemException>(() => Engine().Submit(new JobSpec("x", ["true"]), Stop));
        Assert.Equal("engine_refused", refused.Code);
        Assert.Empty(Directory.GetDirectories(_folder));
    }

    [Theory]
    [InlineData("0|TURBO|None|0|one|", JobState.Running, "Slurm says 'TURBO', which is not known here.")]
    [InlineData("0||||", JobState.Running, "Slurm says '', which is not known here.")]
    [InlineData("0|PENDING|Priority|0||", JobState.Waiting, "It waits (Priority).")]
    [InlineData("0|NODE_FAIL|None|0|one|", JobState.Lost, "Its machine one was lost.")]
    [InlineData("0|OUT_OF_MEMORY|None|0|one|", JobState.Running, null)]
    [InlineData("0|COMPLETED|None|0|one|", JobState.Running, null)]
    [InlineData("no lines\n|||||||\n-5|RUNNING|x|y|z|\n999999999999|RUNNING|x|0|z|", JobState.Running, null)]
    public async Task What_it_says_of_a_task_is_read_with_care(string said, JobState state, string? reason)
    {
        Command("sbatch", "echo 7");
        Command("squeue", $"printf '%s\\n' '{said}'");
        var engine = Engine();
        var job = await engine.Submit(new JobSpec("x", ["true"]), Stop);
        var task = Assert.Single((await engine.Observe(job, Stop))!.Tasks);
        Assert.Equal((state, reason), (task.State, task.Reason));
    }

    [Fact]
    public async Task A_job_that_was_taken_without_an_answer_is_not_submitted_twice()
    {
        Command("sbatch", $"echo x >> {_folder}/times; echo 'sbatch: error: Batch job submission failed: Socket timed out on send/recv operation' >&2; exit 1");
        Command("squeue", "case \"$*\" in *--name=*) echo '8|';; *) echo '0|PENDING|None|0||';; esac");
        var engine = Engine();
        var job = await engine.Submit(new JobSpec("x", ["true"]), Stop);
        Assert.Equal(JobState.Waiting, (await engine.Observe(job, Stop))!.Tasks[0].State);
        Assert.Equal("x\n", await File.ReadAllTextAsync(_folder + "/times", Stop));
    }

    [Fact]
    public async Task A_job_that_was_not_taken_is_said_to_be_so()
    {
        Command("sbatch", "echo 'sbatch: error: Batch job submission failed: Unable to contact slurm controller (connect failure)' >&2; exit 1");
        Command("squeue", ":");
        var silent = await Assert.ThrowsAsync<ProblemException>(() => Engine().Submit(new JobSpec("x", ["true"]), Stop));
        Assert.Equal("engine_unreachable", silent.Code);
        Assert.Contains("Unable to contact slurm controller", silent.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetDirectories(_folder));
    }

    [Fact]
    public async Task Commands_that_are_not_there_are_an_engine_that_does_not_answer()
    {
        var silent = await Assert.ThrowsAsync<ProblemException>(() => Engine().Look(Stop));
        Assert.Equal("engine_unreachable", silent.Code);
        Assert.Contains("sinfo cannot be started", silent.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nothing_that_a_client_says_reaches_the_command_line_but_plain_letters()
    {
        Command("sbatch", $"for part; do printf '%s\\0' \"$part\"; done > {_folder}/said; env > {_folder}/env; echo 7");
        Environment.SetEnvironmentVariable("STEWARD_TEST_SECRET", "of the server");
        var spec = new JobSpec("$(id) --wrap=x; `id` %j\n日", ["sh", "-c", "$(secret)"])
        {
            Environment = new Dictionary<string, string> { ["KEY"] = "$(secret)" },
            Labels = new Dictionary<string, string> { ["--uid"] = "0'\"$(id)" },
        };
        await Engine().Submit(spec, Stop);
        var said = (await File.ReadAllTextAsync(_folder + "/said", Stop)).Split('\0', StringSplitOptions.RemoveEmptyEntries);
        Assert.DoesNotContain(said, part => part.Contains("secret", StringComparison.Ordinal) || part.Any(c => "$`;'\"\n".Contains(c, StringComparison.Ordinal)));
        Assert.Contains(said, part => part.StartsWith("--job-name=__id_ --wrap=x_ _id_ _j__.", StringComparison.Ordinal));
        Assert.Contains("--comment=--uid=0____id_", said);
        Assert.DoesNotContain("STEWARD_TEST_SECRET", await File.ReadAllTextAsync(_folder + "/env", Stop), StringComparison.Ordinal);
        // The folder of the job, which holds what the client said, is its owner's alone.
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(Assert.Single(Directory.GetDirectories(_folder))));
    }

    private IExecutor Engine() => TestEngines.Named("hpc", $"hpc: {{slurm: {{commands: {_commands}, folder: {_folder}}}}}");

    private void Command(string name, string script)
    {
        var file = Path.Combine(_commands, name);
        File.WriteAllText(file, "#!/bin/sh\n" + script + "\n", new UTF8Encoding(false));
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }
}
