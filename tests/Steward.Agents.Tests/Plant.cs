using System.Diagnostics;
using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Steward.Identity;
using Steward.Outside;
using Steward.Projects;
using Steward.Storage;
using Steward.Testing;
using Steward.Work;

namespace Steward.Agents.Tests;

/// <summary>A server with a project, which may reach servers of this machine, and real agents: the program itself, started as its operator would.</summary>
public sealed class Plant() : TestHost(furnish: services => services.AddSingleton(new Reach(new() { Networks = [IPNetwork.Parse("127.0.0.0/8")] })))
{
    public const string Project = "plant";

    private readonly List<AgentProcess> _agents = [];

    /// <summary>Starts an agent that works until it is killed or the test class ends.</summary>
    public async Task<AgentProcess> Agent(string name, string[]? labels = null, params string[] words)
    {
        var agent = new AgentProcess(Url, await Token(name, labels ?? []), [.. words, "--allow", "any", "--folder", "/tmp"]);
        _agents.Add(agent);
        await agent.Here();
        return agent;
    }

    public async Task<string> Token(string name, params string[] labels)
        => (await Services.GetRequiredService<AgentStore>().Add(Who.Steward, Project, name, labels, null, TestContext.Current.CancellationToken)).Secret;

    /// <summary>A client of who administers the project.</summary>
    public async Task<HttpClient> Admin()
    {
        var secret = await Services.GetRequiredService<Db>().Write(async tx => (await Services.GetRequiredService<IPrograms>().Admit(tx, Who.Steward, Project, "head", Role.Admin, TimeSpan.FromHours(1))).Item2, TestContext.Current.CancellationToken);
        var http = new HttpClient { BaseAddress = new(Url) };
        http.DefaultRequestHeaders.Authorization = new("Bearer", secret);
        return http;
    }

    public IExecutor Engine(string labels) => Services.GetRequiredService<IExecutors>().Get($"agents:{labels}", Project);

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        await Services.GetRequiredService<IProjects>().Put($"steward: 1\nproject: {Project}\n", Who.Steward);
    }

    public override async ValueTask DisposeAsync()
    {
        foreach (var agent in _agents)
            await agent.DisposeAsync();
        await base.DisposeAsync();
    }
}

/// <summary><c>steward agent run</c> in a process of its own.</summary>
public sealed class AgentProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly List<string> _said = [];
    private readonly Task _listening;

    /// <param name="around">What starts it, where it is not started plainly: <c>ip netns exec NAME</c>.</param>
    public AgentProcess(string url, string token, string[] words, params string[] around)
    {
        var program = Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "..", "..", "Steward.Host", Path.GetFileName(AppContext.BaseDirectory.TrimEnd('/')), "steward"));
        string[] all = [.. around, program, "agent", "run", "--url", url, "--data", TestFolder.New(), .. words];
        var start = new ProcessStartInfo(all[0], all[1..]) { RedirectStandardOutput = true, RedirectStandardError = true };
        // Not among the arguments: those everybody on the machine can read.
        start.Environment["STEWARD_TOKEN"] = token;
        start.Environment.Remove("STEWARD_TEST_SECRET");
        _process = Process.Start(start)!;
        _listening = Task.WhenAll(Listen(_process.StandardOutput), Listen(_process.StandardError));
    }

    public int Id => _process.Id;

    public string Said
    {
        get
        {
            lock (_said)
                return string.Join('\n', _said);
        }
    }

    public Task Here() => Eventually.True("the agent is here", () => !_process.HasExited ? Said.Contains("takes up to", StringComparison.Ordinal)
        : throw new InvalidOperationException($"The agent ended: {Said}"), TestContext.Current.CancellationToken);

    public Task Says(string word) => Eventually.True($"the agent says '{word}', not: {Said}", () => Said.Contains(word, StringComparison.Ordinal), TestContext.Current.CancellationToken);

    public void Kill() => _process.Kill();

    /// <summary>As Ctrl-C does.</summary>
    public void Interrupt() => Process.Start("kill", ["-INT", $"{Id}"]).WaitForExit();

    public async Task<int> Ended()
    {
        await _process.WaitForExitAsync(TestContext.Current.CancellationToken);
        await _listening;
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private async Task Listen(StreamReader from)
    {
        while (await from.ReadLineAsync() is { } line)
            lock (_said)
                _said.Add(line);
    }
}
