using Steward.Work;

namespace Steward.Core.Tests;

public sealed class ChildTaskTests
{
    [Theory]
    [InlineData("in-3.parquet", 3)]
    [InlineData("out-12-0af3.parquet.bad.csv", 12)]
    [InlineData("tune-0-model.onnx", 0)]
    [InlineData("model.onnx", null)]
    [InlineData("score-job.json", null)]
    [InlineData("in-3", null)]
    [InlineData("in-3x.csv", null)]
    [InlineData("-3.csv", null)]
    [InlineData("In-3.csv", null)]
    [InlineData("in--3.csv", null)]
    [InlineData("in-99999999999.csv", null)]
    [InlineData("", null)]
    public void The_name_of_a_file_says_whose_it_is(string file, int? task) => Assert.Equal(task, ChildTask.Of(file));
}
