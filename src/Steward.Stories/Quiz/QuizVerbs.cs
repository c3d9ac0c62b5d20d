using System.CommandLine;
using System.Globalization;
using Steward.Cli;

namespace Steward.Stories;

internal static class QuizVerbs
{
    public static IEnumerable<Command> All(Server server) => [Take(server), Report(server), Talk(server), Became(server), Rate(server), Badge(server)];

    /// <summary>The tree with more verbs in it.</summary>
    public static Command With(this Command tree, IEnumerable<Command> more)
    {
        foreach (var verb in more)
            tree.Subcommands.Add(verb);
        return tree;
    }

    private static Command Take(Server server)
    {
        var (kind, subject) = (Kind(), Subject());
        var level = new Option<string>("--level") { Description = "child, executive or engineer.", DefaultValueFactory = _ => "child" };
        var language = new Option<string>("--language") { Description = "en or de.", DefaultValueFactory = _ => "en" };
        var answers = new Option<string?>("--answers") { Description = "All answers of the sheet in its order: a,c,b,?,!,a. ? says that you do not understand, ! that you disagree." };
        var take = new Command("quiz", "Six questions about a story; asked one by one, or as a sheet with --json.") { kind, subject, level, language, answers };
        take.SetAction(async (line, stop) =>
        {
            var at = At(server, line.GetRequiredValue(kind), line.GetRequiredValue(subject));
            var sheet = await server.Post<TryView>($"{at}/quiz?level={Server.Segment(line.GetValue(level)!)}&language={Server.Segment(line.GetValue(language)!)}", null, stop);
            var open = sheet.Items.Where(item => item.Feedback is null).ToList();
            if (line.GetValue(answers) is { } all)
                sheet = await Send(server, at, sheet, open, all, stop);
            else if (!line.GetValue(Show.AsJson) && !Console.IsInputRedirected)
                foreach (var item in open)
                    sheet = await Ask(server, at, item, stop);
            if (line.GetValue(Show.AsJson))
                Console.WriteLine(Json.Write(sheet));
            else
                Tell(sheet, line.GetRequiredValue(kind), line.GetRequiredValue(subject));
            return sheet.Passed is false ? 1 : 0;
        });
        return take;
    }

    private static async Task<TryView> Send(Server server, string at, TryView sheet, List<ItemView> open, string all, CancellationToken stop)
    {
        var given = all.Split(',', StringSplitOptions.TrimEntries);
        if (given.Length != open.Count)
            throw ProblemException.Invalid("answers_wrong", $"{Say.Count(given.Length, "answer")} for {Say.Count(open.Count, "open question")}.", "Give one of a, b, c, ? and ! for each, with commas: --answers a,c,b,a,?,b");
        foreach (var (item, answer) in open.Zip(given))
            sheet = await server.Post<TryView>($"{at}/quiz/answers", new { item = item.Id, answer }, stop);
        return sheet;
    }

    private static async Task<TryView> Ask(Server server, string at, ItemView item, CancellationToken stop)
    {
        Console.WriteLine($"\n{item.Stem}{(item.Must ? "  (must be known)" : "")}");
        foreach (var (option, place) in item.Options.Select((option, place) => (option, place)))
            Console.WriteLine($"  {(char)('a' + place)}  {option}");
        Console.Write("a, b, c, ? (I do not understand) or ! (I disagree): ");
        var answer = Console.ReadLine()?.Trim() ?? throw ProblemException.Invalid("answers_wrong", "The input ended before the last question.", "Go on with the same command: the sheet stays open.");
        string? comment = null;
        if (answer is "?" or "!")
        {
            Console.Write("A word to the owner, if you like: ");
            comment = Console.ReadLine();
        }

        var after = await server.Post<TryView>($"{at}/quiz/answers", new { item = item.Id, answer, comment }, stop);
        var said = after.Items.First(one => one.Id == item.Id).Feedback!;
        Console.WriteLine($"{(said.Right ? "Right." : $"It is {said.RightIs}.")} {said.Why}");
        return after;
    }

    private static void Tell(TryView sheet, string kind, string subject)
    {
        if (!sheet.Ended)
        {
            foreach (var (item, number) in sheet.Items.Select((item, i) => (item, i + 1)))
                Console.WriteLine($"{number}. {item.Stem}{(item.Must ? "  (must be known)" : "")}\n   {string.Join("\n   ", item.Options.Select((option, place) => $"{(char)('a' + place)}  {option}"))}");
            Console.WriteLine($"\nAnswer: steward story quiz {kind} {subject} --answers a,b,c,a,b,c");
            return;
        }

        foreach (var item in sheet.Items)
            Console.WriteLine($"{(item.Feedback!.Right ? "right" : item.Feedback.Answer is "?" or "!" ? " noted" : "   no")}  {item.Stem} {Story.Sentence(item.Options[item.Feedback.RightIs[0] - 'a'])} {item.Feedback.Why}");
        Console.WriteLine($"\n{sheet.Right} of {sheet.Items.Count} right. {(sheet.Passed is true ? "Passed: it holds while the facts do." : "Not passed: five and every must-know pass. The next sheet asks other things.")}");
    }

