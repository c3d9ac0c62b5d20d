using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Steward.Identity;
using Steward.Storage;
using Steward.Testing;
using Steward.Work;

namespace Steward.Packaging.Tests.Ci;

/// <summary>The build agent as an image of its own, run by runc as a build service would.</summary>
public sealed class AgentTests(Yard yard) : IClassFixture<Yard>
{
    private const int Nobody = 10001;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_agent_runs_the_stages_as_nobody_on_a_root_it_cannot_write_and_ends_as_they_do()
    {
        var tools = Yard.Folder("agent");
        await yard.Pictures("agent");
        var made = JsonNode.Parse(tools.Run("steward", "image", "agent", "--to", "layout:image", "--json"))!;
        Assert.Contains(made["digest"]!.GetValue<string>(), tools.Run("skopeo", "inspect", "oci:image:agent"), StringComparison.Ordinal);
        // The same program gives the same image.
        Assert.Equal(made["digest"]!.GetValue<string>(), JsonNode.Parse(tools.Run("steward", "image", "agent", "--to", "layout:twin", "--json"))!["digest"]!.GetValue<string>());

        tools.Run("umoci", "unpack", "--image", "image:agent", "bundle");
        var work = Directory.CreateDirectory(tools.At("work")).FullName;
        File.Copy(tools.At("steward.yaml"), Path.Combine(work, "steward.yaml"));
        tools.Run("chown", "-R", $"{Nobody}:{Nobody}", work);
        Harden(tools.At("bundle"), work, yard.Url);
        var (exit, said) = tools.Try("runc", "--root", tools.At("runc"), "run", "-b", tools.At("bundle"), "agent-" + Names.NewId());
        Assert.True(exit == 5, said);
        foreach (var stage in new[] { "done     train", "done     scan", "done     request", "waiting  deploy" })
            Assert.Contains(stage, said, StringComparison.Ordinal);
        var state = Path.Combine(work, "steward-ci", "state.json");
        Assert.Equal($"{Nobody}", tools.Run("stat", "-c", "%u", state).Trim());
        Assert.Equal("agent", JsonNode.Parse(await File.ReadAllTextAsync(state, Stop))!["model"]!.GetValue<string>());
    }

    [Fact]
    public async Task An_agent_in_its_image_registers_with_a_token_from_a_file_and_does_a_job()
    {
        const string project = "boxed";
        var tools = Yard.Folder(project);
        await yard.Pictures(project, 80);
        tools.Run("steward", "image", "agent", "--to", "layout:image");
        tools.Run("umoci", "unpack", "--image", "image:agent", "bundle");
        var work = Directory.CreateDirectory(tools.At("work")).FullName;
        var admitted = await yard.Services.GetRequiredService<Db>().Write(async tx => await yard.Services.GetRequiredService<IPrograms>().Admit(tx, Who.Steward, project, "head", Role.Admin, TimeSpan.FromHours(1)), Stop);
        using var admin = new HttpClient { BaseAddress = new(yard.Url) };
        admin.DefaultRequestHeaders.Authorization = new("Bearer", admitted.Item2);
        using var made = await admin.PostAsJsonAsync($"/api/projects/{project}/agents", new { name = "box", labels = new[] { "crate" } }, Stop);
        var token = JsonNode.Parse(await made.Content.ReadAsStringAsync(Stop))!["secret"]!.GetValue<string>();
        await File.WriteAllTextAsync(Path.Combine(work, "token"), token + "\n", Stop);
        tools.Run("chown", "-R", $"{Nobody}:{Nobody}", work);
        Harden(tools.At("bundle"), work, yard.Url, ["agent", "run", "--allow", "steward"], "STEWARD_TOKEN_FILE=/work/token");
        Assert.DoesNotContain(token, await File.ReadAllTextAsync(tools.At("bundle/config.json"), Stop), StringComparison.Ordinal);

        var id = "agent-" + Names.NewId();
        using var container = tools.Start("runc", "--root", tools.At("runc"), "run", "-b", tools.At("bundle"), id);
        var said = container.StandardOutput.ReadToEndAsync(Stop);
        var wrong = container.StandardError.ReadToEndAsync(Stop);
        try
        {
            await Eventually.True("the agent is here", async () => container.HasExited
                ? throw new InvalidOperationException(await said + await wrong)
                : JsonNode.Parse(await admin.GetStringAsync($"/api/projects/{project}/agents", Stop))![0]!["seenAt"] is not null, Stop);
            // A training whose files go there and come back: done by nobody, on a root that cannot be written.
            using var order = await admin.PostAsJsonAsync($"/api/projects/{project}/train", new { on = "agents:crate", quick = true }, Stop);
            var task = (await order.Content.ReadFromJsonAsync<TaskView>(Json.Options, Stop))!;
            await Eventually.True("the training is over", async () => (task = (await admin.GetFromJsonAsync<TaskView>($"/api/projects/{project}/tasks/{task.Id}", Json.Options, Stop))!).IsOver, Stop);
            Assert.True(task.State is WorkState.Done, task.Error);
            var process = JsonNode.Parse(tools.Run("runc", "--root", tools.At("runc"), "state", id))!["pid"]!.GetValue<int>();
            Assert.DoesNotContain(token, await File.ReadAllTextAsync($"/proc/{process}/cmdline", Stop), StringComparison.Ordinal);
        }
        finally
        {
            tools.Try("runc", "--root", tools.At("runc"), "delete", "--force", id);
        }
    }

    /// <summary>The project's folder at /work, the machine's network, no rights.</summary>
    private static void Harden(string bundle, string work, string server, string[]? verb = null, string? more = null)
    {
        var file = Path.Combine(bundle, "config.json");
        var config = JsonNode.Parse(File.ReadAllText(file))!;
        var process = config["process"]!.AsObject();
        process["terminal"] = false;
        process["noNewPrivileges"] = true;
        process["capabilities"] = new JsonObject { ["bounding"] = new JsonArray(), ["effective"] = new JsonArray(), ["permitted"] = new JsonArray(), ["inheritable"] = new JsonArray(), ["ambient"] = new JsonArray() };
        process.Remove("rlimits");
        process["env"]!.AsArray().Add($"STEWARD_URL={server}");
        if (more is not null)
            process["env"]!.AsArray().Add(more);
        if (verb is not null)
            process["args"] = new JsonArray([.. process["args"]!.AsArray().SkipLast(2).Select(word => word!.DeepClone()), .. verb.Select(word => JsonValue.Create(word))]);
        config["root"]!["readonly"] = true;
        var mounts = config["mounts"]!.AsArray();
        mounts.Add(new JsonObject { ["destination"] = "/work", ["type"] = "bind", ["source"] = work, ["options"] = new JsonArray("rbind", "rw") });
        mounts.Add(new JsonObject { ["destination"] = "/tmp", ["type"] = "tmpfs", ["source"] = "tmpfs", ["options"] = new JsonArray("nosuid", "nodev", "mode=1777", "size=256m") });
        var linux = config["linux"]!.AsObject();
        linux.Remove("uidMappings");
        linux.Remove("gidMappings");
        linux["namespaces"] = new JsonArray([.. linux["namespaces"]!.AsArray().Where(one => one!["type"]!.GetValue<string>() is not ("network" or "user")).Select(one => one!.DeepClone())]);
        linux["resources"] = new JsonObject { ["devices"] = new JsonArray(new JsonObject { ["allow"] = false, ["access"] = "rwm" }) };
        File.WriteAllText(file, config.ToJsonString());
    }
}
