using System.Net.Http.Json;
using System.Security.Cryptography;
using Microsoft.Extensions.DependencyInjection;
using Steward.Identity;
using Steward.Models;
using Steward.Packaging.Images;
using Steward.Testing;
using Steward.Tracking;
using Steward.Work;

namespace Steward.Packaging.Tests.Ci;

/// <summary>The stages as a person runs them: in order, to the first that does not go well, and on from there.</summary>
public sealed class CiRunTests(Yard yard) : IClassFixture<Yard>
{
    private static readonly string[] Before = ["lint done", "send done", "data-tests done", "train done", "gates done", "image done", "scan done", "request done"];

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task It_stops_for_people_goes_on_after_their_votes_and_does_nothing_twice()
    {
        var tools = Yard.Folder("whole");
        await yard.Pictures("whole");
        var first = yard.Run(tools);
        Assert.Equal([.. Before, "deploy waiting", "bundle not_run"], first.Stages);
        Assert.Equal(5, first.Exit);
        Assert.Contains("Trained whole@1", first.Of("train"), StringComparison.Ordinal);
        Assert.Contains("waits for ops", first.Of("deploy"), StringComparison.Ordinal);

        var again = yard.Run(tools);
        Assert.Equal(5, again.Exit);
        Assert.Equal(first.Stages, again.Stages);
        Assert.Contains("trained before", again.Of("train"), StringComparison.Ordinal);
        Assert.Contains("Built before", again.Of("image"), StringComparison.Ordinal);
        Assert.Contains("Asked before", again.Of("request"), StringComparison.Ordinal);
        Assert.Single(await yard.Services.GetRequiredService<IModels>().Versions("whole", "whole", Stop));
        Assert.Single(await yard.Services.GetRequiredService<IRuns>().Newest("whole", stop: Stop));
        Assert.Single((await yard.Http.GetFromJsonAsync<List<ImageBuild>>("/api/projects/whole/images", Json.Options, Stop))!);
        var asked = Assert.Single(await yard.Services.GetRequiredService<ISignOffs>().All("whole", stop: Stop));

        await yard.Approve("whole", asked.Number);
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        new PrivateFile(tools.At("home/keys/default.pem")).Replace(key.ExportPkcs8PrivateKeyPem());
        await File.WriteAllTextAsync(tools.At("ours.pem"), PersonKey.PemOf(key), Stop);
        var last = yard.Run(tools);
        Assert.Equal([.. Before, "deploy done", "bundle done"], last.Stages);
        Assert.Equal(0, last.Exit);
        Assert.Equal(1, (await yard.Services.GetRequiredService<IPromotions>().Current("whole", "whole", stop: Stop))!.Version);
        tools.Run("steward", "verify", "steward-ci/whole-1.zip", "--key", "ours.pem");
        Assert.Equal(["sbom.cdx.json", "scan.json", "state.json", "version.json", "whole-1.zip"], Directory.GetFiles(tools.At("steward-ci")).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Each_stage_alone_takes_the_version_that_the_one_before_left()
    {
        var tools = Yard.Folder("alone");
        await yard.Pictures("alone");
        Assert.Contains("Train first", $"{yard.Run(tools, "--only", "gates").Said["stages"]![0]!["try"]}", StringComparison.Ordinal);
        foreach (var stage in new[] { "send", "train" })
            Assert.Equal(0, yard.Run(tools, "--only", stage).Exit);
        // Another training between the two is not what is on its way here.
        await yard.Pictures("alone", 168);
        using (var reply = await yard.Http.PostAsJsonAsync("/api/projects/alone/train", new { }, Stop))
            Assert.True(reply.IsSuccessStatusCode);
        await Eventually.True("the other one is registered", async () => (await yard.Services.GetRequiredService<IModels>().Versions("alone", "alone", Stop)).Count == 2, Stop);
        var gates = yard.Run(tools, "--only", "gates");
        Assert.Equal((0, 1), (gates.Exit, gates.Said["version"]!.GetValue<int>()));
        Assert.Equal(["gates done"], gates.Stages);
    }

    [Fact]
    public async Task A_gate_that_fails_ends_it_with_4_and_nobody_is_asked()
    {
        var tools = Yard.Folder("strict", gate: "1.01");
        await yard.Pictures("strict");
        var told = yard.Run(tools);
        Assert.Equal(4, told.Exit);
        Assert.Equal([.. Before[..4], "gates failed", "image not_run", "scan not_run", "request not_run", "deploy not_run", "bundle not_run"], told.Stages);
        Assert.Empty(await yard.Services.GetRequiredService<ISignOffs>().All("strict", stop: Stop));
    }

    [Fact]
    public async Task A_data_test_that_fails_ends_it_with_4_before_anything_is_trained()
    {
        var tools = Yard.Folder("few");
        await yard.Pictures("few");
        await File.AppendAllTextAsync(tools.At("steward.yaml"), "data:\n  pictures: {expect: [{check: min_rows_per_class, value: 5000}]}\n", Stop);
        var told = yard.Run(tools);
        Assert.Equal((4, "data-tests failed"), (told.Exit, told.Stages.ElementAt(2)));
        Assert.Contains("min_rows_per_class", told.Of("data-tests"), StringComparison.Ordinal);
        Assert.Empty(await yard.Services.GetRequiredService<ILedger>().Newest("few", stop: Stop));
    }

    [Fact]
    public void A_stale_lock_ends_it_with_3_a_broken_project_file_with_1_and_the_server_hears_of_neither()
    {
        var tools = Yard.Folder("stale");
        File.WriteAllText(tools.At("requirements.txt"), "shop==1.0\n");
        File.WriteAllText(tools.At("index.json"), """{"steward_index": 1, "pip": {"shop": {"1.0": {}, "2.0": {}}}}""");
        tools.Run("steward", "env", "lock", "--python", "3.11", "--index", "index.json");
        Assert.Equal(0, yard.Run(tools, "--only", "lint").Exit);
        File.WriteAllText(tools.At("requirements.txt"), "shop==2.0\n");
        var told = yard.Run(tools);
        Assert.Equal((3, "lint failed", "send not_run"), (told.Exit, told.Stages.First(), told.Stages.ElementAt(1)));
        Assert.Contains("requirements.txt has changed", told.Of("lint"), StringComparison.Ordinal);

        File.AppendAllText(tools.At("steward.yaml"), "gatez: []\n");
        told = yard.Run(tools);
        Assert.Equal((1, "lint failed"), (told.Exit, told.Stages.First()));
        Assert.Contains("gatez", told.Of("lint"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_was_trained_from_the_same_is_the_answer_and_what_failed_is_tried_again()
    {
        await yard.Services.GetRequiredService<Projects.IProjects>().Put("steward: 1\nproject: once\ntrain: {filters: 512, tunes: [{name: one}]}\n", Who.Steward, Stop);
        await yard.Pictures("once", 800);
        var first = await Train();
        Assert.Equal(first.Id, (await Train()).Id);
        using (var cancel = await yard.Http.PostAsync($"/api/projects/once/tasks/{first.Id}/cancel", null, Stop))
            Assert.True(cancel.IsSuccessStatusCode);
        await Eventually.True("it is cancelled", async () => (await yard.Http.GetFromJsonAsync<TaskView>($"/api/projects/once/tasks/{first.Id}", Json.Options, Stop))!.IsOver, Stop);
        var second = await Train();
        Assert.NotEqual(first.Id, second.Id);
        using (var cancel = await yard.Http.PostAsync($"/api/projects/once/tasks/{second.Id}/cancel", null, Stop))
            Assert.True(cancel.IsSuccessStatusCode);

        async Task<TaskView> Train()
        {
            using var reply = await yard.Http.PostAsJsonAsync("/api/projects/once/train", new { once = true }, Stop);
            return (await reply.Content.ReadFromJsonAsync<TaskView>(Json.Options, Stop))!;
        }
    }
}
