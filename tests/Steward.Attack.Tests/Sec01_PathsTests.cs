using System.Reflection;
using System.Text;

namespace Steward.Attack.Tests;

/// <summary>SEC-01, 02, 05, 15, 16: every name that a caller may choose, with every trick, as the mightiest caller.</summary>
public class Sec01_PathsTests(Town town)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task No_part_of_an_address_leads_outside()
    {
        using var http = town.As("server admin");
        foreach (var route in Route.All(town.Services).Where(route => route.Holes.Any() && route.Permission is not Identity.Permission.Anyone))
        foreach (var hole in route.Holes)
        foreach (var vector in Vectors.Paths)
            await Try(http, route.Method, route.Path(name => name == hole ? vector : name == "project" ? Town.Home : "x"));
    }

    [Fact]
    public async Task Static_files_are_only_those_of_the_program()
    {
        using var http = town.With(null);
        foreach (var vector in Vectors.Paths)
            await Try(http, "GET", "/" + vector);
    }

    [Fact]
    public async Task No_value_of_a_query_leads_outside()
    {
        using var http = town.As("server admin");
        foreach (var route in Route.All(town.Services).Where(route => route.Method == "GET"))
        foreach (var name in Parameters(route).Where(name => !route.Holes.Contains(name)))
        foreach (var vector in Vectors.Values.Where(value => value.Length < 5000))
            await Try(http, "GET", route.Path(hole => hole == "project" ? Town.Home : "x") + $"?{name}={Escape(vector)}");
    }

    [Fact]
    public async Task Deleting_by_a_trick_deletes_nothing()
    {
        var before = Directory.GetFiles(town.Settings.Data, "*", SearchOption.AllDirectories).Where(file => file.EndsWith(".pem", StringComparison.Ordinal) || file.EndsWith(".xml", StringComparison.Ordinal)).ToList();
        using var http = town.As("server admin");
        foreach (var route in Route.All(town.Services).Where(route => route.Method == "DELETE"))
        foreach (var vector in Vectors.Paths.Append("..%2f..%2fkeys%2faudit.pem"))
            await Try(http, "DELETE", route.Path(_ => vector));
        Assert.All(before, file => Assert.True(File.Exists(file)));
    }

    private static async Task Try(HttpClient http, string method, string path)
    {
        // Uri would tidy the dots away; the attacker does not.
        using var request = new HttpRequestMessage(new(method), new Uri(http.BaseAddress!.ToString().TrimEnd('/') + path, new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true }));
        if (method is "POST" or "PUT")
            request.Content = new StringContent("{}", Encoding.UTF8, "application/json");
        using var reply = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Stop);
        if (reply.Content.Headers.ContentType?.MediaType == "text/event-stream")
            return;
        Vectors.AssertHarmless($"{method} {path}", (int)reply.StatusCode, await reply.Content.ReadAsStringAsync(Stop));
    }

    private static IEnumerable<string> Parameters(Route route) => route.Endpoint.Metadata.GetMetadata<MethodInfo>()?.GetParameters()
        .Where(parameter => parameter.ParameterType == typeof(string) || parameter.ParameterType.IsValueType).Select(parameter => parameter.Name!) ?? [];

    private static string Escape(string value) => value.Contains('\ud800') ? "%ed%a0%80" : Uri.EscapeDataString(value);
}
