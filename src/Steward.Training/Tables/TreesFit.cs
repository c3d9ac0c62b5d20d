using Microsoft.ML;
using Microsoft.ML.Calibrators;
using Microsoft.ML.Trainers.FastTree;
using Microsoft.ML.Trainers.LightGbm;
using Steward.Onnx;

namespace Steward.Training;

/// <summary>
/// Boosted trees by LightGBM or FastTree. Several classes are one ensemble each, one against the rest, whose probabilities
/// are brought to a sum of 1; two classes are one ensemble. What ML.NET answers is the trainer's own word, what is written is its trees.
/// </summary>
internal sealed class TreesFit : IFit
{
    private readonly MLContext _ml;
    private readonly List<Ensemble> _ensembles;

    private TreesFit(MLContext ml, int width, List<Ensemble> ensembles) => (_ml, Width, _ensembles) = (ml, width, ensembles);

    public int Width { get; }

    /// <summary>Learns numbers.</summary>
    public static TreesFit Regression(TreeKind kind, TreesPlan plan, Matrix features, float[] target, int seed)
    {
        var ml = new MLContext(seed);
        var data = MlRows.Numbers(ml, features, target);
        if (kind is TreeKind.LightGbm)
        {
            var light = ml.Regression.Trainers.LightGbm(LightNumbers(plan, seed)).Fit(data);
            return new(ml, 1, [new(light, light.Model.TrainedTreeEnsemble, null, true)]);
        }
        var fast = ml.Regression.Trainers.FastTree(FastNumbers(plan, seed)).Fit(data);
        return new(ml, 1, [new(fast, fast.Model.TrainedTreeEnsemble, null, true)]);
    }

    /// <summary>Learns to tell classes apart.</summary>
    public static TreesFit Classification(TreeKind kind, TreesPlan plan, Matrix features, int[] kinds, int count, int seed, CancellationToken stop)
    {
        var ml = new MLContext(seed);
        var ensembles = new List<Ensemble>();
        for (var k = count == 2 ? 1 : 0; k < count; k++)
        {
            stop.ThrowIfCancellationRequested();
            var (wanted, data) = (k, MlRows.Answers(ml, features, row => kinds[row] == k));
            if (!kinds.Contains(wanted))
            {
                ensembles.Add(Ensemble.Never);
                continue;
            }
            if (kind is TreeKind.LightGbm)
            {
                var light = ml.BinaryClassification.Trainers.LightGbm(LightAnswers(plan, seed)).Fit(data);
                ensembles.Add(new(light, light.Model.SubModel.TrainedTreeEnsemble, light.Model.Calibrator, false));
            }
            else
            {
                var fast = ml.BinaryClassification.Trainers.FastTree(FastAnswers(plan, seed)).Fit(data);
                ensembles.Add(new(fast, fast.Model.SubModel.TrainedTreeEnsemble, fast.Model.Calibrator, false));
            }
        }
        return new(ml, count, ensembles);
    }

    public float[] Of(Matrix features)
    {
        if (_ensembles[0].IsNumber)
            return MlRows.Scores(_ml, _ensembles[0].Model!, features);
        var each = _ensembles.ConvertAll(one => one.Model is { } model ? MlRows.Scores(_ml, model, features, "Probability") : new float[features.Rows]);
        var answers = new float[features.Rows * Width];
        for (var row = 0; row < features.Rows; row++)
            if (each.Count == 1)
                (answers[row * 2], answers[(row * 2) + 1]) = (1 - each[0][row], each[0][row]);
            else
            {
                var sum = each.Sum(one => (double)one[row]);
                for (var k = 0; k < Width; k++)
                    answers[(row * Width) + k] = (float)(each[k][row] / Math.Max(sum, Ensemble.Least));
            }
        return answers;
    }

    public string Write(OnnxGraph graph, string features)
    {
        var each = _ensembles.ConvertAll(one => one.Write(graph, features));
        if (_ensembles[0].IsNumber)
            return each[0];
        if (each.Count == 1)
            return graph.Concat(1, graph.Sub(graph.Number(1f), each[0]), each[0]);
        var all = graph.Concat(1, [.. each]);
        var sum = graph.Node("ReduceSum", [all, graph.Constant(OnnxTensor.Of<long>([1]))]);
        return graph.Div(all, graph.Max(sum, graph.Number(Ensemble.Least)));
    }

    private static LightGbmRegressionTrainer.Options LightNumbers(TreesPlan plan, int seed) => new()
    {
        NumberOfIterations = plan.Trees, NumberOfLeaves = plan.Leaves, LearningRate = plan.LearningRate, MinimumExampleCountPerLeaf = plan.MinRows, Seed = seed,
        Deterministic = true, HandleMissingValue = false, UseCategoricalSplit = false, Booster = new GradientBooster.Options { L2Regularization = plan.L2 },
    };

    private static LightGbmBinaryTrainer.Options LightAnswers(TreesPlan plan, int seed) => new()
    {
        NumberOfIterations = plan.Trees, NumberOfLeaves = plan.Leaves, LearningRate = plan.LearningRate, MinimumExampleCountPerLeaf = plan.MinRows, Seed = seed,
        Deterministic = true, HandleMissingValue = false, UseCategoricalSplit = false, Booster = new GradientBooster.Options { L2Regularization = plan.L2 },
    };

    private static FastTreeRegressionTrainer.Options FastNumbers(TreesPlan plan, int seed) => new()
    {
        NumberOfTrees = plan.Trees, NumberOfLeaves = plan.Leaves, LearningRate = plan.LearningRate, MinimumExampleCountPerLeaf = plan.MinRows, Seed = seed, FeatureSelectionSeed = seed,
    };

    private static FastTreeBinaryTrainer.Options FastAnswers(TreesPlan plan, int seed) => new()
    {
        NumberOfTrees = plan.Trees, NumberOfLeaves = plan.Leaves, LearningRate = plan.LearningRate, MinimumExampleCountPerLeaf = plan.MinRows, Seed = seed, FeatureSelectionSeed = seed,
    };

    /// <summary>Trees that add up to one number, or through a calibrator (Platt 1999) to a probability.</summary>
    /// <param name="Model">Null for a class that no row was of.</param>
    private sealed record Ensemble(ITransformer? Model, RegressionTreeEnsemble? Trees, ICalibrator? Calibrator, bool IsNumber)
    {
        public const float Least = 1e-12f;

        public static readonly Ensemble Never = new(null, null, null, false);

        public string Write(OnnxGraph graph, string features)
        {
            if (Trees is null)
                return graph.Mul(graph.Node("ReduceSum", [features, graph.Constant(OnnxTensor.Of<long>([1]))]), graph.Number(0f));
            var sum = graph.Trees(features, [.. Trees.Trees.Select((tree, i) => Of(tree, Trees.TreeWeights[i]))], Trees.Bias);
            if (IsNumber)
                return sum;
            var platt = (PlattCalibrator)Calibrator!;
            return graph.Sigmoid(graph.Mul(graph.Add(graph.Mul(sum, graph.Number((float)platt.Slope)), graph.Number((float)platt.Offset)), graph.Number(-1f)));
        }

        private static OnnxTree Of(RegressionTree tree, double weight) => new(
            tree.NumericalSplitFeatureIndexes, tree.NumericalSplitThresholds, tree.LeftChild, tree.RightChild, [.. tree.LeafValues.Select(leaf => leaf * weight)]);
    }
}

/// <summary>Who grows the trees.</summary>
public enum TreeKind
{
    LightGbm,

    FastTree,
}
