using System.Text.Json;
using Steward.Outside;
using Steward.Testing;
using Steward.Work;

namespace Steward.Pipelines.Tests;

/// <summary>A statement on a warehouse, against a double that is as strict as the API and runs it in a real database. No workspace was at hand.</summary>
public sealed class DatabricksStepTests : IAsyncLifetime
{
    private static readonly Allowed Here = new() { Commands = true, PrivateAddresses = true };
    private World? _world;
    private DoubleWarehouse _warehouse = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Values_are_bound_by_their_types_and_are_never_part_of_the_text()
    {
        _warehouse.Ask("CREATE TABLE sales (day DATE, note VARCHAR, amount DECIMAL(10,2), nothing INT)");
        var view = await Run("""
            query: "INSERT INTO sales SELECT :day, :note, :amount, :nothing",
            parameters: {day: {type: DATE, value: '${window.start:yyyy-MM-dd}'}, note: {value: "'); DROP TABLE sales; --"}, amount: {type: 'DECIMAL(10,2)', value: '12.50'}, nothing: {type: INT}}
            """);
        Assert.True(view.Window.State is WindowState.Succeeded, view.Window.Why);
        Assert.Equal(("1 row changed.", 1L), (view.Steps[0].Words, view.Steps[0].RowsMade));
        Assert.Equal(new() { ["num_affected_rows"] = 1, ["num_inserted_rows"] = 1 }, Figures(view));
        Assert.Equal($"{view.Window.StartAt.UtcDateTime:yyyy-MM-dd}|'); DROP TABLE sales; --|12.50|", _warehouse.Ask("SELECT day || '|' || note || '|' || amount || '|' || coalesce(nothing::VARCHAR, '') FROM sales"));
        var text = (string)Assert.Single(_warehouse.Statements.Values).Body["statement"]!;
        Assert.Equal($"/* steward: shop, sales, databricks, {view.Window.StartAt.UtcDateTime:yyyy-MM-dd}T23:00:00Z */ INSERT INTO sales SELECT :day, :note, :amount, :nothing", text);
    }

    [Theory]
    [InlineData("SELECT 42 AS answer, NULL AS nothing", "1 row: answer 42, nothing NULL.", 1)]
    [InlineData("SELECT * FROM range(7)", "7 rows.", 7)]
    [InlineData("SELECT * FROM range(5000)", "At least 1,000 rows.", 1000)]
    [InlineData("CREATE TABLE made (a INT)", "Done.", 0)]
    public async Task What_a_statement_answers_is_told_and_counted(string query, string words, long rows)
    {
        var view = await Run($"query: \"{query}\"");
        Assert.True(view.Window.State is WindowState.Succeeded, view.Window.Why);
        Assert.Equal((words, rows), (view.Steps[0].Words, view.Steps[0].RowsMade));
        Assert.Equal(rows, Figures(view)["rows"]);
    }

