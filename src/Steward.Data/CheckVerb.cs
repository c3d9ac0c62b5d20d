using System.CommandLine;
using Steward.Cli;

namespace Steward.Data;

/// <summary><c>steward data check pictures@2</c>: duplicates, leaks and the data tests of a version; exit code 4 when it should not be learned from.</summary>
internal static class CheckVerb
{
    private const int ExitRefused = 4;

    public static Command Tree(Server server)
    {
        var which = new Argument<string>("dataset") { Description = "A data set, or one version of it: pictures@2." };
        var by = new Option<SameBy>("--by") { Description = "When pictures count as the same: bytes, pixels, or phash for those that look the same.", DefaultValueFactory = _ => SameBy.Phash };
        var limit = new Option<int>("--limit") { Description = "How many groups are listed, the worst first.", DefaultValueFactory = _ => 20 };
        var check = new Command("check", "Look for pictures that are there twice, above all in two splits; exit code 4 when there are leaks or a data test fails.") { which, by, limit };
        check.SetAction(async (line, stop) =>
        {
            var (name, version) = DataVerbs.Parse(line.GetRequiredValue(which));
            var at = $"/api/projects/{Server.Segment(server.Project())}/data/{Server.Segment(name)}";
            version ??= (await server.Get<List<SnapshotView>>($"{at}?limit=1", stop))[0].Version;
            var found = await server.Get<CheckView>($"{at}/{version}/check?by={DataTest.Word(line.GetValue(by))}&limit={line.GetValue(limit)}", stop);
            if (line.GetValue(Show.AsJson))
                Console.WriteLine(Json.Write(found));
            else
                Tell(line, found);
            return found.Leaks > 0 || found.Tests.Any(test => !test.Passed) ? ExitRefused : 0;
        });
        return check;
    }

    private static void Tell(ParseResult line, CheckView found)
    {
        Console.WriteLine(found.Words);
        Show.List(line, found.Groups.SelectMany(Rows).ToList(), "Every picture is there once.", ("", row => row.What), ("picture", row => row.Key), ("", row => row.Of));
        foreach (var test in found.Tests)
            Console.WriteLine($"{(test.Passed ? "holds" : "FAILS")}  {test.Test}{(test.Why is null ? "" : $": {test.Why}")}");
    }

    private static IEnumerable<(string What, string Key, string Of)> Rows(DuplicateGroup group) =>
    [
        (group.Leaks ? "leak" : group.Conflicts ? "conflict" : "twice", group.First.Key, $"{group.First.Label}, {group.First.Split.Word()}"),
        .. group.Twins.Select(twin => ("", twin.Item.Key, $"{twin.Item.Label}, {twin.Item.Split.Word()}, {DataTest.Word(twin.By)}")),
    ];
}
