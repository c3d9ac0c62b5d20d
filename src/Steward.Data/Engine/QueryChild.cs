using Steward.Work;

namespace Steward.Data.Engine;

/// <summary><c>steward child sql FOLDER</c>: SQL that people wrote, in a process of its own. Reads <c>job.json</c>, leaves <c>made.json</c> or <c>answer.json</c>.</summary>
internal sealed class QueryChild : IChild
{
    public const string Job = "job.json", Made = "made.json", Answer = "answer.json";

    public string Name => "sql";

    public async Task Run(string folder, Action<double?, string?> tell, CancellationToken stop)
    {
        var job = Json.Read<DuckJob>(await File.ReadAllTextAsync(Path.Combine(folder, Job), stop));
        if (job.Rows > 0)
            await File.WriteAllTextAsync(Path.Combine(folder, Answer), Json.Write(DuckRun.Query(job, folder, stop)), stop);
        else
            await File.WriteAllTextAsync(Path.Combine(folder, Made), Json.Write(DuckRun.Make(job, folder, stop)), stop);
    }
}
