namespace Steward.Training;

/// <summary>What lies beside the partitions that were scored: by what, where, how many rows, and which bytes. What it says is done is not done again.</summary>
/// <param name="Model">Name and version.</param>
/// <param name="Onnx">Of the model's bytes.</param>
/// <param name="Rows">Read; each has its row in the output. <paramref name="Answered"/> of them have an answer, the others were <paramref name="SetAside"/>.</param>
internal sealed record BatchManifest(string Model, Digest Onnx, string From, string? Engine, string? Job, long Rows, long Answered, long SetAside, IReadOnlyList<BatchManifestPart> Parts)
{
    public const string File = "_manifest.json";

    public IReadOnlyList<BatchManifestPart> Failed => [.. Parts.Where(part => part.Problem is not null)];

    public static BatchManifest Of(string model, Digest onnx, string from, string? engine, string? job, IEnumerable<BatchManifestPart> parts)
    {
        List<BatchManifestPart> all = [.. parts];
        return new(model, onnx, from, engine, job, all.Sum(part => part.Rows), all.Sum(part => part.Rows - part.SetAside), all.Sum(part => part.SetAside), all);
    }

    /// <summary>Null when there is none, or none of ours.</summary>
    public static BatchManifest? In(string folder)
    {
        var file = Path.Combine(folder, File);
        try
        {
            return System.IO.File.Exists(file) ? Json.Read<BatchManifest>(System.IO.File.ReadAllText(file)) : null;
        }
        catch (System.Text.Json.JsonException)
        {
            return null;
        }
    }

    public void Write(string folder)
    {
        var draft = Path.Combine(folder, $".{Names.NewId()}.part");
        System.IO.File.WriteAllText(draft, Json.Write(this));
        System.IO.File.Move(draft, Path.Combine(folder, File), overwrite: true);
    }
}

/// <param name="Input">Of the file, or of what names the part of the table.</param>
/// <param name="Output">Null when there is a problem.</param>
/// <param name="SetAside">Rows without an answer, told in <c>NAME.bad.csv</c>.</param>
internal sealed record BatchManifestPart(string Name, Digest Input, Digest? Output, long Rows, long SetAside, string? Machine, string? Problem);
