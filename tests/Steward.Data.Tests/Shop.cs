using System.CommandLine;
using System.Net.Http.Json;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Steward.Cli;
using Steward.Identity;
using Steward.Projects;
using Steward.Testing;

namespace Steward.Data.Tests;

/// <summary>The whole platform with one project, and pictures to send to it.</summary>
public class Shop(string? db = null, Action<IServiceCollection>? furnish = null) : TestHost(settings => settings with { Db = db ?? settings.Db }, furnish)
{
    public const string Data = "/api/projects/shop/data";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <summary>The server as verbs see it.</summary>
    public Server Server => new(_ => Task.FromResult(new HttpClient { BaseAddress = new Uri(Url) })) { Project = () => "shop" };

    public IDataSets Sets => Services.GetRequiredService<IDataSets>();

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        await Project("shop");
    }

    public Task Project(string name, string more = "") => Services.GetRequiredService<IProjects>().Put($"steward: 1\nproject: {name}\n{more}", Who.Steward, Stop);

    /// <summary>A small picture of one colour: equal numbers give equal bytes.</summary>
    public static byte[] Picture(int number, int side = 8)
    {
        var rgb = new byte[side * side * 3];
        for (var i = 0; i < rgb.Length; i += 3)
            (rgb[i], rgb[i + 1], rgb[i + 2]) = ((byte)number, (byte)(number >> 8), (byte)(number >> 16));
        return Drawing.Picture.FromRgb(side, side, rgb).EncodePng();
    }

    public async Task<string> Draft(string dataSet = "pictures", string project = "shop")
    {
        using var reply = await Http.PostAsJsonAsync($"/api/projects/{project}/data/{dataSet}/drafts", new { }, Stop);
        reply.EnsureSuccessStatusCode();
        return (await reply.Content.ReadFromJsonAsync<Begun>(Json.Options, Stop))!.Id;
    }

    /// <summary>Sends a batch as any client would: the items, then their files.</summary>
    public Task<Said> Send(string draft, params (string Key, byte[] Bytes)[] pictures) => Send(draft, "pictures", pictures);

    public Task<Said> Send(string draft, string dataSet, params (string Key, byte[] Bytes)[] pictures)
        => SendTo(dataSet, draft, Json.Write(pictures.Select((one, i) => new { key = one.Key, split = "train", file = $"f{i}" })), [.. pictures.Select((one, i) => ($"f{i}", one.Bytes))]);

    public Task<Said> SendRaw(string draft, string items, params (string Name, byte[] Bytes)[] parts) => SendTo("pictures", draft, items, parts);

    private async Task<Said> SendTo(string dataSet, string draft, string items, (string Name, byte[] Bytes)[] parts)
    {
        using var body = new MultipartFormDataContent { { new StringContent(items, Encoding.UTF8, "application/json"), "items" } };
        foreach (var (name, bytes) in parts)
            body.Add(new ByteArrayContent(bytes), name, name);
        return await Said.By(await Http.PostAsync($"{Data}/{dataSet}/drafts/{draft}/items", body, Stop));
    }

    public async Task<SnapshotView> Commit(string draft, string dataSet = "pictures")
    {
        using var server = Server;
        return await server.Post<SnapshotView>($"{Data}/{dataSet}/drafts/{draft}/commit", null, Stop);
    }

    /// <summary>What the newest version of the data set holds.</summary>
    public async Task<IReadOnlyList<Item>> Items(string dataSet = "pictures") => await Sets.Items((await Sets.Find("shop", dataSet, stop: Stop))!, Stop);

    /// <summary>Tests that read what verbs print take turns: there is one console.</summary>
    public const string OfTheConsole = "console";

    /// <summary>Runs a verb as a person types it.</summary>
    public async Task<(int Exit, string Said)> Typed(params string[] words)
    {
        using var server = Server;
        var root = new RootCommand { Show.AsJson, Show.Yes };
        foreach (var verb in new DataRoom().Verbs(server))
            root.Subcommands.Add(verb);
        var line = root.Parse(words);
        Assert.Empty(line.Errors);
        var (before, printed) = (Console.Out, new StringWriter());
        try
        {
            Console.SetOut(TextWriter.Synchronized(printed));
            return (await line.InvokeAsync(new() { EnableDefaultExceptionHandler = false }, Stop), printed.ToString());
        }
        finally
        {
            Console.SetOut(before);
        }
    }

    /// <summary>A new folder with a picture of its own in each of these files.</summary>
    public static string Folder(params string[] files)
    {
        var folder = TestFolder.New();
        foreach (var (file, i) in files.Select((file, i) => (file, i)))
            Write(folder, file, Picture(i));
        return folder;
    }

    public static void Write(string folder, string file, byte[] bytes)
    {
        var path = Path.Combine(folder, file);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, bytes);
    }

    private sealed record Begun(string Id);
}

/// <summary>A reply, read to its end.</summary>
public sealed record Said(int Status, string Body)
{
    public string Code => System.Text.Json.JsonDocument.Parse(Body).RootElement.GetProperty("code").GetString()!;

    public string Detail => System.Text.Json.JsonDocument.Parse(Body).RootElement.GetProperty("detail").GetString()!;

    public static async Task<Said> By(HttpResponseMessage reply)
    {
        using (reply)
            return new((int)reply.StatusCode, await reply.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }
}
