using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.CommandLine;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Steward.Blobs;
using Steward.Cli;
using Steward.Identity;
using Steward.Models;
using Steward.Projects;
using Steward.Storage;
using Steward.Testing;
using Steward.Tracking;
using Steward.Training;
using Steward.Work;

namespace Steward.Agents.Tests;

/// <summary>
/// An agent in a network of its own, from which one way leads out: a real proxy. It trusts the certificate it was given,
/// nothing listens there, and a line that is cut loses nothing.
/// </summary>
public sealed class FarAwayTests : IAsyncLifetime
{
    private const string Project = "plant";
    // Two numbers of this process, so that tests side by side do not meet.
    private static readonly string Name = $"stw{Environment.ProcessId}";
    private static readonly string Net = $"10.{64 + (Environment.ProcessId >> 8) % 64}.{Environment.ProcessId & 255}";
    private readonly string _folder = TestFolder.New();
    private TestHost _server = null!;
    private Process _proxy = null!;
    private string _token = "";
    private string _editor = "";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private string Authority => Path.Combine(_folder, "authority.pem");

    private IExecutor Engine => _server.Services.GetRequiredService<IExecutors>().Get("agents:onprem", Project);

    [Fact]
    public async Task A_task_far_away_is_done_through_a_proxy_and_nothing_listens_there()
    {
        await using var agent = Agent("--proxy", $"http://{Net}.1:8888", "--tls-ca", Authority);
        await agent.Here();
        var job = await Engine.Submit(new("job", ["sh", "-c", "ip -4 -o address show scope global; ss -Hltnu"]), Stop);
        Assert.True((await Engine.Wait(job, Stop)).Succeeded, agent.Said);
        // It ran there, in a network with one address and without a single listener.
        Assert.Contains($"{Net}.2/30", Assert.Single(await Lines(job)), StringComparison.Ordinal);
        Assert.Equal("", Run("ip", "netns", "exec", Name, "ss", "-Hltnu"));
    }