    private static Command Report(Server server)
    {
        var (kind, subject) = (Kind(), Subject());
        var report = new Command("report", "What readers understood and what they object to; for the owner of the story.") { kind, subject };
        report.SetAction(async (line, stop) =>
        {
            var found = await server.Get<QuizReport>($"{At(server, line.GetRequiredValue(kind), line.GetRequiredValue(subject))}/quiz/report", stop);
            Show.One(line, found, ("understood", found.Rate.Words), ("talks due", string.Join("\n", found.TalksDue.Select(due => $"{due.Person}, after {due.Fails} tries"))),
                ("talks", string.Join("\n", found.Talks.Select(talk => $"{talk.At.ToString("u", CultureInfo.InvariantCulture)}  {talk.HeldBy} with {talk.Person}: {talk.Note}"))),
                ("remarks", string.Join("\n", found.Remarks.Select(remark => $"{remark.Id}  {remark.Name} {(remark.Said is QuizWord.Disagree ? "disagrees" : "does not understand")}: {remark.Stem} {remark.Comment}{(remark.Became is null ? "" : $" (became a {remark.Became})")}"))));
        });
        return report;
    }

    private static Command Talk(Server server)
    {
        var (kind, subject) = (Kind(), Subject());
        var (person, note) = (new Argument<string>("person") { Description = "Who tried three times." }, new Argument<string>("note") { Description = "What you talked about." });
        var talk = new Command("talk", "Log a talk about a story, so that somebody may try its quiz again.") { kind, subject, person, note };
        talk.SetAction(async (line, stop) =>
        {
            var held = await server.Post<QuizTalk>($"{At(server, line.GetRequiredValue(kind), line.GetRequiredValue(subject))}/quiz/talks", new { person = line.GetRequiredValue(person), note = line.GetRequiredValue(note) }, stop);
            Show.Done(line, $"The talk with {held.Person} is logged; the next sheet is ready.", held);
        });
        return talk;
    }

    private static Command Became(Server server)
    {
        var (remark, what, note) = (new Argument<string>("remark") { Description = "Its id, as story report shows it." }, new Argument<string>("what") { Description = "limit or test." }, new Argument<string>("note") { Description = "Which one." });
        var became = new Command("credit", "Note that a reader's remark became a limit or a test.") { remark, what, note };
        became.SetAction(async (line, stop) =>
        {
            var after = await server.Post<QuizRemark>($"/api/projects/{Server.Segment(server.Project())}/stories/remarks/{Server.Segment(line.GetRequiredValue(remark))}/became", new { what = line.GetRequiredValue(what), note = line.GetRequiredValue(note) }, stop);
            Show.Done(line, $"The remark of {after.Name} became a {after.Became}.", after);
        });
        return became;
    }

    private static Command Rate(Server server)
    {
        var (kind, subject) = (Kind(), Subject());
        var (stars, comment) = (new Argument<int>("stars") { Description = "1: it did not help, to 5: it helped a lot." }, new Option<string?>("--comment") { Description = "What would make it better." });
        var rate = new Command("rate", "Say how useful a story was.") { kind, subject, stars, comment };
        rate.SetAction(async (line, stop) =>
        {
            var said = await server.Post<StoryRating>($"{At(server, line.GetRequiredValue(kind), line.GetRequiredValue(subject))}/rating", new { rating = line.GetRequiredValue(stars), comment = line.GetValue(comment) }, stop);
            Show.Done(line, $"Noted: {said.Stars} of 5.", said);
        });
        return rate;
    }

    private static Command Badge(Server server)
    {
        var model = new Argument<string>("model") { Description = "The registered name." };
        var badge = new Command("badge", "Show who knows the story of a model as it is now.") { model };
        badge.SetAction(async (line, stop) =>
        {
            var found = await server.Get<BadgeView>($"/api/projects/{Server.Segment(server.Project())}/stories/badges/{Server.Segment(line.GetRequiredValue(model))}", stop);
            Show.One(line, found, ("story", $"{found.Kind}/{found.Subject}, edition {found.Edition}"), ("known by", found.Holders.Count == 0 ? "nobody yet: it asks again whenever the facts change" : string.Join("\n", found.Holders.Select(holder => $"{holder.Name} since {holder.Since.ToString("u", CultureInfo.InvariantCulture)}"))));
        });
        return badge;
    }

    private static Argument<string> Kind() => new("kind") { Description = "release, incident, run, tunes, data or week." };

    private static Argument<string> Subject() => new("subject") { Description = "What it is about, as story list shows it." };

    private static string At(Server server, string kind, string subject) => $"/api/projects/{Server.Segment(server.Project())}/stories/{Server.Segment(kind)}/{Server.Segment(subject)}";
}
