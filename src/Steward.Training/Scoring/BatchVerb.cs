using System.CommandLine;
using System.Globalization;
using Steward.Cli;

namespace Steward.Training;

/// <summary><c>steward batch REF IN OUT</c>: fetches a registered model once and scores a file on this machine.</summary>
internal static class BatchVerb
{
    public static Command Tree(Server server)
    {
        var reference = new Argument<string>("model") { Description = "A registered model: offers, offers@3." };
        var input = new Argument<FileInfo>("in") { Description = "CSV or Parquet; the first line of CSV names the columns." };
        var output = new Argument<FileInfo>("out") { Description = "The new file, CSV or Parquet by its ending." };
        var verb = new Command("batch", "Score a file: every row, in order, with what the model says of it.") { reference, input, output };
        verb.SetAction(async (line, stop) =>
        {
            var (project, model) = (Server.Segment(server.Project()), Reference.Parse("model", line.GetRequiredValue(reference)));
            var version = await server.Get<Registered>($"/api/projects/{project}/models/{Server.Segment(model.Name)}/versions/{Server.Segment(model.Version?.ToString(CultureInfo.InvariantCulture) ?? model.Alias!)}", stop);
            var onnx = await Fetch(server, project, version, stop);
            var (from, to) = (line.GetRequiredValue(input).FullName, line.GetRequiredValue(output).FullName);
            var report = await Show.Progress(line, "Scoring", Rows(from), progress => BatchScoring.Score(onnx, $"{model.Name}@{version.Version}", from, to, progress, stop));
            Show.Done(line, Sentence(report, $"{model.Name}@{version.Version}", to), report);
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

    /// <summary>What the verb needs to know of a version.</summary>
    private sealed record Registered(int Version, string Run, Digest Onnx);
}
