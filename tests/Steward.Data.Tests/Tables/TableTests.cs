using Steward.Data.Tables;
using Steward.Identity;
using Steward.Storage;
using Steward.Testing;

namespace Steward.Data.Tests.Tables;

public sealed class TablesOnSqliteTests() : TableTests(Databases.Sqlite());

public sealed class TablesOnPostgresTests() : TableTests(Databases.Postgres());

/// <summary>What tables promise to those who write and read them.</summary>
public abstract class TableTests(Db db) : IAsyncLifetime
{
    private readonly FakeClock _clock = new();
    private Lake _lake = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_change_is_a_snapshot_that_stays_as_it_was()
    {
        await _lake.Append(1, 3);
        var before = _clock.GetUtcNow();
        _clock.Advance(TimeSpan.FromHours(1));
        await _lake.Append(4, 5);
        Assert.Equal([1, 2, 3, 4, 5], await _lake.Ids());
        Assert.Equal([1, 2, 3], await _lake.Ids("silver.orders@1"));
        Assert.Equal([1, 2, 3], await _lake.Ids($"silver.orders@{before:yyyy-MM-dd'T'HH:mm:ss'Z'}"));
        Assert.Equal(["silver.orders@2 5 2 0", "silver.orders@1 3 3 0"], (await _lake.Tables.History(Lake.Project, Lake.Orders, stop: Stop)).Select(one => $"{one.Reference} {one.Rows} {one.AddedRows} {one.RemovedRows}"));
        Assert.Null((await _lake.Tables.Find(Lake.Project, new(Lake.Orders), Stop))!.WindowStart);
        Assert.Equal(["silver.orders@1", "silver.orders@2"], _lake.Ear.Heard.Cast<TableChanged>().Select(one => $"{one.Table}@{one.Version}"));
        Assert.Equal(("table.changed", "silver.orders@2"), _lake.Ear.Audited[^1]);
    }

    [Fact]
    public async Task What_is_staged_is_seen_by_nobody_and_a_failed_transaction_leaves_nothing()
    {
        var files = await _lake.Orders_(1, 3);
        Assert.Null(await _lake.Tables.Find(Lake.Project, new(Lake.Orders), Stop));
        await Assert.ThrowsAsync<InvalidOperationException>(() => _lake.Db.Write(async tx =>
        {
            await _lake.Tables.Commit(tx, Who.Steward, new TableChange(Lake.Project, Lake.Orders, ChangeKind.Append, null, files));
            throw new InvalidOperationException("the rest of the deed failed");
        }, Stop));
        Assert.Null(await _lake.Tables.Find(Lake.Project, new(Lake.Orders), Stop));
        Assert.Equal(1, (await _lake.Commit(ChangeKind.Append, null, files)).Version);
    }

    [Fact]
    public async Task Rows_of_every_type_go_out_in_batches_and_come_back_as_they_were()
    {
        const string every = """
            SELECT i AS id, i % 2 = 0 AS yes, (i % 200)::UTINYINT AS small, i / 3.0::DOUBLE AS share, (i + 0.25)::DECIMAL(9,2) AS price, (i::HUGEINT * 10000000000) AS long, 'Käse ' || i AS name, DATE '2026-02-28' + i::INT AS day,
                   TIMESTAMP '2026-02-28 23:59:59.123456' + to_hours(i) AS since, TIMESTAMPTZ '2026-02-28 23:59:59+02' AS moment, encode('x' || i) AS raw, uuid() AS key, [i, 2] AS list
              FROM range(2500) t(i)
            UNION ALL SELECT NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL
            """;
        await _lake.Commit(ChangeKind.ReplaceAll, 0, await _lake.Rows(every));
        await using (var reading = await _lake.Tables.Open(Lake.Project, [new(Lake.Orders)], Stop))
        {
            var batches = await _lake.Engine.Rows(reading, "SELECT * FROM silver.orders", 1000, Stop).ToListAsync(Stop);
            Assert.Equal([1000, 1000, 501], batches.Select(batch => batch.Rows));
            var made = await _lake.Engine.Make(_lake.Engine.Rows(reading, "SELECT * FROM silver.orders", 1000, Stop), Lake.Hour(0), Stop);
            Assert.Equal(2501, made.Rows);
            await _lake.Tables.Commit(Who.Steward, new TableChange(Lake.Project, TableName.Parse("silver.back"), ChangeKind.Append, null, made.Files), Stop);
        }

        Assert.Equal(["0"], await _lake.Ask("""
            SELECT count(*) FROM ((SELECT id, yes, small, share, price, long, name, day, since, moment AT TIME ZONE 'UTC', raw, key, list::VARCHAR FROM silver.orders) EXCEPT ALL (SELECT id, yes, small, share, price, long, name, day, since, moment, raw, key, list FROM silver.back)) t
            """, "silver.orders", "silver.back"));
        await using (var reading = await _lake.Tables.Open(Lake.Project, [new(Lake.Orders)], Stop))
            Assert.Equal("number_too_fine", (await Assert.ThrowsAsync<ProblemException>(() => _lake.Engine.Make(_lake.Engine.Rows(reading, "SELECT 0.123456789012::DECIMAL(20,12) AS x", 10, Stop), null, Stop))).Code);
    }

