using System.CommandLine;
using System.Globalization;
using Steward.Cli;
using Steward.Identity;

namespace Steward.Models;

internal static class SignOffVerbs
{
    public static Command Tree(Server server) => new("signoff", "Ask people whether a version may serve, and vote.")
    {
        Request(server), List(server), ShowOne(server), Vote(server), Answer(server), Withdraw(server), VerifyVerb.Tree(),
    };

    private static string All(Server server) => $"/api/projects/{Server.Segment(server.Project())}/signoffs";

    private static Command Request(Server server)
    {
        var which = new Argument<string>("version") { Description = "name@4." };
        var verb = new Command("request", "Ask the parties of the project file. Exit code 4 when a gate failed.") { which };
        verb.SetAction(async (line, stop) =>
        {
            var found = await server.Get<ModelVersion>(ModelVerbs.At(server, line.GetRequiredValue(which)), stop);
            var asked = await server.Post<SignOffView>($"/api/projects/{Server.Segment(found.Project)}/models/{found.Model}/versions/{found.Version}/signoff", null, stop);
            Show.Done(line, $"Sign-off {asked.Number} asks {string.Join(", ", asked.Parties.Select(party => party.Party))} about {found.Name}, fingerprint {asked.Words}. They have until {asked.ExpiresAt.ToString("u", CultureInfo.InvariantCulture)}.", asked);
        });
        return verb;
    }

    private static Command List(Server server)
    {
        var verb = new Command("list", "List what was asked, newest first.");
        verb.SetAction(async (line, stop) => Show.List(line, await server.Get<List<SignOffView>>(All(server), stop), "Nobody was asked yet. Ask: steward signoff request NAME@VERSION",
            ("number", one => one.Number.ToString(CultureInfo.InvariantCulture)), ("version", one => $"{one.Model}@{one.Version}"), ("state", one => one.Verdict.Words),
            ("missing", one => one.Verdict is Verdict.Open open ? string.Join(", ", open.Missing) : ""), ("fingerprint", one => one.Words)));
        return verb;
    }

    private static Command ShowOne(Server server)
    {
        var number = Number();
        var verb = new Command("show", "Show who is asked and who said what.") { number };
        verb.SetAction(async (line, stop) =>
        {
            var one = await server.Get<SignOffView>($"{All(server)}/{line.GetRequiredValue(number)}", stop);
            Show.One(line, one, ("sign-off", $"{one.Number}"), ("version", $"{one.Model}@{one.Version}"), ("state", one.Verdict.Words), ("fingerprint", one.Words), ("seal", one.Seal.Hex),
                ("asked by", one.Requester), ("until", one.ExpiresAt.ToString("u", CultureInfo.InvariantCulture)), ("missing", one.Verdict is Verdict.Open open ? string.Join(", ", open.Missing) : null),
                ("parties", string.Join("\n", one.Parties.Select(party => $"{party.Party}: {party.Have} of {party.Need}{(party.Approvers.Count == 0 ? "" : $" ({string.Join(", ", party.Approvers)})")}"))),
                ("votes", string.Join("\n", one.Votes.Select(vote => $"{vote.At.ToString("u", CultureInfo.InvariantCulture)}  {vote.Name} for {vote.Party}: {vote.Decision.ToString().ToLowerInvariant()}, \"{vote.Reason}\", key {Fingerprint.Of(Digest.Parse(vote.KeyId))}"))),
                ("questions", string.Join("\n", one.Questions.Select(question => $"{question.Number}. {question.By} for {question.Party}: {question.Text} {(question.Answer is null ? $"Not answered yet: steward signoff answer {one.Number} TEXT --question {question.Number}" : $"{question.AnsweredBy}: {question.Answer}")}"))));
        });
        return verb;
    }

    private static Command Vote(Server server)
    {
        var number = Number();
        var decision = new Argument<Decision>("decision") { Description = "approve, ask or reject." };
        var party = new Option<string>("--party") { Description = "The party you speak for.", Required = true };
        var reason = new Option<string>("--reason") { Description = "Why, in a few words.", Required = true };
        var key = new Option<string>("--key") { Description = "The name of your key, as steward user key made it.", DefaultValueFactory = _ => SigningKey.Usual };
        var verb = new Command("vote", "Sign a vote with your key and send it.") { number, decision, party, reason, key };
        verb.SetAction(async (line, stop) =>
        {
            var at = $"{All(server)}/{line.GetRequiredValue(number)}";
            using var mine = SigningKey.Open(line.GetRequiredValue(key));
            var statement = await server.Get<StatementView>($"{at}/statement?party={Server.Segment(line.GetRequiredValue(party))}&decision={line.GetRequiredValue(decision)}&reason={Server.Segment(line.GetRequiredValue(reason))}", stop);
            var after = await server.Post<SignOffView>($"{at}/votes", Dsse.Sign(statement.PayloadType, Convert.FromBase64String(statement.Payload), mine, PersonKey.HintOf(mine)), stop);
            Show.Done(line, $"Your vote on sign-off {after.Number} counts; it is {after.Verdict.Words}{(after.Verdict is Verdict.Open open ? $", waiting for {string.Join(", ", open.Missing)}" : "")}.", after);
        });
        return verb;
    }

    private static Command Answer(Server server)
    {
        var number = Number();
        var text = new Argument<string>("text") { Description = "The answer." };
        var question = new Option<int>("--question") { Description = "The number of the question.", DefaultValueFactory = _ => 1 };
        var verb = new Command("answer", "Answer a question that somebody asked instead of a yes or no. Only who requested the sign-off.") { number, text, question };
        verb.SetAction(async (line, stop) =>
        {
            var after = await server.Post<SignOffView>($"{All(server)}/{line.GetRequiredValue(number)}/answers", new { question = line.GetRequiredValue(question), text = line.GetRequiredValue(text) }, stop);
            Show.Done(line, $"Question {line.GetRequiredValue(question)} of sign-off {after.Number} is answered.", after);
        });
        return verb;
    }

    private static Command Withdraw(Server server)
    {
        var number = Number();
        var reason = new Option<string>("--reason") { Description = "Why, in a few words.", Required = true };
        var verb = new Command("withdraw", "Take an open sign-off back. Only who requested it.") { number, reason };
        verb.SetAction(async (line, stop) =>
        {
            var after = await server.Post<SignOffView>($"{All(server)}/{line.GetRequiredValue(number)}/withdraw", new { reason = line.GetRequiredValue(reason) }, stop);
            Show.Done(line, $"Sign-off {after.Number} is withdrawn; nobody is asked any more.", after);
        });
        return verb;
    }

    private static Argument<int> Number() => new("number") { Description = "The number of the sign-off." };
}
