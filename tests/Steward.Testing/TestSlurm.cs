using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;

namespace Steward.Testing;

/// <summary>A real Slurm of this test process, from Debian's packages: munge, a controller and two machines on loopback, all below a temporary folder.</summary>
public sealed class TestSlurm
{
    public static readonly string[] Machines = ["one", "two"];
    private static readonly Lazy<TestSlurm> The = new(() => new());
    private readonly List<int> _held = [];
    private StrongBox<bool> _calm = new(true);
    private readonly string _folder = Directory.CreateTempSubdirectory("steward-slurm-").FullName;

    private TestSlurm()
    {
        if (!File.Exists("/usr/sbin/slurmctld") || !File.Exists("/usr/sbin/munged"))
            throw new InvalidOperationException("Slurm is not installed: apt-get install slurm-wlm munge");
        Shared = Directory.CreateDirectory(Path.Combine(_folder, "shared")).FullName;
        File.WriteAllBytes(In("munge.key"), RandomNumberGenerator.GetBytes(1024));
        File.SetUnixFileMode(In("munge.key"), UnixFileMode.UserRead);
        File.WriteAllText(Conf, Text());
        // Whatever carries the folder's name in its command line is of this cluster; what one of them just started goes in the next round.
        Afterwards.Run("for round in 1 2 3; do for p in /proc/[0-9]*; do [ $p = /proc/$$ ] && continue; case \"$(tr '\\0' ' ' < $p/cmdline)\" in *\"$1\"*) kill -9 ${p#/proc/};; esac; done; sleep 0.2; done 2>/dev/null; rm -rf \"$1\"", _folder);
        Run("/usr/sbin/munged", "--force", $"--key-file={In("munge.key")}", $"--socket={In("munge.socket")}", $"--pid-file={In("munged.pid")}", $"--log-file={In("munged.log")}", $"--seed-file={In("munge.seed")}");
        Speak();
        foreach (var machine in Machines)
            Start(machine);
        Until("both machines are idle", () => Run("sinfo", "--noheader", "--Node", "--format=%T").Split('\n', StringSplitOptions.RemoveEmptyEntries) is ["idle", "idle"]);
    }

    /// <summary>Started with the first use; it ends with the test process.</summary>
    public static TestSlurm Cluster => The.Value;

    public string Conf => In("slurm.conf");

    /// <summary>What the machines and the tests see under the same path.</summary>
    public string Shared { get; }

    /// <summary>A machine falls: its processes are gone at once. The operator says so, instead of everybody waiting until Slurm has noticed and been careful for two minutes.</summary>
    public void Lose(string machine)
    {
        // All at once: what would report the end of the others is stopped before any of them ends.
        var there = On(machine).OrderByDescending(one => Command(one).StartsWith("slurmstepd", StringComparison.Ordinal) || Command(one).Contains("slurmd -N", StringComparison.Ordinal)).ToList();
        there.ForEach(process => Signal("STOP", process));
        there.ForEach(process => Signal("KILL", process));
        GiveUp(machine);
    }

    /// <summary>A machine that nobody reaches, but that goes on.</summary>
    public void Cut(string machine)
    {
        var there = On(machine);
        foreach (var daemon in there.Where(one => Command(one).Contains("slurmd -N", StringComparison.Ordinal)))
            Signal("KILL", daemon);
        foreach (var host in there.Where(one => Command(one).StartsWith("slurmstepd", StringComparison.Ordinal)))
        {
            Signal("STOP", host);
            _held.Add(host);
        }

        GiveUp(machine);
    }

    /// <summary>The machine is there again, with nothing on it.</summary>
    public void Return(string machine)
    {
        _calm.Value = true;
        foreach (var process in On(machine).Concat(_held))
            Signal("KILL", process);
        _held.Clear();
        Start(machine);
        Until($"{machine} is idle", () =>
        {
            var state = Run("sinfo", "--noheader", $"--nodes={machine}", "--format=%T").Trim();
            if (state.StartsWith("down", StringComparison.Ordinal))
                Run("scontrol", "update", $"NodeName={machine}", "State=RESUME");
            return state is "idle" or "mixed" or "allocated";
        });
        // A machine that has just come back may be asked once more what runs on it, and lose what was begun meanwhile.
        Until($"{machine} works", () =>
        {
            Run("sbatch", "--wait", "--quiet", $"--nodelist={machine}", "--mem=1", "--output=/dev/null", "--job-name=probe", "--wrap=true");
            return Run("squeue", "--noheader", "--states=all", "--name=probe", "--sort=-i", "--format=%T").StartsWith("COMPLETED", StringComparison.Ordinal);
        });
    }

    /// <summary>The controller ends, having written down what it knows; tasks go on.</summary>
    public void Silence()
    {
        var id = Pid("slurmctld.pid");
        Signal("TERM", id);
        Until("the controller is gone", () => !Directory.Exists($"/proc/{id}"));
    }

