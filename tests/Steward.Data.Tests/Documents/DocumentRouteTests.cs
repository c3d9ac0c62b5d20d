using System.Net.Http.Json;
using System.Text;
using Steward.Data.Documents;
using Steward.Testing;

namespace Steward.Data.Tests.Documents;

/// <summary>Documents over HTTP and by what a person types.</summary>
[Collection(OfTheConsole)]
public sealed class DocumentRouteTests() : Shop(null)
{
    private const string At = "/api/projects/shop/documents";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_file_of_lines_replaces_a_collection_at_one_stroke_and_is_read_by_key()
    {
        var file = Path.Combine(TestFolder.New(), "offers.jsonl");
        await File.WriteAllLinesAsync(file, Enumerable.Range(0, 450).Select(i => $$$"""{"key": "customer-{{{i}}}", "body": {"offers": [{{{i}}}]}}"""), Stop);
        Assert.Equal(0, (await Typed("documents", "swap", "offers", file, "--made-by", "recommender@4")).Exit);
        var read = Json.Read<DocumentView>((await Typed("documents", "get", "offers", "customer-449")).Said);
        Assert.Equal((449, "recommender@4"), (read.Body.GetProperty("offers")[0].GetInt32(), read.MadeBy));
        Assert.Contains("recommender@4", (await Typed("documents", "list", "--json")).Said, StringComparison.Ordinal);
        Assert.Contains("\"customer-0\"", (await Typed("documents", "list", "offers", "--json")).Said, StringComparison.Ordinal);

        await File.WriteAllTextAsync(file, """{"key": "customer-1", "body": {"offers": []}}""" + "\nnot json", Stop);
        var broken = await Assert.ThrowsAsync<ProblemException>(() => Typed("documents", "swap", "offers", file));
        Assert.Contains("line 2", broken.Message, StringComparison.Ordinal);
        Assert.Equal(450, (await Http.GetFromJsonAsync<List<DocumentView>>($"{At}/offers?limit=1000", Json.Options, Stop))!.Count);
        Assert.Equal(0, (await Typed("documents", "swap", "offers", "--list", "1")).Exit);
    }

    [Fact]
    public async Task A_model_and_its_card_lie_together_and_name_the_version()
    {
        var folder = TestFolder.New();
        var (card, model, back) = (Path.Combine(folder, "card.json"), Path.Combine(folder, "model.onnx"), Path.Combine(folder, "back.onnx"));
        await File.WriteAllTextAsync(card, """{"ndcg@10": 0.31}""", Stop);
        await File.WriteAllBytesAsync(model, [.. Enumerable.Range(0, 200_000).Select(i => (byte)i)], Stop);
        await Typed("documents", "put", "models", "recommender", card, "--bytes", model, "--made-by", "recommender@4");
        await Typed("documents", "get", "models", "recommender", "--bytes", back);
        Assert.Equal(await File.ReadAllBytesAsync(model, Stop), await File.ReadAllBytesAsync(back, Stop));
        var view = Json.Read<DocumentView>((await Typed("documents", "get", "models", "recommender")).Said);
        Assert.Equal((0.31, "recommender@4"), (view.Body.GetProperty("ndcg@10").GetDouble(), view.MadeBy));
    }

    [Theory]
    [InlineData("PUT", "/cards/a%2Fb", """{"body": {}}""", "key_invalid")]
    [InlineData("PUT", "/cards/..%2Fx", """{"body": {}}""", "key_invalid")]
    [InlineData("PUT", "/cards/x%00y", """{"body": {}}""", "key_invalid")]
    [InlineData("PUT", "/Cards/x", """{"body": {}}""", "name_invalid")]
    [InlineData("PUT", "/cards/x", """{"body": [1]}""", "document_invalid")]
    [InlineData("PUT", "/cards/x", "{}", "document_invalid")]
    [InlineData("PUT", "/cards/x", """{"body": {}, "ttlSeconds": -1}""", "ttl_invalid")]
    [InlineData("PUT", "/cards/x", """{"body": {}, "ttlSeconds": 0.5}""", "ttl_invalid")]
    [InlineData("POST", "/cards/lists/7/swap", "{}", "list_not_found")]
    [InlineData("POST", "/cards/lists/7/documents", "[{}]", "key_invalid")]
    [InlineData("GET", "/cards/none", null, "document_not_found")]
    [InlineData("DELETE", "/cards/none", null, "document_not_found")]
    public async Task What_cannot_be_kept_is_refused_in_words(string verb, string path, string? body, string code)
    {
        using var request = new HttpRequestMessage(new(verb), new Uri(At + path, UriKind.Relative)) { Content = body is null ? null : new StringContent(body, Encoding.UTF8, "application/json") };
        var said = await Said.By(await Http.SendAsync(request, Stop));
        Assert.True(said.Status is >= 400 and < 500, said.Body);
        if (said.Status != 400 || said.Body.Contains("code", StringComparison.Ordinal))
            Assert.Contains(code, said.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_document_that_is_too_large_leaves_nothing()
    {
        using var large = new StringContent($$$"""{"body": {"text": "{{{new string('x', 1 << 20)}}}"}}""", Encoding.UTF8, "application/json");
        var said = await Said.By(await Http.PutAsync(new Uri($"{At}/cards/x", UriKind.Relative), large, Stop));
        Assert.Equal((413, "document_too_large"), (said.Status, said.Code));
        Assert.Equal("[]", await Http.GetStringAsync(new Uri(At, UriKind.Relative), Stop));
    }
}
