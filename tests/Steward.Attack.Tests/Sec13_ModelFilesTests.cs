using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Steward.Testing;

namespace Steward.Attack.Tests;

/// <summary>SEC-13 and 20: a model file that is no plain ONNX is kept as bytes and never becomes a version, let alone runs.</summary>
public sealed class Sec13_ModelFilesTests : TestHost
{
    private const string Runs = "/api/projects/home/runs", Models = "/api/projects/home/models";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public static TheoryData<string> Files => ["pickle", "zip", "elsewhere", "absolute", "hidden", "foreign", "cut", "nothing"];

    [Theory]
    [MemberData(nameof(Files))]
    public async Task A_hostile_file_is_kept_named_and_never_a_version(string kind)
    {
        var study = await Begin(new { experiment = kind, tags = new { primary = "valid.f1", model = kind } });
        var tune = await Begin(new { experiment = kind, parent = study });
        await Post($"{Runs}/{tune}/log", new { metrics = new[] { new { key = "valid.f1", value = 1.0 } } });
        using (var body = new ByteArrayContent(Made(kind)))
        using (var put = await Http.PutAsync($"{Runs}/{tune}/artifacts/model.onnx", body, Stop))
            Assert.True(put.IsSuccessStatusCode, await put.Content.ReadAsStringAsync(Stop));
        await Post($"{Runs}/{tune}/end", new { });
        await Post($"{Runs}/{study}/end", new { });
        var why = "";
        await Eventually.True("the study says why it was not registered", async () => (why = await Refusal(study)).Length > 0, Stop);
        Assert.StartsWith("The model cannot be registered", why, StringComparison.Ordinal);
        Assert.DoesNotContain(await Http.GetFromJsonAsync<List<JsonElement>>(Models, Stop) ?? [], model => model.GetProperty("model").GetString() == kind);
    }

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        using var reply = await Http.PutAsJsonAsync("/api/projects/home/file", new { yaml = "steward: 1\nproject: home\n" }, Stop);
        reply.EnsureSuccessStatusCode();
    }

    private async Task<string> Begin(object run)
    {
        using var reply = await Http.PostAsJsonAsync(Runs, run, Stop);
        return (await reply.Content.ReadFromJsonAsync<JsonElement>(Stop)).GetProperty("id").GetString()!;
    }

    private async Task Post(string path, object body)
    {
        using var reply = await Http.PostAsJsonAsync(path, body, Stop);
        Assert.True(reply.IsSuccessStatusCode, await reply.Content.ReadAsStringAsync(Stop));
    }

    private async Task<string> Refusal(string study)
    {
        var run = await Http.GetFromJsonAsync<JsonElement>($"{Runs}/{study}", Stop);
        return run.GetProperty("tags").TryGetProperty("not_registered", out var why) ? why.GetString()! : "";
    }

    private static byte[] Made(string kind) => kind switch
    {
        // protocol 4: cos\nsystem\n(S'id'\ntR.
        "pickle" => [0x80, 0x04, .. "cos\nsystem\n(S'touch steward-was-here'\ntR."u8],
        "zip" => [.. "PK\u0003\u0004"u8, .. new byte[60]],
        "elsewhere" => Model(Graph(Elsewhere("weights.bin"))),
        "absolute" => Model(Graph(Elsewhere("/etc/hosts"))),
        "hidden" => Model(Graph(Field(1, [.. Text(4, "If"), .. Field(5, [.. Text(1, "then_branch"), .. Number(20, 5), .. Field(6, Graph(Elsewhere("../../../etc/hosts")))])]))),
        "foreign" => Model(Graph(Field(1, [.. Text(1, "x"), .. Text(2, "y"), .. Text(4, "RunShell"), .. Text(7, "com.evil")]))),
        "cut" => Model(Graph(Elsewhere("weights.bin")))[..40],
        _ => [],
    };

    /// <summary>ONNX field by field, as its protobuf schema numbers them.</summary>
    private static byte[] Model(byte[] graph) => [.. Number(1, 8), .. Field(7, graph), .. Field(8, Number(2, 17))];

    private static byte[] Graph(byte[] part) => [.. Text(2, "g"), .. part];

    private static byte[] Elsewhere(string location) => Field(5, [.. Number(1, 4), .. Number(2, 1), .. Text(8, "w"), .. Field(13, [.. Text(1, "location"), .. Text(2, location)]), .. Number(14, 1)]);

    private static byte[] Text(int field, string text) => Field(field, Encoding.UTF8.GetBytes(text));

    private static byte[] Field(int field, byte[] bytes) => [.. Varint((field << 3) | 2), .. Varint(bytes.Length), .. bytes];

    private static byte[] Number(int field, int value) => [.. Varint(field << 3), .. Varint(value)];

    private static byte[] Varint(int value) => value < 128 ? [(byte)value] : [(byte)(value | 128), .. Varint(value >> 7)];
}
