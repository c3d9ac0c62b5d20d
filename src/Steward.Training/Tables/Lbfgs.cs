using System.Numerics.Tensors;

namespace Steward.Training;

/// <summary>Finds the least value of a smooth convex function by limited-memory BFGS with backtracking (Nocedal and Wright 2006, chapter 7).</summary>
internal static class Lbfgs
{
    private const int Memory = 10;

    /// <param name="x">Where to begin; the answer afterwards.</param>
    /// <param name="value">Fills the gradient at a place and gives the value there.</param>
    /// <param name="most">Steps.</param>
    /// <param name="tolerance">Ends when no part of the gradient is larger.</param>
    /// <param name="stop">Ends it.</param>
    public static void Minimise(double[] x, Func<double[], double[], double> value, int most, double tolerance, CancellationToken stop)
    {
        var (gradient, next, nextGradient, steps) = (new double[x.Length], new double[x.Length], new double[x.Length], new LinkedList<(double[] S, double[] Y, double Rho)>());
        var now = value(x, gradient);
        for (var turn = 0; turn < most && TensorPrimitives.MaxMagnitude<double>(gradient) is var largest && Math.Abs(largest) > tolerance; turn++)
        {
            stop.ThrowIfCancellationRequested();
            var direction = Direction(gradient, steps);
            var slope = TensorPrimitives.Dot<double>(direction, gradient);
            var (size, found) = (steps.Count == 0 ? 1 / Math.Max(1, TensorPrimitives.Norm<double>(gradient)) : 1.0, double.NaN);
            for (var tries = 0; tries < 40; tries++, size /= 2)
            {
                TensorPrimitives.MultiplyAdd(direction, size, x, next);
                if ((found = value(next, nextGradient)) <= now + (1e-4 * size * slope))
                    break;
            }
            if (!(found < now))
                return;
            var (s, y) = (new double[x.Length], new double[x.Length]);
            TensorPrimitives.Subtract(next, x, s);
            TensorPrimitives.Subtract(nextGradient, gradient, y);
            if (TensorPrimitives.Dot<double>(s, y) is > 1e-14 and var bend)
                steps.AddLast((s, y, 1 / bend));
            if (steps.Count > Memory)
                steps.RemoveFirst();
            next.CopyTo(x, 0);
            nextGradient.CopyTo(gradient, 0);
            now = found;
        }
    }

    private static double[] Direction(double[] gradient, LinkedList<(double[] S, double[] Y, double Rho)> steps)
    {
        var (q, alphas) = ((double[])gradient.Clone(), new Stack<double>());
        for (var step = steps.Last; step is not null; step = step.Previous)
        {
            alphas.Push(step.Value.Rho * TensorPrimitives.Dot<double>(step.Value.S, q));
            TensorPrimitives.MultiplyAdd(step.Value.Y, -alphas.Peek(), q, q);
        }
        if (steps.Last is { } last)
            TensorPrimitives.Multiply(q, TensorPrimitives.Dot<double>(last.Value.S, last.Value.Y) / TensorPrimitives.SumOfSquares<double>(last.Value.Y), q);
        foreach (var (s, y, rho) in steps)
            TensorPrimitives.MultiplyAdd(s, alphas.Pop() - (rho * TensorPrimitives.Dot<double>(y, q)), q, q);
        TensorPrimitives.Negate(q, q);
        return q;
    }
}
