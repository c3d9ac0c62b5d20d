using Microsoft.ML.OnnxRuntime;

namespace Steward.Onnx;

/// <summary>How a session uses the machine.</summary>
public sealed record OnnxSessionOptions
{
    /// <summary>Threads inside one operator. 1 serves many small requests best; 0 takes all cores.</summary>
    public int Threads { get; init; } = 1;
}

/// <summary>A run failed inside the engine: inputs that do not fit, memory, an operator's own complaint.</summary>
public sealed class OnnxRunException(string message, Exception cause) : Exception(message, cause);

/// <summary>A checked model, loaded and ready. The only place that makes an ONNX Runtime session. Safe for many threads at once.</summary>
public sealed class OnnxSession : IDisposable
{
    private readonly InferenceSession _session;
    private readonly string[] _allOutputs;

    private OnnxSession(InferenceSession session, OnnxDescription description)
    {
        (_session, Description) = (session, description);
        _allOutputs = [.. description.Signature.Outputs.Select(output => output.Name)];
    }

    public OnnxDescription Description { get; }

    public Signature Signature => Description.Signature;

    /// <summary>Loads by path, with standard operators only and without spinning threads. The file may be disposed afterwards.</summary>
    /// <exception cref="OnnxRefusedException">The file was linked elsewhere, or the engine refuses the model.</exception>
    public static OnnxSession Open(OnnxFile file, OnnxSessionOptions? options = null)
    {
        OrtTelemetry.Off();
        file.RequireUntouched();
        using var settings = new SessionOptions
        {
            IntraOpNumThreads = (options ?? new()).Threads,
            InterOpNumThreads = 1,
            ExecutionMode = ExecutionMode.ORT_SEQUENTIAL,
            LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL,
        };
        // A spinning thread takes a whole core between two requests.
        settings.AddSessionConfigEntry("session.intra_op.allow_spinning", "0");
        settings.AddSessionConfigEntry("session.inter_op.allow_spinning", "0");
        // The walk read protobuf; the engine must not guess another format.
        settings.AddSessionConfigEntry("session.load_model_format", "ONNX");
        try
        {
            return new(new InferenceSession(file.Path, settings), file.Description);
        }
        catch (OnnxRuntimeException error)
        {
            throw OnnxRefusedException.For(OnnxCodes.RuntimeRefused, "ONNX Runtime does not load this model: " + error.Message, error);
        }
    }

    /// <summary>Runs the model once.</summary>
    /// <param name="inputs">A value for every input of the signature, by name.</param>
    /// <param name="outputs">Which outputs to compute, in this order; all when null.</param>
    /// <param name="timeout">The engine stops after this long, also inside an endless loop.</param>
    /// <param name="stop">Stops the engine, too.</param>
    /// <returns>One value per output, for the caller to dispose.</returns>
    /// <exception cref="OnnxRunException">The engine failed.</exception>
    /// <exception cref="TimeoutException">The time was up.</exception>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public IReadOnlyList<OnnxValue> Run(
        IReadOnlyDictionary<string, OnnxValue> inputs, IReadOnlyList<string>? outputs = null, TimeSpan? timeout = null, CancellationToken stop = default)
    {
        stop.ThrowIfCancellationRequested();
        using var options = new RunOptions();
        using var limit = timeout is { } time ? new CancellationTokenSource(time) : null;
        using var atLimit = limit?.Token.Register(() => options.Terminate = true);
        using var atStop = stop.Register(() => options.Terminate = true);
        var names = inputs.Keys.ToArray();
        var values = Array.ConvertAll(names, name => inputs[name].Inner);
        try
        {
            var results = _session.Run(options, names, values, outputs as IReadOnlyCollection<string> ?? _allOutputs);
            return [.. results.Select(OnnxValue.Out)];
        }
        catch (OnnxRuntimeException error)
        {
            stop.ThrowIfCancellationRequested();
            if (limit is { IsCancellationRequested: true }) throw new TimeoutException($"The model was stopped after {timeout}.", error);
            throw new OnnxRunException(error.Message, error);
        }
    }

    public void Dispose() => _session.Dispose();
}
