using Steward.Onnx;
using Steward.Serving.OpenInference;

namespace Steward.Serving;

/// <summary>Whether what was sent suits what the model takes: said before the engine sees it, in the caller's words.</summary>
internal static class Fit
{
    /// <param name="allowAll">NaN and infinities are values like others.</param>
    /// <param name="allowNan">NaN says that nothing is known.</param>
    /// <exception cref="ProblemException">With the first thing that does not suit.</exception>
    public static void Check(Signature signature, IReadOnlyList<Tensor> inputs, IReadOnlyList<string>? outputs, bool allowAll, bool allowNan = false)
    {
        foreach (var input in inputs)
        {
            var wanted = signature.Input(input.Name) ?? throw Wrong("input_unknown", $"The model has no input '{Names.Shorten(input.Name)}'; it takes {Say(signature.Inputs)}.");
            if (wanted.Type != input.Type)
                throw Wrong("datatype_mismatch", $"The input '{wanted.Name}' is {wanted.Type.Word()}, not {input.Type.Word()}.");
            if (wanted.Shape is { } shape && !Suits(shape, input.Shape))
                throw Wrong("shape_mismatch", $"The input '{wanted.Name}' has the shape {Say(shape)}; [{string.Join(',', input.Shape)}] was sent.");
            if (!allowAll && !IsFinite(input, allowNan))
                throw Wrong("value_not_finite", $"The input '{wanted.Name}' holds {(allowNan ? "an infinity" : "NaN or an infinity")}, and this endpoint takes only numbers.");
        }

        if (signature.Inputs.Count != inputs.Count)
        {
            var missing = signature.Inputs.First(wanted => !inputs.Any(input => input.Name == wanted.Name));
            throw Wrong("input_missing", $"The input '{missing.Name}' is missing.");
        }

        foreach (var output in outputs ?? [])
            if (signature.Output(output) is null)
                throw Wrong("output_unknown", $"The model has no output '{Names.Shorten(output)}'; it gives {Say(signature.Outputs)}.");
    }

    /// <summary>Shape as the protocol writes it: -1 for every size that is free.</summary>
    public static IEnumerable<long> Sizes(this SignatureValue value) => (value.Shape ?? []).Select(dim => dim.Size ?? -1);

    private static bool Suits(IReadOnlyList<Dim> wanted, long[] sent)
    {
        if (wanted.Count != sent.Length)
            return false;
        for (var i = 0; i < sent.Length; i++)
            if (wanted[i].Size is { } size ? size != sent[i] : sent[i] == 0)
                return false;
        return true;
    }

    private static bool IsFinite(Tensor input, bool orNan)
    {
        switch (input.Type)
        {
            case ElementType.Float:
                foreach (var value in input.As<float>())
                    if (!float.IsFinite(value) && !(orNan && float.IsNaN(value)))
                        return false;
                return true;
            case ElementType.Double:
                foreach (var value in input.As<double>())
                    if (!double.IsFinite(value) && !(orNan && double.IsNaN(value)))
                        return false;
                return true;
            case ElementType.Float16:
                foreach (var value in input.As<Half>())
                    if (!Half.IsFinite(value) && !(orNan && Half.IsNaN(value)))
                        return false;
                return true;
            default:
                return true;
        }
    }

    private static string Say(IReadOnlyList<SignatureValue> values) => string.Join(", ", values.Select(value => $"'{value.Name}'"));

    private static string Say(IReadOnlyList<Dim> shape) => $"[{string.Join(',', shape.Select(dim => dim.Size ?? -1))}]";

    private static ProblemException Wrong(string code, string why) => ProblemException.Invalid(code, why, "See GET /v2/models/NAME for what the model takes.");
}