    [Theory]
    [InlineData("query: SELECT * FROM nowhere", "databricks: The warehouse could not run it: Catalog Error: Table with name nowhere does not exist")]
    [InlineData("query: 'SELECT :day'", "[UNBOUND_SQL_PARAMETER] Found the unbound parameter: day.")]
    [InlineData("query: 'SELECT :day', parameters: {day: {type: DATE, value: tomorrow}}", "could not run it: Conversion Error")]
    [InlineData("query: SELECT 1, warehouse: other", "databricks: Databricks refused: 404 NOT_FOUND: SQL warehouse other was not found.")]
    [InlineData("query: SELECT 1, token: 'secret://worn'", "databricks: Databricks refused: 401 UNAUTHENTICATED: Credential ••• was not sent")]
    [InlineData("query: SELECT 1, token: 'secret://nowhere'", "There is no secret 'nowhere' here.")]
    [InlineData("query: SELECT 1, workspace: 'http://127.0.0.1:1'", "Databricks does not answer: 127.0.0.1 cannot be reached")]
    public async Task What_goes_wrong_is_told_in_the_words_of_the_warehouse(string settings, string why)
    {
        Environment.SetEnvironmentVariable("STEWARD_SECRET_WORN", "dapi-worn-out");
        var view = await Run(settings);
        Assert.Equal(WindowState.Failed, view.Window.State);
        Assert.Contains(why, view.Window.Why, StringComparison.Ordinal);
        Assert.DoesNotContain("dapi", Json.Write(view), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_workspace_in_the_servers_own_network_is_not_reached()
    {
        var view = await Run("query: SELECT 1", allow: new Allowed());
        Assert.Contains("an address of this machine or its network", view.Window.Why, StringComparison.Ordinal);
        Assert.Empty(_warehouse.Statements);
    }

    [Fact]
    public async Task Who_cancels_the_window_cancels_its_statement()
    {
        _warehouse.Gate = new();
        await Says("query: 'CREATE TABLE made AS SELECT 1'");
        await _world!.Look();
        var claim = (await _world.Claim())!;
        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        var handler = _world.Get<IEnumerable<IWorkHandler>>().OfType<WindowHandler>().Single();
        var doing = handler.Do(new(claim, (_, _) => Task.CompletedTask), cancel.Token);
        await Eventually.True("it runs", () => _warehouse.Statements.Values.Any(one => one.State == "RUNNING"), Stop);
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => doing);
        Assert.Equal("CANCELED", Assert.Single(_warehouse.Statements.Values).State);
    }

    [Fact]
    public async Task A_statement_that_takes_too_long_is_cancelled_there_too()
    {
        _warehouse.Gate = new();
        var view = await Run("query: SELECT 1, timeout: 1s");
        Assert.StartsWith("databricks: It was given up after 1 s.", view.Window.Why, StringComparison.Ordinal);
        Assert.Equal("CANCELED", Assert.Single(_warehouse.Statements.Values).State);
    }

    [Fact]
    public async Task What_was_cancelled_in_Databricks_is_told_so()
    {
        _warehouse.Gate = new();
        var running = Run("query: SELECT 1");
        await Eventually.True("it runs", () => _warehouse.Statements.Values.Any(one => one.State == "RUNNING"), Stop);
        _warehouse.Statements.Values.Single().Cancel();
        Assert.Equal("databricks: The statement was cancelled in Databricks.", (await running).Window.Why);
    }

    [Fact]
    public async Task A_workspace_that_is_busy_or_silent_for_a_while_is_waited_for()
    {
        _warehouse.Gate = new();
        _warehouse.BeBusyFor(1);
        var running = Run("query: SELECT 1 AS one");
        await Eventually.True("it runs", () => _warehouse.Statements.Values.Any(one => one.State == "RUNNING"), Stop);
        _warehouse.IsSilent = true;
        _warehouse.Gate.SetResult();
        await Eventually.True("it is done", () => _warehouse.Statements.Values.All(one => one.State == "SUCCEEDED"), Stop);
        Assert.False(running.IsCompleted);
        _warehouse.IsSilent = false;
        Assert.Equal("1 row: one 1.", (await running).Steps[0].Words);
        Assert.Single(_warehouse.Statements);
    }

    [Fact]
    public async Task A_run_that_is_tried_again_does_not_repeat_a_statement_that_succeeded()
    {
        _warehouse.Ask("CREATE TABLE tries (tried TIMESTAMP)");
        var view = await Run("query: INSERT INTO tries SELECT now()", after: ", {command: {run: [sh, -c, exit 1]}}", retry: ", retry: {count: 1, every: 0s}");
        Assert.Equal((WindowState.Failed, 2), (view.Window.State, view.Window.Runs));
        Assert.Equal(StepState.Taken, view.Steps.Single(step => step.Step == "databricks").State);
        Assert.Equal(1L, _warehouse.Ask("SELECT count(*) FROM tries"));
    }

    [Theory]
    [InlineData("query: \"SELECT '${window.start}'\"", "variables are not put into the query")]
    [InlineData("query: SELECT 1, token: dapi0123", "token is given by reference")]
    [InlineData("query: SELECT 1, workspace: 'http://example.com'", "workspace is the address")]
    [InlineData("query: SELECT 1, workspace: 'https://me:pw@example.com'", "workspace is the address")]
    [InlineData("query: SELECT 1, warehouse: 'a/b'", "warehouse is the id")]
    [InlineData("query: ''", "query is one statement")]
    [InlineData("query: SELECT 1, parameters: {day: {type: 'ARRAY<INT>', value: x}}", "'ARRAY<INT>' is no type of the parameter day")]
    [InlineData("query: SELECT 1, parameters: {'a b': {value: x}}", "whose names are letters, digits and underscores")]
    [InlineData("query: SELECT 1, warehous: x", "Did you mean 'warehouse'?")]
    public async Task What_cannot_be_meant_is_said_before_anything_runs(string settings, string why)
    {
        var refused = await Assert.ThrowsAsync<ProblemException>(() => Says(settings));
        Assert.Contains(why, refused.Message + refused.Try, StringComparison.Ordinal);
        Assert.Empty(_warehouse.Statements);
    }

    public async ValueTask InitializeAsync()
    {
        Environment.SetEnvironmentVariable("STEWARD_SECRET_LAKE", DoubleWarehouse.Token);
        _warehouse = await DoubleWarehouse.Start();
    }

    public async ValueTask DisposeAsync()
    {
        if (_world is not null)
            await _world.DisposeAsync();
        await _warehouse.DisposeAsync();
    }

    private static Dictionary<string, long> Figures(WindowView view) => Json.Read<JsonElement>(view.Steps[0].Made!).GetProperty("figures").Deserialize<Dictionary<string, long>>()!;

    private async Task<WindowView> Run(string settings, string after = "", string retry = "", Allowed? allow = null)
    {
        await Says(settings, after, retry, allow);
        await _world!.Work();
        await _world.Work();
        return (await _world.Pipelines.Window("shop", "sales", Assert.Single(await _world.Windows()).StartAt, Stop))!;
    }

    /// <summary>Settings that are not said are the double's.</summary>
    private async Task Says(string settings, string after = "", string retry = "", Allowed? allow = null)
    {
        _world = new(Databases.Sqlite(), TimeProvider.System, allow ?? Here);
        var start = _world.Time.GetUtcNow().AddDays(-1);
        foreach (var (key, value) in new[] { ("workspace", $"'{_warehouse.Address}'"), ("token", "'secret://lake'"), ("warehouse", DoubleWarehouse.Id) })
            if (!settings.Contains(key + ": ", StringComparison.Ordinal))
                settings += $", {key}: {value}";
        await _world.Says($"sales: {{trigger: {{tumbling: {{every: 1h, start: \"{start:yyyy-MM-dd}T23:00Z\", end: \"{start.AddDays(1):yyyy-MM-dd}T00:00Z\"{retry}}}}}, steps: [{{databricks: {{{settings.ReplaceLineEndings(" ")}}}}}{after}]}}");
    }
}
