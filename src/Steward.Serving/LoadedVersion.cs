using System.Text.Json;
using Steward.Onnx;

namespace Steward.Serving;

/// <summary>
/// One version in memory. Requests hold it while they use it; a retired one is disposed when the last of them lets go,
/// so that a swap never takes a model away from under an answer.
/// </summary>
internal sealed class LoadedVersion : IDisposable
{
    private static readonly string Own = new OnnxModelHead().Producer;
    private readonly OnnxSession _session;
    private int _users = 1;
    private bool _retired;

    private LoadedVersion(int version, OnnxSession session, IReadOnlyList<string>? labels)
    {
        (Version, _session) = (version, session);
        var about = session.Description.Metadata;
        Classes = Classifier.Of(session.Signature, labels ?? LabelsOf(session.Description), about.GetValueOrDefault("task"));
        if (Classes is not null)
            Classes = Classes with { Coverage = CoverageEntry.Of(about.GetValueOrDefault("coverage")) };
        TakesNan = about.GetValueOrDefault("missing") == "nan";
        Picture = PictureInput.Of(session.Signature, about.GetValueOrDefault("square"));
    }

    public int Version { get; }
    public Signature Signature => _session.Signature;

    /// <summary>How its outputs become a label and a confidence; null when it is no classifier.</summary>
    public Classifier? Classes { get; }

    /// <summary>Whether NaN means that nothing is known, which the model was trained to answer.</summary>
    public bool TakesNan { get; }

    /// <summary>How a picture becomes its input; null when it takes none.</summary>
    public PictureInput? Picture { get; }

    /// <summary>Checks the bytes, keeps them in a private file, loads them and runs them once.</summary>
    /// <param name="version">The registry's number.</param>
    /// <param name="model">An ONNX file.</param>
    /// <param name="labels">Names of the classes when the version's evidence has them; else the file's own <c>labels</c> entry counts.</param>
    /// <param name="scratch">Where its private copy lies while it is loaded; the system's temporary folder when null.</param>
    /// <exception cref="OnnxRefusedException">The check or the engine refuses it.</exception>
    /// <exception cref="ProblemException"><c>model_foreign</c>: our own trainers did not make it.</exception>
    public static LoadedVersion Load(int version, ReadOnlySpan<byte> model, IReadOnlyList<string>? labels = null, string? scratch = null)
    {
        using var file = OnnxFile.Keep(model, scratch);
        if (file.Description.Producer != Own)
            throw ProblemException.Conflict("model_foreign", $"Version {version} was made by '{Names.Shorten(file.Description.Producer)}': only models of Steward's own trainers are served in this process.", "Train it with Steward, or serve it elsewhere and log its answers.");
        var loaded = new LoadedVersion(version, OnnxSession.Open(file), labels);
        loaded.WarmUp();
        return loaded;
    }

    public IReadOnlyList<OnnxValue> Run(IReadOnlyDictionary<string, OnnxValue> inputs, IReadOnlyList<string>? outputs, CancellationToken stop)
        => _session.Run(inputs, outputs, stop: stop);

    /// <summary>False when it was retired meanwhile: look again at what serves now.</summary>
    public bool TryEnter()
    {
        for (var users = Volatile.Read(ref _users); users > 0;)
        {
            var seen = Interlocked.CompareExchange(ref _users, users + 1, users);
            if (seen == users)
                return true;
            users = seen;
        }

        return false;
    }

    public void Leave()
    {
        if (Interlocked.Decrement(ref _users) == 0)
            _session.Dispose();
    }

    /// <summary>Lets go of the hold it was made with.</summary>
    public void Dispose()
    {
        if (!Interlocked.Exchange(ref _retired, true))
            Leave();
    }

    /// <summary>The first run plans memory and is several times slower than the next: no caller should meet it.</summary>
    private void WarmUp()
    {
        if (Zeros() is not { } inputs)
            return;
        try
        {
            foreach (var output in Run(inputs, null, CancellationToken.None))
                output.Dispose();
        }
        catch (OnnxRunException)
        {
            // Sizes that were left open may mean more than we guessed; the first real request warms it instead.
        }
        finally
        {
            foreach (var input in inputs.Values)
                input.Dispose();
        }
    }

    /// <summary>One row of zeros for every input, sizes that are free guessed; null when the signature does not tell enough. The caller disposes the values.</summary>
    internal Dictionary<string, OnnxValue>? Zeros()
    {
        if (Signature.Inputs.Any(input => input.Shape is null || (input.Type != ElementType.String && input.Type.Bits() < 8)))
            return null;
        var inputs = new Dictionary<string, OnnxValue>();
        foreach (var input in Signature.Inputs)
        {
            long[] shape = [.. input.Shape!.Select((dim, i) => dim.Size ?? (i == 0 ? 1 : 64))];
            var count = shape.Aggregate(1L, (product, size) => product * size);
            inputs[input.Name] = input.Type == ElementType.String
                ? OnnxValue.OfTexts(new string[count].Select(_ => "").ToList(), shape)
                : OnnxValue.OfBytes(input.Type, new byte[count * input.Type.Bits() / 8], shape);
        }

        return inputs;
    }

    /// <summary>The entry <c>labels</c> of the file: a JSON list, or names separated by commas.</summary>
    private static string[]? LabelsOf(OnnxDescription description)
    {
        if (!description.Metadata.TryGetValue("labels", out var text))
            return null;
        return text.TrimStart().StartsWith('[')
            ? JsonSerializer.Deserialize<string[]>(text)
            : text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
    }
}
