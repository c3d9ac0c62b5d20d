using Steward.Audit;
using Steward.Data.Connections;
using Steward.Events;
using Steward.Identity;
using Steward.Storage;
using Steward.Work;

namespace Steward.Data.Copying;

/// <summary>Files were copied from one connection to another.</summary>
public sealed record FilesCopied(string Project, string From, string To, long Files, long Bytes, string By) : IEvent
{
    public static string Name => "data.files_copied";
}

internal sealed class Copies(Connector connector, CopyJournal journal, ILedger ledger, IAudit audit, IEvents events, CopyPatience patience, TimeProvider clock) : ICopies
{
    public const string Kind = "copy";
    private const int MostTold = 100;

    /// <summary>These mean that one file cannot be had now; the others can.</summary>
    private static readonly string[] OfOneFile = ["file_changed", "file_not_found", "file_name_invalid", "file_is_link", "file_is_folder", "source_short", "source_damaged", "copy_damaged", "file_too_large"];

    public async Task<CopyReport> Copy(string project, CopyOrder order, Func<CopyProgress, Task>? report, CancellationToken stop)
    {
        var ((from, what), (to, where)) = (order.Checked().Source, order.Target);
        var slowest = new[] { order.Bandwidth, (await connector.PlanOf(project, from, stop)).Bandwidth, (await connector.PlanOf(project, to, stop)).Bandwidth }.Where(limit => limit > 0).DefaultIfEmpty(0).Min();
        await using var source = await connector.Files(project, from, stop);
        await using var target = await connector.Files(project, to, stop);
        if (!target.Writes)
            throw FileStores.ReadOnly($"'{to}'");

        var single = order.Pattern is null && what.Length > 0 && !what.EndsWith('/') ? await source.Stat(what, stop) : null;
        var all = await Count(source, what, single, order.Pattern, stop);
        var (done, now) = (new Tally(), (string?)null);
        Task Report() => report?.Invoke(new(done.Files, all.Files, done.Read, all.Bytes, now)) ?? Task.CompletedTask;
        var copy = new FileCopy(project, source, target, journal, new Throttle(slowest, clock), patience, clock, bytes =>
        {
            done.Read += bytes;
            return Report();
        });
        await using var there = single is null ? target.List(where, null, stop).GetAsyncEnumerator(stop) : null;
        var ahead = there is not null && await there.MoveNextAsync();
        await foreach (var file in Wanted(source, what, single, order.Pattern, stop))
        {
            var (began, name) = (done.Read, TargetOf(file.Name, what, where, single is not null));
            now = file.Name;
            await Report();
            try
            {
                FileNames.Check(file.Name);
                // Both lists are sorted alike: the target's is followed to this name.
                while (ahead && FileNames.Compare(there!.Current.Name, name) < 0)
                    ahead = await there.MoveNextAsync();
                var path = new CopyPath(from, file.Name, to, name);
                var known = await journal.Find(project, path, stop);
                var copied = known is { Sha256: not null, Upload: null } && known.IsOf(file);
                // A server that does not sort is asked for the one file.
                var lying = !copied ? null : ahead && there!.Current.Name == name ? there.Current : await target.Stat(name, stop);
                if (copied && lying is not null && lying.Length == known!.Length && lying.ETag == known.TargetEtag)
                    done.Unchanged++;
                else
                    done.Add(file.Name, name, await copy.Copy(file, path, known, stop));
            }
            catch (ProblemException problem) when (OfOneFile.Contains(problem.Code))
            {
                done.LeaveOut(new(Names.Shorten(file.Name, 200), problem.Code, problem.Message));
            }

            done.Files++;
            done.Read = began + (file.Length ?? done.Read - began);
        }

        if (done.Files == 0 && (what.Length > 0 || order.Pattern is not null))
            throw FileStores.NotFound(order.From + order.Pattern);
        now = null;
        await Report();
        return done.Report;
    }

    public async Task Fetch(IFileStore store, StoredFile file, string path, CancellationToken stop)
    {
        await using var reader = new SourceReader(store, file, 0, new Throttle(0, clock), patience, clock);
        await using var to = new FileStream(path, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, BufferSize = 0, Options = FileOptions.Asynchronous });
        var buffer = new byte[1 << 20];
        while (await reader.Fill(buffer, stop) is var read and > 0)
            await to.WriteAsync(buffer.AsMemory(0, read), stop);
        if (file.Length is { } length && length != reader.Position)
            throw FileStores.Changed(file.Name);
    }

    public async Task Tell(Tx tx, Who who, string project, CopyOrder order, CopyReport report)
    {
        await audit.Write(tx, who, "files.copied", project, Names.Shorten($"{order.From} → {order.To}", 300), new { report.Copied, report.Unchanged, report.Bytes, report.LeftOutCount });
        await events.Publish(tx, new FilesCopied(project, order.From, order.To, report.Copied, report.Bytes, who.Name));
    }

    public async Task<WorkTask> Add(Who who, string project, CopyOrder order, CancellationToken stop)
    {
        who.Demand(Permission.Edit, project);
        var ((from, _), (to, _)) = (order.Checked().Source, order.Target);
        foreach (var connection in (string[])[from, to])
            await connector.PlanOf(project, connection, stop);
        return await ledger.Add(new(project, Kind, Names.NewId(), new CopyTask(order, who.Name)), who, stop);
    }

    private static async Task<(long Files, long Bytes)> Count(IFileStore source, string what, StoredFile? single, string? pattern, CancellationToken stop)
    {
        var (files, bytes) = (0L, 0L);
        await foreach (var file in Wanted(source, what, single, pattern, stop))
            (files, bytes) = (files + 1, bytes + (file.Length ?? 0));
        return (files, bytes);
    }

    private static async IAsyncEnumerable<StoredFile> Wanted(IFileStore source, string what, StoredFile? single, string? pattern, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken stop)
    {
        if (single is not null)
        {
            yield return single;
            yield break;
        }

        await foreach (var file in source.List(what, null, stop))
            if (pattern is null || CopyOrder.Matches(what, pattern, file.Name))
                yield return file;
    }

    /// <summary>What stands behind the last slash of the beginning that was asked for, below the folder it goes to.</summary>
    private static string TargetOf(string name, string what, string where, bool single)
    {
        var rest = name[((single ? name : what).LastIndexOf('/') + 1)..];
        return where.Length == 0 || where.EndsWith('/') ? where + rest : single ? where : $"{where}/{rest}";
    }

    private sealed class Tally
    {
        private readonly List<CopiedFile> _copied = [];
        private readonly List<LeftOutFile> _leftOut = [];
        private long _copies, _bytes, _resumed, _leftOutCount;

        public long Files, Unchanged, Read;

        public CopyReport Report => new(_copies, Unchanged, _bytes, _resumed, _copied, _leftOut, _leftOutCount);

        public void Add(string from, string to, FileCopy.Outcome outcome)
        {
            (_copies, _bytes, _resumed) = (_copies + 1, _bytes + outcome.Bytes, _resumed + outcome.Resumed);
            if (_copied.Count < MostTold)
                _copied.Add(new(from, to, outcome.Bytes, outcome.Sha256));
        }

        public void LeaveOut(LeftOutFile file)
        {
            _leftOutCount++;
            if (_leftOut.Count < MostTold)
                _leftOut.Add(file);
        }
    }
}