    [Fact]
    public async Task Without_the_proxy_or_the_certificate_there_is_no_way()
    {
        await using var direct = Agent("--tls-ca", Authority);
        await using var trusting = Agent("--proxy", $"http://{Net}.1:8888");
        await direct.Says("cannot be reached");
        await trusting.Says("cannot be reached");
        Assert.DoesNotContain("takes up to", direct.Said + trusting.Said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_cut_line_loses_no_word_and_no_task()
    {
        await using var agent = Agent("--proxy", $"http://{Net}.1:8888", "--tls-ca", Authority);
        await agent.Here();
        var gate = Path.Combine(_folder, "gate");
        var job = await Engine.Submit(new("job", ["sh", "-c", $"echo before; until [ -e {gate} ]; do sleep 0.05; done; seq 1 200; echo after"]), Stop);
        await foreach (var line in Engine.Logs(job, 0, follow: true, Stop))
            if (line.Text == "before")
                break;
        // Both what is open and what would be opened are cut, while the task goes on and ends.
        Run("ip", "link", "set", $"{Name}h", "down");
        foreach (var connection in Process.GetProcessesByName("tinyproxy").Where(one => one.Id == _proxy.Id))
            connection.Kill(entireProcessTree: true);
        await File.WriteAllTextAsync(gate, "", Stop);
        await agent.Says("cannot be reached");
        await agent.Says("job 0: succeeded");
        Assert.Equal(JobState.Running, (await Engine.Observe(job, Stop))!.Tasks[0].State);
        StartProxy();
        Run("ip", "link", "set", $"{Name}h", "up");
        var task = Assert.Single((await Engine.Wait(job, Stop)).Tasks);
        Assert.Equal((JobState.Succeeded, 1), (task.State, task.Begun));
        Assert.Equal(["before", .. Enumerable.Range(1, 200).Select(i => $"{i}"), "after"], await Lines(job));
        await agent.Says("reached again");
    }

    [Fact]
    public async Task Partitions_are_scored_far_away_and_an_agent_that_is_killed_in_the_middle_loses_none()
    {
        await Register();
        for (var day = 1; day <= 6; day++)
        {
            Directory.CreateDirectory(Path.Combine(_folder, "in", $"day=2026-01-0{day}"));
            await File.WriteAllLinesAsync(Path.Combine(_folder, "in", $"day=2026-01-0{day}", "rows.csv"), Enumerable.Range(0, 3000).Select(i => $"{i},{(i == 7 ? "many" : i % 100)}").Prepend("id,x"), Stop);
        }

        Assert.Equal(0, await Batch("here"));
        string[] way = ["--proxy", $"http://{Net}.1:8888", "--tls-ca", Authority];
        await using var falls = Agent(way);
        await using var stays = new AgentProcess(_server.Url, (await Agents.Add(Who.Steward, Project, "plant-8", ["onprem"], null, Stop)).Secret, [.. way, "--allow", "steward"], "ip", "netns", "exec", Name);
        await falls.Here();
        await stays.Here();
        var batch = Batch("there", "--on", "agents:onprem");
        await Eventually.True("the first agent has a partition", async () => batch.IsCompleted || (await Agents.Find(Project, "plant-7", Stop))!.Running > 0, Stop);
        falls.Kill();
        Assert.Equal(0, await batch);
        Assert.True(await _server.Services.GetRequiredService<Db>().One<long>("SELECT max(fence) FROM agent_task", stop: Stop) > 1, $"Nothing was in the hands of the agent that fell: {falls.Said}");
        Assert.Equal(6, Scored("there").Count);
        Assert.Equal(Scored("here"), Scored("there"));
        var manifest = JsonDocument.Parse(await File.ReadAllBytesAsync(Path.Combine(_folder, "there", "_manifest.json"), Stop)).RootElement;
        Assert.Equal((18_000, 17_994, 6), (manifest.GetProperty("rows").GetInt32(), manifest.GetProperty("answered").GetInt32(), manifest.GetProperty("setAside").GetInt32()));
        // The folder was this server's for the time of the batch.
        Assert.Empty(Directory.GetFileSystemEntries(Path.Combine(_server.Settings.Data, "for-agents")));
        Assert.Equal("", Run("ip", "netns", "exec", Name, "ss", "-Hltnu"));
    }

    public async ValueTask InitializeAsync()
    {
        var certificate = Certificate();
        _server = new TestHost(settings => settings with { Open = false, Certificate = certificate, CertificateKey = Path.Combine(_folder, "key.pem") });
        await _server.InitializeAsync();
        await _server.Services.GetRequiredService<IProjects>().Put($"steward: 1\nproject: {Project}\n", Who.Steward);
        _token = (await _server.Services.GetRequiredService<AgentStore>().Add(Who.Steward, Project, "plant-7", ["onprem"], null, Stop)).Secret;
        Run("ip", "netns", "add", Name);
        Run("ip", "link", "add", $"{Name}h", "type", "veth", "peer", "name", $"{Name}a");
        Run("ip", "link", "set", $"{Name}a", "netns", Name);
        Run("ip", "address", "add", $"{Net}.1/30", "dev", $"{Name}h");
        Run("ip", "link", "set", $"{Name}h", "up");
        Run("ip", "netns", "exec", Name, "ip", "address", "add", $"{Net}.2/30", "dev", $"{Name}a");
        Run("ip", "netns", "exec", Name, "ip", "link", "set", $"{Name}a", "up");
        StartProxy();
    }

    public async ValueTask DisposeAsync()
    {
        _proxy.Kill(entireProcessTree: true);
        await _server.DisposeAsync();
        Run("ip", "netns", "del", Name);
        using var gone = Process.Start(new ProcessStartInfo("ip", ["link", "del", $"{Name}h"]) { RedirectStandardError = true })!;
        await gone.WaitForExitAsync();
    }

    private static string Run(string program, params string[] words)
    {
        using var process = Process.Start(new ProcessStartInfo(program, words) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var said = process.StandardOutput.ReadToEnd();
        var wrong = process.StandardError.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? said : throw new InvalidOperationException($"{program} {string.Join(' ', words)}: {wrong}");
    }

    private void StartProxy()
    {
        var settings = Path.Combine(_folder, "tinyproxy.conf");
        File.WriteAllText(settings, $"Port 8888\nListen {Net}.1\nTimeout 60\nMaxClients 20\nAllow {Net}.0/30\nLogLevel Error\n");
        _proxy = Process.Start(new ProcessStartInfo("tinyproxy", ["-d", "-c", settings]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        Eventually.True("the proxy listens", () =>
        {
            using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            try
            {
                socket.Connect(IPAddress.Parse($"{Net}.1"), 8888);
                return true;
            }
            catch (SocketException)
            {
                return false;
            }
        }, Stop).GetAwaiter().GetResult();
    }

    private AgentProcess Agent(params string[] words) => new(_server.Url, _token, [.. words, "--allow", "sh", "--allow", "steward"], "ip", "netns", "exec", Name);

    private AgentStore Agents => _server.Services.GetRequiredService<AgentStore>();

    /// <summary>A model of one number.</summary>
    private async Task Register()
    {
        double[] x = [.. Enumerable.Range(0, 500).Select(i => i % 100.0)];
        var onnx = TableTraining.Regression(new([new NumberColumn("x", x), new NumberColumn("y", [.. x.Select(value => 3 * value)])]), "y", new() { Linear = new() }, Stop);
        var (runs, blob) = (_server.Services.GetRequiredService<IRuns>(), await _server.Services.GetRequiredService<IBlobs>().Put(onnx, Stop));
        var run = await runs.Start(Who.Steward, new(Project, "worth"), Stop);
        await runs.Artifact(Who.Steward, run.Id, "model.onnx", blob, Stop);
        await runs.End(Who.Steward, run.Id, RunStatus.Finished, Stop);
        await _server.Services.GetRequiredService<IModels>().Register(Who.Steward, new(Project, "worth", run.Id, "gold.customers@1", blob.Digest), Stop);
        _editor = await _server.Services.GetRequiredService<Db>().Write(async tx => (await _server.Services.GetRequiredService<IPrograms>().Admit(tx, Who.Steward, Project, "scorer", Role.Editor, TimeSpan.FromHours(1))).Item2, Stop);
    }

    private HttpClient Editor()
    {
        var http = new HttpClient(new HttpClientHandler { ServerCertificateCustomValidationCallback = HttpClientHandler.DangerousAcceptAnyServerCertificateValidator }) { BaseAddress = new(_server.Url) };
        http.DefaultRequestHeaders.Authorization = new("Bearer", _editor);
        return http;
    }

    private async Task<int> Batch(string to, params string[] words)
    {
        using var cli = new Server(_ => Task.FromResult(Editor())) { Project = () => Project };
        return await new TrainingRoom().Verbs(cli).Single(verb => verb.Name == "batch").Parse(["worth@1", Path.Combine(_folder, "in"), Path.Combine(_folder, to), .. words]).InvokeAsync(new() { EnableDefaultExceptionHandler = false }, Stop);
    }

    /// <summary>Digests by name.</summary>
    private SortedDictionary<string, string> Scored(string folder) => new(Directory.GetFiles(Path.Combine(_folder, folder), "*.csv", SearchOption.AllDirectories).Where(file => !file.EndsWith(".bad.csv", StringComparison.Ordinal))
        .ToDictionary(file => Path.GetRelativePath(Path.Combine(_folder, folder), file), file => Digest.Of(File.ReadAllBytes(file)).Hex), StringComparer.Ordinal);

    private async Task<List<string>> Lines(Job job)
    {
        var lines = new List<string>();
        await foreach (var line in Engine.Logs(job, 0, follow: false, Stop))
            lines.Add(line.Text);
        return lines;
    }

    /// <summary>An authority of our own, and a certificate of it for this machine.</summary>
    private string Certificate()
    {
        using var root = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var asked = new CertificateRequest("CN=plant authority", root, HashAlgorithmName.SHA256);
        asked.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        using var authority = asked.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(2));
        File.WriteAllText(Authority, authority.ExportCertificatePem());
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var own = new CertificateRequest("CN=127.0.0.1", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        own.CertificateExtensions.Add(names.Build());
        using var signed = own.Create(authority, DateTimeOffset.UtcNow.AddHours(-1), DateTimeOffset.UtcNow.AddDays(1), [1, 2, 3, 4]);
        File.WriteAllText(Path.Combine(_folder, "key.pem"), key.ExportPkcs8PrivateKeyPem());
        var path = Path.Combine(_folder, "server.pem");
        File.WriteAllText(path, signed.ExportCertificatePem());
        return path;
    }
}
