using System.Collections.Concurrent;
using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using DuckDB.NET.Data;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Steward.Pipelines.Tests;

/// <summary>
/// Stands in for a SQL warehouse of Databricks where there is none: its Statement Execution API over HTTP, strict about the token,
/// fields, types and what goes together, and a real database behind it (DuckDB, in memory) that binds the parameters.
/// </summary>
internal sealed partial class DoubleWarehouse : IAsyncDisposable
{
    public const string Token = "dapi-token-of-the-test", Id = "1234567890abcdef";
    private const int LongestStatement = 16 << 20;
    private readonly WebApplication _app;
    private readonly DuckDBConnection _database = new("DataSource=:memory:");
    private readonly Lock _one = new();
    private int _busy;

    private DoubleWarehouse()
    {
        _database.Open();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        _app = builder.Build();
        _app.Use(Enter);
        _app.MapPost("/api/2.0/sql/statements", Give);
        _app.MapGet("/api/2.0/sql/statements/{id}", (string id) => Statements.TryGetValue(id, out var found) ? Results.Json(found.Object()) : Refusal(404, "NOT_FOUND", $"The statement {id} was not found."));
        _app.MapPost("/api/2.0/sql/statements/{id}/cancel", (string id) =>
        {
            if (!Statements.TryGetValue(id, out var found))
                return Refusal(404, "NOT_FOUND", $"The statement {id} was not found.");
            found.Cancel();
            return Results.Ok();
        });
    }

    public ConcurrentDictionary<string, Statement> Statements { get; } = new(StringComparer.Ordinal);

    public string Address => _app.Urls.First();

    public bool IsSilent { get; set; }

    /// <summary>Statements wait here before they run; at first nothing holds them.</summary>
    public TaskCompletionSource Gate { get; set; } = Open();

    public static async Task<DoubleWarehouse> Start()
    {
        var warehouse = new DoubleWarehouse();
        await warehouse._app.StartAsync();
        return warehouse;
    }

    /// <summary>The next calls are turned away: too many.</summary>
    public void BeBusyFor(int calls) => _busy = calls;

    public object? Ask(string sql)
    {
        lock (_one)
        {
            using var command = _database.CreateCommand();
            command.CommandText = sql;
            return command.ExecuteScalar();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        await _database.DisposeAsync();
    }

    private static TaskCompletionSource Open()
    {
        var open = new TaskCompletionSource();
        open.SetResult();
        return open;
    }

    private async Task Enter(HttpContext http, RequestDelegate next)
    {
        if (IsSilent)
            http.Abort();
        else if (http.Request.Headers.Authorization != $"Bearer {Token}")
            await Refusal(401, "UNAUTHENTICATED", $"Credential {http.Request.Headers.Authorization.ToString().Split(' ')[^1]} was not sent or was of an unsupported type for this API.").ExecuteAsync(http);
        else if (Interlocked.Decrement(ref _busy) >= 0)
        {
            http.Response.Headers.RetryAfter = "1";
            await Refusal(429, "RESOURCE_EXHAUSTED", "Too many requests.").ExecuteAsync(http);
        }
        else
            await next(http);
    }

    private async Task<IResult> Give(HttpRequest request)
    {
        var body = await JsonNode.ParseAsync(request.Body);
        if (Complaint(body) is { } why)
            return Refusal(400, "INVALID_PARAMETER_VALUE", why);
        if ((string?)body!["warehouse_id"] != Id)
            return Refusal(404, "NOT_FOUND", $"SQL warehouse {body["warehouse_id"]} was not found.");
        var statement = new Statement(Guid.NewGuid().ToString(), body);
        Statements[statement.Id] = statement;
        _ = Task.Run(() => statement.Run(Gate.Task, Execute));
        return Results.Json(statement.Object());
    }

    private static string? Complaint(JsonNode? node)
    {
        if (node is not JsonObject body)
            return "Could not parse request object.";
        string[] texts = ["statement", "warehouse_id", "catalog", "schema", "disposition", "format", "wait_timeout", "on_wait_timeout"], wholes = ["row_limit", "byte_limit"];
        foreach (var (name, value) in body)
            if (texts.Contains(name) ? value?.GetValueKind() is not JsonValueKind.String : wholes.Contains(name) ? value?.GetValueKind() is not JsonValueKind.Number || (long)value < 1 : name != "parameters")
                return $"Could not parse request object: the field '{name}' is not known or of another type.";
        if (body["statement"] is null || body["warehouse_id"] is null || ((string)body["statement"]!).Length is 0 or > LongestStatement)
            return "statement and warehouse_id are required.";
        if (body["wait_timeout"] is { } wait && (!Seconds().IsMatch((string)wait!) || int.Parse(((string)wait!)[..^1], System.Globalization.CultureInfo.InvariantCulture) is not (0 or (>= 5 and <= 50))))
            return "wait_timeout must be 0s, or between 5s and 50s.";
        if ((string?)body["disposition"] is not (null or "INLINE" or "EXTERNAL_LINKS") || (string?)body["format"] is not (null or "JSON_ARRAY" or "ARROW_STREAM" or "CSV"))
            return "disposition or format is not known.";
        if ((string?)body["format"] is "ARROW_STREAM" or "CSV" && (string?)body["disposition"] != "EXTERNAL_LINKS")
            return "This format is supported with EXTERNAL_LINKS only.";
        var seen = new HashSet<string>();
        foreach (var one in body["parameters"] is not JsonArray list ? body["parameters"] is null ? [] : [null] : list)
            if (one is not JsonObject parameter || parameter.Any(field => field.Key is not ("name" or "value" or "type") || field.Value?.GetValueKind() is not JsonValueKind.String) || parameter["name"] is null || !seen.Add((string)parameter["name"]!))
                return "A parameter has a name of its own, a value and a type, all of them strings.";
        return null;
    }

