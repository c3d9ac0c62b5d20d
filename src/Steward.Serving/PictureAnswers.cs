using Steward.Onnx;
using Steward.Serving.OpenInference;

namespace Steward.Serving;

/// <summary>What somebody gets back for a picture.</summary>
/// <param name="Id">Of the answer in the request log: feedback names it.</param>
/// <param name="Label">The class; null when it abstained.</param>
/// <param name="Guess">The most probable class, also when it abstained.</param>
/// <param name="Probabilities">Of every class, the most probable first.</param>
/// <param name="Sentence">The answer for a person.</param>
public sealed record PictureAnswer(
    string Id, string Model, int Version, string? Label, string Guess, double Confidence, IReadOnlyDictionary<string, double> Probabilities, bool Abstained, string Sentence)
{
    /// <summary>The classes that hold the truth as often as <see cref="AmongHolds"/> says, the most probable first; null when the model cannot tell.</summary>
    public IReadOnlyList<string>? Among { get; init; }

    /// <summary>0.9: nine times of ten.</summary>
    public double? AmongHolds { get; init; }
}

/// <summary>Pictures in, words out.</summary>
internal sealed class PictureAnswers(Answers answers)
{
    /// <exception cref="ProblemException">No picture, too large, or the endpoint does not take pictures.</exception>
    /// <param name="key">The same key stays on the same side of a release.</param>
    public async Task<PictureAnswer> Give(Live live, int? version, string key, ReadOnlyMemory<byte> bytes, long began, CancellationToken stop)
        => await Asking.Of(live, version, key, async (model, counter) =>
        {
            if (model is not { Picture: { } input, Classes: { } classes })
                throw ProblemException.Invalid("takes_no_pictures", $"The endpoint '{live.Name}' does not name what is on pictures.", $"Send tensors to /v2/models/{live.Name}/infer.");
            var picture = input.Read(bytes.Span, live.Settings.Limits.Body);
            using var tensor = Tensor.Rent(input.Name, ElementType.UInt8, [1, picture.Height, picture.Width, 3]);
            picture.Rgb.CopyTo(tensor.Bytes);
            using var answer = await answers.Give(live, model, [tensor], [classes.Probabilities], began, bytes.ToArray(), counter, stop);
            return Say(live, model, classes, answer);
        });

    private static PictureAnswer Say(Live live, LoadedVersion model, Classifier classes, Answer answer)
    {
        var probabilities = answer.Find(classes.Probabilities)!.Data<float>().ToArray();
        var ordered = probabilities.Select((value, i) => (Label: classes.Label(i), Value: (double)value)).OrderByDescending(pair => pair.Value);
        var named = new Dictionary<string, double>(StringComparer.Ordinal);
        foreach (var (label, value) in ordered)
            named.TryAdd(label, value);
        var guess = classes.Label(answer.Guess.Label);
        var confidence = (double)answer.Guess.Confidence;
        return new(
            answer.Prediction!, live.Name, model.Version, answer.Abstained ? null : guess, guess, confidence, named, answer.Abstained,
            answer.Abstained
                ? $"Not sure: ask a person. The best guess is {guess}, {Words.Percent(confidence)} sure."
                : $"This is {guess}, {Words.Percent(confidence)} sure.")
        {
            Among = classes.Among(probabilities), AmongHolds = classes.Coverage?.Level,
        };
    }
}

internal static class Words
{
    public static string Percent(double share) => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{Math.Round(share * 100)} %");
}
