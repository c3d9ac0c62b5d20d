using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using Microsoft.Extensions.DependencyInjection;
using Steward.Blobs;
using Steward.Identity;
using Steward.Models;
using Steward.Projects;
using Steward.Storage;
using Steward.Testing;

namespace Steward.Stories.Tests;

/// <summary>From a version to its signature on a whole server: the gate asks for the story, the party asks for the quiz.</summary>
public sealed class InformedSignOffTests : TestHost
{
    private const string Project = "fruit";

    private static readonly Who Erin = new("erin", "erin", new Dictionary<string, IReadOnlySet<Role>> { [Project] = new HashSet<Role> { Role.Editor } });
    private static readonly Who Dev = new("dev", "dev", new Dictionary<string, IReadOnlySet<Role>> { [Project] = new HashSet<Role> { Role.Approver } });

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private IStories Stories => Services.GetRequiredService<IStories>();

    private IQuizzes Quizzes => Services.GetRequiredService<IQuizzes>();

    private ISignOffs SignOffs => Services.GetRequiredService<ISignOffs>();

    private static string Api => $"/api/projects/{Project}/stories/release/fruit@1";

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        await Services.GetRequiredService<IProjects>().Put($"""
            steward: 1
            project: {Project}
            gates:
              - {"{"}scan: [onnx], result: clean{"}"}
              - {"{"}metric: test.accuracy, op: ">=", value: 0.5{"}"}
              - {"{"}gate: story{"}"}
            signoff:
              parties:
                - {"{"}party: ops, approvers: [dev], need: 1, quiz: required{"}"}
            """, Who.Steward);
    }

    [Fact]
    public async Task Without_a_published_story_a_version_is_not_promoted_and_the_gate_says_how_to_make_one()
    {
        var version = await Register();
        var gate = Assert.Single(version.Gates, gate => !gate.Passed);
        Assert.Equal(("story", "no story"), (gate.Gate, gate.Measured));
        Assert.StartsWith("steward story make release fruit@1", gate.Try, StringComparison.Ordinal);
        Assert.Equal("gate_failed", (await Assert.ThrowsAsync<ProblemException>(() => Services.GetRequiredService<IPromotions>().Promote(Erin, Project, "fruit", 1, stop: Stop))).Code);
        Assert.Equal("gate_failed", (await Assert.ThrowsAsync<ProblemException>(() => SignOffs.Request(Erin, Project, "fruit", 1, Stop))).Code);

        var edition = await Stories.Make(Erin, Project, "release", "fruit@1", Stop);
        Assert.True(edition.IsPublished, string.Join('\n', edition.Findings.Select(found => found.What)));
        // Its own gate is not among those that the story counts.
        Assert.Equal((2.0, 2.0), (edition.Book.Facts["gates"].Value, edition.Book.Facts["gates.passed"].Value));
        var after = await Services.GetRequiredService<IModels>().Check(Erin, Project, "fruit", 1, Stop);
        Assert.All(after.Gates, one => Assert.True(one.Passed, one.Why));
        Assert.InRange(double.Parse(after.Gates.Single(one => one.Gate == "story").Measured.Split(' ')[0], System.Globalization.CultureInfo.InvariantCulture), 20, 120);
    }

    [Fact]
    public async Task A_story_that_takes_longer_than_asked_does_not_pass_the_gate()
    {
        await Services.GetRequiredService<IProjects>().Put($"steward: 1\nproject: {Project}\ngates:\n  - {{scan: [onnx], result: clean}}\n  - {{gate: story, op: \"<=\", value: 5}}\n", Who.Steward, Stop);
        await Register();
        await Stories.Make(Erin, Project, "release", "fruit@1", Stop);
        var gate = (await Services.GetRequiredService<IModels>().Check(Erin, Project, "fruit", 1, Stop)).Gates.Single(one => one.Gate == "story");
        Assert.False(gate.Passed);
        Assert.Equal("<= 5 s", gate.Limit);
    }

    [Fact]
    public async Task A_yes_comes_after_the_quiz_and_the_signature_records_it()
    {
        var asked = await Ask();
        var first = await Assert.ThrowsAsync<ProblemException>(() => SignOffs.Draft(Dev, Project, asked.Number, "ops", Decision.Approve, "seen", Stop));
        Assert.Equal(("quiz_first", "steward story quiz release fruit@1, or open /projects/fruit/stories/release/fruit%401/quiz"), (first.Code, first.Try));
        Assert.Null((await SignOffs.Draft(Dev, Project, asked.Number, "ops", Decision.Reject, "seen", Stop)).Predicate.Quiz);

        var sheet = await Quizzes.Start(Dev, Project, "release", "fruit@1", "executive", "en", Stop);
        foreach (var item in sheet.Items)
            sheet = await Quizzes.Answer(Dev, Project, "release", "fruit@1", item.Id, Readers.Letter(item, right: true), null, Stop);
        Assert.True(sheet.Passed);
        var draft = await SignOffs.Draft(Dev, Project, asked.Number, "ops", Decision.Approve, "seen", Stop);
        using var key = await Key();
        var after = await SignOffs.Vote(Dev, Project, asked.Number, Dsse.Sign(Dsse.InToto, draft.Bytes(), key), Stop);
        Assert.IsType<Verdict.Approved>(after.VerdictAt(DateTimeOffset.UtcNow));
        var quiz = Statement.Read(Json.Read<Dsse>(after.Votes[0].Envelope)).Predicate.Quiz!;
        Assert.Equal(("release/fruit@1", sheet.StoryHash, sheet.FactsHash, "executive", "en", 1), (quiz.Story, quiz.StoryHash, quiz.FactsHash, quiz.Level, quiz.Language, quiz.Tries));
        Assert.Equal(sheet.Items.Select(item => item.Id), quiz.Items);
        Assert.Equal(sheet.Items.Select(item => Readers.Letter(item, right: true)), quiz.Answers);
    }

    [Fact]
    public async Task Over_HTTP_a_sheet_hides_what_is_right_until_it_is_answered()
    {
        await Ask();
        using var begun = await Http.PostAsJsonAsync($"{Api}/quiz", new { }, Stop);
        var text = await begun.Content.ReadAsStringAsync(Stop);
        Assert.True(begun.IsSuccessStatusCode, text);
        Assert.DoesNotContain("\"why\"", text, StringComparison.Ordinal);
        var sheet = Json.Read<TryView>(text);
        Assert.Equal(6, sheet.Items.Count);
        using var given = await Http.PostAsJsonAsync($"{Api}/quiz/answers", new { item = sheet.Items[0].Id, answer = "?", comment = "what is this" }, Stop);
        var after = Json.Read<TryView>(await given.Content.ReadAsStringAsync(Stop));
        Assert.Equal("?", after.Items[0].Feedback!.Answer);
        Assert.NotEmpty(after.Items[0].Feedback!.Why);
        Assert.Null(after.Items[1].Feedback);
        using var wrong = await Http.PostAsJsonAsync($"{Api}/quiz/answers", new { item = sheet.Items[1].Id, answer = "z" }, Stop);
        Assert.Equal(HttpStatusCode.BadRequest, wrong.StatusCode);
        Assert.Contains("what is this", await Http.GetStringAsync($"{Api}/quiz/report", Stop), StringComparison.Ordinal);
        using var rated = await Http.PostAsJsonAsync($"{Api}/rating", new { rating = 4, comment = "clear" }, Stop);
        Assert.True(rated.IsSuccessStatusCode);
        Assert.Equal(4, (await Http.GetFromJsonAsync<RatingTrend>($"{Api}/rating", Stop))!.Mean);
        Assert.Empty((await Http.GetFromJsonAsync<BadgeView>($"/api/projects/{Project}/stories/badges/fruit", Stop))!.Holders);
    }

    [Fact]
    public async Task The_page_asks_one_question_at_a_time_and_works_without_script()
    {
        await Ask();
        var page = await Http.GetStringAsync($"/projects/{Project}/stories/release/fruit@1/quiz", Stop);
        Assert.Contains("Nobody took the quiz yet.", page, StringComparison.Ordinal);
        await Quizzes.Start(Who.Open, Project, "release", "fruit@1", null, null, Stop);
        page = await Http.GetStringAsync($"/projects/{Project}/stories/release/fruit@1/quiz", Stop);
        Assert.Contains("Question 1 of 6", page, StringComparison.Ordinal);
        Assert.Contains("I do not understand", page, StringComparison.Ordinal);
    }

    private async Task<SignOff> Ask()
    {
        await Register();
        await Stories.Make(Erin, Project, "release", "fruit@1", Stop);
        await Services.GetRequiredService<IModels>().Check(Erin, Project, "fruit", 1, Stop);
        var asked = await SignOffs.Request(Erin, Project, "fruit", 1, Stop);
        await Eventually.True("the story tells who is asked", async () => (await Stories.Get(Project, "release", "fruit@1", null, Stop)).Book.Has("parties"), Stop);
        return asked;
    }

    private async Task<ModelVersion> Register()
    {
        var metrics = new Dictionary<string, double> { ["train.n"] = 900, ["test.n"] = 240, ["test.accuracy"] = 0.912, ["test.f1_macro"] = 0.905, ["test.f1_macro.low"] = 0.87, ["test.f1_macro.high"] = 0.94, ["test.ece"] = 0.03 };
        foreach (var (kind, recall, n) in new[] { ("apple", 0.95, 90), ("fig", 0.75, 60), ("pear", 0.98, 90) })
            (metrics[$"test.recall.{kind}"], metrics[$"test.n.{kind}"]) = (recall, n);
        var blob = await Services.GetRequiredService<IBlobs>().Put(SmallModels.Colours(side: 8), Stop);
        return await Services.GetRequiredService<IModels>().Register(Erin, new(Project, "fruit", Names.NewId(), "pictures@1", blob.Digest) { Metrics = metrics }, Stop);
    }

    private async Task<ECDsa> Key()
    {
        var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var db = Services.GetRequiredService<Db>();
        await db.Run("INSERT INTO person (id, name, created_at) VALUES ('dev', 'dev', 0)", stop: Stop);
        await db.Run("INSERT INTO person_key (hint, person, name, pem, created_at) VALUES (@hint, 'dev', 'default', @pem, 0)", new { hint = PersonKey.HintOf(key), pem = PersonKey.PemOf(key) }, Stop);
        return key;
    }
}
