using Microsoft.ML;
using Microsoft.ML.Data;

namespace Steward.Training;

/// <summary>A matrix as ML.NET reads it.</summary>
internal static class MlRows
{
    public static IDataView Numbers(MLContext ml, Matrix features, float[] target) => View(ml, features, row => new Number { Label = target[row], Features = features.Row(row).ToArray() });

    public static IDataView Answers(MLContext ml, Matrix features, Func<int, bool> yes) => View(ml, features, row => new YesNo { Label = yes(row), Features = features.Row(row).ToArray() });

    /// <summary>The scores of a model, one number per row.</summary>
    public static float[] Scores(MLContext ml, ITransformer model, Matrix features, string column = "Score")
    {
        var scored = model.Transform(Numbers(ml, features, new float[features.Rows]));
        return [.. scored.GetColumn<float>(column)];
    }

    private static IDataView View<T>(MLContext ml, Matrix features, Func<int, T> row) where T : class
    {
        var schema = SchemaDefinition.Create(typeof(T));
        schema["Features"].ColumnType = new VectorDataViewType(NumberDataViewType.Single, features.Columns);
        return ml.Data.LoadFromEnumerable(Enumerable.Range(0, features.Rows).Select(row), schema);
    }

    private sealed class Number
    {
        public float Label { get; set; }

        public float[] Features { get; set; } = [];
    }

    private sealed class YesNo
    {
        public bool Label { get; set; }

        public float[] Features { get; set; } = [];
    }
}