    [Fact]
    public async Task The_same_rows_in_several_windows_count_as_often_though_their_files_are_one()
    {
        for (var hour = 0; hour < 3; hour++)
            await _lake.Append(1, 2, Lake.Hour(hour));
        Assert.Equal([1, 1, 1, 2, 2, 2], (await _lake.Ids()).Order());
        await _lake.Commit(ChangeKind.ReplaceWindow, 3, [], Lake.Hour(1));
        Assert.Equal([1, 1, 2, 2], (await _lake.Ids()).Order());
    }

    [Fact]
    public async Task A_window_is_replaced_whole_and_its_neighbours_stay()
    {
        await _lake.Append(1, 2, Lake.Hour(0));
        await _lake.Append(3, 4, Lake.Hour(1));
        var replaced = await _lake.Commit(ChangeKind.ReplaceWindow, 2, await _lake.Orders_(30, 30, Lake.Hour(1)), Lake.Hour(1));
        Assert.Equal((1, 2, 3), (replaced.AddedRows, replaced.RemovedRows, replaced.Rows));
        Assert.Equal([1, 2, 30], await _lake.Ids());
        var emptied = await _lake.Commit(ChangeKind.ReplaceWindow, 3, [], Lake.Hour(1));
        Assert.Equal(2, emptied.Rows);
        Assert.Equal([1, 2], await _lake.Ids());
        Assert.Equal([1, 2, 3, 4], await _lake.Ids("silver.orders@2"));
    }

    [Fact]
    public async Task Who_reads_one_window_opens_its_parts_alone()
    {
        for (var hour = 0; hour < 5; hour++)
            await _lake.Append(hour * 10, (hour * 10) + 1, Lake.Hour(hour));
        await using var reading = await _lake.Tables.Open(Lake.Project, [new(Lake.Orders) { Within = new(Lake.Hour(1).Start, Lake.Hour(2).End) }], Stop);
        Assert.Equal(2, reading.Tables[0].Files.Count);
        Assert.Equal(["10", "11", "20", "21"], await _lake.Ask("SELECT id FROM silver.orders ORDER BY id", reading));
    }

    [Fact]
    public async Task A_clock_that_jumps_back_leaves_the_past_in_order()
    {
        await _lake.Append(1, 1);
        var first = (await _lake.Tables.Find(Lake.Project, new(Lake.Orders), Stop))!.At;
        _clock.Advance(TimeSpan.FromHours(-3));
        Assert.Equal(first, (await _lake.Append(2, 2)).At);
    }

