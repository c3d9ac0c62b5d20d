using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Steward.Training;

/// <summary>
/// The system of one user (or item): the upper half of a matrix, and a right side. Four entries and two rows of the matrix are
/// worked on at a time, so that a number that was loaded is used eight times.
/// </summary>
internal sealed class NormalEquations
{
    private readonly int _factors, _stride;
    private readonly float[] _right;

    public NormalEquations(int factors)
    {
        (_factors, _stride) = (factors, Als.Width(factors));
        (Matrix, _right) = (new float[_stride * _stride], new float[_stride]);
    }

    /// <summary>Rows of the stride; only what is right of the diagonal counts.</summary>
    public float[] Matrix { get; }

    /// <param name="start">What the matrix begins with; null for nothing.</param>
    /// <param name="l2">Added to its diagonal.</param>
    public void Begin(float[]? start, float l2)
    {
        if (start is null)
            Array.Clear(Matrix);
        else
            start.AsSpan().CopyTo(Matrix);
        for (var i = 0; i < _factors; i++)
            Matrix[(i * _stride) + i] += l2;
        Array.Clear(_right);
    }

    /// <summary>Takes up entries with their weights: ratings when <paramref name="trust"/> is null.</summary>
    public void Add(float[] rows, ReadOnlySpan<int> entries, ReadOnlySpan<float> weights, float? trust)
    {
        ref var first = ref MemoryMarshal.GetArrayDataReference(rows);
        for (var e = 0; e < entries.Length; e += 4)
        {
            // Of fewer than four the last ones weigh nothing.
            var left = entries.Length - e;
            int a = entries[e] * _stride, b = left > 1 ? entries[e + 1] * _stride : a, c = left > 2 ? entries[e + 2] * _stride : a, d = left > 3 ? entries[e + 3] * _stride : a;
            var (wa, ra) = Weigh(weights[e]);
            var (wb, rb) = left > 1 ? Weigh(weights[e + 1]) : default;
            var (wc, rc) = left > 2 ? Weigh(weights[e + 2]) : default;
            var (wd, rd) = left > 3 ? Weigh(weights[e + 3]) : default;
            Outer(ref Unsafe.Add(ref first, a), ref Unsafe.Add(ref first, b), ref Unsafe.Add(ref first, c), ref Unsafe.Add(ref first, d), wa, wb, wc, wd);
            for (var j = 0; j < _stride; j += Vector<float>.Count)
                (At(ref Unsafe.Add(ref first, a + j)) * ra + At(ref Unsafe.Add(ref first, b + j)) * rb + At(ref Unsafe.Add(ref first, c + j)) * rc + At(ref Unsafe.Add(ref first, d + j)) * rd + At(ref _right[j])).StoreUnsafe(ref _right[j]);
        }

        // How much the entry counts beyond one not taken, and what it says times how much it counts.
        (float, float) Weigh(float weight) => trust is { } more ? (more * MathF.Log2(1 + weight), 1 + (more * MathF.Log2(1 + weight))) : (1, weight);
    }

    /// <summary>Takes up every row from one number to before another, each once.</summary>
    public void AddAll(float[] rows, int from, int to)
    {
        ref var first = ref MemoryMarshal.GetArrayDataReference(rows);
        for (var row = from; row < to; row += 4)
        {
            float One(int more) => row + more < to ? 1 : 0;
            int Place(int more) => Math.Min(row + more, to - 1) * _stride;
            Outer(ref Unsafe.Add(ref first, Place(0)), ref Unsafe.Add(ref first, Place(1)), ref Unsafe.Add(ref first, Place(2)), ref Unsafe.Add(ref first, Place(3)), 1, One(1), One(2), One(3));
        }
    }

    /// <summary>The solution, by Cholesky's factorisation of the upper half, row by row.</summary>
    public void Solve(Span<float> answer)
    {
        for (var k = 0; k < _factors; k++)
        {
            var row = Matrix.AsSpan(k * _stride, _stride);
            var scale = 1 / MathF.Sqrt(Math.Max(row[k], 1e-12f));
            for (var j = k; j < _factors; j++)
                row[j] *= scale;
            _right[k] *= scale;
            for (var i = k + 1; i < _factors; i++)
            {
                var (by, begin) = (new Vector<float>(row[i]), i / Vector<float>.Count * Vector<float>.Count);
                ref var to = ref Matrix[i * _stride];
                for (var j = begin; j < _stride; j += Vector<float>.Count)
                    (At(ref Unsafe.Add(ref to, j)) - (by * At(ref row[j]))).StoreUnsafe(ref Unsafe.Add(ref to, j));
                _right[i] -= row[i] * _right[k];
            }
        }
        for (var i = _factors - 1; i >= 0; i--)
        {
            var row = Matrix.AsSpan(i * _stride, _stride);
            var sum = _right[i];
            for (var j = i + 1; j < _factors; j++)
                sum -= row[j] * answer[j];
            answer[i] = sum / row[i];
        }
        answer[_factors..].Clear();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector<float> At(ref float place) => Vector.LoadUnsafe(ref place);

    private void Outer(ref float a, ref float b, ref float c, ref float d, float wa, float wb, float wc, float wd)
    {
        ref var matrix = ref MemoryMarshal.GetArrayDataReference(Matrix);
        for (var i = 0; i < _factors; i += 2)
        {
            // Of an odd number of factors the row behind the last is the second; its factors are zeros, and a stride is even.
            Vector<float> a0 = new(Unsafe.Add(ref a, i) * wa), b0 = new(Unsafe.Add(ref b, i) * wb), c0 = new(Unsafe.Add(ref c, i) * wc), d0 = new(Unsafe.Add(ref d, i) * wd);
            Vector<float> a1 = new(Unsafe.Add(ref a, i + 1) * wa), b1 = new(Unsafe.Add(ref b, i + 1) * wb), c1 = new(Unsafe.Add(ref c, i + 1) * wc), d1 = new(Unsafe.Add(ref d, i + 1) * wd);
            ref var row0 = ref Unsafe.Add(ref matrix, i * _stride);
            ref var row1 = ref Unsafe.Add(ref matrix, (i + 1) * _stride);
            for (var j = i / Vector<float>.Count * Vector<float>.Count; j < _stride; j += Vector<float>.Count)
            {
                Vector<float> va = At(ref Unsafe.Add(ref a, j)), vb = At(ref Unsafe.Add(ref b, j)), vc = At(ref Unsafe.Add(ref c, j)), vd = At(ref Unsafe.Add(ref d, j));
                var sum0 = Vector.FusedMultiplyAdd(a0, va, At(ref Unsafe.Add(ref row0, j)));
                var sum1 = Vector.FusedMultiplyAdd(a1, va, At(ref Unsafe.Add(ref row1, j)));
                sum0 = Vector.FusedMultiplyAdd(b0, vb, sum0);
                sum1 = Vector.FusedMultiplyAdd(b1, vb, sum1);
                sum0 = Vector.FusedMultiplyAdd(c0, vc, sum0);
                sum1 = Vector.FusedMultiplyAdd(c1, vc, sum1);
                Vector.FusedMultiplyAdd(d0, vd, sum0).StoreUnsafe(ref Unsafe.Add(ref row0, j));
                Vector.FusedMultiplyAdd(d1, vd, sum1).StoreUnsafe(ref Unsafe.Add(ref row1, j));
            }
        }
    }
}
