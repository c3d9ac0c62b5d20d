using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Steward.Identity;
using Steward.Oci;
using Steward.Projects;

namespace Steward.Packaging.Tests.Images;

/// <summary>A project's own steps: what it copies and what its commands make, each a layer that is made once.</summary>
public sealed class StepTests(Harbour harbour) : IClassFixture<Harbour>
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_second_build_makes_no_layer_again_and_only_what_changed_is_made_anew()
    {
        var tools = await Yard(harbour, "stepped", "six", command: "echo mine > $STEWARD_OUT/count");
        var (first, second) = (Build(tools, harbour, "stepped"), Build(tools, harbour, "stepped"));
        Assert.Equal(["step 1", "step 2"], Layers(first).Select(layer => layer.Name).Where(name => name.StartsWith("step", StringComparison.Ordinal)));
        Assert.Contains("step 2", Layers(first).Where(layer => !layer.Reused).Select(layer => layer.Name));
        Assert.All(Layers(second), layer => Assert.True(layer.Reused, layer.Name));
        Assert.Equal(Digest(first), Digest(second));

        await File.WriteAllTextAsync(tools.At("rules/limits.txt"), "eight\n", Stop);
        var third = Build(tools, harbour, "stepped");
        Assert.Equal(["step 1"], Layers(third).Where(layer => !layer.Reused).Select(layer => layer.Name));
        Assert.NotEqual(Digest(first), Digest(third));
    }

    [Fact]
    public async Task Two_folders_and_two_servers_at_two_times_come_to_one_digest_and_the_files_are_in_the_image()
    {
        await using var elsewhere = new Harbour();
        await elsewhere.InitializeAsync();
        var (here, there) = (await Yard(harbour, "alike", "seven"), await Yard(elsewhere, "alike", "seven"));
        File.SetUnixFileMode(there.At("rules/limits.txt"), UnixFileMode.UserRead | UnixFileMode.UserWrite);
        File.SetLastWriteTimeUtc(there.At("rules/limits.txt"), new DateTime(2001, 2, 3, 4, 5, 6, DateTimeKind.Utc));
        Assert.Equal(Digest(Build(here, harbour, "alike")), Digest(Build(there, elsewhere, "alike")));
        here.Run("steward", "image", "push", "alike@1", "folder:root", "--url", harbour.Url);
        Assert.Equal("seven\n", await File.ReadAllTextAsync(here.At("root/opt/rules/limits.txt"), Stop));
        Assert.Equal("made of 3 lines\n", await File.ReadAllTextAsync(here.At("root/srv/made/count"), Stop));
        Assert.True(File.GetUnixFileMode(here.At("root/srv/made/tool")).HasFlag(UnixFileMode.OtherExecute));
        // Its history says what it was.
        here.Run("steward", "image", "push", "alike@1", "layout:image", "--url", harbour.Url);
        Assert.Contains("step 1 (copy rules to /opt/rules)", here.Run("skopeo", "inspect", "--config", "oci:image:1"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_command_that_fails_says_its_last_words_and_nothing_is_built()
    {
        var tools = await Yard(harbour, "fails", "seven", command: "echo no such list >&2; exit 4");
        var (exit, said) = tools.Try("steward", "image", "build", "fails@1", "--json", "--url", harbour.Url);
        Assert.NotEqual(0, exit);
        Assert.Contains("step_failed", said, StringComparison.Ordinal);
        Assert.Contains("Its last words: no such list", said, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, (await harbour.Http.GetAsync($"/api/projects/{Harbour.Project}/images/fails/1", Stop)).StatusCode);
    }

    [Fact]
    public async Task A_link_out_of_the_project_is_not_followed()
    {
        var tools = await Yard(harbour, "linked", "seven");
        File.CreateSymbolicLink(tools.At("rules/secret"), "/etc/passwd");
        Assert.Contains("is a link; a step takes files and folders", tools.Try("steward", "image", "build", "linked@1", "--json", "--url", harbour.Url).Said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_orders_without_the_steps_of_the_project_file_is_refused()
    {
        await Yard(harbour, "bare", "seven");
        Assert.Equal("steps_missing", (await Assert.ThrowsAsync<ProblemException>(() => harbour.Build("bare@1"))).Code);
    }

    [Theory]
    [InlineData("opt/../etc/cron")]
    [InlineData("etc/cron.d/job")]
    [InlineData("app/steward")]
    public async Task A_layer_that_reaches_elsewhere_is_not_taken_for_a_step(string path)
    {
        using var packed = new MemoryStream();
        Layer layer;
        try
        {
            layer = await Layer.Pack(new LayerFiles().Add(path, "x"), packed, stop: Stop);
        }
        catch (OciException)
        {
            return; // it cannot even be written
        }

        using var body = new ByteArrayContent(packed.ToArray());
        body.Headers.ContentType = new("application/octet-stream");
        Assert.True((await harbour.Http.PutAsync($"/api/projects/{Harbour.Project}/images/blobs/{layer.Descriptor.Digest}", body, Stop)).IsSuccessStatusCode);
        using var reply = await harbour.Http.PutAsJsonAsync($"/api/projects/{Harbour.Project}/images/steps/{new string('a', 64)}", new { says = "mine", digest = layer.Descriptor.Digest, size = layer.Descriptor.Size }, Json.Options, Stop);
        Assert.Contains("step_unfit", await reply.Content.ReadAsStringAsync(Stop), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{copy: {from: rules, to: etc/rules}}", "below /opt or /srv")]
    [InlineData("{copy: {from: ../rules, to: opt/rules}}", "is not a file or folder of the project")]
    [InlineData("{copy: {from: /etc, to: opt/rules}}", "is not a file or folder of the project")]
    [InlineData("{run: {commands: [], to: opt/a}}", "1 to 50 commands")]
    [InlineData("{copy: {from: a, to: opt/a}, run: {commands: [[b]], to: opt/b}}", "either copies or runs")]
    [InlineData("{}", "either copies or runs")]
    public void A_step_that_cannot_be_is_named_in_the_project_file(string step, string why)
    {
        var tools = new Tools();
        File.WriteAllText(tools.At("steward.yaml"), $"steward: 1\nproject: paint\npackage:\n  image:\n    steps:\n      - {step}\n");
        var (exit, said) = tools.Try("steward", "lint", "--json");
        Assert.NotEqual(0, exit);
        Assert.Contains(why, said, StringComparison.Ordinal);
    }

    /// <summary>A project's folder with files to copy and commands to run, known to the server.</summary>
    private static async Task<Tools> Yard(Harbour at, string model, string limit, string command = "echo made of $(wc -l < list.txt) lines > $STEWARD_OUT/count")
    {
        var tools = new Tools();
        Directory.CreateDirectory(tools.At("rules"));
        await File.WriteAllTextAsync(tools.At("rules/limits.txt"), limit + "\n", Stop);
        await File.WriteAllTextAsync(tools.At("list.txt"), "a\nb\nc\n", Stop);
        await File.WriteAllTextAsync(tools.At("steward.yaml"), $$"""
            steward: 1
            project: {{Harbour.Project}}
            package:
              image:
                name: colours
                steps:
                  - copy: {from: rules, to: opt/rules}
                  - run:
                      commands:
                        - [sh, -c, "{{command}}"]
                        - [sh, -c, "printf '#!/bin/sh\\n' > $STEWARD_OUT/tool; chmod 755 $STEWARD_OUT/tool"]
                      from: [list.txt]
                      to: /srv/made
            """, Stop);
        await at.Services.GetRequiredService<IProjects>().Put(await File.ReadAllTextAsync(tools.At("steward.yaml"), Stop), Who.Steward, Stop);
        // A run gives one version: each model has its own.
        await at.Version(model.Sum(letter => letter), model: model);
        return tools;
    }

    private static JsonNode Build(Tools tools, Harbour at, string model) => JsonNode.Parse(tools.Run("steward", "image", "build", $"{model}@1", "--json", "--url", at.Url))!;

    private static string Digest(JsonNode built) => built["digest"]!.GetValue<string>();

    private static List<(string Name, bool Reused)> Layers(JsonNode built) => [.. built["layers"]!.AsArray().Select(layer => (layer!["name"]!.GetValue<string>(), layer["reused"]!.GetValue<bool>()))];
}
