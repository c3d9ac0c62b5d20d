using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Steward.Identity;

namespace Steward.Audit;

public static class AuditEndpoints
{
    public static void MapAudit(this IEndpointRouteBuilder routes)
    {
        var audit = routes.MapGroup("/api/audit").WithTags("Audit");
        audit.MapGet("/", (string? project, string? action, string? by, int? limit, long? before, AuditLog log, CancellationToken stop)
            => log.Newest(new(project, action, by), Most(limit), before, stop)).Needs(Permission.AdministerServer);
        audit.MapGet("/verify", (AuditVerifier verifier, CancellationToken stop) => verifier.Check(stop)).Needs(Permission.AdministerServer);
        audit.MapGet("/export", Export).Needs(Permission.AdministerServer);

        routes.MapGet("/api/projects/{project}/audit", (string project, int? limit, long? before, AuditLog log, CancellationToken stop)
            => log.Newest(new(project), Most(limit), before, stop)).WithTags("Audit").Needs(Permission.Administer);
    }

    private static int Most(int? limit) => Math.Clamp(limit ?? 100, 1, 1000);

    private static IResult Export(string? format, DateTimeOffset? from, DateTimeOffset? to, AuditLog log, CancellationToken stop)
    {
        Func<AuditEntry, string> line = (format ?? "jsonl") switch
        {
            "jsonl" => Json.Write,
            "csv" => Csv.Line,
            _ => throw ProblemException.Invalid("format_unknown", $"The audit is not exported as '{Names.Shorten(format)}'.", "Choose csv or jsonl."),
        };
        var csv = format == "csv";
        return Results.Stream(async body =>
        {
            await using var writer = new StreamWriter(body, new UTF8Encoding(false)) { NewLine = "\n" };
            if (csv)
                await writer.WriteLineAsync(Csv.Header);
            await foreach (var entry in log.Between(from, to, stop))
                await writer.WriteLineAsync(line(entry).AsMemory(), stop);
        }, csv ? "text/csv" : "application/x-ndjson", csv ? "audit.csv" : "audit.jsonl");
    }

    private static class Csv
    {
        public const string Header = "number,at,by_id,by_name,action,project,subject,detail,previous,hash";

        public static string Line(AuditEntry e) => string.Join(',',
            ((string?[])[e.Number.ToString(CultureInfo.InvariantCulture), e.At.ToString("o"), e.ById, e.ByName, e.Action, e.Project, e.Subject, e.Detail, e.Previous, e.Hash]).Select(Cell));

        /// <summary>Quoted by RFC 4180; a leading quote mark keeps spreadsheets from running a cell as a formula.</summary>
        private static string Cell(string? value)
        {
            value ??= "";
            if (value.Length > 0 && value[0] is '=' or '+' or '-' or '@' or '\t' or '\r')
                value = "'" + value;
            return value.AsSpan().IndexOfAny(',', '"', '\n') < 0 && !value.Contains('\r') ? value : "\"" + value.Replace("\"", "\"\"", StringComparison.Ordinal) + "\"";
        }
    }
}
