using Steward.Blobs;
using Steward.Onnx;

namespace Steward.Serving;

/// <summary>
/// Asks a version about pictures of the log once more, off the record: nothing is logged, counted or answered to
/// anybody. Each picture takes a turn like a request, so that callers who wait for answers come first as often.
/// </summary>
internal sealed class Rescoring(Fleet fleet, ModelSource source, Admission admission, IBlobs blobs)
{
    /// <param name="endpoint">Whose warm versions need no loading; null for any of the model. A server that has just started serves none yet, and loads.</param>
    /// <returns>In the order of the pictures; null where one is gone or cannot be read.</returns>
    public async Task<IReadOnlyList<Scored?>> Score(string? endpoint, string project, string name, int version, IReadOnlyList<Digest> pictures, CancellationToken stop)
    {
        var live = endpoint is null ? fleet.All.FirstOrDefault(live => live.Project == project && live.Model == name) : fleet.Find(endpoint);
        var warm = live?.Enter(version);
        var model = warm ?? await Load(project, name, version, stop);
        var largest = (live?.Settings ?? new()).Limits.Body;
        try
        {
            if (model is not { Picture: { } input, Classes: { } classes })
                throw ProblemException.Invalid("takes_no_pictures", $"Version {version} does not name what is on pictures.", "Compare versions by their metrics instead.");
            var all = new Scored?[pictures.Count];
            for (var i = 0; i < all.Length; i++)
                all[i] = await One(largest, model, input, classes, pictures[i], stop);
            return all;
        }
        finally
        {
            if (warm is null)
                model.Dispose();
            else
                model.Leave();
        }
    }

    private async Task<LoadedVersion> Load(string project, string model, int version, CancellationToken stop)
    {
        try
        {
            return await source.Load(project, model, version, stop);
        }
        catch (OnnxRefusedException refused)
        {
            throw ProblemException.Conflict("version_not_loadable", $"Version {version} cannot be loaded: {Names.Shorten(refused.Message, 300)}");
        }
    }

    private async Task<Scored?> One(long largest, LoadedVersion model, PictureInput input, Classifier classes, Digest picture, CancellationToken stop)
    {
        if (await blobs.Size(picture, stop) is null)
            return null;
        var bytes = await blobs.Read(picture, stop);
        await admission.Enter(stop);
        try
        {
            var read = input.Read(bytes, Math.Max(largest, bytes.Length));
            using var pixels = OnnxValue.OfBytes(ElementType.UInt8, read.Rgb.ToArray(), [1, read.Height, read.Width, 3]);
            return Run(model, classes, new Dictionary<string, OnnxValue> { [input.Name] = pixels }, stop);
        }
        catch (Exception error) when (error is OnnxRunException or ProblemException { Kind: ProblemKind.Invalid or ProblemKind.TooLarge })
        {
            return null;
        }
        finally
        {
            admission.Leave();
        }
    }

    private static Scored Run(LoadedVersion model, Classifier classes, Dictionary<string, OnnxValue> pixels, CancellationToken stop)
    {
        List<string> wanted = classes.Embedding is { } name ? [classes.Probabilities, name] : [classes.Probabilities];
        var results = model.Run(pixels, wanted, stop);
        try
        {
            var guess = Classifier.Read(results[0].Data<float>());
            return new(classes.Label(guess.Label), guess.Confidence, guess.Margin, wanted.Count > 1 ? results[1].Data<float>().ToArray() : null);
        }
        finally
        {
            foreach (var result in results)
                result.Dispose();
        }
    }
}