    /// <summary>What the database makes of it: parameters are bound, each as the type it is said to be.</summary>
    private JsonObject Execute(JsonNode body)
    {
        lock (_one)
        {
            using var command = _database.CreateCommand();
            var given = (body["parameters"]?.AsArray() ?? []).ToDictionary(one => (string)one!["name"]!, one => one!);
            var text = Comment().Replace((string)body["statement"]!, "");
            command.CommandText = Marker().Replace(text, marker =>
            {
                var parameter = given.GetValueOrDefault(marker.Groups[1].Value) ?? throw new InvalidOperationException($"[UNBOUND_SQL_PARAMETER] Found the unbound parameter: {marker.Groups[1].Value}. Please, fix `args` and provide a mapping of the parameter.");
                return $"CAST(${marker.Groups[1].Value} AS {((string?)parameter["type"] is null or "STRING" ? "VARCHAR" : (string)parameter["type"]!)})";
            });
            foreach (var (name, parameter) in given.Where(one => command.CommandText.Contains($"${one.Key} ", StringComparison.Ordinal)))
                command.Parameters.Add(new DuckDBParameter(name, (object?)(string?)parameter["value"] ?? DBNull.Value));
            if (Changes().IsMatch(text))
            {
                var changed = command.ExecuteNonQuery();
                return Result(["num_affected_rows", "num_inserted_rows"], [[$"{changed}", $"{changed}"]], false);
            }

            using var reader = command.ExecuteReader();
            var (rows, limit) = (new List<string?[]>(), (int?)body["row_limit"] ?? int.MaxValue);
            while (reader.Read())
                rows.Add([.. Enumerable.Range(0, reader.FieldCount).Select(i => reader.IsDBNull(i) ? null : Convert.ToString(reader.GetValue(i), System.Globalization.CultureInfo.InvariantCulture))]);
            return Result([.. Enumerable.Range(0, reader.FieldCount).Select(reader.GetName)], [.. rows.Take(limit)], rows.Count > limit);
        }
    }

    private static JsonObject Result(string[] columns, List<string?[]> rows, bool truncated) => new()
    {
        ["manifest"] = new JsonObject
        {
            ["format"] = "JSON_ARRAY", ["total_row_count"] = rows.Count, ["truncated"] = truncated,
            ["schema"] = new JsonObject { ["column_count"] = columns.Length, ["columns"] = new JsonArray([.. columns.Select((name, i) => new JsonObject { ["name"] = name, ["position"] = i })]) },
        },
        ["result"] = new JsonObject { ["chunk_index"] = 0, ["row_count"] = rows.Count, ["data_array"] = new JsonArray([.. rows.Select(row => new JsonArray([.. row.Select(value => (JsonNode?)value)]))]) },
    };

    private static IResult Refusal(int status, string error_code, string message) => Results.Json(new { error_code, message }, statusCode: status);

    [GeneratedRegex(@"^[0-9]{1,3}s\z")]
    private static partial Regex Seconds();

    [GeneratedRegex(@"^/\*.*?\*/ ")]
    private static partial Regex Comment();

    [GeneratedRegex(@"(?<![:\w]):([A-Za-z_]\w*)")]
    private static partial Regex Marker();

    [GeneratedRegex(@"^\s*(INSERT|UPDATE|DELETE|MERGE)\b", RegexOptions.IgnoreCase)]
    private static partial Regex Changes();
}

/// <summary>One statement and how it stands.</summary>
internal sealed class Statement(string id, JsonNode body)
{
    private readonly TaskCompletionSource _cancelled = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private JsonObject? _result;
    private string? _error;

    public string Id => id;

    public JsonNode Body => body;

    public string State { get; private set; } = "PENDING";

    public void Cancel() => _cancelled.TrySetResult();

    public async Task Run(Task gate, Func<JsonNode, JsonObject> execute)
    {
        State = "RUNNING";
        await Task.WhenAny(gate, _cancelled.Task);
        if (_cancelled.Task.IsCompleted)
        {
            State = "CANCELED";
            return;
        }

        try
        {
            _result = execute(body);
            State = "SUCCEEDED";
        }
        catch (Exception error) when (error is DuckDBException or InvalidOperationException)
        {
            _error = error.Message;
            State = "FAILED";
        }
    }

    public JsonObject Object()
    {
        var state = State;
        var answer = new JsonObject { ["statement_id"] = id, ["status"] = new JsonObject { ["state"] = state } };
        if (state == "FAILED")
            answer["status"]!["error"] = new JsonObject { ["error_code"] = "BAD_REQUEST", ["message"] = _error };
        if (state == "SUCCEEDED")
            foreach (var (name, part) in _result!)
                answer[name] = part!.DeepClone();
        return answer;
    }
}
