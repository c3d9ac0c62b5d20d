using System.Numerics.Tensors;
using Steward.Onnx;

namespace Steward.Training;

/// <summary>What a recommender learned: how well each known user and each item go together, and what is popular for everybody else.</summary>
/// <param name="Users">Names; a user's number is the place.</param>
/// <param name="Items">Names.</param>
/// <param name="Factors">Of the known users, rows of <paramref name="Width"/>; none where everybody is given what is popular.</param>
/// <param name="ItemFactors">Of the items, as many numbers each.</param>
/// <param name="Offsets">Added to every score of an item.</param>
/// <param name="Segments">Names of the kinds of customers.</param>
/// <param name="Popular">A row per segment and one for none of them: what share of the customers took each item.</param>
internal sealed record Recommender(
    IReadOnlyList<string> Users, IReadOnlyList<string> Items, float[] Factors, float[] ItemFactors, int Width, float[] Offsets, IReadOnlyList<string> Segments, float[] Popular)
{
    /// <summary>What an item that must not be given again scores.</summary>
    public const float Never = -1e30f;

    private bool KnowsUsers => Factors.Length > 0;

    /// <summary>Scores of all items, of a user by number (-1 for a new one) and a segment by number.</summary>
    public void Scores(int user, int segment, Span<float> scores)
    {
        if (user < 0 || !KnowsUsers)
        {
            Popular.AsSpan((segment < 0 ? Segments.Count : segment) * Items.Count, Items.Count).CopyTo(scores);
            return;
        }
        for (var item = 0; item < Items.Count; item++)
            scores[item] = TensorPrimitives.Dot<float>(Factors.AsSpan(user * Width, Width), ItemFactors.AsSpan(item * Width, Width)) + Offsets[item];
    }

    /// <summary>The best items, best first; equal ones by their number, as ONNX does.</summary>
    public int[] Best(int user, int segment, IReadOnlySet<int> without, int count)
    {
        var scores = new float[Items.Count];
        Scores(user, segment, scores);
        return [.. Enumerable.Range(0, scores.Length).Where(item => !without.Contains(item)).OrderByDescending(item => scores[item]).ThenBy(item => item).Take(count)];
    }

    /// <summary>
    /// One file: who (STRING [N]), their segment when there are any (STRING [N]) and <c>exclude</c>, what must not be given again
    /// (STRING [N,X], "" for nothing), to <c>items</c> STRING [N,top] and <c>scores</c> FLOAT [N,top], best first.
    /// </summary>
    public byte[] Write(string user, string? segment, int top)
    {
        var graph = new OnnxGraph("recommender");
        var who = graph.Input(user, ElementType.String, "N");
        var kind = segment is null ? null : graph.Input(segment, ElementType.String, "N");
        var scores = Fallback(graph, who, kind);
        if (KnowsUsers)
        {
            var code = graph.Codes(who, Users, [.. Users.Select((_, i) => (long)i)], Users.Count);
            var rows = graph.Gather(graph.Constant(OnnxTensor.Of([.. Factors, .. new float[Width]], Users.Count + 1, Width)), code);
            var own = graph.Add(graph.MatMul(rows, graph.Transpose(graph.Constant(OnnxTensor.Of(ItemFactors, Items.Count, Width)), 1, 0)), graph.Constant(OnnxTensor.Of(Offsets, 1, Items.Count)));
            scores = graph.Where(graph.Unsqueeze(graph.Less(code, graph.Number((long)Users.Count)), 1), own, scores);
        }
        var (values, places) = graph.TopK(Without(graph, scores), Math.Min(top, Items.Count));
        graph.Output("items", graph.Gather(graph.Constant(OnnxTensor.Texts(Items)), places), ElementType.String, "N", Math.Min(top, Items.Count));
        graph.Output("scores", values, ElementType.Float, "N", Math.Min(top, Items.Count));
        return graph.ToModel(TableModel.Head(TrainSection.Recommendation, user, "Customers to what they may like best."));
    }

    private string Fallback(OnnxGraph graph, string who, string? kind)
    {
        // Without segments everybody has the last row; the customers only tell how many rows there are.
        var code = kind is not null ? graph.Codes(kind, Segments, [.. Segments.Select((_, i) => (long)i)], Segments.Count) : graph.Codes(who, [""], [Segments.Count], Segments.Count);
        return graph.Gather(graph.Constant(OnnxTensor.Of(Popular, Segments.Count + 1, Items.Count)), code);
    }

    private string Without(OnnxGraph graph, string scores)
    {
        var exclude = graph.Input("exclude", ElementType.String, "N", "X");
        var codes = graph.Codes(exclude, Items, [.. Items.Select((_, i) => (long)i)], Items.Count);
        // One place more than there are items takes up what is not one of them.
        var places = graph.Concat(1, graph.Mul(scores, graph.Number(0f)), graph.Mul(graph.Node("Slice", [scores, graph.Constant(OnnxTensor.Of<long>([0])), graph.Constant(OnnxTensor.Of<long>([1])), graph.Constant(OnnxTensor.Of<long>([1]))]), graph.Number(0f)));
        var ones = graph.Add(graph.Cast(graph.Mul(codes, graph.Number(0L)), ElementType.Float), graph.Number(1f));
        var marked = graph.Node("ScatterElements", [places, codes, ones], OnnxSetting.Int("axis", 1));
        var kept = graph.Node("Slice", [marked, graph.Constant(OnnxTensor.Of<long>([0])), graph.Constant(OnnxTensor.Of<long>([Items.Count])), graph.Constant(OnnxTensor.Of<long>([1]))]);
        return graph.Where(graph.Node("Greater", [kept, graph.Number(0.5f)]), graph.Number(Never), scores);
    }
}
