namespace Steward.Docs.Tests;

/// <summary>How tests are found in their sources.</summary>
public class PromisesTests
{
    private const string Source = """
        public abstract class ShopTests(Db db) : IAsyncLifetime
        {
            private sealed record Note(string Id);

            [Fact]
            public async Task A_thing_is_sold() { }

            [Theory]
            [InlineData("]")]
            [InlineData(
                2)]
            public void It_has_a_price(string price) { }

            [Theory, InlineData(1)]
            public void It_is_counted(int count) => Assert.True(true);

            [Fact(Skip = "later")]
            public void It_is_wrapped() { }

            public async Task It_is_only_a_step() { }

            public class WindowTests
            {
                [Fact]
                public void It_is_seen() { }
            }
        }

        public sealed class ShopOnSqliteTests() : ShopTests(Databases.Sqlite());
        """;

    [Fact]
    public void A_test_is_known_by_its_class_and_its_name()
        => Assert.Equal(["ShopTests.A_thing_is_sold", "ShopTests.It_has_a_price", "ShopTests.It_is_counted", "WindowTests.It_is_seen"], Promises.In(Source));
}
