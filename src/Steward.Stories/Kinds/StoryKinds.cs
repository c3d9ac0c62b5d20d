namespace Steward.Stories;

/// <summary>The kinds of stories that come from records.</summary>
internal sealed class StoryKinds(ReleaseFacts release, IncidentFacts incident, RunFacts run, DataFacts data, WeekFacts week, DeploymentFacts deployment)
{
    public IReadOnlyList<IStoryKind> All { get; } =
    [
        new StoryKind("release", (project, subject, stop) => release.Gather(project, subject, stop),
        [
            new("setting", Tone.Setting, Scenes.Meet, "new.version", "new.kinds") { Required = true },
            new("learn", Tone.Learn, Scenes.Study, "new.learned") { Required = true },
            new("result", Tone.Result, Scenes.Exam, "new.right", "new.tested") { Required = true, Shows = ["new.right"] },
            new("before", Tone.Notice, Scenes.Pair, "old.right", "new.right", "same-test") { Spare = true, Shows = ["old.right", "new.right"] },
            new("gates", Tone.Try, Scenes.Gates, "gates", "gates.passed") { Required = true, Shows = ["gates", "gates.passed"], Parts = ["gates", "gates.passed"] },
            new("weak", Tone.Limits, Scenes.Weak, "new.weakest", "new.weakest.found") { Required = true, Shows = ["new.weakest.found"] },
            new("trial", Tone.Try, Scenes.Trial, "trial.first", "trial.answers") { Shows = ["trial.first"] },
            new("asks", Tone.Notice, Scenes.Asks, "parties", "not-approved"),
            new("signed", Tone.Result, Scenes.Signed, "signers", "approved") { Shows = ["signers"] },
            new("back", Tone.Setting, Scenes.WayBack, "back.to") { Unless = "returned" },
            new("returned", Tone.Try, Scenes.Back, "returned", "returned.to"),
        ]),
        new StoryKind("incident", (project, subject, stop) => incident.Gather(project, subject, stop),
        [
            new("setting", Tone.Setting, Scenes.Belt, "old.version", "old.right", "old.learned", "old.tested") { Required = true, Shows = ["old.right"] },
            new("problem", Tone.Problem, Scenes.Change, "since") { Required = true, Unless = IncidentFacts.Stopped },
            new("notice", Tone.Notice, Scenes.Watch, "watch", "watch.peak", "watch.limit") { Required = true, Unless = IncidentFacts.Stopped, Shows = ["watch", "watch.peak"] },
            new("tried", Tone.Problem, Scenes.Trial, IncidentFacts.Stopped, "trial.first") { Shows = ["trial.first"] },
            new("stopped", Tone.Notice, Scenes.Bell, IncidentFacts.Stopped, "trial.answers"),
            new("back", Tone.Try, Scenes.Back, "back", "back.version"),
            new("doubt", Tone.Try, Scenes.Doubt, "abstain", "abstain.under") { Spare = true },
            new("learn", Tone.Learn, Scenes.Ask, "named", "named.data"),
            new("result", Tone.Result, Scenes.Pair, "new.version", "old.told", "new.told") { Shows = ["old.told", "new.told"] },
            new("signed", Tone.Result, Scenes.Signed, "new.version", "signers") { Shows = ["signers"] },
            new("limits", Tone.Limits, Scenes.Unknown, "opened") { Required = true },
        ]),
        new StoryKind("run", (project, subject, stop) => run.Gather(project, "run", subject, stop),
        [
            new("setting", Tone.Setting, Scenes.Meet, "kinds") { Required = true },
            new("learn", Tone.Learn, Scenes.Study, "learned") { Required = true },
            new("tries", Tone.Try, Scenes.Row, "tunes") { Shows = ["tunes"] },
            new("curve", Tone.Notice, Scenes.Curve, "curve", "first", "last") { Shows = ["curve"] },
            new("result", Tone.Result, Scenes.Exam, "right", "tested") { Required = true, Shows = ["right"] },
            new("weak", Tone.Limits, Scenes.Weak, "weakest", "weakest.found") { Required = true, Shows = ["weakest.found"] },
        ]),
        new StoryKind("tunes", (project, subject, stop) => run.Gather(project, "tunes", subject, stop),
        [
            new("setting", Tone.Setting, Scenes.Row, "tunes") { Required = true, Shows = ["tunes"] },
            new("differ", Tone.Problem, Scenes.Dials, "tunes.tried") { Shows = ["tunes.tried"] },
            new("field", Tone.Notice, Scenes.Field, "field", "best", "last") { Required = true, Shows = ["field"] },
            new("best", Tone.Try, Scenes.Pair, "best.right", "second.right", "best", "second") { Required = true, Shows = ["best.right", "second.right"] },
            new("result", Tone.Result, Scenes.Exam, "right", "tested") { Shows = ["right"] },
            new("limits", Tone.Limits, Scenes.Covered, "best.score", "second.score") { Required = true },
        ]),
        new StoryKind("data", (project, subject, stop) => data.Gather(project, subject, stop),
        [
            new("setting", Tone.Setting, Scenes.Arrive, "first") { Required = true },
            new("kinds", Tone.Notice, Scenes.Kinds, "kinds", "kinds.items") { Shows = ["kinds.items"] },
            new("split", Tone.Try, Scenes.Boxes, "train", "valid", "test") { Required = true, Parts = ["train", "valid", "test"] },
            new("named", Tone.Learn, Scenes.Ask, "labelled"),
            new("kept", Tone.Setting, Scenes.Kept, "versions", "bytes") { Required = true, Shows = ["versions"] },
            new("readers", Tone.Result, Scenes.Study, "new.version", "readers"),
            new("limits", Tone.Limits, Scenes.WrongName, "items") { Required = true },
        ]),
        new StoryKind("week", (project, subject, stop) => week.Gather(project, subject, stop),
        [
            new("setting", Tone.Setting, Scenes.Hatch, "answers", "endpoint") { Required = true },
            new("days", Tone.Notice, Scenes.Days, "days", "best.day") { Required = true, Shows = ["days"] },
            new("sure", Tone.Try, Scenes.Exam, "sure") { Required = true, Shows = ["sure"] },
            new("trouble", Tone.Problem, Scenes.Bell, "trouble", "incidents"),
            new("calm", Tone.Result, Scenes.Bell, "no-trouble"),
            new("told", Tone.Learn, Scenes.Exam, "told.right", "told") { Shows = ["told.right"] },
            new("limits", Tone.Limits, Scenes.AskAPerson, "until") { Required = true },
        ]),
        new StoryKind("deployment", (project, subject, stop) => deployment.Gather(project, subject, stop),
        [
            new("setting", Tone.Setting, Scenes.Pack, "memory") { Required = true },
            new("ordered", Tone.Try, Scenes.House, "rooms", "rooms.most", "written") { Shows = ["rooms", "rooms"] },
            new("knocks", Tone.Notice, Scenes.Bell, "knock", "restart"),
            new("rooms", Tone.Try, Scenes.House, "rooms", "lit") { Shows = ["rooms", "lit"], Parts = ["rooms", "lit"] },
            new("problem", Tone.Problem, Scenes.Dark, "rooms", "failed", "lit.after") { Shows = ["rooms", "lit.after"], Parts = ["rooms", "lit.after"] },
            new("notice", Tone.Notice, Scenes.Count, "ready") { Shows = ["ready"] },
            new("result", Tone.Result, Scenes.House, "rooms", "lit.again", "healed") { Shows = ["rooms", "lit.again"], Parts = ["rooms", "lit.again"] },
            new("limits", Tone.Limits, Scenes.HouseDark, "rooms") { Required = true },
        ]),
    ];

    /// <summary>The kind of a name; <c>story_unknown</c> otherwise.</summary>
    public IStoryKind Of(string? name) => All.FirstOrDefault(kind => kind.Name == name)
        ?? throw ProblemException.Invalid("story_unknown", $"There is no story '{Names.Shorten(name)}'.", $"Choose one of: {string.Join(", ", All.Select(kind => kind.Name))}.");

    private sealed record StoryKind(string Name, Func<string, string?, CancellationToken, Task<FactBook>> From, IReadOnlyList<Beat> Beats) : IStoryKind
    {
        public bool IsEpisode => Name is "release" or "incident";

        public Task<FactBook> Gather(string project, string? subject, CancellationToken stop) => From(project, subject, stop);
    }
}
