namespace Steward.Training;

/// <summary>The trainers of tables without a server: rows in, one ONNX file out.</summary>
public static class TableTraining
{
    /// <summary>Learns to tell a column of numbers from all others, from all rows.</summary>
    /// <exception cref="ProblemException">The rows do not suit.</exception>
    public static byte[] Regression(Rows rows, string target, TableAlgorithm algorithm, CancellationToken stop)
        => new Supervised(new() { Task = TrainSection.Regression, From = "memory.rows", Target = target, Leaks = LeakPolicy.Allow }, rows, "memory").Model(algorithm, stop);
}
