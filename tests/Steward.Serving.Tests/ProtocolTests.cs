using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace Steward.Serving.Tests;

/// <summary>The surface as a client meets it.</summary>
public sealed class ProtocolTests : IAsyncLifetime
{
    private readonly Served _host = new();
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private static readonly string Green = Row(0, 200, 0);

    [Fact]
    public async Task A_tensor_is_answered_by_the_version_that_serves_and_the_id_comes_back()
    {
        var reply = await Ask("/v2/models/colours/infer", $$"""{"id":"é7","inputs":[{{Input(Green)}}]}""");
        Assert.Equal(("colours", "2", "é7"), (reply.GetProperty("model_name").GetString(), reply.GetProperty("model_version").GetString(), reply.GetProperty("id").GetString()));
        var probabilities = reply.GetProperty("outputs").EnumerateArray().First(output => output.GetProperty("name").GetString() == "probabilities");
        Assert.Equal([1L, 3L], probabilities.GetProperty("shape").EnumerateArray().Select(size => size.GetInt64()));
        Assert.True(probabilities.GetProperty("data")[1].GetDouble() > 0.9);
    }

    [Fact]
    public async Task The_version_before_still_answers_by_its_number()
    {
        var reply = await Ask("/v2/models/colours/versions/1/infer", $$"""{"inputs":[{{Input(Green)}}],"outputs":[{"name":"probabilities"}]}""");
        Assert.Equal("1", reply.GetProperty("model_version").GetString());
        Assert.True(Assert.Single(reply.GetProperty("outputs").EnumerateArray()).GetProperty("data")[0].GetDouble() > 0.9);
    }

    [Fact]
    public async Task Bytes_go_in_and_come_out_behind_the_json()
    {
        var json = """{"inputs":[{"name":"image","shape":[1,8,8,3],"datatype":"UINT8","parameters":{"binary_data_size":192}}],"outputs":[{"name":"probabilities","parameters":{"binary_data":true}}]}"""u8.ToArray();
        using var content = new ByteArrayContent([.. json, .. Enumerable.Repeat((byte[])[0, 0, 255], 64).SelectMany(pixel => pixel)]);
        content.Headers.Add("Inference-Header-Content-Length", json.Length.ToString(System.Globalization.CultureInfo.InvariantCulture));
        using var reply = await _host.Http.PostAsync("/v2/models/colours/infer", content, Stop);
        Assert.Equal(HttpStatusCode.OK, reply.StatusCode);
        var body = await reply.Content.ReadAsByteArrayAsync(Stop);
        var head = int.Parse(reply.Headers.GetValues("Inference-Header-Content-Length").Single(), System.Globalization.CultureInfo.InvariantCulture);
        Assert.Equal(12, body.Length - head);
        Assert.True(BitConverter.ToSingle(body, head + 8) > 0.9);
    }

    [Theory]
    [InlineData("""{"inputs":[{"name":"image","shape":[1,4,4,3],"datatype":"UINT8","data":[]}]}""")]
    [InlineData("""{"inputs":[{"name":"image","shape":[1],"datatype":"FP32","data":[1]}]}""")]
    [InlineData("""{"inputs":[{"name":"image","shape":[1],"datatype":"UINT8","data":[1]}]}""")]
    [InlineData("""{"inputs":[{"name":"picture","shape":[1],"datatype":"UINT8","data":[1]}]}""")]
    [InlineData("""{"inputs":[{"name":"image","shape":[1],"datatype":"FP32","data":[NaN]}]}""")]
    [InlineData("""{"inputs":[]}""")]
    [InlineData("no json")]
    public async Task What_does_not_suit_is_refused_with_a_sentence(string body)
        => await Refused(HttpStatusCode.BadRequest, "/v2/models/colours/infer", Encoding.UTF8.GetBytes(body));

    [Fact]
    public async Task An_output_nobody_has_is_refused()
        => await Refused(HttpStatusCode.BadRequest, "/v2/models/colours/infer", Encoding.UTF8.GetBytes($$"""{"inputs":[{{Input(Green)}}],"outputs":[{"name":"mood"}]}"""));

    [Theory]
    [InlineData("/v2/models/nobody/infer")]
    [InlineData("/v2/models/colours/versions/9/infer")]
    [InlineData("/v2/models/colours/versions/latest/infer")]
    [InlineData("/v2/models/..%2f..%2fetc/infer")]
    [InlineData("/v2/elsewhere")]
    public async Task An_unknown_name_is_not_found_in_the_protocols_form(string path)
        => await Refused(HttpStatusCode.NotFound, path, "{}"u8.ToArray());

