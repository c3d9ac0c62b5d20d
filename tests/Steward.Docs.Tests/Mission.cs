using System.Text.RegularExpressions;

namespace Steward.Docs.Tests;

/// <summary>docs/mission.md as its tables say it.</summary>
internal sealed partial class Mission
{
    public static readonly string[] States = ["works", "partly", "not yet", "left out"];

    private Mission(IReadOnlyList<Group> groups, IReadOnlyDictionary<string, int[]> counts) => (Groups, Counts) = (groups, counts);

    public IReadOnlyList<Group> Groups { get; }

    /// <summary>What the table at the top says of each group, and of <c>all</c>: one figure per state, then the rows.</summary>
    public IReadOnlyDictionary<string, int[]> Counts { get; }

    public IEnumerable<Row> Rows => Groups.SelectMany(group => group.Rows);

    public static Mission Read(string text)
    {
        var (groups, counts) = (new List<Group>(), new Dictionary<string, int[]>());
        foreach (var line in text.Split('\n'))
            if (line.StartsWith("## ", StringComparison.Ordinal))
                groups.Add(new(line[3..].Trim(), []));
            else if (Cells(line) is [var name, .. var figures] && figures.Length == States.Length + 1 && figures.All(figure => int.TryParse(figure, out _)))
                counts.Add(name, [.. figures.Select(int.Parse)]);
            else if (groups.Count > 0 && Cells(line) is [not ("row" or "---"), ..] cells)
                groups[^1].Rows.Add(Row.Read(cells));
        return new(groups, counts);
    }

    private static string[] Cells(string line) => line.StartsWith('|') ? [.. line.Trim().Trim('|').Split('|').Select(cell => cell.Trim())] : [];

    internal sealed record Group(string Name, List<Row> Rows)
    {
        public string Letter => Name[..1];
    }

    /// <param name="Part">What of it works, when that is not all.</param>
    internal sealed partial record Row(string Id, string Capability, string State, string? Part, IReadOnlyList<string> Proofs)
    {
        public static Row Read(string[] cells)
        {
            Assert.True(cells.Length == 4, $"A row has four cells: {string.Join(" | ", cells)}");
            var state = StateCell().Match(cells[2]);
            Assert.True(state.Success, $"{cells[0]}: '{cells[2]}' is no state.");
            return new(cells[0], cells[1], state.Groups["state"].Value, state.Groups["part"] is { Success: true } part ? part.Value : null, [.. Proof().Matches(cells[3]).Select(proof => proof.Groups[1].Value)]);
        }

        [GeneratedRegex(@"^(\*\*)?(?<state>works|partly|not yet|left out)(\*\*)?(: (?<part>.+))?$")]
        private static partial Regex StateCell();

        [GeneratedRegex("`([^`]+)`")]
        private static partial Regex Proof();
    }
}
