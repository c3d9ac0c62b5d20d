using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Steward.Data.Tables;
using Steward.Testing;
using Steward.Work;

namespace Steward.Data.Tests.Tables;

/// <summary>Tables over HTTP and as a person types: against a real server.</summary>
[Collection(OfTheConsole)]
public sealed class TableDeskTests() : Shop(null)
{
    private const string Api = "/api/projects/shop/tables";
    private const string Orders = "id,customer,amount\n1,ana,1.50\n2,bo,2.25\nx,cy,3\n";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_file_becomes_a_table_and_is_looked_at_asked_and_compared()
    {
        var file = Path.Combine(TestFolder.New(), "orders.csv");
        await File.WriteAllTextAsync(file, Orders, Stop);
        var schema = Path.Combine(TestFolder.New(), "orders.yaml");
        await File.WriteAllTextAsync(schema, "columns: [{name: id, type: BIGINT}, {name: customer}, {name: amount, type: 'DECIMAL(18,2)'}]\nstop_if_bad: '> 50%'\n", Stop);
        Assert.Contains("3 rows read, 2 written, 1 set aside", await Type("table", "import", file, "--as", "silver.orders", "--schema", schema), StringComparison.Ordinal);
        Assert.Contains("silver.orders", await Type("table", "list", "--json"), StringComparison.Ordinal);
        Assert.Contains("decimal(18,2)", await Type("table", "show", "silver.orders", "--json"), StringComparison.OrdinalIgnoreCase);
        // The schema is pinned: the next file needs none.
        await File.WriteAllTextAsync(file, "id,customer,amount\n3,di,4\n", Stop);
        await Type("table", "import", file, "--as", "silver.orders");
        Assert.Equal("""{"columns":[{"name":"customer","type":"VARCHAR"},{"name":"amount","type":"DECIMAL(18,2)"}],"rows":[["di","4.00"]],"isCut":false}""", (await Type("table", "query", "SELECT customer, amount FROM silver.orders WHERE id = 3", "--json")).Trim());
        Assert.Contains("1 came, 0 went", await Type("table", "diff", "silver.orders", "--key", "id"), StringComparison.Ordinal);
        Assert.Contains("2 files became 1", await Type("table", "compact", "silver.orders"), StringComparison.Ordinal);
        Assert.Contains("2 snapshots expired", await Type("table", "expire", "silver.orders", "--keep", "1"), StringComparison.Ordinal);
        Assert.Contains("expired", await Type("table", "history", "silver.orders", "--json"), StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task A_window_is_imported_again_in_place_of_itself()
    {
        var file = Path.Combine(TestFolder.New(), "orders.csv");
        string[] import = ["table", "import", file, "--as", "silver.orders", "--from", "2026-03-01T06:00:00Z", "--to", "2026-03-01T07:00:00Z"];
        await File.WriteAllTextAsync(file, "id\n1\n2\n", Stop);
        await Type(import);
        await File.WriteAllTextAsync(file, "id\n7\n", Stop);
        await Type(import);
        Assert.Contains("[[\"7\"]]", await Type("table", "query", "FROM silver.orders", "--json"), StringComparison.Ordinal);
        Assert.Contains("[[\"1\"],[\"2\"]]", await Type("table", "query", "FROM silver.orders ORDER BY id", "--at", "silver.orders@1", "--json"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("GET", "/silver.nothing", "table_not_found", 404)]
    [InlineData("GET", "/silver.nothing@3", "table_not_found", 404)]
    [InlineData("GET", "/..%2F..%2Fetc", "table_name_invalid", 400)]
    [InlineData("GET", "/silver.orders@12", "snapshot_not_found", 404)]
    [InlineData("GET", "/silver.orders/diff?from=1&to=9", "snapshot_not_found", 404)]
    [InlineData("GET", "/silver.orders/diff?from=1&to=1&key=nope", null, 200)]
    [InlineData("POST", "/silver.orders/expire", "keep_invalid", 400)]
    [InlineData("POST", "/silver.nothing/compact", "table_not_found", 404)]
    public async Task What_is_not_there_or_cannot_be_is_said(string method, string path, string? code, int status)
    {
        await Import("silver.orders", "id\n1\n");
        using var request = new HttpRequestMessage(new(method), Api + path);
        if (method == "POST")
            request.Content = JsonContent.Create(new { keep = 0 });
        var said = await Said.By(await Http.SendAsync(request, Stop));
        Assert.Equal(status, said.Status);
        if (code is not null)
            Assert.Equal(code, said.Code);
    }

    [Fact]
    public async Task A_query_reads_the_tables_of_its_project_and_no_others()
    {
        await Project("other");
        await Import("hr.salaries", "salary\n100\n", "other");
        await Import("silver.orders", "id\n1\n");
        Assert.Equal("sql_failed", (await Ask("SELECT * FROM hr.salaries")).Code);
        Assert.Equal("denied", (await Ask("SELECT * FROM read_csv('/etc/passwd')")).Code);
        Assert.Equal("sql_invalid", (await Ask("DROP VIEW silver.orders")).Code);
        Assert.Equal(200, (await Ask("SELECT count(*) FROM silver.orders")).Status);
        Assert.Equal(404, (await Said.By(await Http.GetAsync("/api/projects/nobodys/tables", Stop))).Status);
    }

    [Theory]
    [InlineData("{}", "text_missing")]
    [InlineData("not json", "import_invalid")]
    [InlineData("{\"name\": \"orders.doc\"}", "format_unknown")]
    [InlineData("{\"name\": \"orders.csv\", \"schema\": \"columns: []\"}", "schema_invalid")]
    [InlineData("{\"name\": \"orders.csv\", \"kind\": \"replaceWindow\"}", "window_missing")]
    [InlineData("{\"name\": \"orders.csv\", \"kind\": \"compact\"}", "import_invalid")]
    public async Task An_import_that_cannot_be_read_says_why(string order, string code)
    {
        using var body = new MultipartFormDataContent { { new StringContent(order, Encoding.UTF8, "application/json"), "order" }, { new StringContent("id\n1\n"), "file", "file" } };
        var said = await Said.By(await Http.PostAsync($"{Api}/silver.orders/import", body, Stop));
        Assert.Equal(code, said.Code);
        Assert.Empty(await Services.GetRequiredService<ITables>().All("shop", Stop));
    }

    [Fact]
    public async Task The_profile_of_a_table_is_found_in_one_pass()
    {
        await Import("silver.orders", "id,kind,at\n" + string.Concat(Enumerable.Range(1, 300).Select(i => $"{i},{(i % 3 == 0 ? "pear" : "apple")},2026-03-{1 + (i % 28):00}\n")));
        var profile = (await Http.GetFromJsonAsync<Profile>($"{Api}/silver.orders/profile", Json.Options, Stop))!;
        Assert.Equal((300, 3), (profile.Rows, profile.Columns.Count));
        Assert.Equal((300, "1", "300"), (profile.Columns[0].Bars.Sum(), profile.Columns[0].Min, profile.Columns[0].Max));
        Assert.Equal(["apple", "pear"], profile.Columns[1].Frequent);
        Assert.Equal(300, profile.Columns[2].Bars.Sum());
    }

    [Fact]
    public async Task Pages_show_tables_their_columns_their_past_and_what_was_set_aside()
    {
        await Import("silver.orders", Orders, schema: "columns: [{name: id, type: BIGINT}, {name: customer}, {name: amount, type: DOUBLE}]\nstop_if_bad: '> 50%'");
        Assert.Contains("silver__orders", await Http.GetStringAsync("/projects/shop/tables", Stop), StringComparison.Ordinal);
        var page = await Http.GetStringAsync("/projects/shop/tables/silver.orders", Stop);
        Assert.Contains("&#x27;x&#x27; is not a whole number", page, StringComparison.Ordinal);
        Assert.Contains("x,cy,3", page, StringComparison.Ordinal);
        Assert.Contains("<svg class=\"spread\"", await Http.GetStringAsync("/projects/shop/tables/silver.orders@1/columns", Stop), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, (await Http.GetAsync("/projects/shop/tables/silver.nothing", Stop)).StatusCode);
    }

    private async Task<ImportView> Import(string table, string csv, string project = "shop", string? schema = null)
    {
        using var body = new MultipartFormDataContent { { new StringContent(Json.Write(new { name = "orders.csv", schema }), Encoding.UTF8, "application/json"), "order" } };
        var file = new StringContent(csv);
        file.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
        body.Add(file, "file", "file");
        using var reply = await Http.PostAsync($"/api/projects/{project}/tables/{table}/import", body, Stop);
        Assert.Equal("", reply.IsSuccessStatusCode ? "" : await reply.Content.ReadAsStringAsync(Stop));
        var task = (await reply.Content.ReadFromJsonAsync<TaskView>(Json.Options, Stop))!;
        await Eventually.True($"the import into {table} to end", async () => (task = (await Http.GetFromJsonAsync<TaskView>($"/api/projects/{project}/tasks/{task.Id}", Json.Options, Stop))!).IsOver, Stop);
        Assert.Equal((WorkState.Done, null), (task.State, task.Error));
        return Json.Read<ImportView>(task.Result!.Value.GetRawText());
    }

    private async Task<Said> Ask(string sql) => await Said.By(await Http.PostAsJsonAsync($"{Api}/query", new { sql }, Stop));

    private async Task<string> Type(params string[] words)
    {
        var (exit, said) = await Typed(words);
        Assert.Equal(0, exit);
        return said;
    }
}
