namespace Steward.Onnx;

/// <summary>
/// One decision tree. Inner node i asks whether its feature is at most its threshold: yes leads to <c>Left[i]</c>, no to
/// <c>Right[i]</c>. A child from 0 up is an inner node, below it is leaf number <c>~child</c>. A tree without inner nodes is its only leaf.
/// </summary>
public sealed record OnnxTree(IReadOnlyList<int> Features, IReadOnlyList<float> Thresholds, IReadOnlyList<int> Left, IReadOnlyList<int> Right, IReadOnlyList<double> Leaves)
{
    /// <summary>What the tree says to a row.</summary>
    public double Of(ReadOnlySpan<float> row)
    {
        if (Features.Count == 0) return Leaves[0];
        var node = 0;
        while (node >= 0) node = row[Features[node]] <= Thresholds[node] ? Left[node] : Right[node];
        return Leaves[~node];
    }
}

public sealed partial class OnnxGraph
{
    /// <summary>The sum of what trees say to each row of x, float [N,D], and of a base value: float [N,1]. NaN goes right everywhere; fill before.</summary>
    /// <exception cref="ArgumentException">There are no trees.</exception>
    public string Trees(string x, IReadOnlyList<OnnxTree> trees, double start = 0)
    {
        if (trees.Count == 0) throw new ArgumentException("There are no trees.", nameof(trees));
        var all = new TreeTables();
        foreach (var tree in trees) all.Add(tree);
        return Nodes("TreeEnsembleRegressor", [x], 1, "ai.onnx.ml", all.Settings(start))[0];
    }

    /// <summary>The parallel lists of ONNX's tree ensemble: a row per node, inner nodes first, then the leaves of the same tree.</summary>
    private sealed class TreeTables
    {
        private readonly List<long> _tree = [], _node = [], _feature = [], _yes = [], _no = [], _leafTree = [], _leafNode = [];
        private readonly List<float> _value = [], _weight = [];
        private readonly List<string> _mode = [];
        private int _trees;

        public void Add(OnnxTree tree)
        {
            var inner = tree.Features.Count;
            for (var i = 0; i < inner; i++)
                Node(i, tree.Features[i], tree.Thresholds[i], "BRANCH_LEQ", Child(tree.Left[i]), Child(tree.Right[i]));
            for (var leaf = 0; leaf < tree.Leaves.Count; leaf++)
            {
                Node(inner + leaf, 0, 0, "LEAF", 0, 0);
                _leafTree.Add(_trees);
                _leafNode.Add(inner + leaf);
                _weight.Add((float)tree.Leaves[leaf]);
            }
            _trees++;

            long Child(int child) => child >= 0 ? child : inner + ~child;
        }

        public OnnxSetting[] Settings(double start) =>
        [
            OnnxSetting.Ints("nodes_treeids", [.. _tree]),
            OnnxSetting.Ints("nodes_nodeids", [.. _node]),
            OnnxSetting.Ints("nodes_featureids", [.. _feature]),
            OnnxSetting.Floats("nodes_values", [.. _value]),
            OnnxSetting.Texts("nodes_modes", [.. _mode]),
            OnnxSetting.Ints("nodes_truenodeids", [.. _yes]),
            OnnxSetting.Ints("nodes_falsenodeids", [.. _no]),
            OnnxSetting.Ints("nodes_missing_value_tracks_true", new long[_node.Count]),
            OnnxSetting.Ints("target_treeids", [.. _leafTree]),
            OnnxSetting.Ints("target_nodeids", [.. _leafNode]),
            OnnxSetting.Ints("target_ids", new long[_leafNode.Count]),
            OnnxSetting.Floats("target_weights", [.. _weight]),
            OnnxSetting.Floats("base_values", (float)start),
            OnnxSetting.Int("n_targets", 1),
            OnnxSetting.Text("aggregate_function", "SUM"),
            OnnxSetting.Text("post_transform", "NONE"),
        ];

        private void Node(int id, long feature, float value, string mode, long yes, long no)
        {
            _tree.Add(_trees);
            _node.Add(id);
            _feature.Add(feature);
            _value.Add(value);
            _mode.Add(mode);
            _yes.Add(yes);
            _no.Add(no);
        }
    }
}
