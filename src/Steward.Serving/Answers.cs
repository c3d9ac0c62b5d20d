using System.Diagnostics;
using Steward.Onnx;
using Steward.Serving.OpenInference;

namespace Steward.Serving;

/// <summary>From tensors to an answer: a turn, the version that serves now, the run, the log and the figures.</summary>
internal sealed class Answers(Admission admission, IAnswerLog log, ServingMetrics metrics, TimeProvider clock)
{
    /// <param name="live">The endpoint.</param>
    /// <param name="model">The version, held by the caller.</param>
    /// <param name="inputs">Checked against the version's signature here.</param>
    /// <param name="outputs">Names wanted, null for all.</param>
    /// <param name="began">When the request arrived.</param>
    /// <param name="picture">The bytes that were sent, when they were a picture.</param>
    /// <param name="counter">Where a release counts it; null for none.</param>
    /// <exception cref="ProblemException">The inputs do not suit the model, too many wait, or the model failed on them.</exception>
    public async ValueTask<Answer> Give(Live live, LoadedVersion model, IReadOnlyList<Tensor> inputs, IReadOnlyList<string>? outputs, long began, byte[]? picture, Counter? counter, CancellationToken stop)
    {
        Fit.Check(model.Signature, inputs, outputs, live.Settings.Limits.AllowNan, model.TakesNan);
        await admission.Enter(stop);
        try
        {
            return Run(live, model, inputs, outputs, began, picture, counter, stop);
        }
        finally
        {
            admission.Leave();
        }
    }

    private Answer Run(Live live, LoadedVersion model, IReadOnlyList<Tensor> inputs, IReadOnlyList<string>? outputs, long began, byte[]? picture, Counter? counter, CancellationToken stop)
    {
        var names = outputs ?? [.. model.Signature.Outputs.Select(output => output.Name)];
        var computed = WithEvidence(names, model.Classes);
        var values = new Dictionary<string, OnnxValue>(inputs.Count);
        try
        {
            foreach (var input in inputs)
                values.Add(input.Name, input.ToValue());
            var results = model.Run(values, computed, stop);
            return Read(live, model, computed, results, names.Count, began, picture, counter);
        }
        catch (OnnxRunException error)
        {
            throw ProblemException.Invalid("model_failed", $"The model could not work with these values: {Names.Shorten(error.Message, 300)}", $"See GET /v2/models/{live.Name} for what it takes.");
        }
        finally
        {
            foreach (var value in values.Values)
                value.Dispose();
        }
    }

    private Answer Read(Live live, LoadedVersion model, IReadOnlyList<string> names, IReadOnlyList<OnnxValue> results, int wanted, long began, byte[]? picture, Counter? counter)
    {
        var answer = new Answer(names, results, wanted);
        try
        {
            var unsure = model.Classes is { } classes ? Judge(live, model, classes, answer, began, picture, counter?.UnsureUnder ?? 0) : 0;
            var took = Stopwatch.GetElapsedTime(began);
            live.Pulse.Beat((long)took.TotalMicroseconds);
            counter?.Answered(Math.Max(1, answer.Rows), unsure, (long)took.TotalMicroseconds);
            metrics.Answered(live.Name, answer.Abstained ? "abstained" : "ok", took, Math.Max(1, answer.Rows));
            return answer;
        }
        catch
        {
            answer.Dispose();
            throw;
        }
    }

    /// <returns>How many rows are less confident than <paramref name="unsureUnder"/>.</returns>
    private int Judge(Live live, LoadedVersion model, Classifier classes, Answer answer, long began, byte[]? picture, double unsureUnder)
    {
        var table = answer.Find(classes.Probabilities)!;
        var (rows, columns) = ((int)table.Shape[0], (int)table.Shape[1]);
        var probabilities = table.Data<float>();
        var embedding = classes.Embedding is { } name ? answer.Find(name) : null;
        answer.Rows = rows;
        var unsure = 0;
        for (var row = 0; row < rows; row++)
        {
            var guess = Classifier.Read(probabilities.Slice(row * columns, columns));
            if (!guess.IsFinite && !live.Settings.Limits.AllowNan)
                throw new ProblemException(ProblemKind.Unavailable, "answer_not_finite", "The model answered with values that are not numbers.", "Look at what was sent; go back to the version before when it is sound.");
            var abstains = live.AbstainUnder is { } under && guess.Confidence < under;
            var id = Names.NewId();
            if (row == 0)
                (answer.Prediction, answer.Guess, answer.Abstained) = (id, guess, abstains);
            unsure += guess.Confidence >= unsureUnder ? 0 : 1;
            log.Append(new(
                id, live.Project, live.Name, model.Version, clock.GetUtcNow(), classes.Label(guess.Label), guess.Confidence,
                guess.Second < 0 ? null : classes.Label(guess.Second), guess.Margin, embedding is null ? null : Row(embedding, row), null,
                (long)Stopwatch.GetElapsedTime(began).TotalMicroseconds, abstains), Keeps(live.Settings, guess) ? picture : null);
        }

        return unsure;
    }

    private static bool Keeps(ServeSection settings, Guess guess)
        => settings.Log.Pictures && (settings.Log.Sample >= 1 || !(guess.Confidence >= settings.UnsureUnder) || Random.Shared.NextDouble() < settings.Log.Sample);

    private static float[] Row(OnnxValue table, int row)
    {
        var columns = (int)table.Shape[1];
        return table.Data<float>().Slice(row * columns, columns).ToArray();
    }

    /// <summary>What was asked for, and behind it what label, confidence and the log need.</summary>
    private static IReadOnlyList<string> WithEvidence(IReadOnlyList<string> names, Classifier? classes)
    {
        if (classes is null)
            return names;
        var all = names.ToList();
        if (!all.Contains(classes.Probabilities))
            all.Add(classes.Probabilities);
        if (classes.Embedding is { } embedding && !all.Contains(embedding))
            all.Add(embedding);
        return all;
    }
}

/// <summary>What the model gave. The values are the engine's memory until this is disposed.</summary>
/// <param name="names">Of all outputs that were computed.</param>
/// <param name="values">In the same order.</param>
/// <param name="wanted">How many of them the caller asked for; they come first.</param>
internal sealed class Answer(IReadOnlyList<string> names, IReadOnlyList<OnnxValue> values, int wanted) : IDisposable
{
    public IReadOnlyList<string> Names { get; } = names;
    public IReadOnlyList<OnnxValue> Values { get; } = values;
    public int Wanted { get; } = wanted;

    /// <summary>Of a classifier's answer.</summary>
    public int Rows { get; set; }

    /// <summary>The id of the first row in the request log; null when the model is no classifier.</summary>
    public string? Prediction { get; set; }

    /// <summary>The first row.</summary>
    public Guess Guess { get; set; }

    public bool Abstained { get; set; }

    public OnnxValue? Find(string name)
    {
        for (var i = 0; i < Names.Count; i++)
            if (Names[i] == name)
                return Values[i];
        return null;
    }

    public void Dispose()
    {
        foreach (var value in Values)
            value.Dispose();
    }
}
