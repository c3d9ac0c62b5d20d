using System.Text.Json.Nodes;

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

    /// <summary>The project's folder at /work, the machine's network, no rights.</summary>
    private static void Harden(string bundle, string work, string server)
    {
        var file = Path.Combine(bundle, "config.json");
        var config = JsonNode.Parse(File.ReadAllText(file))!;
        var process = config["process"]!.AsObject();
        process["terminal"] = false;
        process["noNewPrivileges"] = true;
        process["capabilities"] = new JsonObject { ["bounding"] = new JsonArray(), ["effective"] = new JsonArray(), ["permitted"] = new JsonArray(), ["inheritable"] = new JsonArray(), ["ambient"] = new JsonArray() };
        process.Remove("rlimits");
        process["env"]!.AsArray().Add($"STEWARD_URL={server}");
        config["root"]!["readonly"] = true;
        var mounts = config["mounts"]!.AsArray();
        mounts.Add(new JsonObject { ["destination"] = "/work", ["type"] = "bind", ["source"] = work, ["options"] = new JsonArray("rbind", "rw") });
        mounts.Add(new JsonObject { ["destination"] = "/tmp", ["type"] = "tmpfs", ["source"] = "tmpfs", ["options"] = new JsonArray("nosuid", "nodev", "mode=1777", "size=64m") });
        var linux = config["linux"]!.AsObject();
        linux.Remove("uidMappings");
        linux.Remove("gidMappings");
        linux["namespaces"] = new JsonArray([.. linux["namespaces"]!.AsArray().Where(one => one!["type"]!.GetValue<string>() is not ("network" or "user")).Select(one => one!.DeepClone())]);
        linux["resources"] = new JsonObject { ["devices"] = new JsonArray(new JsonObject { ["allow"] = false, ["access"] = "rwm" }) };
        File.WriteAllText(file, config.ToJsonString());
    }
}
