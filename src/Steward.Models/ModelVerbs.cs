using System.CommandLine;
using System.Globalization;
using Steward.Cli;

namespace Steward.Models;

internal static class ModelVerbs
{
    public static Command Tree(Server server) => new("model", "Look at registered models, check and promote them.")
    {
        List(server), ShowOne(server), Check(server), Promote(server), TagsVerb.Tree(server, () => Models(server)),
    };

    /// <summary>The address of a version by <c>name@4</c>, <c>name@alias</c> or <c>name</c>.</summary>
    internal static string At(Server server, string reference)
    {
        var named = Reference.Parse("model", reference);
        return $"{Models(server)}/{named.Name}/versions/{named.Version?.ToString(CultureInfo.InvariantCulture) ?? named.Alias}";
    }

    private static string Models(Server server) => $"/api/projects/{Server.Segment(server.Project())}/models";

    private static Command List(Server server)
    {
        var verb = new Command("list", "List the registered models, with the newest version and the one that serves.");
        verb.SetAction(async (line, stop) => Show.List(line, await server.Get<List<RegisteredModel>>(Models(server), stop),
            "No model is registered yet. Train one: steward run",
            ("model", one => one.Name), ("newest", one => one.Newest.Name), ("state", one => one.Newest.Stage.Words),
            ("serves", one => one.Serving is { } serving ? $"{one.Name}@{serving.Version}" : ""), ("fingerprint", one => one.Newest.Seal.Words)));
        return verb;
    }

    private static Command ShowOne(Server server)
    {
        var which = Which();
        var verb = new Command("show", "Show one version: state, metrics, gates and seal.") { which };
        verb.SetAction(async (line, stop) => Tell(line, await server.Get<ModelVersion>(At(server, line.GetRequiredValue(which)), stop)));
        return verb;
    }

    private static Command Check(Server server)
    {
        var which = Which();
        var verb = new Command("check", "Run the gates of the project file on a version. Exit code 4 when one fails.") { which };
        verb.SetAction(async (line, stop) =>
        {
            var found = await server.Get<ModelVersion>(At(server, line.GetRequiredValue(which)), stop);
            var after = await server.Post<ModelVersion>($"{Models(server)}/{found.Model}/versions/{found.Version}/check", null, stop);
            Show.List(line, after.Gates, "The project file has no gates.",
                ("gate", gate => gate.Title), ("", gate => gate.Passed ? "passed" : "failed"), ("measured", gate => gate.Whole), ("limit", gate => gate.Limit), ("why", gate => gate.Why), ("try", gate => gate.Try ?? ""));
            return after.Stage is Stage.GateFailed ? ProblemKind.GateFailed.ExitCode() : 0;
        });
        return verb;
    }

    private static Command Promote(Server server)
    {
        var which = Which();
        var alias = new Option<string>("--to") { Description = "The alias.", DefaultValueFactory = _ => Promotion.Production };
        var reason = new Option<string?>("--reason") { Description = "Why, in a few words." };
        var verb = new Command("promote", "Point an alias at a version. Exit code 4: a gate failed; 5: people have not agreed yet.") { which, alias, reason };
        verb.SetAction(async (line, stop) =>
        {
            var found = await server.Get<ModelVersion>(At(server, line.GetRequiredValue(which)), stop);
            var now = await server.Post<Promotion>($"{Models(server)}/{found.Model}/aliases/{Server.Segment(line.GetRequiredValue(alias))}/promote",
                new { found.Version, reason = line.GetValue(reason) }, stop);
            Show.Done(line, $"{now.Model}@{now.Alias} is version {now.Version} now (epoch {now.Epoch}).", now);
        });
        return verb;
    }

    private static Argument<string> Which() => new("version") { Description = "name@4, name@alias, or name for the one that serves." };

    private static void Tell(ParseResult line, ModelVersion one) => Show.One(line, one,
        ("version", one.Name), ("state", one.Stage.Words), ("fingerprint", one.Seal.Words), ("data", one.Data), ("data digest", one.Lineage?.Data?.Hex), ("run", one.Run), ("code", one.Code), ("commit", one.Commit is null ? null : $"{one.Commit}{(one.Lineage?.Dirty is true ? ", with changes" : "")}"),
        ("changes", one.Lineage?.Changes?.Hex), ("not kept", one.Lineage?.NotKept is { } notes ? string.Join("\n", notes) : null), ("project file", one.Lineage?.ProjectFile is { } revision ? $"revision {revision}" : null), ("environment", one.Lineage?.Environment?.Hex),
        ("onnx", one.Onnx.Hex), ("takes", string.Join(", ", one.Signature.Inputs)), ("gives", string.Join(", ", one.Signature.Outputs)),
        ("gates", string.Join("\n", one.Gates.Select(gate => $"{(gate.Passed ? "passed" : "FAILED")}  {gate.Title}: {gate.Whole}"))),
        ("metrics", string.Join("\n", one.Metrics.Keys.Order(StringComparer.Ordinal).Where(key => !Pages.Measured.IsOfOneKind(key) && !one.Metrics.IsBound(key)).Select(key => Pages.Measured.Of(one, key)!)
            .Select(said => string.Create(CultureInfo.InvariantCulture, $"{said.Metric} {said.Number:0.####}{(said.Between is null ? "" : $" ({said.Between})")}")))));
}