    [Fact]
    public async Task Changes_conflict_exactly_when_they_touch_what_the_other_read()
    {
        await _lake.Append(1, 2, Lake.Hour(0));
        // From the same snapshot: appends and windows apart from each other do not meet…
        await _lake.Append(5, 6);
        await _lake.Commit(ChangeKind.ReplaceWindow, 1, await _lake.Orders_(3, 4, Lake.Hour(1)), Lake.Hour(1));
        await _lake.Commit(ChangeKind.ReplaceWindow, 1, await _lake.Orders_(1, 1, Lake.Hour(0)), Lake.Hour(0));
        // …the same window does, and so does everything.
        await Conflicts(ChangeKind.ReplaceWindow, 1, await _lake.Orders_(9, 9, Lake.Hour(0)), Lake.Hour(0));
        await Conflicts(ChangeKind.ReplaceAll, 3, await _lake.Orders_(9, 9));
        Assert.Equal([1, 3, 4, 5, 6], await _lake.Ids());
        await _lake.Commit(ChangeKind.ReplaceAll, 4, await _lake.Orders_(9, 9));
        await Conflicts(ChangeKind.ReplaceWindow, 4, await _lake.Orders_(1, 1, Lake.Hour(2)), Lake.Hour(2));
        Assert.Equal([9], await _lake.Ids());
    }

    [Fact]
    public async Task An_emptied_window_conflicts_with_another_replacement_of_it()
    {
        await _lake.Append(1, 2, Lake.Hour(0));
        await _lake.Commit(ChangeKind.ReplaceWindow, 1, [], Lake.Hour(3));
        await Conflicts(ChangeKind.ReplaceWindow, 1, await _lake.Orders_(3, 3, Lake.Hour(3)), Lake.Hour(3));
    }

    [Fact]
    public async Task A_window_that_reaches_beyond_is_not_replaced_in_part()
    {
        await _lake.Append(1, 2, new(Lake.Hour(0).Start, Lake.Hour(3).End));
        var problem = await Assert.ThrowsAsync<ProblemException>(async () => await _lake.Commit(ChangeKind.ReplaceWindow, 1, await _lake.Orders_(3, 3, Lake.Hour(1)), Lake.Hour(1)));
        Assert.Equal("window_overlaps", problem.Code);
        Assert.Equal([1, 2], await _lake.Ids());
    }

    [Fact]
    public async Task A_merge_replaces_rows_by_key_and_adds_the_others_and_keeps_their_windows()
    {
        await _lake.Append(1, 3, Lake.Hour(0));
        await _lake.Append(11, 13, Lake.Hour(1));
        await _lake.Append(21, 23, Lake.Hour(2));
        var made = await Merge(await _lake.Rows("SELECT * FROM (VALUES (2, 'bo', 7.50::DECIMAL(9,2)), (13, 'bo', 8), (40, 'bo', 9)) t(id, customer, amount)"));
        Assert.Equal(ChangeKind.Merge, made.Kind);
        Assert.Equal(["2 bo 7.50", "13 bo 8.00", "40 bo 9.00"], await _lake.Ask("SELECT * FROM silver.orders WHERE customer = 'bo' ORDER BY id", "silver.orders"));
        Assert.Equal([1, 2, 3, 11, 12, 13, 21, 22, 23, 40], await _lake.Ids());
        // The file of the third window was not touched, and the rewritten ones still know their windows.
        await _lake.Commit(ChangeKind.ReplaceWindow, 4, [], Lake.Hour(1));
        Assert.Equal([1, 2, 3, 21, 22, 23, 40], await _lake.Ids());
    }

