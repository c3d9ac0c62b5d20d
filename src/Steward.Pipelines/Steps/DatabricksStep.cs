using System.Globalization;
using System.Text.Json.Nodes;
using Steward.Outside;

namespace Steward.Pipelines;

/// <summary>One statement by the Statement Execution API: given, asked after until it is over, and cancelled with its window.</summary>
internal sealed class DatabricksStep(Secrets secrets, Reach reach, TimeProvider clock) : IStep
{
    private const string Statements = "/api/2.0/sql/statements", Affected = "num_affected_rows";

    /// <summary>Of a result; the rest is not fetched. What a statement makes belongs into a table there.</summary>
    private const int MostRows = 1000, MostBytes = 8 << 20;
    private static readonly TimeSpan FirstLook = TimeSpan.FromMilliseconds(200), LastLook = TimeSpan.FromSeconds(5), LastWord = TimeSpan.FromSeconds(20), Patience = TimeSpan.FromMinutes(5);

    public string Kind => "databricks";

    public async Task<StepMade> Do(StepContext context, CancellationToken stop)
    {
        var plan = context.As<DatabricksPlan>();
        using var api = new DatabricksApi(DatabricksApi.Address(plan.Workspace)!, plan.Token, secrets, reach, clock,
            why => new(ProblemKind.Unavailable, "databricks_unreachable", $"Databricks does not answer: {why}"),
            why => ProblemException.Invalid("databricks_refused", $"Databricks refused: {why}"));
        // Answered at once, before it is done: a statement can be cancelled only by who knows its number.
        var answer = await Given(api, Body(context, plan), stop);
        var id = (string?)answer["statement_id"];
        if (id is null || id.Length > 100 || !id.All(c => char.IsAsciiLetterOrDigit(c) || c == '-'))
            throw ProblemException.Invalid("databricks_refused", "Databricks took the statement and gave it no number.", "Look at its query history before you run this again.");
        using var away = context.Away();
        try
        {
            return Made(plan, await Over(api, id, answer, context, stop));
        }
        catch (OperationCanceledException)
        {
            await Cancel(api, id);
            throw;
        }
    }

    private static JsonObject Body(StepContext context, DatabricksPlan plan)
    {
        var body = new JsonObject
        {
            // For those who look at the query history; each of these is a plain name.
            ["statement"] = $"/* steward: {context.Project.Name}, {context.Window.Pipeline}, {context.Id}, {context.Window.StartAt.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss'Z'} */ {plan.Query}",
            ["warehouse_id"] = plan.Warehouse,
            ["wait_timeout"] = "0s",
            ["disposition"] = "INLINE",
            ["format"] = "JSON_ARRAY",
            ["row_limit"] = MostRows,
            ["byte_limit"] = MostBytes,
            ["parameters"] = new JsonArray([.. plan.Parameters.OrderBy(one => one.Key, StringComparer.Ordinal).Select(one => (JsonNode)Parameter(one.Key, one.Value))]),
        };
        foreach (var (key, value) in new[] { ("catalog", plan.Catalog), ("schema", plan.Schema) })
            if (value is not null)
                body[key] = value;
        return body;
    }

    private static JsonObject Parameter(string name, StatementParameter parameter)
    {
        var one = new JsonObject { ["name"] = name, ["type"] = parameter.Type };
        if (parameter.Value is { } value)
            one["value"] = value;
        return one;
    }

    private static async Task<JsonNode> Given(DatabricksApi api, JsonObject body, CancellationToken stop)
    {
        try
        {
            return await api.Post(Statements, body, stop, whole: true);
        }
        catch (ProblemException silent) when (silent.Kind is ProblemKind.Unavailable)
        {
            throw new ProblemException(silent.Kind, silent.Code, $"{silent.Message} The statement may have been taken all the same.", "Look at the query history of the warehouse before you run this again.");
        }
    }

