namespace Steward.Training;

/// <summary>Rows of numbers, one after the other.</summary>
public sealed record Matrix(float[] Values, int Columns)
{
    public int Rows => Columns == 0 ? 0 : Values.Length / Columns;

    public Span<float> Row(int row) => Values.AsSpan(row * Columns, Columns);

    public Matrix Take(ReadOnlySpan<int> rows)
    {
        var taken = new Matrix(new float[rows.Length * Columns], Columns);
        for (var i = 0; i < rows.Length; i++)
            Row(rows[i]).CopyTo(taken.Row(i));
        return taken;
    }
}
