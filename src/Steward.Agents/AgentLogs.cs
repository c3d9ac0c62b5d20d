using Steward.Storage;
using Steward.Work;

namespace Steward.Agents;

/// <summary>What tasks on agents wrote, in pieces as they were told; the newest lines are kept.</summary>
internal sealed class AgentLogs(Db db)
{
    private const long MostCharacters = 1_000_000;

    /// <summary>Keeps the lines that were not kept before; a report that comes twice changes nothing.</summary>
    public static async Task Keep(Tx tx, string project, Report report, int most)
    {
        var (job, number) = (report.Key.Job, report.Key.Number);
        var had = await tx.One<long>("SELECT lines FROM agent_task WHERE job = @job AND number = @number", new { job, number });
        var first = Math.Max(had, report.From);
        var news = report.Lines.Skip((int)Math.Min(first - report.From, report.Lines.Count)).ToList();
        if (news.Count == 0)
            return;
        await tx.Run("INSERT INTO agent_log (project, job, number, first, count, characters, lines) VALUES (@project, @job, @number, @first, @count, @characters, @lines)",
            new { project, job, number, first, count = news.Count, characters = news.Sum(line => (long)line.Text.Length), lines = Json.Write(news) });
        var came = first + news.Count;
        await tx.Run("UPDATE agent_task SET lines = @came WHERE job = @job AND number = @number", new { job, number, came });
        var (kept, characters) = (0L, 0L);
        foreach (var piece in await tx.All<Piece>("SELECT first, count, characters FROM agent_log WHERE job = @job AND number = @number ORDER BY first DESC", new { job, number }))
        {
            if (kept >= most || characters >= MostCharacters)
            {
                await tx.Run("DELETE FROM agent_log WHERE job = @job AND number = @number AND first <= @First", new { job, number, piece.First });
                break;
            }

            (kept, characters) = (kept + piece.Count, characters + piece.Characters);
        }
    }

    /// <summary>The newest lines from a number on, at most <paramref name="most"/>; and the number after the last.</summary>
    public async Task<(List<LogLine> Lines, long Seen)> Since(string job, int number, long seen, int most, CancellationToken stop)
    {
        var pieces = await db.All<Text>("SELECT first, lines FROM agent_log WHERE job = @job AND number = @number AND first + count > @seen ORDER BY first", new { job, number, seen }, stop);
        var lines = pieces.SelectMany(piece => Json.Read<List<LogLine>>(piece.Lines).Select((line, at) => (At: piece.First + at, Line: line))).Where(line => line.At >= seen).ToList();
        return ([.. lines.TakeLast(most).Select(line => line.Line)], lines.Count == 0 ? seen : lines[^1].At + 1);
    }

    private sealed record Piece(long First, long Count, long Characters);

    private sealed record Text(long First, string Lines);
}
