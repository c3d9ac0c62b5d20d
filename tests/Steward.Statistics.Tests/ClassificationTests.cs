namespace Steward.Statistics.Tests;

public class ClassificationTests
{
    // Class 3 is only ever true, class 4 only ever predicted, class 5 never occurs.
    private static readonly int[] Truth = [0, 0, 0, 1, 1, 2, 2, 2, 2, 3];
    private static readonly int[] Predicted = [0, 0, 1, 1, 4, 2, 2, 0, 1, 2];
    private static readonly ConfusionMatrix Matrix = ConfusionMatrix.Of(Truth, Predicted, 6);

    [Fact]
    public void The_matrix_counts_truth_in_rows_and_answers_in_columns()
    {
        Assert.Equal([2, 1, 0, 0, 0, 0], Enumerable.Range(0, 6).Select(p => Matrix[0, p]));
        Assert.Equal([1, 1, 2, 0, 0, 0], Enumerable.Range(0, 6).Select(p => Matrix[2, p]));
        Assert.Equal(10, Matrix.Rows);
        Assert.Equal(4, Matrix.Support(2));
        Close.To(5 / 10.0, Matrix.Accuracy);
    }

    [Theory]
    [InlineData(0, 2 / 3.0, 2 / 3.0, 2 / 3.0)]
    [InlineData(1, 1 / 3.0, 1 / 2.0, 2 / 5.0)]
    [InlineData(2, 2 / 3.0, 2 / 4.0, 4 / 7.0)]
    [InlineData(3, 0, 0, 0)]
    [InlineData(4, 0, 0, 0)]
    [InlineData(5, 0, 0, 0)]
    public void A_class_has_its_hand_computed_precision_recall_and_f1(int c, double precision, double recall, double f1)
    {
        Close.To(precision, Matrix.Precision(c));
        Close.To(recall, Matrix.Recall(c));
        Close.To(f1, Matrix.F1(c));
    }

    [Fact]
    public void Macro_scores_average_the_five_classes_that_occur()
    {
        Close.To((2 / 3.0 + 1 / 3.0 + 2 / 3.0) / 5, Matrix.MacroPrecision);
        Close.To((2 / 3.0 + 1 / 2.0 + 1 / 2.0) / 5, Matrix.MacroRecall);
        Close.To((2 / 3.0 + 2 / 5.0 + 4 / 7.0) / 5, Matrix.MacroF1);
    }

    [Fact]
    public void A_row_drawn_twice_counts_twice()
    {
        var drawn = ConfusionMatrix.Of(Truth, Predicted, 6, [0, 0, 9]);
        Assert.Equal((2, 1, 3), (drawn[0, 0], drawn[3, 2], drawn.Rows));
    }

    [Fact]
    public void Wrong_class_numbers_and_lengths_are_refused()
    {
        Assert.Throws<ArgumentException>(() => ConfusionMatrix.Of([0, 2], [0, 1], 2));
        Assert.Throws<ArgumentException>(() => ConfusionMatrix.Of([0], [0, 1], 2));
    }
}
