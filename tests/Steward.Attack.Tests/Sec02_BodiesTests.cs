using System.Net;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http.Metadata;

namespace Steward.Attack.Tests;

/// <summary>SEC-02, 13, 15, 18: what a body may say. No value of a client becomes a path, a command, a type or a crash.</summary>
public class Sec02_BodiesTests(Town town)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public static TheoryData<string> Shapes =>
    [
        "", "{", "[]", "null", "\"x\"", "{}", "{\"$type\":\"System.Diagnostics.Process\"}", "\ufeff{}", "{\"a\":1}garbage", new string('[', 100_000), "{\"name\":1e999}", "{\"roles\":[\"god\"],\"role\":99,\"days\":-1}",
    ];

    [Theory]
    [MemberData(nameof(Shapes))]
    public async Task A_body_of_the_wrong_shape_is_refused_in_words(string body)
    {
        using var http = town.Afar("server admin");
        foreach (var route in Routes())
            await Try(http, route, body);
    }

    [Fact]
    public async Task No_value_of_a_body_becomes_a_path_or_a_command()
    {
        using var http = town.Afar("server admin");
        foreach (var route in Routes())
        foreach (var field in Fields(route))
        foreach (var value in Vectors.Values)
            await Try(http, route, $"{{\"{field}\":{JsonSerializer.Serialize(value)}}}");
    }

    [Theory]
    [InlineData("!!python/object/apply:os.system [id]")]
    [InlineData("steward: 1\nproject: !<tag:yaml.org,2002:System.Diagnostics.Process> x\n")]
    [InlineData("version: &a [*a]\nproject: x")]
    [InlineData("a: &a [x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b]\nd: &d [*c,*c,*c,*c,*c,*c,*c]\nproject: *d\n")]
    public async Task A_project_file_makes_no_objects_and_no_bombs(string yaml)
    {
        using var http = town.As("server admin");
        using var body = new StringContent(JsonSerializer.Serialize(new { yaml }), Encoding.UTF8, "application/json");
        using var reply = await http.PutAsync($"/api/projects/{Town.Home}/file", body, Stop);
        Assert.Equal(HttpStatusCode.BadRequest, reply.StatusCode);
        Vectors.AssertHarmless(yaml, (int)reply.StatusCode, await reply.Content.ReadAsStringAsync(Stop));
    }

    private IEnumerable<Route> Routes() => Route.All(town.Services).Where(route => route.Method is "POST" or "PUT" && route.Pattern is not ("/api/sign-in" or "/api/sign-out") && !IsForm(route));

    private static bool IsForm(Route route) => route.Endpoint.Metadata.GetMetadata<IAcceptsMetadata>() is { } accepts && !accepts.ContentTypes.Contains("application/json");

    private static IEnumerable<string> Fields(Route route) => route.Endpoint.Metadata.GetMetadata<IAcceptsMetadata>()?.RequestType?.GetProperties()
        .Where(property => property.PropertyType == typeof(string)).Select(property => JsonNamingPolicy.CamelCase.ConvertName(property.Name)) ?? [];

    private static async Task Try(HttpClient http, Route route, string json)
    {
        using var body = new StringContent(json, Encoding.UTF8, "application/json");
        using var request = new HttpRequestMessage(new(route.Method), route.Path(hole => hole == "project" ? Town.Home : "x")) { Content = body };
        using var reply = await http.SendAsync(request, Stop);
        Vectors.AssertHarmless($"{route} {json[..Math.Min(200, json.Length)]}", (int)reply.StatusCode, await reply.Content.ReadAsStringAsync(Stop));
    }
}
