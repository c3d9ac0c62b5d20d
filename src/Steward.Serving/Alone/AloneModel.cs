using System.Text.Json;
using Steward.Models;
using Steward.Onnx;

namespace Steward.Serving.Alone;

/// <summary>A version read from a <see cref="ModelFolder"/>: checked against what the folder says of it.</summary>
internal sealed record AloneModel(ModelFolder About, LoadedVersion Loaded)
{
    private const long MostAbout = 1 << 20, MostOnnx = 2L << 30;

    /// <summary>Where a private copy may lie: a container has no other writable place when its root is read-only.</summary>
    private static readonly string[] Scratch = [Path.GetTempPath(), "/dev/shm"];

    public static async Task<AloneModel> Read(DirectoryInfo folder, CancellationToken stop)
    {
        var about = Parse(await Bytes(folder, ModelFolder.AboutFile, MostAbout, stop), folder);
        var onnx = await Bytes(folder, ModelFolder.OnnxFile, MostOnnx, stop);
        if (Digest.Of(onnx) != about.Onnx)
            throw ProblemException.Conflict("model_changed", $"The model in '{folder.Name}' is not the one that its {ModelFolder.AboutFile} names: {Digest.Of(onnx).Hex[..12]} instead of {about.Onnx.Hex[..12]}.", "Fetch the folder or the image again.");
        try
        {
            return new(about, LoadedVersion.Load(about.Version, onnx, about.Labels, Writable()));
        }
        catch (OnnxRefusedException refused)
        {
            throw ProblemException.Invalid("onnx_invalid", $"The model in '{folder.Name}' is refused: {refused.Message}");
        }
    }

    private static ModelFolder Parse(byte[] json, DirectoryInfo folder)
    {
        try
        {
            var about = JsonSerializer.Deserialize<ModelFolder>(json, Json.Options);
            if (about is { Form: 1, Model: not null, Version: > 0 })
                return about with { Project = Names.Check("project", about.Project), Endpoint = Names.Check("endpoint", about.Endpoint) };
        }
        catch (JsonException)
        {
            // said below, with where it was found
        }

        throw ProblemException.Invalid("model_folder_invalid", $"The {ModelFolder.AboutFile} in '{folder.Name}' does not say what the model is.", "Take the folder out of an image that steward image build made.");
    }

    private static async Task<byte[]> Bytes(DirectoryInfo folder, string name, long most, CancellationToken stop)
    {
        var file = new FileInfo(Path.Combine(folder.FullName, name));
        if (!file.Exists)
            throw ProblemException.NotFound("file", name, $"'{folder.FullName}' holds no model: name the folder with {ModelFolder.OnnxFile} and {ModelFolder.AboutFile}.");
        return file.Length <= most ? await File.ReadAllBytesAsync(file.FullName, stop) : throw ProblemException.Invalid("file_too_large", $"'{name}' has {Say.Bytes(file.Length)}; at most {Say.Bytes(most)} are read.");
    }

    private static string? Writable()
    {
        foreach (var folder in Scratch)
        {
            var probe = Path.Combine(folder, Names.NewId());
            try
            {
                Directory.CreateDirectory(probe);
                Directory.Delete(probe);
                return folder;
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                // read-only, or not there: the next
            }
        }

        throw new ProblemException(ProblemKind.Unavailable, "no_scratch", "There is no folder to write a private copy of the model to.", "Mount a writable /tmp (in Kubernetes an emptyDir), or set TMPDIR.");
    }
}