    [Fact]
    public async Task A_merge_conflicts_with_rows_that_may_have_its_keys_and_with_nothing_else()
    {
        await _lake.Append(1, 3);
        var merge = await _lake.Engine.Merge(Lake.Project, Lake.Orders, await _lake.Rows("SELECT 2::BIGINT AS id, 'bo' AS customer, 1::DECIMAL(9,2) AS amount"), ["id"], stop: Stop);
        var other = await _lake.Engine.Merge(Lake.Project, Lake.Orders, await _lake.Rows("SELECT 50::BIGINT AS id, 'bo' AS customer, 1::DECIMAL(9,2) AS amount"), ["id"], stop: Stop);
        var twin = await _lake.Engine.Merge(Lake.Project, Lake.Orders, await _lake.Rows("SELECT 50::BIGINT AS id, 'cy' AS customer, 2::DECIMAL(9,2) AS amount"), ["id"], stop: Stop);
        await _lake.Append(100, 103);
        await _lake.Tables.Commit(Who.Steward, merge, Stop);
        await _lake.Tables.Commit(Who.Steward, other, Stop);
        var problem = await Assert.ThrowsAsync<ProblemException>(() => _lake.Tables.Commit(Who.Steward, twin, Stop));
        Assert.Equal("table_conflict", problem.Code);
        await Merge(await _lake.Rows("SELECT 50::BIGINT AS id, 'cy' AS customer, 2::DECIMAL(9,2) AS amount"));
        Assert.Equal(["2 bo", "50 cy"], await _lake.Ask("SELECT id, customer FROM silver.orders WHERE customer <> 'ana' ORDER BY id", "silver.orders"));
        Assert.Equal([1, 2, 3, 50, 100, 101, 102, 103], await _lake.Ids());
    }

    [Fact]
    public async Task A_staged_merge_that_can_be_committed_no_more_is_not_read_as_if_it_could()
    {
        await _lake.Append(1, 3);
        var mine = await _lake.Engine.Merge(Lake.Project, Lake.Orders, await _lake.Rows("SELECT 2::BIGINT AS id, 'bo' AS customer, 1::DECIMAL(9,2) AS amount"), ["id"], stop: Stop);
        await using (var reading = await _lake.Tables.Open(Lake.Project, [new(Lake.Orders)], [mine], Stop))
            Assert.Equal(["3"], await _lake.Ask("SELECT count(*) FROM silver.orders", reading));
        await Merge(await _lake.Rows("SELECT 3::BIGINT AS id, 'cy' AS customer, 1::DECIMAL(9,2) AS amount"));
        Assert.Equal("table_conflict", (await Assert.ThrowsAsync<ProblemException>(() => _lake.Tables.Open(Lake.Project, [new(Lake.Orders)], [mine], Stop))).Code);
    }

    [Fact]
    public async Task Rows_that_were_made_from_an_older_snapshot_do_not_take_the_place_of_newer_ones()
    {
        await _lake.Append(1, 3);
        await Merge(await _lake.Rows("SELECT 2::BIGINT AS id, 'cy' AS customer, 9::DECIMAL(9,2) AS amount"));
        var late = await _lake.Engine.Merge(Lake.Project, Lake.Orders, await _lake.Rows("SELECT 2::BIGINT AS id, 'bo' AS customer, 1::DECIMAL(9,2) AS amount"), ["id"], from: 1, Stop);
        Assert.Equal("table_conflict", (await Assert.ThrowsAsync<ProblemException>(() => _lake.Tables.Commit(Who.Steward, late, Stop))).Code);
        Assert.Equal(["2 cy"], await _lake.Ask("SELECT id, customer FROM silver.orders WHERE id = 2", "silver.orders"));
    }

    [Fact]
    public async Task Tables_that_are_opened_together_are_of_one_moment()
    {
        var copy = TableName.Parse("silver.copy");
        using var over = new CancellationTokenSource();
        await Both(0);
        var readers = Enumerable.Range(0, 3).Select(_ => Task.Run(async () =>
        {
            while (!over.IsCancellationRequested)
            {
                await using var reading = await _lake.Tables.Open(Lake.Project, [new(Lake.Orders), new(copy)], Stop);
                Assert.Equal(reading.Tables[0].Snapshot.Rows, reading.Tables[1].Snapshot.Rows);
            }
        }, Stop)).ToList();
        for (var turn = 1; turn < 30; turn++)
            await Both(turn);
        await over.CancelAsync();
        await Task.WhenAll(readers);

        async Task Both(int turn)
        {
            var rows = await _lake.Orders_(turn * 10, (turn * 10) + 9);
            await db.Write(async tx =>
            {
                await _lake.Tables.Commit(tx, Who.Steward, new(Lake.Project, Lake.Orders, ChangeKind.Append, null, rows));
                await _lake.Tables.Commit(tx, Who.Steward, new(Lake.Project, copy, ChangeKind.Append, null, rows));
            }, Stop);
        }
    }

