using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json;
using Steward.Testing;

namespace Steward.Journey.Tests;

/// <summary>What a person meets who starts the program where it cannot work: one sentence, one thing to try, an exit code.</summary>
public sealed class StartTests : IAsyncLifetime
{
    private readonly string _here = TestFolder.New(), _home = TestFolder.New();
    private readonly TestHost _server = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => _server.InitializeAsync();

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task A_port_in_use_is_said_in_two_lines_and_no_data_folder_is_made()
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var said = await Run("up", "--data", Path.Combine(_here, "data"), "--port", $"{((IPEndPoint)other.LocalEndpoint).Port}");
        Refused(3, "port_in_use", "--port 0", said);
        Assert.False(Directory.Exists(Path.Combine(_here, "data")));
    }

    [Fact]
    public async Task A_second_server_on_a_data_folder_is_refused_and_the_first_one_serves_on()
    {
        Refused(3, "data_in_use", "steward status", await Run("up", "--data", _server.Settings.Data, "--port", "0"));
        using var reply = await _server.Http.GetAsync("/health/ready", Stop);
        Assert.True(reply.IsSuccessStatusCode);
    }

    [Theory]
    [InlineData("setting_invalid", "--port", "99999")]
    [InlineData("setting_invalid", "--bind", "0.0.0.0")]
    [InlineData("data_unusable", "--data", "/dev/null/data")]
    public async Task A_setting_that_cannot_work_is_named(string code, string option, string value)
        => Refused(1, code, "Try:", await Run("up", option, value));

    [Fact]
    public async Task A_verb_that_is_not_there_shows_those_that_are()
    {
        var said = await Run("modle", "list");
        Assert.Equal(2, said.ExitCode);
        Assert.Contains("modle", said.Error, StringComparison.Ordinal);
        Assert.Contains("model", said.Out, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("TERM")]
    [InlineData("INT")]
    public async Task A_server_that_is_told_to_stop_ends_what_it_does_and_leaves_its_folder_to_the_next(string signal)
    {
        var data = Path.Combine(_here, "data");
        using var server = Program.Start(_here, _home, "up", "--data", data, "--port", "0", "--open");
        using var http = new HttpClient { BaseAddress = new(await Address(server)) };
        // Somebody who follows a run keeps a connection open that would never end by itself.
        using var follows = await Followed(http);
        using var kill = Process.Start("kill", [$"-{signal}", $"{server.Id}"]);
        await server.WaitForExitAsync(Stop);
        Assert.True(server.ExitCode == 0, await server.StandardError.ReadToEndAsync(Stop));
        Assert.Equal("", await server.StandardError.ReadToEndAsync(Stop));
        using var next = Program.Start(_here, _home, "up", "--data", data, "--port", "0");
        await Address(next);
        next.Kill();
    }

    private static async Task<HttpResponseMessage> Followed(HttpClient http)
    {
        (await http.PutAsJsonAsync("/api/projects/home/file", new { yaml = "steward: 1\nproject: home\n" }, Stop)).EnsureSuccessStatusCode();
        using var begun = await http.PostAsJsonAsync("/api/projects/home/runs", new { experiment = "kinds" }, Stop);
        var run = (await begun.Content.ReadFromJsonAsync<JsonElement>(Stop)).GetProperty("id").GetString();
        return await http.GetAsync($"/api/projects/home/runs/{run}/live", HttpCompletionOption.ResponseHeadersRead, Stop);
    }

    /// <summary>The address from the program's first line.</summary>
    private static async Task<string> Address(Process server)
    {
        var line = await server.StandardOutput.ReadLineAsync(Stop) ?? throw new InvalidOperationException(await server.StandardError.ReadToEndAsync(Stop));
        return line[line.IndexOf("http", StringComparison.Ordinal)..].Trim();
    }

    private Task<Said> Run(params string[] arguments) => Program.Run(_here, _home, Stop, arguments);

    private static void Refused(int exitCode, string code, string remedy, Said said)
    {
        Assert.True(said.ExitCode == exitCode, said.ToString());
        Assert.Equal("", said.Out);
        Assert.Contains(code, said.Error, StringComparison.Ordinal);
        Assert.Contains(remedy, said.Error, StringComparison.Ordinal);
        Assert.InRange(said.Error.Split('\n').Length, 2, 8);
    }
}
