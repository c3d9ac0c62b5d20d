using Steward.Projects;

namespace Steward.Pipelines.Tests;

/// <summary>What may stand under <c>pipelines</c>, and what is said about the rest.</summary>
public class SectionTests
{
    [Fact]
    public void The_whole_section_is_read()
    {
        var plan = Read("""
            sales_hourly:
                trigger:
                  tumbling: {every: 1h, start: "2026-01-01T00:00Z", end: "2027-01-01T00:00Z", delay: 15m, max_concurrency: 2, retry: {count: 3, every: 5m}, depends_on: [{pipeline: partner_drop, offset: "-1h", size: 1h}, {pipeline: sales_hourly, offset: "-1h"}]}
                steps:
                  - command: {id: prepare, run: [echo, "${window.start:yyyy/MM/dd/HH}"]}
                  - webhook: {id: tell, url: "https://example.org/hook", when: always, needs: [prepare]}
                alarms: {fresh: 2h, rows_at_least: 1}
              partner_drop: {trigger: {tumbling: {every: 1h, start: "2025-01-01T00:00Z"}}}
            """)["sales_hourly"];
        Assert.Equal((2, TimeSpan.FromMinutes(15), 3, 2), (plan.Trigger.AtOnce, plan.Trigger.Tumbling!.Delay, plan.Trigger.Retry.Count, plan.Steps.Count));
    }

    [Theory]
    [InlineData("a: {trigger: {tumbling: {evry: 1h}}}", "There is no key 'evry'", "Did you mean 'every'?")]
    [InlineData("a: {trigger: {tumbling: {every: 1m, start: 2026-01-01}}}", "at least 5m")]
    [InlineData("a: {trigger: {tumbling: {every: 0h, start: 2026-01-01}}}", "no size of a window")]
    [InlineData("a: {trigger: {tumbling: {every: 1h, start: soon}}}", "'soon' is no time")]
    [InlineData("a: {trigger: {tumbling: {every: 1h, start: 2026-01-01, max_concurrency: 51}}}", "1 to 50 windows")]
    [InlineData("a: {trigger: {tumbling: {every: 1h, start: 2026-01-01, calendar: yes}}}", "a calendar has days")]
    [InlineData("a: {trigger: {tumbling: {every: 1d, start: 2026-01-01, zone: Europe/Berlin}}}", "calendar: yes")]
    [InlineData("a: {trigger: {tumbling: {every: 1d, start: 2026-01-01, calendar: yes, zone: Europe/Berln}}}", "is not known")]
    [InlineData("a: {trigger: {tumbling: {every: 1h, start: 2026-01-01, depends_on: [{pipeline: b}]}}}", "there is no pipeline 'b'")]
    [InlineData("a: {trigger: {tumbling: {every: 1h, start: 2026-01-01, depends_on: [{pipeline: a}]}}}", "looks back")]
    [InlineData("a: {trigger: {tumbling: {every: 1h, start: 2026-01-01, depends_on: [{pipeline: a, offset: -30m}]}}}", "wait for itself")]
    [InlineData("a: {trigger: {tumbling: {every: 1h, start: 2026-01-01, depends_on: [{pipeline: b}]}}}\n  b: {trigger: {tumbling: {every: 1h, start: 2026-01-01, depends_on: [{pipeline: a}]}}}", "wait for each other: a → b → a")]
    [InlineData("a: {trigger: {tumbling: {every: 1h, start: 2026-01-01, depends_on: [{pipeline: b}]}}}\n  b: {}", "has no windows")]
    [InlineData("a: {trigger: {cron: {expression: 61 * * * *}}}", "no time table")]
    [InlineData("a: {trigger: {cron: {expression: 1 * * * *}, by_hand: yes}}", "one trigger")]
    [InlineData("a: {trigger: {event: {path: ../secret/}}}", "no folder of the inbox")]
    [InlineData("a: {trigger: {promoted: {model: 'of fers'}}}", "cannot be the name of a model")]
    [InlineData("a: {trigger: {promoted: {model: offers}, by_hand: yes}}", "one trigger")]
    [InlineData("a: {steps: [{command: {run: [echo, '${window.sta}']}}]}", "is not known; there are ${window.start}")]
    [InlineData("a: {steps: [{command: {run: [echo], needs: [b]}}]}", "needs 'b', which is not there")]
    [InlineData("a: {steps: [{command: {id: x, run: [echo], needs: [y]}}, {command: {id: y, run: [echo]}}]}", "wait for each other: x, y")]
    [InlineData("a: {steps: [{command: {run: []}}]}", "write what to run as a list")]
    [InlineData("a: {steps: [{command: {run: [echo]}}, {command: {run: [echo]}}]}", "two steps are called 'command'")]
    [InlineData("a: {steps: [{webhook: {url: 'ftp://x'}}]}", "begins with https://")]
    [InlineData("'rm -rf ~': {}", "cannot be the name of a pipeline")]
    public void What_cannot_work_is_said(string pipelines, params string[] said)
    {
        var (file, complaints) = new ProjectFileReader([PipelineSection.Of()]).Read($"steward: 1\nproject: shop\npipelines:\n  {pipelines}\n");
        Assert.Null(file);
        Assert.All(said, words => Assert.Contains(complaints, one => $"{one.Why} {one.Try}".Contains(words, StringComparison.Ordinal)));
    }

    [Fact]
    public void Variables_are_a_fixed_list_with_forms_of_time()
    {
        var variables = new Variables(new(new(2026, 1, 2, 3, 0, 0, TimeSpan.Zero), new(2026, 1, 2, 4, 0, 0, TimeSpan.Zero)), "r1", "sales", TriggerKind.Tumbling);
        Assert.Equal("2026/01/02/03 2026-01-02T04:00:00Z r1 sales tumbling ${each", variables.In("${window.start:yyyy/MM/dd/HH} ${window.end} ${run.id} ${trigger.name} ${trigger.kind} ${each"));
        Assert.Equal(["echo", "r1; rm -rf ~ $(id)"], variables.In(new CommandPlan { Run = ["echo", "${run.id}; rm -rf ~ $(id)"] }).Run);
    }

    [Fact]
    public void The_clock_of_a_zone_is_told_in_words()
    {
        var said = new CronPlan { Expression = "30 2 * * *", Zone = "Europe/Berlin" }.InWords(new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero)).ToList();
        Assert.Equal([
            "On 2026-03-29 the clock of Europe/Berlin goes forward from 02:00 to 03:00; then it runs at 03:00 (UTC+02:00).",
            "On 2026-10-25 the clock of Europe/Berlin goes back from 03:00 to 02:00; then it runs at 02:30 (UTC+02:00)."], said);
        Assert.Empty(new CronPlan { Expression = "30 2 * * *" }.InWords(DateTimeOffset.UnixEpoch));
    }

    private static IReadOnlyDictionary<string, PipelinePlan> Read(string pipelines)
    {
        var (file, complaints) = new ProjectFileReader([PipelineSection.Of()]).Read($"steward: 1\nproject: shop\npipelines:\n  {pipelines.ReplaceLineEndings("\n")}\n");
        Assert.Empty(complaints);
        return file!.Pipelines();
    }
}