    [Fact]
    public async Task A_picture_gets_a_label_a_confidence_and_a_sentence()
    {
        var answer = await Picture(Painted(10, 20, 250));
        Assert.Equal(("blue", 2, false), (answer.Label, answer.Version, answer.Abstained));
        Assert.StartsWith("This is blue", answer.Sentence, StringComparison.Ordinal);
        Assert.Equal(1, answer.Probabilities.Values.Sum(), 3);
    }

    [Fact]
    public async Task Under_the_threshold_it_abstains_and_says_who_to_ask()
    {
        using var set = await _host.Http.PostAsync("/api/projects/shop/endpoints/colours/abstain", new StringContent("""{"under":0.9,"reason":"the light changed"}""", MediaTypeHeaderValue.Parse("application/json")), Stop);
        Assert.Equal(HttpStatusCode.OK, set.StatusCode);
        var answer = await Picture(Painted(100, 101, 99));
        Assert.True(answer.Abstained);
        Assert.Null(answer.Label);
        Assert.Contains("ask a person", answer.Sentence, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("GIF89a")]
    [InlineData("<svg/>")]
    public async Task What_is_no_picture_is_refused(string body) => await Refused(HttpStatusCode.BadRequest, "/v2/models/colours/picture", Encoding.ASCII.GetBytes(body));

    [Fact]
    public async Task Half_a_picture_is_refused()
    {
        var whole = Painted(1, 2, 3);
        await Refused(HttpStatusCode.BadRequest, "/v2/models/colours/picture", whole[..(whole.Length / 2)]);
    }

    [Fact]
    public async Task A_picture_larger_than_the_limit_is_refused_before_it_is_looked_at()
        => await Refused(HttpStatusCode.RequestEntityTooLarge, "/v2/models/colours/picture", new byte[(1 << 20) + 1]);

    [Fact]
    public async Task A_small_file_that_claims_a_huge_picture_is_refused()
    {
        var bomb = Painted(1, 2, 3);
        bomb[16] = 0x7F;
        await Refused(HttpStatusCode.RequestEntityTooLarge, "/v2/models/colours/picture", bomb);
    }

    [Fact]
    public async Task Health_is_for_everyone_and_the_metadata_says_what_the_model_takes()
    {
        foreach (var path in new[] { "/v2", "/v2/health/live", "/v2/health/ready", "/v2/models/colours/ready", "/v2/models/colours/versions/1/ready" })
            Assert.Equal(HttpStatusCode.OK, (await _host.Http.GetAsync(path, Stop)).StatusCode);
        var model = JsonDocument.Parse(await _host.Http.GetStringAsync("/v2/models/colours", Stop)).RootElement;
        Assert.Equal("""[{"name":"image","datatype":"UINT8","shape":[-1,8,8,3]}]""", model.GetProperty("inputs").GetRawText());
        Assert.Equal("""["2","1"]""", model.GetProperty("versions").GetRawText());
    }

    public async ValueTask InitializeAsync()
    {
        await _host.InitializeAsync();
        await _host.ServeTwo();
    }

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    private static string Row(int red, int green, int blue) => string.Join(',', Enumerable.Repeat($"{red},{green},{blue}", 64));

    private static string Input(string data) => $$"""{"name":"image","shape":[1,8,8,3],"datatype":"UINT8","data":[{{data}}]}""";

    private static byte[] Painted(byte red, byte green, byte blue)
        => Steward.Drawing.Picture.FromRgb(24, 16, [.. Enumerable.Repeat((byte[])[red, green, blue], 24 * 16).SelectMany(pixel => pixel)]).EncodePng();

    private async Task<JsonElement> Ask(string path, string body)
    {
        // No Content-Type: that is how the protocol's own client sends.
        using var reply = await _host.Http.PostAsync(path, new ByteArrayContent(Encoding.UTF8.GetBytes(body)), Stop);
        Assert.Equal(HttpStatusCode.OK, reply.StatusCode);
        return JsonDocument.Parse(await reply.Content.ReadAsStringAsync(Stop)).RootElement;
    }

    private async Task<PictureAnswer> Picture(byte[] picture)
    {
        using var reply = await _host.Http.PostAsync("/v2/models/colours/picture", new ByteArrayContent(picture), Stop);
        Assert.Equal(HttpStatusCode.OK, reply.StatusCode);
        return Json.Read<PictureAnswer>(await reply.Content.ReadAsStringAsync(Stop));
    }

    private async Task Refused(HttpStatusCode status, string path, byte[] body)
    {
        using var reply = await _host.Http.PostAsync(path, new ByteArrayContent(body), Stop);
        var text = await reply.Content.ReadAsStringAsync(Stop);
        Assert.True(status == reply.StatusCode, $"{reply.StatusCode}: {text}");
        Assert.NotEmpty(JsonDocument.Parse(text).RootElement.GetProperty("error").GetString()!);
    }
}
