using System.CommandLine;
using System.Globalization;
using Steward.Cli;

namespace Steward.Training;

/// <summary><c>steward batch REF IN OUT</c>: a registered model over a file, or over the partitions of a folder or a table, here or on an engine.</summary>
internal static class BatchVerb
{
    private const int Named = 5;

    public static Command Tree(Server server)
    {
        var reference = new Argument<string>("model") { Description = "A registered model: offers, offers@3." };
        var input = new Argument<string>("in") { Description = "CSV or Parquet; the first line of CSV names the columns. A folder of such files; with --on also a table: gold.customers." };
        var output = new Argument<string>("out") { Description = "The new file, CSV or Parquet by its ending; for a folder or a table a folder." };
        var on = new Option<string?>("--on") { Description = "The engine that scores, each partition as a task: steward engine list." };
        var verb = new Command("batch", "Score a file, or each file of a folder: every row, in order, with what the model says of it. What stands there already is not scored again; Ctrl-C cancels.") { reference, input, output, on };
        verb.SetAction(async (line, stop) =>
        {
            var (project, model) = (Server.Segment(server.Project()), Reference.Parse("model", line.GetRequiredValue(reference)));
            var version = await server.Get<Registered>($"/api/projects/{project}/models/{Server.Segment(model.Name)}/versions/{Server.Segment(model.Version?.ToString(CultureInfo.InvariantCulture) ?? model.Alias!)}", stop);
            var (name, from, to) = ($"{model.Name}@{version.Version}", line.GetRequiredValue(input), Path.GetFullPath(line.GetRequiredValue(output)));
            if (line.GetValue(on) is null && !Directory.Exists(from))
            {
                var onnx = await Fetch(server, project, version, stop);
                var report = await Show.Progress(line, "Scoring", Rows(from), progress => BatchScoring.Score(onnx, name, Path.GetFullPath(from), to, progress, stop));
                Show.Done(line, Sentence(report, name, to), report);
                return;
            }

            if (File.Exists(from))
                throw ProblemException.Invalid("not_a_folder", $"'{Names.Shorten(from, 200)}' is one file; an engine scores the files of a folder.", "Name its folder, or leave --on away.");
            var batch = new FolderBatch(server, server.Project(), (name, version.Onnx), Directory.Exists(from) ? Path.GetFullPath(from) : from, to);
            var manifest = await Show.Progress(line, "Scoring", FolderBatch.Whole, async progress => line.GetValue(on) is { } engine ? await batch.On(engine, progress, stop) : await batch.Here(await Fetch(server, project, version, stop), progress, stop));
            if (manifest.Failed is { Count: > 0 } failed)
                throw ProblemException.Invalid("partitions_failed", $"{failed.Count} of {Say.Count(manifest.Parts.Count, "partition")} could not be scored: {string.Join("; ", failed.Take(Named).Select(part => $"{part.Name}: {part.Problem}"))}{(failed.Count > Named ? $" and {failed.Count - Named} more" : "")} The others are kept.", $"Mend them and run it again; {BatchManifest.File} tells all of it.");
            Show.Done(line, Sentence(manifest, to), manifest);
        });
        return verb;
    }

    private static async Task<byte[]> Fetch(Server server, string project, Registered version, CancellationToken stop)
    {
        using var reply = await server.Open($"/api/projects/{project}/runs/{Server.Segment(version.Run)}/artifacts/model.onnx", stop);
        var bytes = await reply.Content.ReadAsByteArrayAsync(stop);
        return Digest.Of(bytes) == version.Onnx ? bytes : throw ProblemException.Conflict("seal_changed", "The model that came is not the one that was registered.", "steward doctor looks at the store.");
    }

    /// <summary>A guess, for the bar: rows of files are of like length.</summary>
    private static long Rows(string path) => File.Exists(path) ? new FileInfo(path).Length / 64 : 1;

    private static string Sentence(BatchReport report, string model, string to) => string.Create(CultureInfo.InvariantCulture,
        $"{model} scored {report.Rows} rows into {Path.GetFileName(to)} in {report.Seconds:0.0} s.") + (report.Bad == 0 ? "" : $" {Say.Count(report.Bad, "row")} could not be read and {(report.Bad == 1 ? "has" : "have")} no answer: see {Path.GetFileName(report.BadFile)}.");

    private static string Sentence(BatchManifest manifest, string to) =>
        $"{manifest.Model} scored {Say.Count(manifest.Rows, "row")} in {Say.Count(manifest.Parts.Count, "partition")} into {Path.GetFileName(to)}{(manifest.Engine is null ? "" : $" on {manifest.Engine}")}: {manifest.Answered:N0} answered, {manifest.SetAside:N0} set aside{(manifest.SetAside == 0 ? "" : " (NAME.bad.csv tells them)")}.";

    /// <summary>What the verb needs to know of a version.</summary>
    private sealed record Registered(int Version, string Run, Digest Onnx);
}
