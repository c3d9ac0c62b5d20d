using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Steward.Identity;

namespace Steward.Agents;

internal static class AgentEndpoints
{
    private const int MostReports = 200, MostLines = 1000, LongestLine = 4_000;

    public static void MapAgents(this IEndpointRouteBuilder routes)
    {
        var agents = routes.MapGroup("/api/projects/{project}/agents").WithTags("Agents");
        agents.MapGet("/", (string project, AgentStore store, CancellationToken stop) => store.All(project, stop)).Needs(Permission.Read);
        agents.MapPost("/", async (string project, NewAgent body, AgentStore store, Who who, CancellationToken stop) =>
        {
            var (agent, secret) = await store.Add(who, project, body.Name, body.Labels, body.Days, stop);
            return Results.Json(new AdmittedAgent(agent, secret), Json.Options, statusCode: 201);
        }).Needs(Permission.Administer);
        agents.MapDelete("/{agent}", async (string project, string agent, AgentStore store, Who who, CancellationToken stop) =>
        {
            await store.Revoke(who, project, agent, stop);
            return Results.NoContent();
        }).Needs(Permission.Administer);
    }

    /// <summary>What agents call, and nobody else: their role may do nothing but this.</summary>
    public static void MapAgentWork(this IEndpointRouteBuilder routes)
    {
        var work = routes.MapGroup("/api/projects/{project}/agent-work").WithTags("Agents");
        work.MapPost("/begin", (string project, Beginning body, AgentStore store, Who who, CancellationToken stop) => store.Begin(who, project, body, stop)).Needs(Permission.Work);
        work.MapPost("/take", (string project, Asking body, AgentWork store, Who who, CancellationToken stop) => store.Take(who, project, Checked(body), stop)).Needs(Permission.Work);
        work.MapPost("/tell", (string project, Telling body, AgentWork store, Who who, CancellationToken stop) => store.Tell(who, project, Checked(body), stop)).Needs(Permission.Work);
        work.MapGet("/jobs/{job}/{number}/{fence}/files/{digest}", Give).Needs(Permission.Work);
        work.MapPut("/jobs/{job}/{number}/{fence}/files/{digest}", Bring).Accepts<Stream>("application/octet-stream", "*/*").WithMetadata(new RequestSizeLimitAttribute(AgentFiles.MostBytes)).Needs(Permission.Work);
        work.MapPost("/end", async (string project, Ending body, AgentWork store, Who who, CancellationToken stop) =>
        {
            await store.End(who, project, body.Session ?? "", stop);
            return Results.NoContent();
        }).Needs(Permission.Work);
    }

    /// <param name="from">Where an earlier call was cut.</param>
    private static async Task Give(string project, string job, int number, long fence, string digest, string session, long? from, HttpContext context, AgentFiles files, Who who, CancellationToken stop)
    {
        var (bytes, size) = await files.Open(who, project, new(session, job, number, fence), Digest.Parse(digest), stop);
        await using var held = bytes;
        var left = size - (from ?? 0);
        if (left < 0 || left > size)
            throw ProblemException.Invalid("from_invalid", $"The file has {size} bytes; it cannot go on from {from}.", "Begin again, from 0.");
        await Skip(bytes, size - left, stop);
        (context.Response.ContentType, context.Response.ContentLength) = ("application/octet-stream", left);
        await bytes.CopyToAsync(context.Response.Body, stop);
    }

    /// <summary>They are read all the same: the blob is verified over all of its bytes.</summary>
    private static async Task Skip(Stream bytes, long count, CancellationToken stop)
    {
        var some = new byte[1 << 16];
        while (count > 0)
            count -= await bytes.ReadAsync(some.AsMemory(0, (int)Math.Min(some.Length, count)), stop) is > 0 and var read ? read : throw new EndOfStreamException();
    }

    private static async Task<IResult> Bring(string project, string job, int number, long fence, string digest, string session, HttpContext context, AgentFiles files, Who who, CancellationToken stop)
    {
        await files.Take(who, project, new(session, job, number, fence), Digest.Parse(digest), context.Request.Body, stop);
        return Results.NoContent();
    }

    private static Asking Checked(Asking asking) => asking is { Session: not null, Holding: { Count: <= 1000 } keys } && keys.All(IsKey) ? asking : throw Wrong();

    private static Telling Checked(Telling telling)
        => telling is { Session: not null, Reports: { Count: <= MostReports } reports } && reports.All(report => report is { From: >= 0, Lines: { Count: <= MostLines } lines }
            && IsKey(report.Key) && lines.All(line => line is { Text.Length: <= LongestLine }) && report.End is null or { IsOver: true }
            && report.Files is null or { Count: <= AgentFiles.MostFiles } && report.Files?.All(AgentFiles.IsPlain) is not false)
            ? telling
            : throw Wrong();

    private static bool IsKey(TaskKey? key) => key is { Job.Length: <= 64 };

    private static ProblemException Wrong() => ProblemException.Invalid("agent_message_invalid", "This is not what an agent of this version says.", "Give the agent the same version of steward as the server.");

    internal sealed record NewAgent(string? Name, List<string>? Labels, int? Days);

    internal sealed record Ending(string? Session);
}

/// <param name="Secret">The agent's token; it is nowhere else.</param>
public sealed record AdmittedAgent(Agent Agent, string Secret);