    [Theory]
    [InlineData("SELECT 1::BIGINT AS id, 'x' AS customer, 1::DECIMAL(9,2) AS amount UNION ALL SELECT 1, 'y', 2", "key_twice")]
    [InlineData("SELECT NULL::BIGINT AS id, 'x' AS customer, 1::DECIMAL(9,2) AS amount", "key_empty")]
    [InlineData("SELECT 'x' AS customer", "key_invalid")]
    public async Task A_merge_says_what_is_wrong_with_its_keys(string rows, string code)
    {
        await _lake.Append(1, 3);
        var problem = await Assert.ThrowsAsync<ProblemException>(async () => await Merge(await _lake.Rows(rows)));
        Assert.Equal(code, problem.Code);
    }

    [Fact]
    public async Task Many_small_files_are_written_together_and_their_windows_can_still_be_replaced()
    {
        for (var hour = 0; hour < 12; hour++)
            await _lake.Append(hour * 10, (hour * 10) + 4, Lake.Hour(hour));
        var before = await _lake.Ids();
        var compact = (await _lake.Engine.Compact(Lake.Project, Lake.Orders, Stop))!;
        await _lake.Append(500, 501); // an append and a compaction do not meet
        await _lake.Tables.Commit(Who.Steward, compact, Stop);
        await using (var reading = await _lake.Tables.Open(Lake.Project, [new(Lake.Orders)], Stop))
            Assert.Equal(2, reading.Tables[0].Files.Count);
        Assert.Equal([.. before, 500, 501], await _lake.Ids());
        // A window made from a snapshot before the compaction is replaced all the same: no row of it changed.
        await _lake.Commit(ChangeKind.ReplaceWindow, 12, await _lake.Orders_(77, 77, Lake.Hour(7)), Lake.Hour(7));
        Assert.Equal([.. before.Where(id => id / 10 != 7).Append(77).Order(), 500, 501], await _lake.Ids());
        Assert.Equal(before, await _lake.Ids("silver.orders@12"));
    }

    [Fact]
    public async Task A_compaction_of_rows_that_were_replaced_meanwhile_is_refused()
    {
        for (var hour = 0; hour < 3; hour++)
            await _lake.Append(hour, hour, Lake.Hour(hour));
        var compact = (await _lake.Engine.Compact(Lake.Project, Lake.Orders, Stop))!;
        await _lake.Commit(ChangeKind.ReplaceWindow, 3, [], Lake.Hour(1));
        Assert.Equal("table_conflict", (await Assert.ThrowsAsync<ProblemException>(() => _lake.Tables.Commit(Who.Steward, compact, Stop))).Code);
        Assert.Equal([0, 2], await _lake.Ids());
    }

    [Fact]
    public async Task The_difference_of_two_snapshots_is_told_by_key()
    {
        await _lake.Append(1, 4);
        await Merge(await _lake.Rows("SELECT 2::BIGINT AS id, 'bo' AS customer, 2::DECIMAL(9,2) AS amount UNION ALL SELECT 9, 'cy', 9"));
        var diff = await _lake.Engine.Diff(Lake.Project, Lake.Orders, 1, 2, [], 10, Stop);
        Assert.Equal((1, 0, 1), (diff.AddedCount, diff.RemovedCount, diff.ChangedCount));
        Assert.Equal("9 cy 9.00", string.Join(' ', Assert.Single(diff.Added)));
        Assert.Equal(["2 ana 2.00", "2 bo 2.00"], diff.Changed.Select(row => string.Join(' ', row)));
        var back = await _lake.Engine.Diff(Lake.Project, Lake.Orders, 2, 1, ["id"], 10, Stop);
        Assert.Equal((0, 1, 1), (back.AddedCount, back.RemovedCount, back.ChangedCount));
    }