    public void Speak() => Run("/usr/sbin/slurmctld", "-f", Conf);

    /// <summary>What Slurm's own tools say.</summary>
    public string Run(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = program is "sinfo" or "squeue" or "scontrol", RedirectStandardError = program is "scontrol", WorkingDirectory = "/" };
        start.Environment["SLURM_CONF"] = Conf;
        using var process = Process.Start(start)!;
        var said = start.RedirectStandardOutput ? process.StandardOutput.ReadToEnd() : "";
        process.WaitForExit();
        return said;
    }

    private void Start(string machine) => Run("/usr/sbin/slurmd", "-N", machine, "-f", Conf);

    private void GiveUp(string machine)
    {
        Run("scontrol", "update", $"NodeName={machine}", "State=DOWN", "Reason=lost");
        _ = Hurry(_calm = new(false));
    }

    private async Task Hurry(StrongBox<bool> calm)
    {
        using var look = new PeriodicTimer(TimeSpan.FromMilliseconds(200));
        for (; !calm.Value; await look.WaitForNextTickAsync())
            foreach (var job in Run("squeue", "--noheader", "--states=PENDING", "--Format=JobID:|,Reason:|").Split('\n').Where(line => line.Contains("BeginTime", StringComparison.Ordinal)))
                Run("scontrol", "update", $"JobId={job.Split('|')[0].Trim()}", "StartTime=now");
    }

    /// <summary>The daemon of a machine, the parents of its tasks, the tasks and all that descends from them.</summary>
    private List<int> On(string machine)
    {
        var all = Process.GetProcesses().Select(process => process.Id).ToList();
        var parents = all.ToDictionary(id => id, Parent);
        var there = all.Where(id => Variables(id).Contains($"SLURMD_NODENAME={machine}")).ToHashSet();
        foreach (var id in there.ToList())
            if (parents[id] > 1 && Command(parents[id]).StartsWith("slurmstepd", StringComparison.Ordinal))
                there.Add(parents[id]);
        for (var more = true; more;)
            more = all.Where(id => there.Contains(parents[id])).ToList().FindAll(there.Add).Count > 0;
        if (File.Exists(In($"slurmd.{machine}.pid")) && Pid($"slurmd.{machine}.pid") is var daemon && Command(daemon).Contains(_folder, StringComparison.Ordinal))
            there.Add(daemon);
        return [.. there];
    }

    private string Text()
    {
        var host = Dns.GetHostName().Split('.')[0];
        return $"""
            ClusterName=steward
            SlurmctldHost={host}(127.0.0.1)
            SlurmctldPort={FreePort()}
            SlurmUser={Environment.UserName}
            SlurmdUser={Environment.UserName}
            AuthType=auth/munge
            AuthInfo=socket={In("munge.socket")}
            StateSaveLocation={Directory.CreateDirectory(In("state")).FullName}
            SlurmdSpoolDir={Directory.CreateDirectory(In("spool")).FullName}/%n
            SlurmctldPidFile={In("slurmctld.pid")}
            SlurmdPidFile={In("slurmd.%n.pid")}
            SlurmctldLogFile={In("slurmctld.log")}
            SlurmdLogFile={In("slurmd.%n.log")}
            ProctrackType=proctrack/linuxproc
            TaskPlugin=task/none
            MpiDefault=none
            SelectType=select/cons_tres
            SelectTypeParameters=CR_CPU_Memory
            SchedulerParameters=batch_sched_delay=0,sched_min_interval=0
            SlurmdParameters=config_overrides
            MessageTimeout=3
            ReturnToService=2
            {string.Join('\n', Machines.Select(machine => $"NodeName={machine} NodeHostname={host} NodeAddr=127.0.0.1 Port={FreePort()} CPUs=16 RealMemory=100000"))}
            PartitionName=main Nodes=ALL Default=YES MaxTime=INFINITE State=UP

            """;
    }

    private string In(string name) => Path.Combine(_folder, name);

    private int Pid(string file) => int.Parse(File.ReadAllText(In(file)), CultureInfo.InvariantCulture);

    private static string Command(int id) => Read($"/proc/{id}/cmdline").Replace('\0', ' ');

    private static string[] Variables(int id) => Read($"/proc/{id}/environ").Split('\0');

    private static int Parent(int id) => Read($"/proc/{id}/stat") is { Length: > 0 } stat ? int.Parse(stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[1], CultureInfo.InvariantCulture) : 0;

    private static string Read(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }

    private static void Signal(string signal, int process)
    {
        using var kill = Process.Start("kill", [$"-{signal}", $"{process}"]);
        kill.WaitForExit();
    }

    private static void Until(string what, Func<bool> holds) => Eventually.True(what, holds, CancellationToken.None).GetAwaiter().GetResult();

    private static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }
}