    /// <summary>The answer that says how it ended. A workspace that is silent for a while is asked again: the statement goes on meanwhile.</summary>
    private async Task<JsonNode> Over(DatabricksApi api, string id, JsonNode answer, StepContext context, CancellationToken stop)
    {
        var (wait, heard, told) = (FirstLook, clock.GetTimestamp(), "");
        while (true)
        {
            var state = (string?)answer["status"]?["state"];
            if (IsEnd(state))
                return answer;
            if (state is not null && state != told)
                await context.Report(null, state is "PENDING" ? "It waits for the warehouse." : state is "RUNNING" ? "The warehouse runs it." : $"Databricks says '{Names.Shorten(state, 30)}'.");
            told = state ?? told;
            await Task.Delay(wait, clock, stop);
            wait = wait < LastLook ? wait * 1.5 : LastLook;
            try
            {
                answer = await api.Get($"{Statements}/{id}", stop) ?? throw ProblemException.Invalid("statement_lost", "Databricks no longer knows the statement.", "Look at the query history of the warehouse before you run this again.");
                heard = clock.GetTimestamp();
            }
            catch (ProblemException silent) when (silent.Kind is ProblemKind.Unavailable && clock.GetElapsedTime(heard) < Patience)
            {
                await context.Report(null, silent.Message);
            }
        }
    }

    private static bool IsEnd(string? state) => state is "SUCCEEDED" or "FAILED" or "CANCELED" or "CLOSED";

    private StepMade Made(DatabricksPlan plan, JsonNode answer)
    {
        var status = answer["status"]!;
        if ((string?)status["state"] is "FAILED")
            throw ProblemException.Invalid("statement_failed", secrets.Redact($"The warehouse could not run it: {Names.Shorten((string?)status["error"]?["message"] ?? (string?)status["error"]?["error_code"] ?? "it says no more", 1000)}", [plan.Token]));
        if ((string?)status["state"] is "CANCELED")
            throw ProblemException.Invalid("statement_cancelled", "The statement was cancelled in Databricks.");
        var columns = (answer["manifest"]?["schema"]?["columns"]?.AsArray() ?? []).Select(column => (string?)column?["name"] ?? "").ToList();
        var first = answer["result"]?["data_array"]?.AsArray().FirstOrDefault()?.AsArray();
        var figures = new Dictionary<string, long>();
        // INSERT, UPDATE, DELETE and MERGE answer with one row of counts.
        if (columns.Contains(Affected) && first?.Count == columns.Count)
        {
            foreach (var (name, value) in columns.Zip(first))
                if (long.TryParse((string?)value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var count))
                    figures[name] = count;
            var rows = figures.GetValueOrDefault(Affected);
            return new([], rows, $"{Say.Count(rows, "row")} changed.") { Figures = figures };
        }

        var found = (long?)answer["manifest"]?["total_row_count"] ?? 0;
        figures["rows"] = found;
        var more = (bool?)answer["manifest"]?["truncated"] == true;
        return new([], found, found == 0 ? "Done." : $"{(more ? "At least " : "")}{Say.Count(found, "row")}{(found == 1 && first is not null ? $": {string.Join(", ", columns.Zip(first, (name, value) => $"{Names.Shorten(name, 40)} {Names.Shorten((string?)value ?? "NULL", 60)}").Take(10))}" : "")}.") { Figures = figures };
    }

    /// <summary>Asked for, and heard to be so: the window is not let go while its statement still writes, as far as that can be known.</summary>
    private async Task Cancel(DatabricksApi api, string id)
    {
        using var patience = new CancellationTokenSource(LastWord, clock);
        try
        {
            await api.Post($"{Statements}/{id}/cancel", new JsonObject(), patience.Token);
            while (await api.Get($"{Statements}/{id}", patience.Token) is { } answer && !IsEnd((string?)answer["status"]?["state"]))
                await Task.Delay(FirstLook, clock, patience.Token);
        }
        catch (Exception error) when (error is ProblemException or OperationCanceledException)
        {
            // Silent: it ends by itself, and a window that is run again gives it again.
        }
    }
}