    [Fact]
    public async Task Other_columns_are_refused_or_left_out_or_taken_up_as_the_policy_says()
    {
        await _lake.Append(1, 1);
        var wider = await _lake.Rows("SELECT 2::BIGINT AS id, 'bo' AS customer, 1.255::DECIMAL(12,3) AS amount, 'de' AS country");
        var narrower = await _lake.Rows("SELECT 3::BIGINT AS id, 'x' AS extra, 4::DECIMAL(9,2) AS amount");
        Assert.Equal("schema_changed", (await Assert.ThrowsAsync<ProblemException>(() => _lake.Commit(ChangeKind.Append, null, wider))).Code);
        await _lake.Commit(ChangeKind.Append, null, narrower, policy: OnSchemaChange.Ignore);
        await _lake.Commit(ChangeKind.Append, null, wider, policy: OnSchemaChange.Evolve);
        Assert.Equal(["1 ana 1.000 -", "2 bo 1.255 de", "3 - 4.000 -"], await _lake.Ask("SELECT id, customer, amount, country FROM silver.orders ORDER BY id", "silver.orders"));
        Assert.Equal(["1 ana 1.00", "3 - 4.00"], await _lake.Ask("SELECT * FROM silver.orders ORDER BY id", "silver.orders@2"));
        var text = await _lake.Rows("SELECT 'no number' AS id, 'x' AS customer, 1::DECIMAL(9,2) AS amount, 'de' AS country");
        Assert.Contains("id", (await Assert.ThrowsAsync<ProblemException>(() => _lake.Commit(ChangeKind.Append, null, text, policy: OnSchemaChange.Evolve))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Two_changes_of_the_columns_from_one_snapshot_conflict()
    {
        await _lake.Append(1, 1, Lake.Hour(0));
        await _lake.Commit(ChangeKind.ReplaceWindow, 1, await _lake.Rows("SELECT 2::BIGINT AS id, 'bo' AS customer, 1::DECIMAL(9,2) AS amount, 'de' AS country", Lake.Hour(1)), Lake.Hour(1), OnSchemaChange.Evolve);
        var rows = await _lake.Rows("SELECT 3::BIGINT AS id, 'bo' AS customer, 1::DECIMAL(9,2) AS amount, 'red' AS colour", Lake.Hour(2));
        Assert.Equal("table_conflict", (await Assert.ThrowsAsync<ProblemException>(() => _lake.Commit(ChangeKind.ReplaceWindow, 1, rows, Lake.Hour(2), OnSchemaChange.Evolve))).Code);
        Assert.Equal(3, (await _lake.Commit(ChangeKind.ReplaceWindow, 2, rows, Lake.Hour(2), OnSchemaChange.Evolve)).Version);
    }

    [Fact]
    public async Task A_snapshot_knows_from_which_columns_of_which_snapshots_it_was_made()
    {
        await _lake.Append(1, 5);
        await using var reading = await _lake.Tables.Open(Lake.Project, [new(Lake.Orders)], Stop);
        var made = await _lake.Engine.Make(reading, new MakeOrder("SELECT customer, sum(amount * 2) AS total, count(*) AS n FROM silver.orders WHERE id > 2 GROUP BY customer", Ours: true), Stop);
        var totals = TableName.Parse("gold.totals");
        var kept = await _lake.Tables.Commit(Who.Steward, new TableChange(Lake.Project, totals, ChangeKind.ReplaceAll, 0, made.Files) { Origins = made.Origins }, Stop);
        Assert.Equal(["customer < silver.orders@1.customer", "total < silver.orders@1.amount"], (await _lake.Tables.Origins(kept, Stop)).Select(one => $"{one.Column} < {one.From}.{one.FromColumn}"));
        Assert.Equal(["ana 24.00 3"], await _lake.Ask("FROM gold.totals", "gold.totals"));
    }

    [Fact]
    public async Task Expired_snapshots_give_their_files_up_and_no_reader_loses_any()
    {
        await _lake.Append(1, 3);
        await _lake.Commit(ChangeKind.ReplaceAll, 1, await _lake.Orders_(10, 12));
        await _lake.Commit(ChangeKind.ReplaceAll, 2, await _lake.Orders_(20, 22));
        _clock.Advance(Expiry.Staging + TimeSpan.FromHours(1));
        var reading = await _lake.Tables.Open(Lake.Project, [TableReference.Parse("silver.orders@1")], Stop);
        Assert.Equal(1, await _lake.Expiry.Expire(Who.Steward, Lake.Project, Lake.Orders, keep: 1, Stop));
        Assert.Equal(1, (await _lake.Expiry.CleanUp(Stop)).Files);
        Assert.Equal("snapshot_expired", (await Assert.ThrowsAsync<ProblemException>(() => _lake.Ids("silver.orders@2"))).Code);
        Assert.Equal(["1", "2", "3"], await _lake.Ask("SELECT id FROM silver.orders ORDER BY id", reading));
        await reading.DisposeAsync();
        Assert.Equal(1, await _lake.Expiry.Expire(Who.Steward, Lake.Project, Lake.Orders, keep: 1, Stop));
        Assert.Equal(1, (await _lake.Expiry.CleanUp(Stop)).Files);
        Assert.Equal([20, 21, 22], await _lake.Ids());
        Assert.Equal(0, (await _lake.Expiry.CleanUp(Stop)).Files);
    }

    [Fact]
    public async Task What_was_staged_and_never_taken_goes_after_a_day_and_can_be_staged_again()
    {
        var files = await _lake.Orders_(1, 3);
        Assert.Equal(0, (await _lake.Expiry.CleanUp(Stop)).Files);
        _clock.Advance(Expiry.Staging + TimeSpan.FromMinutes(1));
        Assert.Equal(1, (await _lake.Expiry.CleanUp(Stop)).Files);
        Assert.Equal("staged_gone", (await Assert.ThrowsAsync<ProblemException>(() => _lake.Commit(ChangeKind.Append, null, files))).Code);
        await _lake.Append(1, 3);
        Assert.Equal([1, 2, 3], await _lake.Ids());
    }

    [Fact]
    public async Task Writers_at_once_lose_nothing_and_readers_see_every_snapshot_whole()
    {
        await _lake.Append(0, 9, Lake.Hour(0));
        using var over = new CancellationTokenSource();
        var reader = Task.Run(async () =>
        {
            while (!over.IsCancellationRequested)
            {
                await using var reading = await _lake.Tables.Open(Lake.Project, [new(Lake.Orders)], Stop);
                Assert.Equal(reading.Tables[0].Snapshot.Rows, reading.Tables[0].Files.Sum(file => file.Parts.Sum(part => part.Rows)));
                Assert.Equal(0, reading.Tables[0].Snapshot.Rows % 10);
            }
        }, Stop);
        await Task.WhenAll(Enumerable.Range(1, 8).Select(writer => Task.Run(async () =>
        {
            for (var turn = 0; turn < 3; turn++)
                await _lake.Append((writer * 1000) + (turn * 10), (writer * 1000) + (turn * 10) + 9, Lake.Hour((writer * 3) + turn));
        }, Stop)));
        await over.CancelAsync();
        await reader;
        var ids = (await _lake.Ids()).ToList();
        Assert.Equal(250, ids.Count);
        Assert.Equal(250, ids.Distinct().Count());
        Assert.Equal(25, (await _lake.Tables.Find(Lake.Project, new(Lake.Orders), Stop))!.Version);
    }

    public ValueTask InitializeAsync()
    {
        _lake = new(db, _clock);
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        await _lake.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    private async Task<TableSnapshot> Merge(IReadOnlyList<StagedFile> rows)
        => await _lake.Tables.Commit(Who.Steward, await _lake.Engine.Merge(Lake.Project, Lake.Orders, rows, ["id"], stop: Stop), Stop);

    private async Task Conflicts(ChangeKind kind, int from, IReadOnlyList<StagedFile> files, TableWindow? window = null)
        => Assert.Equal("table_conflict", (await Assert.ThrowsAsync<ProblemException>(() => _lake.Commit(kind, from, files, window))).Code);
}
